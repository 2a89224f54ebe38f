"""A life cycle's page: its picture, the same as tables, and who goes through it."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from nocturne.core.refusals import NotFound
from nocturne.desk import lifecycles
from nocturne.doors.web.answers import Asked
from nocturne.doors.web.settings import asking, diagram, moves


@require_GET
def picture(request: Asked, segment: str, name: str) -> HttpResponse:
    """Show a life cycle as a picture and as tables, with how many live tickets are in each state."""
    found = asking.subject(request, segment, name)
    cycle = found.configuration.lifecycles.get(name)
    if found.about.kind != "lifecycle" or cycle is None:
        raise NotFound("no_such_settings")
    counts, is_all = lifecycles.live_counts(cycle, by=request.actor)
    context = {
        "found": found,
        "cycle": cycle,
        "picture": diagram.drawn(cycle, counts),
        "states": moves.states(cycle, counts),
        "moves": moves.moves(cycle),
        "is_all": is_all,
        "users": asking.users_of(found),
    }
    return asking.shown(request, "cycle.html", context)
