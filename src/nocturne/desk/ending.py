"""The end of a problem: service restored, resolved, checked, closed; and the way back."""

from __future__ import annotations

from typing import Any

from nocturne.core.chart import plain
from nocturne.core.configuration import current
from nocturne.core.entry import Door, Kind, instant
from nocturne.core.lifecycle import Meaning
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, WrongState
from nocturne.desk import facts, lookups
from nocturne.desk.objections import lock_in_order, objection
from nocturne.desk.terms import NOTHING, Extra, Written
from nocturne.desk.write import Case, Step, add, one_line, running_clock, take_in_hand, write
from nocturne.store.db import writing
from nocturne.store.families import family_of, survivor_of
from nocturne.store.models import Entry, Relation, Ticket, User

_QUIET: dict[str, Any] = {"alarm_at": None, "alarm_text": None, "ringing_since": None, "next_action": None}
"""What a ticket that has ended no longer has: a timer and a next action."""


def restore(number: int, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Say that service is back, now or at `extra.at`; the ticket stays open and is watched.

    :raises Invalid: service would be back before the problem started, or in the future.
    """

    def plan(case: Case) -> Step:
        return Step(after={"restored_at": instant(case.at)} | facts.end_outages(case, case.at))

    return write(number, Kind.RESTORED, plan, by=by, door=door, extra=extra)


def resolve(
    number: int,
    line: str,
    *,
    key_component: str = "",
    cause: str = "",
    tell: bool = True,
    by: Actor,
    door: Door,
    extra: Extra = NOTHING,
) -> Written:
    """Resolve a ticket: one line for the reports, the key component, the cause (RFC 1297: resolution data).

    Outages still running end with it. The reporter is told unless `tell` is False.

    :raises Invalid: the line is empty, or the times contradict each other.
    """
    said = one_line(line, field="line", limit=300)
    if not said:
        raise Invalid("empty_resolution", field="line")

    def plan(case: Case) -> Step:
        after: dict[str, Any] = _QUIET | {"resolution": said, "resolved_at": instant(case.at)}
        after |= {"referred_to": None, "objected": None}
        ended = facts.end_outages(case, case.at)
        if ended and "restored_at" not in case.header:
            after["restored_at"] = instant(case.at)
        for name, given in (("key_component", key_component), ("cause", cause)):
            text = one_line(given, field=name, limit=160)
            if text:
                after[name] = text
        return Step(after=after | ended, facts={} if tell else {"quiet": True})

    return write(number, Kind.RESOLVED, plan, by=by, door=door, extra=extra)


def check(number: int, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Sign a resolved ticket off: a supervisor other than the one who resolved it.

    Where there is only one who could, a check of one's own work is allowed, and marked as such.

    :raises Forbidden: the checker resolved it, and somebody else could check it.
    :raises WrongState: it has been checked already.
    """

    def plan(case: Case) -> Step:
        if case.header.get("checked_by") is not None:
            raise WrongState("checked_already", number=case.number)
        resolver = (
            Entry.objects.filter(ticket_id=case.number, kind=Kind.RESOLVED.value)
            .order_by("-seq")
            .values_list("author_kind", "author_id")
            .first()
        )
        own = resolver == (by.kind, by.id)
        if own and len(_supervisors()) > 1:
            raise Forbidden("check_needs_another", field="checked_by")
        if by.id is None:
            raise Forbidden("not_permitted", act=Kind.CHECKED.value)
        return Step(
            after={
                "checked_by": lookups.row(by.id, by.label),
                "checked_at": instant(case.at),
                "self_checked": own,
            }
        )

    return write(number, Kind.CHECKED, plan, by=by, door=door, extra=extra)


def _supervisors() -> list[int]:
    names = {grant.group for grant in current().grants if Kind.CHECKED.value in grant.rights}
    groups = [each for each in current().groups if current().groups_over([each]) & names]
    return list(
        User.objects.filter(is_active=True, groups__name__in=groups)
        .values_list("pk", flat=True)
        .distinct()[:2]
    )


def close(number: int, *, over_open: bool = False, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Close a resolved ticket.

    :param over_open: says that open tickets that hang on it are known and accepted.
    :raises WrongState: it is not resolved, or open tickets hang on it and nothing was said of them.
    """

    def plan(case: Case) -> Step:
        hanging = open_dependencies(case.number, case.by)
        if hanging and not over_open:
            raise WrongState("open_dependencies", field="over_open", numbers=hanging)
        return Step(
            after=_QUIET | {"closed_at": instant(case.at)}, facts={"over_open": hanging} if hanging else {}
        )

    return write(number, Kind.CLOSED, plan, by=by, door=door, extra=extra)


def open_dependencies(number: int, reader: Actor) -> list[int]:
    """List the open tickets that this one depends on or is the parent of, at most ten; a merged one by its survivor.

    Those that the reader may not know of hold nothing up: else a refusal would tell that they are there, and open.
    """
    family = family_of(number)
    depends = Relation.objects.filter(ticket_id__in=family, kind="depends_on").values_list(
        "other_id", flat=True
    )
    others = {survivor_of(each) or each for each in depends} - {number}
    waiting = Ticket.objects.visible_to(reader).open()
    found = set(waiting.filter(pk__in=others).values_list("pk", flat=True)[:10])
    found |= set(waiting.filter(parent_id__in=family).values_list("pk", flat=True)[:10])
    return sorted(found)[:10]


def reopen(number: int, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Open an ended ticket again: its resolution and its check are taken back, and stay in its history.

    A complaint that opens again flags the trouble it hangs on, however the complainer's word came in.
    """
    with writing():
        lock_in_order(survivor_of(number) or number)
        case = take_in_hand(number, by=by, door=door, at=extra.at)
        ended = case.meaning in (Meaning.RESOLVED, Meaning.CLOSED)
        written = add(case, Kind.REOPENED, reopening, extra)
        parent = case.header.get("parent")
        if ended and parent is not None and current().type(case.ticket.type).is_reported:
            objection(parent, case.number, cause=written.entry)
        return written


def reopening(case: Case) -> Step:
    """Spell what is taken back when a ticket opens again."""
    gone = ("objected", "resolved_at", "closed_at", "checked_by", "checked_at", "self_checked", "resolution")
    after: dict[str, Any] = {name: None for name in gone if name in case.header}
    after["clock"] = running_clock(case, case.going.state.starts or "noc")
    restored = case.header.get("restored_at")
    if restored is not None and plain("instant", restored) <= instant(case.at):
        after["restored_at"] = None
    return Step(after=after)


def reject(number: int, reason: str, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Turn a ticket away, with a reason for the staff; nobody is mailed.

    :raises Invalid: no reason was given.
    """
    said = one_line(reason, field="reason", limit=300)
    if not said:
        raise Invalid("empty_reason", field="reason")

    def plan(case: Case) -> Step:
        return Step(after=_QUIET | {"closed_at": instant(case.at)}, text=said)

    return write(number, Kind.REJECTED, plan, by=by, door=door, extra=extra)
