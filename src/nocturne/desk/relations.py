"""Tickets that point to each other, and a trouble that answers its complaints."""

from __future__ import annotations

from typing import Any

from nocturne.core.configuration import current
from nocturne.core.entry import DataClass, Door, Kind, instant
from nocturne.core.permits import Actor, demand
from nocturne.core.refusals import Invalid, NotFound, WrongState
from nocturne.desk import jobs, lookups
from nocturne.desk.alarms import MACHINERY
from nocturne.desk.ending import _QUIET
from nocturne.desk.facts import end_outages
from nocturne.desk.terms import NOTHING, Extra, Written
from nocturne.desk.write import Case, Step, add, one_line, take_in_hand, write
from nocturne.store.db import writing
from nocturne.store.families import family_of, survivor_of
from nocturne.store.models import Relation, Ticket

KINDS = ("parent", "depends_on", "refers_to")


def relate(number: int, kind: str, other: int, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Let a ticket point to another: its parent (complaint to trouble to engineering to meta), what it depends on,
    or what it refers to.

    :raises Invalid: it would close a circle, point to itself, or to a parent of the wrong type.
    :raises NotFound: one of them does not exist for this actor.
    :raises WrongState: it points there already.
    """
    if kind not in KINDS:
        raise Invalid("unknown_relation", field="kind", given=kind, known=list(KINDS))
    with writing():
        cases = _both(number, other, by=by, door=door, extra=extra)
        case, target = cases
        demand(by, Kind.RELATED, target.place)
        if case.number == target.number:
            raise Invalid("relation_to_itself", field="other")
        if kind == "parent":
            after = _parent(case, target)
        else:
            refuse_circle(case.number, target.number, kind)
            after = {f"relation/{kind}:{target.number}": str(target.number)}
            if after.keys() <= case.elements.keys():
                raise WrongState("related_already", other=target.number)
        facts = {"kind": kind, "other": target.number}
        return add(case, Kind.RELATED, lambda _: Step(after=after, facts=facts), extra)


def _both(number: int, other: int, *, by: Actor, door: Door, extra: Extra) -> tuple[Case, Case]:
    """Lock two tickets, the lower number first, so that two writers never wait for each other in a ring."""
    one, another = survivor_of(number), survivor_of(other)
    if one is None or another is None:
        raise NotFound("no_such_ticket", number=number if one is None else other)
    at_hand = {each: take_in_hand(each, by=by, door=door, at=extra.at) for each in sorted({one, another})}
    return at_hand[one], at_hand[another]


def _parent(case: Case, target: Case) -> dict[str, Any]:
    wanted = current().parents_of(case.ticket.type)
    if wanted and target.ticket.type not in wanted and target.ticket.type != case.ticket.type:
        raise Invalid("parent_of_wrong_type", field="other", type=case.ticket.type, wanted=wanted[0])
    refuse_circle(case.number, target.number, "parent")
    return {"parent": lookups.row(target.number, str(target.number))}


def refuse_circle(number: int, other: int, kind: str) -> None:
    """Walk what a ticket points to, merges included; a path back would close a circle.

    :raises Invalid: `other` already leads to `number`.
    """
    if kind == "refers_to":
        return
    wave, seen = {other}, set()
    while wave:
        if number in wave:
            raise Invalid("relation_circle", field="other", number=number, other=other)
        seen |= wave
        wave = set().union(*(points_to(each, kind) for each in wave)) - seen


def points_to(number: int, kind: str) -> set[int]:
    """Give the tickets that this one, or one merged into it, points to; a merged one by its survivor."""
    family = family_of(number)
    if kind == "parent":
        pointing = Ticket.objects.filter(pk__in=family, parent__isnull=False)
        others = list(pointing.values_list("parent_id", flat=True))
    else:
        relations = Relation.objects.filter(ticket_id__in=family, kind=kind)
        others = list(relations.values_list("other_id", flat=True))
    return {survivor_of(each) or each for each in others if each} - {number}


def unrelate(number: int, kind: str, other: int, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Take a pointer away again.

    :raises NotFound: there is no such pointer.
    """

    def plan(case: Case) -> Step:
        facts = {"kind": kind, "other": other}
        if kind == "parent":
            if case.header.get("parent") != other:
                raise NotFound("no_such_relation", field="other")
            return Step(after={"parent": None}, facts=facts)
        name = f"relation/{kind}:{other}"
        if name not in case.elements:
            raise NotFound("no_such_relation", field="other")
        return Step(after={name: None}, facts=facts)

    return write(number, Kind.UNRELATED, plan, by=by, door=door, extra=extra)


def children_of(number: int) -> Any:
    """Give the tickets that point to this one, or to one merged into it, as their parent."""
    return Ticket.objects.filter(parent_id__in=family_of(number), merged_into=None)


def tell(number: int, text: str, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Tell every complainer that the trouble is resolved: one job per complaint, so that thousands block nobody.

    Each complaint is resolved with these words and then waits for its complainer's word.

    :raises WrongState: no complaint is open.
    :raises Invalid: there are no words.
    """
    if not text.strip():
        raise Invalid("empty_reply", field="text")
    with writing():
        case = take_in_hand(number, by=by, door=door, at=extra.at)
        demand(by, Kind.TOLD, case.place, number=case.number)
        numbers = list(
            children_of(case.number)
            .filter(type__in=current().reported_types, is_open=True)
            .order_by("number")
            .values_list("number", flat=True)
        )
        if not numbers:
            raise WrongState("nobody_to_tell", number=case.number)
        step = Step(after={"objected": None}, text=text, facts={"count": len(numbers)})
        written = add(case, Kind.TOLD, lambda _: step, extra)
        jobs.leave(
            "desk",
            "answer_complaint",
            [
                ({"complaint": each, "cause": written.entry}, f"tell:{written.entry}:{each}")
                for each in numbers
            ],
            now=case.now,
        )
        return written


def answer_complaint(complaint: int, text: str, *, cause: int, label: str) -> Written | None:
    """Resolve one complaint with the words that its trouble was answered with; the complainer's word is awaited.

    :return: None where the complaint has ended meanwhile.
    """
    with writing():
        case = take_in_hand(complaint, by=MACHINERY, door=Door.RULE)
        if (
            case.ticket.meaning not in ("new", "open", "waiting")
            or not current().type(case.ticket.type).is_reported
        ):
            return None  # it has ended, or was merged into something that is not a complaint
        line = one_line(text, field="text", limit=10**6)[:300]

        def plan(case: Case) -> Step:
            after = (
                _QUIET | {"resolution": line, "resolved_at": instant(case.at)} | end_outages(case, case.at)
            )
            return Step(after=after, text=text, data_class=DataClass.CUSTOMER, facts={"told_by": label})

        return add(case, Kind.RESOLVED, plan, Extra(cause=cause))


__all__ = ["answer_complaint", "children_of", "relate", "tell", "unrelate"]
