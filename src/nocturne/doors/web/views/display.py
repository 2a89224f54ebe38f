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

from nocturne.core.refusals import Invalid, NotFound, Refusal
from nocturne.desk import displays, savedviews, setup
from nocturne.doors.web import frame
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.doing import form_key
from nocturne.doors.web.fields import Field, bind
from nocturne.doors.web.listing import Listing
from nocturne.doors.web.public import public
from nocturne.doors.web.sure import sure
from nocturne.doors.web.times import Times
from nocturne.doors.web.views import board
from nocturne.store import lists
from nocturne.store.models import DisplayToken, User

MOST_ROWS = 60
STAYS = 400 * 24 * 3600
FIELDS = (
    Field("label", gettext_lazy("Where it hangs"), needed=True, longest=120),
    Field("every", gettext_lazy("Seconds for each, where it takes several in turns"), "number"),
    Field("shows", gettext_lazy("What it shows"), "choices"),
)


@public
@require_GET
def switch_on(_request: HttpRequest, token: str) -> HttpResponse:
    """Leave the token in the screen's browser, so that it stands in no address from then on."""
    displays.screen(token)
    response = redirect("display")
    response.set_cookie(
        _cookie(), token, max_age=STAYS, path=settings.SESSION_COOKIE_PATH, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


@public
@require_GET
def display(request: HttpRequest) -> HttpResponse:
    """Show what the screen was put up for, one after the other. There is nothing to click and nothing to fill in."""
    asked = as_screen(request)
    given = request.GET.get("view")
    if given is not None and displays.shows(asked.screen, f"{displays.VIEW}:{given}"):
        return _listed(asked, given)
    # What is gone meanwhile, or is for its maker no more, has no turn: the screen goes on with the rest.
    places = displays.there(displays.places_of(asked.screen), asked.actor)
    if given is not None or not places:
        return nothing(asked)
    turn = request.GET.get("turn", "")
    number = int(turn) % len(places) if turn.isdecimal() and len(turn) < 6 else 0
    kind, _colon, key = places[number].partition(":")
    if kind == displays.DASHBOARD:
        return redirect(f"{reverse('display-dashboard', args=[key])}?turn={number}")
    answer = _listed(asked, key)
    if len(places) > 1:
        go_on(asked, answer, number)
    return answer


def nothing(request: AsScreen) -> HttpResponse:
    """Say that a screen does not show this, with nothing of its maker's around it; it looks again by itself."""
    answer = page(request, "display_nothing.html", status=404)
    answer.headers["Refresh"] = f"{displays.USUAL_TURN}; url={reverse('display')}"
    return answer


def go_on(request: AsScreen, answer: HttpResponse, number: int) -> None:
    """Lead a screen on to its next place after a while: no script is needed for it."""
    every = request.screen.every or displays.USUAL_TURN
    answer.headers["Refresh"] = f"{every}; url={reverse('display')}?turn={number + 1}"


def _listed(asked: AsScreen, key: str) -> HttpResponse:
    """Show the tickets of a view."""
    actor, mark = asked.actor, board.mark_of(asked)
    view = savedviews.named(key, actor)
    question = savedviews.question(view, actor, now=timezone.now())
    listing = Listing(asked, view, question, now=timezone.now(), limit=MOST_ROWS)
    rings = asked.frame.counts.get("ringing") if view.key == "board" else 0
    context = {
        "view": view,
        "title": str(view.title),
        "listing": listing,
        "wall": True,
        "ringing": lists.ringing(actor) if rings else [],
        "times": listing.times,
        "mark": mark,
        "hangs": ",".join(displays.places_of(asked.screen)),
        "organisation": setup.installation().organisation,
    }
    return page(asked, "display.html", context)


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
    context: dict[str, Any] = {"times": Times(request.actor)}
    values: dict[str, Any] = {"shows": [displays.BOARD], "every": displays.USUAL_TURN}
    status, refusal = 200, None
    if request.method == "POST":
        try:
            row, plain = displays.create(user, **_given(request), key=form_key(request))
        except Refusal as said:
            refusal, status = said, said.status
            values = {**request.POST.dict(), "shows": request.POST.getlist("shows")}
        else:
            context |= {
                "made": row,
                "address": setup.base_url() + inside(reverse("display-on", args=[plain])),
            }
    titles = dict(displays.offered(request.actor))
    mine = [
        {"row": each, "shows": [titles[place] for place in displays.places_of(each) if place in titles]}
        for each in displays.of(user)
    ]
    return page(
        request,
        "displays.html",
        context | {"displays": mine, **_form(request, values, refusal)},
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sure
def shows(request: Asked, number: int) -> HttpResponse:
    """Let a screen of one's own show something else."""
    user = User.objects.get(pk=request.frame.user)
    row = displays.named(user, number)
    values: dict[str, Any] = {
        "label": row.label,
        "every": row.every or displays.USUAL_TURN,
        "shows": displays.places_of(row),
    }
    status, refusal = 200, None
    if request.method == "POST":
        try:
            displays.change(user, number, **_given(request))
        except Refusal as said:
            refusal, status = said, said.status
            values = {**request.POST.dict(), "shows": request.POST.getlist("shows")}
        else:
            return redirect("displays")
    return page(request, "display_shows.html", {"row": row, **_form(request, values, refusal)}, status=status)


def _given(request: Asked) -> dict[str, Any]:
    every = request.POST.get("every", "").strip()
    if every and not (every.isdecimal() and len(every) < 6):
        raise Invalid(
            "number_out_of_range", field="every", given=every[:20], least=displays.SHORTEST_TURN,
            most=displays.LONGEST_TURN,
        )  # fmt: skip
    return {
        "label": request.POST.get("label", ""),
        "shows": request.POST.getlist("shows"),
        "every": int(every) if every else displays.USUAL_TURN,
    }


def _form(request: Asked, values: dict[str, Any], refusal: Refusal | None) -> dict[str, Any]:
    says = sentence(refusal) if refusal else ""
    errors = {refusal.field or "": says} if refusal else {}
    offered = {"shows": displays.offered(request.actor)}
    return {"fields": bind(FIELDS, values, errors=errors, offered=offered), "says": says}


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


class AsScreen(Asked):
    """A request of a screen, which is read with the rights of whoever put it up."""

    screen: DisplayToken


def as_screen(request: HttpRequest, *, counts: bool = True) -> AsScreen:
    """Let a request be read with the rights of whoever put the screen up, and no right to write.

    :raises NotFound: the screen is not, or no longer, one of ours.
    """
    row = displays.screen(token_of(request))
    found = frame.read(row.user_id, counts=counts)
    if found is None:
        raise NotFound("no_such_display")
    found.actor = replace(found.actor, scopes=frozenset({"read"}))
    request.frame = found  # type: ignore[attr-defined]
    request.actor = found.actor  # type: ignore[attr-defined]
    request.screen = row  # type: ignore[attr-defined]
    return cast("AsScreen", request)
