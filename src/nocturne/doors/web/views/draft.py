"""Keeping what somebody types, while they pause."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from nocturne.doors.web import drafts
from nocturne.doors.web.answers import Asked


@require_POST
def keep(request: Asked) -> HttpResponse:
    """Keep a form as it stands."""
    drafts.keep(request.actor, request.POST.get("place", ""), request.POST)
    return HttpResponse(status=204)
