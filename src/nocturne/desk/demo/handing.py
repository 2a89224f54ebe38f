"""What the shift of the night has asked and kept for the next one, when all stories have been told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import clock, desks, questions, shift_notes, work
from nocturne.desk.demo import crew


def leave(number: int, actors: Mapping[str, Actor], *, now: datetime) -> None:
    """Let the lead of the shift ask a colleague and pin the ticket of the night, and leave a note."""
    asked_at = now - timedelta(minutes=4)
    lead, second = (actors[name] for name in crew.on_shift(asked_at))
    with clock.as_of(asked_at):
        text = f"@{second.label} is the spare line card still on shelf 3 in Lansing?"
        work.update(number, text, by=lead, door=Door.WEB)
        text = (
            "Splice crew on site. No restart of either router before they call back: the backup path is full."
        )
        questions.pin(number, text, by=lead, door=Door.WEB)
        shift_notes.add_note(
            desks.find(desks.WHOLE), "Generator test in Kalamazoo at six: alerts are expected.", by=lead
        )
