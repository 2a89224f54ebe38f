"""Words of a shift taken away for good: of a note with all that corrects it, or of whoever took a desk over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from nocturne.core import permits
from nocturne.core.entry import Door, Kind
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound, WrongState
from nocturne.desk import audit, clock
from nocturne.desk.once import LONGEST_ACT
from nocturne.desk.write import one_line
from nocturne.store.db import writing
from nocturne.store.models import Receipt, ShiftNote, ShiftRedaction, Takeover

LONGEST_REASON = 300


def may(actor: Actor) -> bool:
    """Tell whether somebody may take words of a shift away. They are no ticket's: the right must be without limits."""
    return actor.kind == "account" and permits.may_apart(actor, Kind.REDACTED.value)


def redact_note(address: str, reason: str, *, by: Actor, door: Door) -> None:
    """Take a note's words away, and those of what corrects it; a tombstone with the reason stays.

    :raises NotFound: there is no such note.
    :raises Forbidden: the actor may not take words away.
    :raises Invalid: no reason was given.
    :raises WrongState: they are gone already.
    """
    with writing():
        said = _demand(by, reason)
        note = ShiftNote.objects.select_for_update().filter(address=address, corrects=None).first()
        if note is None:
            raise NotFound("no_such_shift_note")
        _demand_there(note)
        rows = [note, *ShiftNote.objects.filter(corrects=note).order_by("pk")]
        now = clock.now()
        ShiftRedaction.objects.bulk_create(
            ShiftRedaction(note=row, at=now, user_id=by.id or 0, author=by.label, reason=said) for row in rows
        )
        ShiftNote.objects.filter(pk__in=[row.pk for row in rows]).update(text="")
        _forget_answers((row.address for row in rows), since=note.at)
        _write_down(note.desk, note.address, note.author, said, by=by, door=door)


def redact_takeover(address: str, reason: str, *, by: Actor, door: Door) -> None:
    """Take away what somebody said when they took a desk over; that they did stays.

    :raises NotFound: there is no such takeover.
    :raises Forbidden: the actor may not take words away.
    :raises Invalid: no reason was given.
    :raises WrongState: they are gone already, or there were none.
    """
    with writing():
        said = _demand(by, reason)
        row = Takeover.objects.select_for_update().filter(address=address).first()
        if row is None:
            raise NotFound("no_such_takeover")
        _demand_there(row)
        if not row.words:
            raise WrongState("no_words_to_redact")
        ShiftRedaction.objects.create(
            takeover=row, at=clock.now(), user_id=by.id or 0, author=by.label, reason=said
        )
        Takeover.objects.filter(pk=row.pk).update(words="")
        _forget_answers([row.address], since=row.at)
        _write_down(row.desk, row.address, row.lead, said, by=by, door=door)


def _demand(by: Actor, reason: str) -> str:
    if not by.is_staff or not may(by):
        raise Forbidden("not_permitted", act=Kind.REDACTED.value)
    said = one_line(reason, field="reason", limit=LONGEST_REASON)
    if not said:
        raise Invalid("empty_reason", field="reason")
    return said


def _demand_there(row: ShiftNote | Takeover) -> None:
    if hasattr(row, "redaction"):
        raise WrongState("redacted_already")


def _forget_answers(addresses: Iterable[str], *, since: datetime) -> None:
    """Empty the answers kept for repeats that say these words once more; a repeat stays harmless without them."""
    marks = {f'"address": "{each}"': each for each in addresses}
    kept = Receipt.objects.filter(created_at__gte=since - LONGEST_ACT, answer__isnull=False)
    for receipt in kept.iterator():
        told = json.dumps(receipt.answer)
        found = next((each for mark, each in marks.items() if mark in told), None)
        if found is not None:
            own = (receipt.answer or {}).get("address", found)
            Receipt.objects.filter(pk=receipt.pk).update(answer={"address": own})


def _write_down(desk: str, address: str, whose: str, reason: str, *, by: Actor, door: Door) -> None:
    facts = {"address": address, "of": whose, "reason": reason}
    audit.note("shift_words_redacted", by=by, door=door, subject=("shift", desk), facts=facts)


__all__ = ["LONGEST_REASON", "may", "redact_note", "redact_takeover"]
