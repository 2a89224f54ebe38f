"""Words on a ticket: a note for the staff, a reply to the customer, a message from them.

They are three forms, not one with a switch: nobody sends to a customer what was meant for the NOC.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from nocturne import desk
from nocturne.core.entry import Door, Kind
from nocturne.doors.web.acts.table import AT, NEXT, READERS, TIMER, WORKED, Act
from nocturne.doors.web.fields import Field
from nocturne.doors.web.given import Given

WEB = Door.WEB
_CLOCK = Field(
    "clock", _("Clock"), "choice",
    choices=[("", _("as it is")), ("noc", _("NOC")), ("customer", _("Customer")), ("vendor", _("Vendor"))],
)  # fmt: skip
FILES = Field("files", _("Files"), "files")


def note(given: Given) -> desk.Written:
    """Save a note; where a clock was chosen with it, both are one entry."""
    clock = given.line("clock")
    rest: dict[str, Any] = {"by": given.by, "door": WEB}
    if clock == "noc":
        return desk.resume(given.number, extra=given.extra(), **rest)
    if clock:
        return desk.suspend(given.number, clock, extra=given.extra(), **rest)
    return desk.update(given.number, given.text(), extra=given.extra(text=""), **rest)


def reply(given: Given) -> desk.Written:
    """Answer the customer, and switch the clock afterwards if that was chosen."""
    to = [*given.data.getlist("to"), *given.words("more")]
    extra = given.extra(text="")
    written = desk.reply(given.number, given.text(), to=to, by=given.by, door=WEB, extra=extra)
    clock = given.line("clock")
    rest: dict[str, Any] = {"by": given.by, "door": WEB, "extra": desk.Extra(cause=written.entry)}
    if clock == "noc":
        desk.resume(written.number, **rest)
    elif clock:
        desk.suspend(written.number, clock, **rest)
    return written


def message(given: Given) -> desk.Written:
    return desk.receive(given.number, given.text(), by=given.by, door=WEB, extra=given.extra(text=""))


ACTS = (
    Act(
        "notes", Kind.NOTE, _("Note"), _("Save note"), note, "words", key="n", menu=False,
        fields=(Field("text", _("Note"), "text", help=_("Only the staff reads it."), wide=True, rows=5),),
        along=(NEXT, TIMER, _CLOCK, AT, WORKED, READERS, FILES),
    ),
    Act(
        "replies", Kind.REPLY, _("Reply"), _("Send"), reply, "words", key="r", menu=False,
        fields=(
            Field("to", _("To"), "chips", wide=True),
            Field("more", _("And to"), "mail", help=_("Further mail addresses, apart by commas."), wide=True),
            Field("text", _("Reply"), "text", help=_("The customer reads it."), needed=True, wide=True, rows=6),
        ),
        along=(NEXT, TIMER, _CLOCK, AT, WORKED, FILES),
    ),
    Act(
        "messages", Kind.RECEIVED, _("Message"), _("Send to the NOC"), message, "words", key="n", menu=False,
        fields=(Field("text", _("Message to the NOC"), "text", needed=True, wide=True, rows=5),),
        along=(FILES,),
    ),
)  # fmt: skip
