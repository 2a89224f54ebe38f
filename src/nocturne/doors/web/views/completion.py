"""What could come next in a query, asked for while somebody types in a search box.

`GET /search/complete?q=is:op&at=5` answers `{"options": [{"text", "start", "end", "kind", "goes_on"}, …]}`: each `text`
stands in for what is from `start` to `end` of `q`; where `goes_on`, something must follow it (a key's value).
"""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from nocturne.core.query.words import LONGEST
from nocturne.desk import completing
from nocturne.doors.web.answers import Asked
from nocturne.doors.web.public import for_guests


@for_guests
@require_GET
def complete(request: Asked) -> HttpResponse:
    """List what could come next at a place in a query."""
    text, at = request.GET.get("q", "")[:LONGEST], request.GET.get("at", "")
    place = int(at) if at.isascii() and at.isdecimal() and len(at) < 6 else len(text)
    return JsonResponse(
        {"options": [asdict(each) for each in completing.complete(text, place, request.actor)]}
    )
