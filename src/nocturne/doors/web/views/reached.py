"""How one is reached and when one is told of what, on a page of one's own."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from nocturne.core.entry import Door
from nocturne.core.refusals import Invalid, Refusal
from nocturne.desk import ways
from nocturne.doors.web.administration.person import NOTICES, TOLD, WAY
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.fields import Bound, Field, bind
from nocturne.store.models import User

CHOICES = (
    Field("owner", gettext_lazy("Told of tickets that become mine"), "choice", choices=TOLD),
    Field("asked", gettext_lazy("Told when somebody asks me, or answers me"), "choice", choices=TOLD),
    Field("update", gettext_lazy("Told of updates"), "choice", choices=TOLD),
    *NOTICES[3:],
)


@require_safe
def reached(request: Asked) -> HttpResponse:
    """Show how one is reached, and what one is told."""
    return _shown(request, done=_("Saved.") if "done" in request.GET else "")


@require_POST
def add(request: Asked) -> HttpResponse:
    """Add a way to be reached."""
    sent = request.POST
    try:
        ways.add(
            _owner(request),
            sent.get("kind", ""),
            sent.get("value", ""),
            by=request.actor,
            door=Door.WEB,
            label=sent.get("label", ""),
            for_notices=bool(sent.get("for_notices")),
        )
    except Refusal as refusal:
        return _shown(request, refusal=refusal, noun="way")
    return _done()


@require_POST
def remove(request: Asked, number: int) -> HttpResponse:
    """Take a way to be reached away."""
    ways.remove(_owner(request), number, by=request.actor, door=Door.WEB)
    return _done()


@require_POST
def choose(request: Asked) -> HttpResponse:
    """Say when one is told of what."""
    sent = request.POST
    try:
        first, last = _time(sent.get("quiet_from", "")), _time(sent.get("quiet_until", ""))
        if (first is None) != (last is None):
            raise Invalid(
                "bad_hours", field="quiet_from", given=sent.get("quiet_from") or sent.get("quiet_until")
            )
        hours = (first, last) if first is not None and last is not None else None
        told = {name: sent[name] for name in ways.PURPOSES if name in sent}
        ways.choose(_owner(request), told, by=request.actor, door=Door.WEB, quiet=hours)
    except Refusal as refusal:
        return _shown(request, refusal=refusal, noun="notices")
    return _done()


def _time(given: str) -> time | None:
    """Read an hour; nothing is none.

    :raises Invalid: it is no hour.
    """
    given = given.strip()
    try:
        return time.fromisoformat(given) if given else None
    except ValueError:
        raise Invalid("bad_hours", field="quiet_from", given=given) from None


def _owner(request: Asked) -> User:
    return User.objects.get(pk=request.frame.user)


def _done() -> HttpResponse:
    response = redirect("reached")
    response.headers["Location"] += "?done=1"
    return response


def _shown(request: Asked, *, refusal: Refusal | None = None, noun: str = "", done: str = "") -> HttpResponse:
    user = _owner(request)
    chosen = ways.choices(user)
    hours = {"quiet_from": chosen.quiet_from, "quiet_until": chosen.quiet_until}
    says = sentence(refusal, request.actor) if refusal else ""

    def form(name: str, fields: tuple[Field, ...], values: dict[str, Any]) -> list[Bound]:
        typed = request.POST.dict() if name == noun else {}
        errors = {refusal.field or "": says} if refusal and name == noun else {}
        return bind(fields, values | typed, prefix=name, errors=errors)

    shown = {name: at.isoformat("minutes") if at else "" for name, at in hours.items()}
    context = {
        "title": _("How I am reached"),
        "ways": ways.of(user),
        "kinds": dict(WAY[0].choices),
        "way": form("way", WAY, {"kind": "mail"}),
        "notices": form("notices", CHOICES, chosen.told | shown),
        "noun": noun,
        "says": says,
        "done": done,
        "zone": user.zone,
    }
    return page(request, "reached.html", context, status=refusal.status if refusal else 200)
