"""How the console answers: a page, a piece of one, or a refusal in the reader's words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from nocturne.core.chart import COLUMNS
from nocturne.core.entry import from_instant
from nocturne.core.permits import Actor
from nocturne.core.refusals import Conflict, Refusal, TooMany
from nocturne.desk import lookups, wording
from nocturne.doors.web import frame
from nocturne.doors.web.frame import Frame
from nocturne.doors.web.times import Times


class Asked(HttpRequest):
    """A request of somebody who is signed on, as the middleware hands it to every view that is not public."""

    actor: Actor
    frame: Frame


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Answer with a template."""
    return render(request, f"web/{template}", context or {}, status=status)


def answered(answer: HttpResponse, refusal: Refusal | None) -> HttpResponse:
    """Say to programs as well how long to wait, where a refusal says so to people."""
    if isinstance(refusal, TooMany) and "seconds" in refusal.params:
        answer.headers["Retry-After"] = str(refusal.params["seconds"])
    return answer


def sentence(refusal: Refusal, actor: Actor | None = None) -> str:
    """Say why something was not done, in the reader's words and zone."""
    if isinstance(refusal, Conflict) and refusal.field in COLUMNS and actor is not None:
        shown = {name: _label(refusal.field, refusal.params.get(name), actor) for name in ("theirs", "yours")}
        refusal = Conflict(refusal.code, field=refusal.field, **{**refusal.params, **shown})
        refusal.params["who"] = refusal.params.get("who") or _("Somebody")
        return f"{wording.field(refusal.field or '')}: {wording.refusal(refusal)}"
    return wording.refusal(refusal)


def _label(column: str, value: Any, actor: Actor) -> str:
    """Spell a value of the books for the sentence that shows two of them."""
    if value is None or value == "":
        return _("nothing")
    form = COLUMNS[column].form
    if form == "row":
        if isinstance(value, dict):
            return str(value["label"])
        return value if isinstance(value, str) else lookups.label(column, value)
    if form == "instant":
        at = value if isinstance(value, datetime) else from_instant(value)
        return Times(actor).both(at)
    return str(value)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal that no form stands ready to show."""
    if refusal.status == 404:
        return not_found(request)
    titles = {
        403: _("That is not yours to do"),
        409: _("Not now"),
        413: _("Too large"),
        429: _("Slow down"),
        503: _("Just now it cannot be done"),
    }
    context = {"title": titles.get(refusal.status, _("That cannot be done")), "says": sentence(refusal)}
    return answered(_error(request, context, refusal.status), refusal)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Answer for what is not there, and in the same words for what the asker may not know of."""
    context = {
        "title": _("Nothing here"),
        "says": _(
            "There is no such page or ticket, or it is not for you. Check the number, or look on the board."
        ),
    }
    return _error(request, context, 404)


def _error(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    if status >= 500 or hasattr(request, "screen"):
        # What stands around a page is read from the database, which may be what is broken; and on a wall it is not for
        # the room, which sees no more of whoever put the screen up than was chosen for it.
        request.frame = None  # type: ignore[attr-defined]
    elif not hasattr(request, "frame") and hasattr(request, "session"):
        request.frame = frame.of(request, counts=True)  # type: ignore[attr-defined]
        if request.frame is not None:  # type: ignore[attr-defined]
            # An address that leads nowhere has no view, before which the asker would have been read.
            request.actor = request.frame.actor  # type: ignore[attr-defined]
    if request.headers.get("HX-Request"):
        return page(request, "_refused.html", context, status=status)
    return page(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what no browser of ours sends, and what is too large to be read."""
    from django.core.exceptions import RequestDataTooBig

    if isinstance(exception, RequestDataTooBig):
        says = _("The text is too long to be read. Attach it as a file; go back, it is still there.")
        return _error(request, {"title": _("Too large"), "says": says}, 413)
    says = _("Nocturne does not understand what your browser sent.")
    return _error(request, {"title": _("That did not work"), "says": says}, 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a defect of ours, without a database and without details."""
    return _error(request, {"title": _("Something broke here"), "says": _(
        "This is a defect of Nocturne, not of yours. Go back: what you typed is still there. "
        "If it happens again, tell your administrator the time and the address."
    )}, 500)  # fmt: skip
