"""Words of a shift taken away for good, and the tombstone that stays in their place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nocturne.core.entry import Door
from nocturne.core.refusals import Forbidden, NotFound, Refusal
from nocturne.desk import desks, shift_notes, shift_redaction, shifts
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.sure import sure
from nocturne.doors.web.times import Times


@require_http_methods(["GET", "HEAD", "POST"])
@sure
def note(request: Asked, address: str) -> HttpResponse:
    """Take a note's words away."""
    _demand(request)
    found = shift_notes.note(address, request.actor)
    desk = desks.find(found.desk, even_gone=True)
    back = reverse("handover") + (f"?desk={desk.name}" if desk.name else "") + "#notes"
    return _page(request, found.author, found.at, found.text, back, address, shift_redaction.redact_note)


@require_http_methods(["GET", "HEAD", "POST"])
@sure
def takeover(request: Asked, address: str) -> HttpResponse:
    """Take away what somebody said when they took a desk over."""
    _demand(request)
    found, _kept = shifts.one(address, request.actor)
    back = reverse("shift", args=[address])
    return _page(
        request, found.lead, found.since, found.words, back, address, shift_redaction.redact_takeover
    )


def _demand(request: Asked) -> None:
    if not request.frame.is_staff or not shift_redaction.may(request.actor):
        raise Forbidden("not_permitted")


def _page(
    request: Asked,
    author: str,
    at: datetime,
    text: str,
    back: str,
    address: str,
    redact: Callable[..., None],
) -> HttpResponse:
    says, status = "", 200
    reason = request.POST.get("reason", "")
    if request.method == "POST":
        try:
            redact(address, reason, by=request.actor, door=Door.WEB)
            return redirect(back)
        except NotFound:
            raise
        except Refusal as refusal:
            says, status = sentence(refusal, request.actor), refusal.status
    context: dict[str, Any] = {
        "title": _("Redact words of a shift"),
        "nav": "handover",
        "author": author,
        "at": at,
        "text": text,
        "reason": reason,
        "longest": shift_redaction.LONGEST_REASON,
        "back": back,
        "here": request.path,
        "says": says,
        "times": Times(request.actor),
    }
    return page(request, "shift_redaction.html", context, status=status)
