"""What answers about shifts look like: the handover, takeovers, questions, the timeline."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from nocturne.doors.api.shapes import Row, Shape
from nocturne.doors.api.shapes_entries import EntryShape


class QuestionShape(Shape):
    """An open question on a ticket."""

    key: str
    number: int
    web_url: str
    subject: str
    asked: str = Field(description="Who is asked: an account, or a group.")
    author: str
    at: str
    text: str
    entry: str
    is_mine: bool = Field(description="Whether you have asked it.")
    is_for_me: bool = Field(description="Whether you are asked.")


class Questions(Shape):
    questions: list[QuestionShape]


class NoteShape(Shape):
    """Words of a shift."""

    address: str
    at: str
    author: str
    text: str
    parting: bool = Field(description="Whether somebody hands over with these words.")
    redacted: bool = Field(description="Whether the words were taken away for good.")
    redaction: str = Field(description="Why they were.")
    corrections: list[dict[str, str]] = Field(default_factory=list)


class ShiftShape(Shape):
    """A span between two takeovers of a desk."""

    address: str = Field(description="Of the takeover it began with; empty where there was none yet.")
    desk: str
    desk_title: str
    since: str
    until: str | None
    lead: str
    next_lead: str
    words: str = Field(description="What whoever took over said.")
    redacted: bool = Field(description="Whether these were taken away for good.")
    redaction: str = Field(description="Why they were.")
    parting: NoteShape | None
    due: str | None = Field(
        description="Since when the desk should have been taken over by the times of its shifts."
    )
    page_url: str


class Shifts(Shape):
    shifts: list[ShiftShape]
    after: str | None


class Kept(Shape):
    """A shift, what stood open when it began, what changed in it, and its notes."""

    shift: ShiftShape
    outstanding: dict[str, list[dict[str, Any]]]
    changed: list[ChangedShape]
    notes: list[NoteShape]


class ThenNow(Shape):
    field: str
    then: Any
    now: Any


class ChangedShape(Shape):
    """What became of a ticket in the shift."""

    ticket: Row
    is_new: bool
    then_now: list[ThenNow]
    updates: int
    people: list[str]


class Must(Shape):
    """A ticket that everybody must know of, and why: pinned, ringing, severe."""

    ticket: Row
    why: list[str]
    pinned: dict[str, Any] | None


class HandoverShape(Shape):
    """All that a shift passes on."""

    shift: ShiftShape
    warnings: dict[str, int] = Field(
        description="Where it is not clean: untaken, no_next, no_timer, question."
    )
    must: list[Must]
    changed: list[ChangedShape]
    lists: dict[str, list[Row]] = Field(
        description="untaken, no_next, not_begun, no_timer, waiting, planned, untouched and the like."
    )
    more: list[str] = Field(description="The lists that are longer than what is told here.")
    questions: list[QuestionShape]
    notes: list[NoteShape]


class TimelineEntry(EntryShape):
    """An entry of any ticket, and what that one is about."""

    subject: str


class TimelineShape(Shape):
    entries: list[TimelineEntry]
    after: str | None = Field(description="Where the next page begins; null at the end.")
    is_tired: bool = Field(
        description="Whether the page looked back as far as one does, and the next goes on."
    )
    reached: str | None = Field(description="Until when it looked back, where it did not get to the end.")


Kept.model_rebuild()
