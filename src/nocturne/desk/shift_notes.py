"""What a shift writes down for itself and the next: notes, put right by their writers, and the words of a handover."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from nocturne.core import permits
from nocturne.core.configuration.desks import Desk
from nocturne.core.opaque import new_address
from nocturne.core.permits import WRITE_SCOPE, Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound, WrongState
from nocturne.desk import clock
from nocturne.desk.settling import clean_text
from nocturne.store.db import writing
from nocturne.store.models import ShiftNote, ShiftRedaction

if TYPE_CHECKING:
    from nocturne.desk.shifts import Shift

LONGEST_WORDS = 8_000


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


def notes(shift: Shift, reader: Actor) -> list[NoteView]:
    """List the notes of a shift, the oldest first, each with what corrects it."""
    demand_staff(reader)
    if permits.is_narrowed(reader):
        return []
    rows = ShiftNote.objects.filter(desk=shift.desk.name, at__gt=shift.since).select_related("redaction")
    if shift.until is not None:
        rows = rows.filter(at__lte=shift.until)
    found: dict[int, NoteView] = {}
    for row in rows.order_by("at", "pk"):
        view = note_view(row, reader)
        if row.corrects_id in found:
            found[row.corrects_id].corrections.append(view)
        else:
            found[row.pk] = view
    return list(found.values())


def note(address: str, reader: Actor) -> NoteView:
    """Read one note.

    :raises NotFound: there is none for this reader.
    """
    demand_staff(reader)
    row = ShiftNote.objects.filter(address=address, corrects=None).select_related("redaction").first()
    if row is None or permits.is_narrowed(reader):
        raise NotFound("no_such_shift_note")
    return note_view(row, reader)


def add_note(desk: Desk, text: str, *, by: Actor, parting: bool = False) -> NoteView:
    """Add a note of the shift, or the words with which one hands over.

    :raises Invalid: there are no words.
    """
    demand_account(by)
    with writing():
        row = ShiftNote.objects.create(
            address=new_address(),
            desk=desk.name,
            at=clock.now(),
            user_id=by.id or 0,
            author=by.label,
            text=words(text),
            parting=parting,
        )
    return note_view(row, by)


def correct_note(address: str, text: str, *, by: Actor) -> NoteView:
    """Put a note right that one has written; the old words stay.

    :raises NotFound: there is no such note.
    :raises Forbidden: somebody else has written it.
    :raises WrongState: its words were taken away.
    """
    demand_account(by)
    with writing():
        about = ShiftNote.objects.select_for_update().filter(address=address, corrects=None).first()
        if about is None:
            raise NotFound("no_such_shift_note")
        if not by.is_account(about.user_id):
            raise Forbidden("not_yours")
        if hasattr(about, "redaction"):
            raise WrongState("redacted_already")
        said = words(text)
        last = ShiftNote.objects.filter(corrects=about).order_by("at", "pk").last() or about
        if said == last.text:
            return note_view(last, by)  # a second click
        row = ShiftNote.objects.create(
            address=new_address(),
            desk=about.desk,
            at=clock.now(),
            user_id=about.user_id,
            author=by.label,
            text=said,
            corrects=about,
        )
    return note_view(row, by)


def note_view(row: ShiftNote, reader: Actor) -> NoteView:
    """Show a note to a reader who may have it."""
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


def words(text: str, *, needed: bool = True) -> str:
    """Clean words of a shift.

    :raises Invalid: there are none and some are needed, or there are more than fit.
    """
    said = clean_text(text).strip()
    if needed and not said:
        raise Invalid("empty_shift_note", field="text")
    if len(said) > LONGEST_WORDS:
        raise Invalid("text_too_long", field="text", length=len(said), limit=LONGEST_WORDS)
    return said


def demand_staff(reader: Actor) -> None:
    """Refuse whoever is not of the house: shifts are the staff's own.

    :raises Forbidden: they are not.
    """
    if not reader.is_staff:
        raise Forbidden("not_permitted")


def demand_account(by: Actor) -> None:
    """Refuse whoever cannot have a desk: a machine, a customer, a token that is narrowed.

    :raises Forbidden: they cannot.
    """
    demand_staff(by)
    if by.kind != "account" or by.id is None:
        raise Forbidden("only_accounts_take_over")
    if WRITE_SCOPE not in by.scopes or by.only_queues is not None:
        raise Forbidden("not_permitted")


__all__ = [
    "NoteView",
    "add_note",
    "correct_note",
    "demand_account",
    "demand_staff",
    "note",
    "note_view",
    "notes",
    "words",
]
