"""Searching: what is typed is asked, and what it finds is a list like any other."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from nocturne.core.refusals import Refusal, TakesTooLong
from nocturne.desk import finding
from nocturne.desk.savedviews import View
from nocturne.doors.web import asked as saying
from nocturne.doors.web import written
from nocturne.doors.web.answers import Asked, page
from nocturne.doors.web.listing import Listing
from nocturne.doors.web.public import for_guests
from nocturne.doors.web.querytrouble import doubtful, trouble
from nocturne.doors.web.views import board, line

EXAMPLES = (
    ("fibre", gettext_lazy("somebody wrote it: in a subject, an update, a mail, a file")),
    ('"fibre cut"', gettext_lazy("the two words one behind the other")),
    ("is:open owner:me", gettext_lazy("mine, and open")),
    ("is:untaken severity:1..2", gettext_lazy("severe ones that nobody has")),
    ("node:cr* opened:>2d", gettext_lazy("of machines whose name begins so, opened more than two days ago")),
    ("is:waiting clock:vendor", gettext_lazy("waiting for a vendor")),
    ("is:resolved -checked_by:none", gettext_lazy("resolved and signed off")),
    (
        "(site:Lansing or site:Detroit) order:severity group:owner",
        gettext_lazy("together by owner, the worst first"),
    ),
)


@for_guests
@require_GET
def search(request: Asked) -> HttpResponse:
    """List the tickets that a query finds; without one, say what can be asked."""
    given = request.GET.get("q", "").strip()
    if refusal := line.too_long(given):
        return _refused(request, given[: line.LONGEST], refusal)
    nothing = _("No ticket fits. Fewer words, or the beginning of one (fib*), find more.")
    view = View("", _("Search"), given, "search", empty=nothing)
    if not given:
        return page(
            request,
            "search.html",
            {
                "view": view,
                "title": _("Search"),
                "query": "",
                "examples": EXAMPLES,
                "written": written.of(request.actor),
            },
        )
    try:
        found = finding.ask(given, request.actor, now=timezone.now())
    except Refusal as refusal:
        return _refused(request, given, refusal)
    listing = Listing(request, view, found, now=timezone.now())
    try:
        empty = not listing.page.rows and not listing.further
        return board.shown(
            request,
            view,
            listing,
            query=given,
            doubts=doubtful(given, found, request.actor) if empty else [],
            meant=saying.meant(given, found, request.actor),
            ranks=saying.ranks(found, request.actor, listing.order),
            template="search.html",
        )
    except TakesTooLong as refusal:
        return _refused(request, given, refusal)


def _refused(request: Asked, given: str, refusal: Refusal) -> HttpResponse:
    view = View("", _("Search"), given, "search")
    context = {
        "view": view,
        "title": _("Search"),
        "query": given,
        "trouble": trouble(given, refusal),
        "examples": EXAMPLES,
        "written": written.of(request.actor),
    }
    return page(request, "search.html", context, status=refusal.status)


@for_guests
@require_GET
def rows(request: Asked) -> HttpResponse:
    """Give some rows of what a query finds as they are now."""
    given = request.GET.get("q", "").strip()[: line.LONGEST]
    found = finding.ask(given, request.actor, now=timezone.now())
    view = View("", _("Search"), given, "search")
    return board.rows_of(request, Listing(request, view, found, now=timezone.now()))


@for_guests
@require_GET
def count(request: Asked) -> HttpResponse:
    """Count what a query finds: exactly up to a thousand."""
    given = request.GET.get("q", "").strip()[: line.LONGEST]
    found = finding.ask(given, request.actor, now=timezone.now())
    try:
        number = finding.counted(request.actor, found, now=timezone.now())
    except TakesTooLong:
        return JsonResponse({"count": None, "words": _("not counted: that would take too long")})
    words = f"{finding.MOST:,}+" if number > finding.MOST else f"{number:,}"
    return JsonResponse(
        {"count": min(number, finding.MOST), "words": _("%(count)s found") % {"count": words}}
    )
