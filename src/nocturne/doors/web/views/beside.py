"""Two tickets side by side, each a page of its own in half of the screen; and their quotes in each other's notes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nocturne.core.permits import may
from nocturne.desk import charts
from nocturne.doors.web.answers import Asked, page
from nocturne.doors.web.middleware import POLICY
from nocturne.doors.web.public import for_guests


@for_guests
@require_GET
def beside(request: Asked, pair: tuple[int, int]) -> HttpResponse:
    """Show two tickets at once; of one, or of two that were merged, only that one.

    :raises NotFound: one of them is not there, or not for this reader.
    """
    found = [charts.header(number, request.actor) for number in pair]
    if found[0].number == found[1].number:
        return redirect("ticket", number=found[0].number)
    acts = [
        (right, noun, title)
        for right, noun, title in (
            ("related", "relations", _("Relate them")),
            ("merged", "merge", _("Merge the left into the right")),
        )
        if all(may(request.actor, right, each.place) for each in found)
    ]
    context = {
        "panes": [("a", found[0]), ("b", found[1])],
        "acts": acts,
        "title": f"{found[0].number} | {found[1].number}",
    }
    response = page(request, "beside.html", context)
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return response
