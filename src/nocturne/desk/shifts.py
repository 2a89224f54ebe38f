"""Shifts: who has a desk, since when, and taking it over. Takeovers are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from nocturne.core import permits
from nocturne.core.configuration.desks import Desk
from nocturne.core.entry import Door, instant
from nocturne.core.opaque import new_address
from nocturne.core.permits import Actor
from nocturne.core.refusals import Conflict, NotFound
from nocturne.desk import audit, clock, desks, outstanding, shift_notes, subscription_slots
from nocturne.desk.shift_notes import NoteView, demand_account, demand_staff
from nocturne.store.db import writing
from nocturne.store.models import ShiftNote, ShiftRedaction, Takeover

TWICE = timedelta(minutes=2)
"""Within this time the same person taking over again is a second click, not a second shift."""
EARLY = timedelta(minutes=30)
"""So long before its time a shift may begin and still be that shift."""
UNBEGUN = timedelta(hours=12)
"""What counts as the shift where nobody has taken the desk over yet."""
_WITH = ("follower", "parting__redaction", "redaction")


@dataclass(frozen=True, slots=True)
class Shift:
    """A span between two takeovers: `address` is that of the one it began with, empty where there was none yet."""

    desk: Desk
    since: datetime
    lead: str = ""
    address: str = ""
    until: datetime | None = None
    next_lead: str = ""
    words: str = ""
    redacted: bool = False
    redaction: str = ""
    """The reason why the words of whoever took over were taken away."""
    parting: NoteView | None = None
    due: datetime | None = None
    """When the desk should have been taken over by the times of its shifts, where it was not."""

    @property
    def is_begun(self) -> bool:
        return bool(self.address)


def present(desk: Desk, reader: Actor, *, now: datetime) -> Shift:
    """Say who has a desk now, and since when."""
    demand_staff(reader)
    last = _last(desk.name)
    due = desks.last_change(desk, now)
    if last is None:
        return Shift(desk, due or now - UNBEGUN)
    late = due if due is not None and last.at < due - EARLY else None
    return _shift(last, desk, reader, due=late)


def past(desk: Desk, reader: Actor, *, before: str = "", limit: int = 50) -> tuple[list[Shift], str]:
    """List the shifts of a desk, the newest first, and where the next page begins.

    :raises NotFound: there is no takeover of the address given.
    """
    demand_staff(reader)
    rows = Takeover.objects.filter(desk=desk.name).select_related(*_WITH)
    if before:
        rows = rows.filter(pk__lt=_found(before).pk)
    found = list(rows.order_by("-at", "-pk")[: limit + 1])
    more = found[limit - 1].address if len(found) > limit else ""
    return [_shift(each, desk, reader) for each in found[:limit]], more


def one(address: str, reader: Actor) -> tuple[Shift, dict[str, Any]]:
    """Read one shift, and what stood open when it began.

    :raises NotFound: there is none.
    """
    demand_staff(reader)
    row = _found(address)
    return _shift(row, desks.find(row.desk, even_gone=True), reader), outstanding.shown(
        row.outstanding, reader
    )


def before(address: str, reader: Actor) -> Shift:
    """Read the shift that a takeover has ended. Before the first of a desk it is what its page had shown until then.

    :raises NotFound: there is no such takeover.
    """
    demand_staff(reader)
    row = _found(address)
    desk = desks.find(row.desk, even_gone=True)
    if row.before_id is not None:
        return _shift(Takeover.objects.select_related(*_WITH).get(pk=row.before_id), desk, reader)
    since = desks.last_change(desk, row.at) or row.at - UNBEGUN
    return Shift(desk, since, until=row.at, next_lead=row.lead)


def _shift(row: Takeover, desk: Desk, reader: Actor, *, due: datetime | None = None) -> Shift:
    following: Takeover | None = getattr(row, "follower", None)
    # What a shift says to the next is no queue's: whoever came with what is narrowed to queues reads none of it.
    is_read = not permits.is_narrowed(reader)
    gone: ShiftRedaction | None = getattr(row, "redaction", None) if is_read else None
    return Shift(
        desk=desk,
        since=row.at,
        lead=row.lead,
        address=row.address,
        until=following.at if following else None,
        next_lead=following.lead if following else "",
        words=row.words if is_read else "",
        redacted=gone is not None,
        redaction=gone.reason if gone else "",
        parting=shift_notes.note_view(row.parting, reader) if row.parting and is_read else None,
        due=due,
    )


def _last(desk: str) -> Takeover | None:
    rows = Takeover.objects.filter(desk=desk).select_related(*_WITH[1:])
    return rows.order_by("-at", "-pk").first()


def _found(address: str) -> Takeover:
    row = Takeover.objects.filter(address=address).select_related(*_WITH).first()
    if row is None:
        raise NotFound("no_such_takeover")
    return row


def take_over(desk: Desk, words: str, *, seen: str, by: Actor, door: Door) -> Shift:
    """Take a desk over from whoever has it, or from nobody; a night staff of one takes it over from themselves.

    :param seen: the address of the takeover that the taker has looked at; empty where there was none. `latest` takes
        the desk whoever has it.
    :raises Conflict: somebody else has taken it over since the taker looked.
    """
    demand_account(by)
    said = shift_notes.words(words, needed=False)
    now = clock.now()
    with writing():
        last = _last(desk.name)
        standing = last.address if last else ""
        if seen not in (standing, "latest"):
            if last is not None and by.is_account(last.user_id) and now - last.at < TWICE:
                return _shift(last, desk, by)  # a second click
            raise _taken(last)
        if last is not None and by.is_account(last.user_id) and now - last.at < TWICE and seen == "latest":
            return _shift(last, desk, by)
        parting = ShiftNote.objects.filter(desk=desk.name, parting=True)
        parting = parting.filter(at__gt=last.at) if last else parting.filter(at__gt=now - UNBEGUN)
        try:
            with transaction.atomic():
                made = Takeover.objects.create(
                    address=new_address(),
                    desk=desk.name,
                    at=max(now, last.at) if last else now,
                    user_id=by.id or 0,
                    lead=by.label,
                    before=last,
                    words=said,
                    parting=parting.order_by("-at", "-pk").first(),
                    outstanding=outstanding.standing(desk, since=last.at if last else now - UNBEGUN, now=now),
                )
        except IntegrityError:
            last = _last(desk.name)
            if last is not None and by.is_account(last.user_id) and now - last.at < TWICE:
                return _shift(last, desk, by)  # a second click, in the same moment
            raise _taken(last) from None
        audit.note(
            "shift_taken_over",
            by=by,
            door=door,
            subject=("shift", desk.name),
            before={"lead": last.lead, "since": instant(last.at)} if last else None,
            after={"lead": by.label},
        )
        subscription_slots.taken_over(desk.name, made.at)
        return _shift(made, desk, by)


def _taken(last: Takeover | None) -> Conflict:
    return Conflict(
        "shift_taken_meanwhile", field="seen", who=last.lead if last else "", at=last.at if last else None
    )


__all__ = ["Shift", "before", "one", "past", "present", "take_over"]
