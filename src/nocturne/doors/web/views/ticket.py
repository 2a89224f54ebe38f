"""A ticket's page, whole and in pieces."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from nocturne.core.entry import DataClass
from nocturne.core.permits import may
from nocturne.core.refusals import NotFound
from nocturne.desk import charts, questions, readers
from nocturne.desk.charts import Chart
from nocturne.doors.web import acts, drafts, facts, said, strip
from nocturne.doors.web.acts import ways
from nocturne.doors.web.answers import Asked, page
from nocturne.doors.web.entries import Entries
from nocturne.doors.web.public import for_guests
from nocturne.doors.web.recipients import recipients
from nocturne.doors.web.times import Times

ONLY = ("all", "people", "customer", "machine")
PEEKED = 8
WINDOW = 50
MOST_NEW = 500


@for_guests
@require_GET
def short(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """Lead the short address that people type to the long one."""
    return redirect("ticket", number=number)


@for_guests
@require_GET
def ticket(request: Asked, number: int) -> HttpResponse:
    """Show a ticket: its header, its facts, its newest entries, and where the next one is written."""
    return page(request, "ticket.html", context(request, number, limit=WINDOW))


@for_guests
@require_GET
def peek(request: Asked, number: int) -> HttpResponse:
    """Show a ticket beside the board."""
    return page(request, "_peek.html", context(request, number, limit=PEEKED))


@for_guests
@require_GET
def printed(request: Asked, number: int) -> HttpResponse:
    """Show all of a ticket as one text for paper and for copying."""
    times = Times(request.actor)
    chart = charts.chart(number, request.actor)
    window = charts.entries(chart.number, request.actor, limit=100_000)
    made = Entries(chart.number, request.actor, times).list(window.entries, folded=False, whole=True)
    return page(request, "print.html", {**chart_context(request, chart, times), "entries": made})


@for_guests
@require_GET
def entries(request: Asked, number: int) -> HttpResponse:
    """Show a window of entries: what stands before one, or all that is newer than a version."""
    times = Times(request.actor)
    only = request.GET.get("only", "all")
    if after := request.GET.get("after"):
        return _fresh(request, number, after, times)
    chart = charts.header(number, request.actor)
    window = charts.entries(
        chart.number,
        request.actor,
        before=request.GET.get("before"),
        only=only if only in ONLY else "all",
        limit=WINDOW,
    )
    made = Entries(chart.number, request.actor, times).list(window.entries)
    whole = {"chart": chart, "entries": made, "earlier": window.earlier, "only": only, "times": times}
    return page(request, "_entries.html", whole)


def _fresh(request: Asked, number: int, after: str, times: Times) -> HttpResponse:
    """Show what is new, and the chart above it as it is now."""
    chart = charts.chart(number, request.actor)
    window = charts.entries(chart.number, request.actor, after=after, limit=MOST_NEW)
    made = Entries(chart.number, request.actor, times).list(window.entries)
    return page(request, "_fresh.html", {**chart_context(request, chart, times), "entries": made})


@for_guests
@require_GET
def new(request: Asked, number: int) -> HttpResponse:
    """Tell an open page how many entries have come since it was drawn: none is the usual answer."""
    seen = request.GET.get("seen", "")
    chart = charts.header(number, request.actor)
    if chart.number != number:  # merged since: what is new stands on the chart that it leads to
        return page(request, "_new.html", {"number": number, "count": 1, "away": True})
    count = _count_since(request, number, seen) if seen and seen != chart.version else 0
    if not count:
        return HttpResponse(status=204)
    context = {"number": number, "count": count, "seen": seen, "away": request.GET.get("away")}
    return page(request, "_new.html", context)


def _count_since(request: Asked, number: int, seen: str) -> int:
    try:
        return charts.new_since(number, request.actor, seen)
    except NotFound:  # a mark that this reader was never given tells nothing
        return 0


def context(request: Asked, number: int, *, limit: int) -> dict[str, Any]:
    """Gather what a ticket's page shows."""
    times = Times(request.actor)
    chart = charts.chart(number, request.actor)
    only = request.GET.get("only", "all")
    window = charts.entries(
        chart.number,
        request.actor,
        before=request.GET.get("before"),
        limit=limit,
        only=only if only in ONLY else "all",
        chart=chart,
    )
    did = said.about(request, chart, times)
    return {
        **chart_context(request, chart, times),
        "entries": Entries(chart.number, request.actor, times).list(window.entries),
        "earlier": window.earlier,
        # Where older or only some entries are shown, what is new has no place at their end.
        "is_away": "before" in request.GET or only not in ("", "all"),
        "only": only,
        **_left(request, chart),
        "key": secrets.token_urlsafe(12),
        "did": did,
        "title": f"{chart.number} {chart.header.get('subject', '')}",
    }


def numbers_of(chart: Chart) -> list[int]:
    """List the numbers under which something may have been typed for a chart."""
    return [chart.number, chart.asked, *chart.absorbed]


def _left(request: Asked, chart: Chart) -> dict[str, Any]:
    """Read what this person has left in the composer, and the place where it goes on being kept."""
    name = "note" if may(request.actor, "note", chart.place) else "received"
    left = drafts.nearest(request.actor, [f"{name}:{number}" for number in numbers_of(chart)])
    place, content = left or ("", {})
    return {"draft": {name: content}, "place": place}


def chart_context(request: Asked, chart: Chart, times: Times) -> dict[str, Any]:
    """Gather the head of a ticket: what it is, what comes next, whose time ran, the facts."""
    actor = request.actor
    staff = int(DataClass.STAFF) in chart.seen
    all_acts = acts.ALL if staff else ()
    if actor.label == chart.header.get("owner"):
        all_acts = tuple(act for act in all_acts if act.noun != "taking")
    asked, pinned = questions.on_chart([chart.number, *chart.absorbed], actor) if staff else ([], None)
    quick, further = ways.buttons(chart, actor, all_acts)
    return {
        "chart": chart,
        "header": chart.header,
        "times": times,
        "strip": strip.drawn(chart.segments, now=times.now, zone=times),
        "facts": facts.of(chart, times, actor),
        "related": facts.related(chart) if actor.is_staff else "",
        "asked": asked,
        "pinned": pinned,
        "quick": quick,
        "further": further,
        "may_note": may(actor, "note", chart.place),
        "may_write": may(actor, "received", chart.place),
        "readers": readers.choices(actor, chart.place),
        "is_live": chart.header["meaning"] in ("new", "open", "waiting"),
        "people": len(recipients(chart)) if actor.is_staff else 0,
    }


__all__ = ["NotFound", "context", "entries", "new", "peek", "printed", "short", "ticket"]
