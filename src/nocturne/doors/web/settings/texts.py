"""What helps whoever writes a text for mails: what may stand in it, and what it would say of a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from nocturne.core.configuration.placeholders import PURPOSES
from nocturne.core.permits import Actor
from nocturne.core.refusals import Refusal
from nocturne.desk import templates
from nocturne.doors.web.fields import Words
from nocturne.store.models import Ticket

PURPOSE_WORDS: Mapping[str, Words] = {
    "acknowledgement": _("your message has arrived"),
    "reply": _("around a reply to people outside"),
    "resolved": _("it is over, to everyone who reported it"),
    "owner": _("to an account: a ticket is yours, or you are sent"),
    "asked": _("to an account: somebody asks them on a ticket, or has answered them"),
    "update": _("to an account: somebody wrote"),
    "signature": _("below every mail to people outside"),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """What a text says of one ticket."""

    number: int
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may stand in a text for one purpose: each placeholder with what it stands for."""

    purpose: str
    words: Words
    names: list[tuple[str, str]]


def allowed() -> list[Allowed]:
    """List the purposes with their placeholders."""
    return [Allowed(name, PURPOSE_WORDS[name], templates.placeholders(name)) for name in PURPOSES]


def sample(name: str, body: Mapping[str, Any], reader: Actor) -> Sample | None:
    """Fill a text with the facts of the newest ticket that its writer may read; None where there is none."""
    found = Ticket.objects.visible_to(reader).order_by("-number")
    if queue := body.get("queue"):
        found = found.filter(queue__name=queue)
    number = found.values_list("number", flat=True).first()
    if number is None:
        return None
    try:
        shown = templates.preview(name, number, reader, body=body)
    except Refusal:
        return None
    return Sample(number, shown.subject, shown.text)
