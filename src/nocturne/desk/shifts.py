"""Shifts: who has a desk, since when, and taking it over. Takeovers and notes are only ever added."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from nocturne.core import permits
from nocturne.core.configuration.desks import Desk
from nocturne.core.entry import Door, instant
from nocturne.core.opaque import new_address
from nocturne.core.permits import WRITE_SCOPE, Actor
from nocturne.core.refusals import Conflict, Forbidden, Invalid, NotFound, WrongState
from nocturne.desk import audit, clock, desks, outstanding, subscription_slots
from nocturne.desk.settling import clean_text
from nocturne.store.db import writing
from nocturne.store.models import ShiftNote, ShiftRedaction, Takeover

TWICE = timedelta(minutes=2)
"""Within this time the same person taking over again is a second click, not a second shift."""
EARLY = timedelta(minutes=30)
"""So long before its time a shift may begin and still be that shift."""
UNBEGUN = timedelta(hours=12)
"""What counts as the shift where nobody has taken the desk over yet."""
LONGEST_WORDS = 8_000
_WITH = ("follower", "parting__redaction", "redaction")


@dataclass(frozen=True, slots=True)
class NoteView:
    """Words of a shift; `corrections` were written later, in their order."""

    address: str
    at: datetime
    author: str
    text: str
    parting: bool
    is_mine: bool
    desk: str = ""
    redacted: bool = False
    redaction: str = ""
    """The reason why the words were taken away."""
    corrections: list[NoteView] = field(default_factory=list)


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


# --- looks ----------------------------------------------------------------------------------------------------------


def present(desk: Desk, reader: Actor, *, now: datetime) -> Shift:
    """Say who has a desk now, and since when."""
    _demand_staff(reader)
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
    _demand_staff(reader)
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
    _demand_staff(reader)
    row = _found(address)
    return _shift(row, desks.find(row.desk, even_gone=True), reader), outstanding.shown(
        row.outstanding, reader
    )


def notes(shift: Shift, reader: Actor) -> list[NoteView]:
    """List the notes of a shift, the oldest first, each with what corrects it."""
    _demand_staff(reader)
    if permits.is_narrowed(reader):
        return []
    rows = ShiftNote.objects.filter(desk=shift.desk.name, at__gt=shift.since).select_related("redaction")
    if shift.until is not None:
        rows = rows.filter(at__lte=shift.until)
    found: dict[int, NoteView] = {}
    for row in rows.order_by("at", "pk"):
        view = _note(row, reader)
        if row.corrects_id in found:
            found[row.corrects_id].corrections.append(view)
        else:
            found[row.pk] = view
    return list(found.values())


def note(address: str, reader: Actor) -> NoteView:
    """Read one note.

    :raises NotFound: there is none for this reader.
    """
    _demand_staff(reader)
    row = ShiftNote.objects.filter(address=address, corrects=None).select_related("redaction").first()
    if row is None or permits.is_narrowed(reader):
        raise NotFound("no_such_shift_note")
    return _note(row, reader)


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
        parting=_note(row.parting, reader) if row.parting and is_read else None,
        due=due,
    )


def _note(row: ShiftNote, reader: Actor) -> NoteView:
    gone: ShiftRedaction | None = getattr(row, "redaction", None)
    return NoteView(
        row.address,
        row.at,
        row.author,
        row.text,
        row.parting,
        reader.is_account(row.user_id),
        row.desk,
        redacted=gone is not None,
        redaction=gone.reason if gone else "",
    )


def _last(desk: str) -> Takeover | None:
    rows = Takeover.objects.filter(desk=desk).select_related(*_WITH[1:])
    return rows.order_by("-at", "-pk").first()


def _found(address: str) -> Takeover:
    row = Takeover.objects.filter(address=address).select_related(*_WITH).first()
    if row is None:
        raise NotFound("no_such_takeover")
    return row


# --- acts -----------------------------------------------------------------------------------------------------------


def take_over(desk: Desk, words: str, *, seen: str, by: Actor, door: Door) -> Shift:
    """Take a desk over from whoever has it, or from nobody; a night staff of one takes it over from themselves.

    :param seen: the address of the takeover that the taker has looked at; empty where there was none. `latest` takes
        the desk whoever has it.
    :raises Conflict: somebody else has taken it over since the taker looked.
    """
    _demand_account(by)
    said = _words(words, needed=False)
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


def add_note(desk: Desk, text: str, *, by: Actor, parting: bool = False) -> NoteView:
    """Add a note of the shift, or the words with which one hands over.

    :raises Invalid: there are no words.
    """
    _demand_account(by)
    with writing():
        row = ShiftNote.objects.create(
            address=new_address(),
            desk=desk.name,
            at=clock.now(),
            user_id=by.id or 0,
            author=by.label,
            text=_words(text),
            parting=parting,
        )
    return _note(row, by)


def correct_note(address: str, text: str, *, by: Actor) -> NoteView:
    """Put a note right that one has written; the old words stay.

    :raises NotFound: there is no such note.
    :raises Forbidden: somebody else has written it.
    :raises WrongState: its words were taken away.
    """
    _demand_account(by)
    with writing():
        about = ShiftNote.objects.select_for_update().filter(address=address, corrects=None).first()
        if about is None:
            raise NotFound("no_such_shift_note")
        if not by.is_account(about.user_id):
            raise Forbidden("not_yours")
        if hasattr(about, "redaction"):
            raise WrongState("redacted_already")
        said = _words(text)
        last = ShiftNote.objects.filter(corrects=about).order_by("at", "pk").last() or about
        if said == last.text:
            return _note(last, by)  # a second click
        row = ShiftNote.objects.create(
            address=new_address(),
            desk=about.desk,
            at=clock.now(),
            user_id=about.user_id,
            author=by.label,
            text=said,
            corrects=about,
        )
    return _note(row, by)


def _words(text: str, *, needed: bool = True) -> str:
    said = clean_text(text).strip()
    if needed and not said:
        raise Invalid("empty_shift_note", field="text")
    if len(said) > LONGEST_WORDS:
        raise Invalid("text_too_long", field="text", length=len(said), limit=LONGEST_WORDS)
    return said


def _demand_staff(reader: Actor) -> None:
    """Refuse whoever is not of the house: shifts are the staff's own.

    :raises Forbidden: they are not.
    """
    if not reader.is_staff:
        raise Forbidden("not_permitted")


def _demand_account(by: Actor) -> None:
    """Refuse whoever cannot have a desk: a machine, a customer, a token that is narrowed.

    :raises Forbidden: they cannot.
    """
    _demand_staff(by)
    if by.kind != "account" or by.id is None:
        raise Forbidden("only_accounts_take_over")
    if WRITE_SCOPE not in by.scopes or by.only_queues is not None:
        raise Forbidden("not_permitted")


__all__ = [
    "NoteView",
    "Shift",
    "add_note",
    "correct_note",
    "note",
    "notes",
    "one",
    "past",
    "present",
    "take_over",
]
