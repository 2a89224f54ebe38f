"""An act's answer in words, for whoever asks for text/plain: a command line prints it as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from nocturne.core.permits import Actor
from nocturne.desk import wording

_TO = {
    "given": "owner",
    "referred": "referred_to",
    "dispatched": "dispatched_to",
    "escalated": "escalated_to",
}
"""Where a ticket's header says whom an act was about."""
_WIDTH = 8


def wanted(request: HttpRequest) -> bool:
    """Tell whether the asker wants words rather than JSON."""
    return str(request.META.get("HTTP_ACCEPT", "")).startswith("text/plain")


def answer(done: Mapping[str, Any], *, status: int, actor: Actor) -> HttpResponse:
    """Answer with a few aligned lines: the ticket, what was done, and what has to happen next."""
    with override(actor.language):
        text = "\n".join(_lines(done))
    response = HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
    if done.get("warnings"):
        # Beside the text: a command line shows warnings elsewhere than what it was asked for.
        response.headers["Nocturne-Warnings"] = json.dumps([each["detail"] for each in done["warnings"]])
    return response


def _lines(done: Mapping[str, Any]) -> list[str]:
    ticket = done["ticket"]
    kind = done["kind"]
    facts = {
        "to": ticket["state"] if kind == "moved" else ticket.get(_TO.get(kind, ""), None) or "",
        "clock": ticket.get("clock", ""),
    }
    number = str(done["number"])
    lines = [f"{number}  {wording.act(kind, facts)} · {ticket['subject']}"]
    state = ticket["state_title"]
    if ticket.get("clock") not in (None, "noc", "stopped"):
        state = _("%(state)s, %(clock)s time") % {
            "state": state,
            "clock": wording.clock_within(ticket["clock"]),
        }
    alarm = done.get("alarm")
    below = {
        _("state"): state,
        _("owner"): ticket.get("owner"),
        _("at"): done.get("at", {}).get("says"),
        _("next"): ticket.get("next_action"),
        _("timer"): f"{alarm['says']}  {alarm['text']}".rstrip() if alarm else None,
    }
    indent = " " * (len(number) + 2)
    lines += [f"{indent}{name:<{_WIDTH}}{value}" for name, value in below.items() if value]
    if kind == "opened":
        lines.append(indent + done["web_url"])
    return lines
