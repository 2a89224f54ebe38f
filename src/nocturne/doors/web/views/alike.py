"""Which tickets were like this one, for whoever has seen something like it before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nocturne.desk import charts, similar, titles
from nocturne.doors.web.answers import Asked, page
from nocturne.doors.web.times import Times

MOST = 20


def _shared(found: similar.Similar) -> list[str]:
    """Name what two tickets share once: no part of a name beside the whole of it."""
    named = [*found.things, *found.words]
    folded = [each.casefold() for each in named]
    return [
        name
        for place, name in enumerate(named)
        if folded[place] not in folded[:place]
        and not any(folded[place] in other and folded[place] != other for other in folded)
    ]


def _state(row: Mapping[str, Any]) -> str:
    """Say in which state a ticket is, where its reader may know."""
    return titles.state(row["state"], row.get("meaning") or "") if row.get("state") else ""


@require_GET
def alike(request: Asked, number: int) -> HttpResponse:
    """List the tickets that share rare words, machines or the site with one, and say what they share."""
    chart = charts.header(number, request.actor)
    times = Times(request.actor)
    found = [
        {
            "row": each.row,
            "state": _state(each.row),
            "age": times.age(each.row.get("opened_at")),
            "shared": " · ".join(_shared(each)),
        }
        for each in similar.to_ticket(number, request.actor, now=timezone.now(), most=MOST)
    ]
    title = _("Like %(number)s") % {"number": chart.number}
    return page(request, "alike.html", {"title": title, "number": chart.number, "found": found})
