"""What programs may send about shifts and questions."""

from __future__ import annotations

from typing import Annotated

from ninja import Path
from pydantic import Field, StringConstraints

from nocturne.doors.api.given import Act, Given, Line, Text

Key = Annotated[
    str, Path(min_length=1, max_length=16, pattern="^[A-Za-z0-9]+$", description="The address it was given.")
]
DeskName = Annotated[Line, Field(description="The desk's name; empty is that of all tickets.", max_length=60)]


class TakeoverGiven(Given):
    """Taking a desk over."""

    desk: DeskName = ""
    words: Text = ""
    seen: Annotated[str, StringConstraints(max_length=16)] = Field(
        "latest",
        description="The address of the takeover you have looked at; “latest” takes it whoever has it.",
    )


class ShiftNoteGiven(Given):
    """A note of the shift."""

    desk: DeskName = ""
    text: Text
    parting: bool = Field(False, description="Whether these are the words with which you hand over.")


class NoteCorrected(Given):
    """How a note should read."""

    text: Text


class WordsRedacted(Given):
    """Why words of a shift are taken away for good."""

    reason: Line


class QuestionGiven(Act):
    """What is asked, and whom."""

    to: list[Line] = Field(min_length=1, max_length=20, description="Accounts or groups.")
    text: Text


class AnswerGiven(Act):
    """The answer to a question."""

    text: Text


class PinGiven(Act):
    """What the next shift must know."""

    text: Text
