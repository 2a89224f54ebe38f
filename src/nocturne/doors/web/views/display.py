"""The board on a wall: a screen that nobody is signed on at, and that stays on for months."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nocturne.core.refusals import NotFound
from nocturne.desk import displays, savedviews, setup
from nocturne.doors.web import frame
from nocturne.doors.web.answers import Asked, page
from nocturne.doors.web.fields import Field, bind
from nocturne.doors.web.listing import Listing
from nocturne.doors.web.public import public
from nocturne.doors.web.sure import sure
from nocturne.doors.web.times import Times
from nocturne.doors.web.views import board
from nocturne.store import lists
from nocturne.store.models import User

MOST_ROWS = 60
STAYS = 400 * 24 * 3600
NEW = (Field("label", gettext_lazy("Where it hangs"), needed=True, longest=120),)


@public
@require_GET
def switch_on(_request: HttpRequest, token: str) -> HttpResponse:
    """Leave the token in the screen's browser, so that it stands in no address from then on."""
    displays.owner(token)
    response = redirect("display")
    response.set_cookie(
        _cookie(), token, max_age=STAYS, path=settings.SESSION_COOKIE_PATH, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


@public
@require_GET
def display(request: HttpRequest) -> HttpResponse:
    """Show the open tickets, most urgent first. There is nothing to click and nothing to fill in."""
    asked = as_screen(request)
    actor, mark = asked.actor, board.mark_of(asked)
    view = savedviews.named(request.GET.get("view", "board"), actor)
    question = savedviews.question(view, actor, now=timezone.now())
    listing = Listing(asked, view, question.query, now=timezone.now(), limit=MOST_ROWS)
    rings = asked.frame.counts.get("ringing") if view.key == "board" else 0
    context = {
        "view": view,
        "title": str(view.title),
        "listing": listing,
        "wall": True,
        "ringing": lists.ringing(actor) if rings else [],
        "times": listing.times,
        "mark": mark,
        "organisation": setup.installation().organisation,
    }
    return page(request, "display.html", context)


@public
@require_GET
def fresh(request: HttpRequest) -> HttpResponse:
    """Tell a screen whether anything has happened since it was drawn."""
    is_new = request.GET.get("mark") != board.mark_of(as_screen(request))
    return HttpResponse(status=200 if is_new else 204)


@require_http_methods(["GET", "HEAD", "POST"])
@sure
def screens(request: Asked) -> HttpResponse:
    """List the screens one has put up, and put up another."""
    user = User.objects.get(pk=request.frame.user)
    context: dict[str, Any] = {"times": Times(request.actor), "new": bind(NEW, {})}
    if request.method == "POST":
        row, plain = displays.create(user, request.POST.get("label", ""))
        context |= {"made": row, "address": setup.base_url() + inside(reverse("display-on", args=[plain]))}
    return page(request, "displays.html", context | {"displays": displays.of(user)})


@require_POST
@sure
def screen(request: Asked, number: int) -> HttpResponse:
    """Let a screen of one's own show nothing any more."""
    displays.revoke(User.objects.get(pk=request.frame.user), number)
    return redirect("displays")


def inside(address: str) -> str:
    """Give an address of ours without the path that the configured address already has."""
    return address.removeprefix(settings.NOCTURNE.path)


def _cookie() -> str:
    return settings.SESSION_COOKIE_NAME.replace("session", "display")


def token_of(request: HttpRequest) -> str:
    """Give the token that a screen's browser keeps."""
    return request.COOKIES.get(_cookie(), "")


def as_screen(request: HttpRequest, *, counts: bool = True) -> Asked:
    """Let a request be read with the rights of whoever put the screen up, and no right to write.

    :raises NotFound: the screen is not, or no longer, one of ours.
    """
    found = frame.read(displays.owner(token_of(request)), counts=counts)
    if found is None:
        raise NotFound("no_such_display")
    found.actor = replace(found.actor, scopes=frozenset({"read"}))
    request.frame = found  # type: ignore[attr-defined]
    request.actor = found.actor  # type: ignore[attr-defined]
    return cast("Asked", request)
