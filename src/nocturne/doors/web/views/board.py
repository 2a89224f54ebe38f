"""The board, and every other view: one list of tickets, and the timers that are due above the first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nocturne.core.refusals import Forbidden, Invalid
from nocturne.desk import marks, pins, savedviews
from nocturne.desk.savedviews import View
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.listing import PAGE, Listing
from nocturne.doors.web.public import for_guests
from nocturne.doors.web.views.views import did
from nocturne.store import lists

WALL = 100
"""Rows that a wall turns through."""
MOST = 200
"""Rows that are given anew at once."""


@for_guests
@require_GET
def board(request: Asked, name: str = "board") -> HttpResponse:
    """Show one view."""
    view = savedviews.named(name, request.actor)
    if request.GET.get("did") == "demo":
        view = replace(
            view, empty=_("The demonstration is being loaded. Its tickets come here by themselves.")
        )
    try:
        asked = savedviews.question(view, request.actor, now=timezone.now())
    except (Forbidden, Invalid) as refusal:
        context = {"view": view, "title": str(view.title), "says": sentence(refusal)}
        return page(request, "view_hidden.html", context, status=refusal.status)
    limit = WALL if "wall" in request.GET else PAGE
    listing = Listing(request, view, asked, now=timezone.now(), limit=limit)
    return shown(request, view, listing, did=did(request))


def shown(
    request: Asked, view: View, listing: Listing, *, template: str = "board.html", **more: Any
) -> HttpResponse:
    """Show the tickets of a view, a page of them at a time."""
    mark = mark_of(request)
    rings = request.frame.counts.get("ringing", 0) if view.key == "board" else 0
    ringing = lists.ringing(request.actor) if rings else []
    context = {
        "view": view,
        "title": _title(request, view),
        "listing": listing,
        "ringing": ringing,
        "further_ringing": max(rings - len(ringing), 0),
        "times": listing.times,
        "mark": mark,
        "wall": "wall" in request.GET,
        "is_pinned": any(each.view.key == view.key for each in request.frame.pins),
        "can_pin": bool(view.key) and view.key not in pins.ALWAYS and not request.frame.is_guest,
        **more,
    }
    return page(request, template, context)


def _title(request: Asked, view: View) -> str:
    if view.key != "board" or request.frame.is_staff:
        return str(view.title)
    return _("Tickets") if request.frame.is_guest else _("My tickets")


@for_guests
@require_GET
def rows(request: Asked, name: str) -> HttpResponse:
    """Give some rows of a view as they are now, and how many tickets it has that are not on the page yet."""
    view = savedviews.named(name, request.actor)
    asked = savedviews.question(view, request.actor, now=timezone.now())
    return rows_of(request, Listing(request, view, asked, now=timezone.now()))


def rows_of(request: Asked, listing: Listing) -> HttpResponse:
    """Give rows of a list anew: those of `n`; of the tickets in `known` it is said how many others there are.

    With a `mark` there is nothing to say while nothing has happened.
    """
    mark = mark_of(request) if "mark" in request.GET else ""
    if mark and request.GET["mark"] == mark:
        return HttpResponse(status=204)
    fresh = listing.fresh(_numbers(request.GET.get("known", ""))) if "known" in request.GET else 0
    context = {"rows": listing.anew(_numbers(request.GET.get("n", ""))), "fresh": fresh, "mark": mark}
    return page(request, "_rows.html", context)


def _numbers(given: str) -> list[int]:
    return [int(each) for each in given.split(",")[:MOST] if each.isdecimal() and len(each) < 19]


@for_guests
@require_GET
def new(request: Asked) -> HttpResponse:
    """Tell an open board whether anything has happened since it was drawn: nothing to say is the usual answer."""
    mark = mark_of(request)
    if request.GET.get("mark") == mark:
        return HttpResponse(status=204)
    return page(request, "_board_new.html", {"mark": mark, "address": reverse("board")})


@require_GET
def bell(request: Asked) -> HttpResponse:
    """Tell every open page how many timers are due."""
    return page(request, "_bell.html", {"ringing": request.frame.counts.get("ringing")})


def mark_of(request: Asked) -> str:
    """Sum up what has happened so far in this reader's sight, as a word that tells nothing else."""
    return marks.of(request.actor)
