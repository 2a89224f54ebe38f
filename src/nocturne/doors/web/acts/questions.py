"""Acts among colleagues: answering what was asked on a ticket, and what the next shift must know of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from nocturne import desk
from nocturne.core.entry import Door, Kind
from nocturne.doors.web.acts.table import AT, NEXT, TIMER, WORKED, Act
from nocturne.doors.web.fields import Field
from nocturne.doors.web.given import Given

WEB = Door.WEB


def answer(given: Given) -> desk.Written:
    key, extra = given.line("question"), given.extra(text="")
    return desk.answer(given.number, key, given.text(), by=given.by, door=WEB, extra=extra)


def take_back(given: Given) -> desk.Written:
    return desk.take_back(given.number, given.line("question"), by=given.by, door=WEB, extra=given.extra())


def pin(given: Given) -> desk.Written:
    return desk.pin(given.number, given.text(), by=given.by, door=WEB, extra=given.extra(text=""))


def unpin(given: Given) -> desk.Written:
    return desk.unpin(given.number, by=given.by, door=WEB, extra=given.extra())


ACTS = (
    Act(
        "answer", Kind.NOTE, _("Answer a colleague"), _("Answer"), answer, "words", menu=False,
        fields=(
            Field("question", _("Question"), "radios", needed=True, wide=True),
            Field("text", _("Answer"), "text", needed=True, wide=True, rows=4),
        ),
        along=(NEXT, TIMER, AT, WORKED),
        hint=_("Whoever asked is told at once."),
    ),
    Act(
        "unasking", Kind.NOTE, _("Take a question back"), _("Take it back"), take_back, "words", menu=False,
        fields=(Field("question", _("Question"), "radios", needed=True, wide=True),), along=(),
    ),
    Act(
        "pin", Kind.NOTE, _("Put on the handover"), _("Put on the handover"), pin, "work",
        fields=(
            Field("text", _("What the next shift must know"), "text", needed=True, wide=True, rows=3),
        ),
        along=(NEXT, TIMER),
        hint=_("It stands there until somebody takes it off, or the ticket is closed."),
    ),
    Act("unpin", Kind.NOTE, _("Take off the handover"), _("Take off"), unpin, "work", menu=False, along=()),
)  # fmt: skip
