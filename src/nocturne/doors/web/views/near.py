"""Names that could be meant, asked for while somebody types into a field whose list is too long to be sent whole."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from nocturne.core.refusals import NotFound
from nocturne.desk import nearby
from nocturne.doors.web.answers import Asked, page

LONGEST = 120


@require_GET
def near(request: Asked, name: str) -> HttpResponse:
    """List some names that hold what was typed.

    :raises NotFound: there is no such list.
    """
    try:
        names = nearby.matching(name, request.GET.get("q", "").strip()[:LONGEST], request.actor)
    except KeyError:
        raise NotFound("no_such_address") from None
    return page(request, "_names.html", {"names": names})
