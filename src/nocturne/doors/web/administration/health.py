"""The health of the house in the browser: every part in a line, and what waits for somebody below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from nocturne.core.entry import Door
from nocturne.core.refusals import NotFound, Refusal
from nocturne.desk import health, troubles
from nocturne.desk.nearby import suggestions
from nocturne.doors.web.administration.places import CARING, administers, shown
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.times import Times

HERE = "admin-health"
STATES = {"good": _("well"), "warn": _("look"), "bad": _("act")}
Act = Callable[[Asked, int], None]


@require_safe
@administers(CARING)
def overview(request: Asked) -> HttpResponse:
    """Show how every part is, and what waits for somebody."""
    return _shown(request)


@require_GET
@administers(CARING)
def parts(request: Asked) -> HttpResponse:
    """Give the lines alone, for the page that is open already."""
    return page(request, "administration/_health.html", _lines(request))


@require_POST
@administers(CARING)
def act(request: Asked, noun: str, number: int) -> HttpResponse:
    """Take a mail in again or drop it, send a notice again, put a job back."""
    do = ACTS.get(noun)
    if do is None:
        raise NotFound("no_such_address")
    try:
        do(request, min(number, 2**63 - 1))
    except NotFound:
        raise
    except Refusal as refusal:
        return _shown(request, says=sentence(refusal), status=refusal.status)
    return redirect(HERE)


def _again(request: Asked, number: int) -> None:
    queue = request.POST.get("queue", "").strip()[:60]
    troubles.take_in_again(number, by=request.actor, door=Door.WEB, queue=queue)


def _drop(request: Asked, number: int) -> None:
    troubles.drop(number, by=request.actor, door=Door.WEB)


def _send(request: Asked, number: int) -> None:
    troubles.send_again(number, by=request.actor, door=Door.WEB)


def _put_back(request: Asked, number: int) -> None:
    troubles.put_back(number, by=request.actor, door=Door.WEB)


ACTS: dict[str, Act] = {"mail": _again, "drop": _drop, "notice": _send, "job": _put_back}


def _lines(request: Asked) -> dict[str, Any]:
    found = health.look(by=request.actor)
    return {"lines": [(line, STATES[line.state]) for line in found], "worst": health.worst(found)}


def _shown(request: Asked, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        **_lines(request),
        "mails": troubles.mails(by=request.actor),
        "unsent": troubles.unsent(by=request.actor),
        "stopped": troubles.stopped(by=request.actor),
        "queues": suggestions({"queues"}, request.actor)["queues"],
        "versions": health.versions(),
        "times": Times(request.actor),
        **more,
    }
    return shown(request, "health.html", context, here=HERE, status=status)
