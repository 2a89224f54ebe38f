"""Searching: what is typed is asked, and what it finds is a list like any other."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nocturne.core.refusals import Refusal
from nocturne.desk import finding
from nocturne.desk.savedviews import View
from nocturne.doors.web.answers import Asked
from nocturne.doors.web.listing import Listing
from nocturne.doors.web.public import for_guests
from nocturne.doors.web.views import board, line


@for_guests
@require_GET
def search(request: Asked) -> HttpResponse:
    """List the tickets that a query finds."""
    given = request.GET.get("q", "").strip()
    if refusal := line.too_long(given):
        return line.again(request, given, refusal)
    view = View("", _("Search"), given, "search", empty=_("No ticket fits."))
    try:
        found = finding.ask(given, request.actor, now=timezone.now())
    except Refusal as refusal:
        return line.again(request, given, refusal)
    return board.shown(request, view, Listing(request, view, found, now=timezone.now()), query=given)


@for_guests
@require_GET
def rows(request: Asked) -> HttpResponse:
    """Give some rows of what a query finds as they are now."""
    given = request.GET.get("q", "").strip()[: line.LONGEST]
    found = finding.ask(given, request.actor, now=timezone.now())
    view = View("", _("Search"), given, "search")
    return board.rows_of(request, Listing(request, view, found, now=timezone.now()))
