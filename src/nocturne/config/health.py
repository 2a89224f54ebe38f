"""What a load balancer or a monitoring system asks: is it alive, and is it ready to work?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nocturne.store import readiness


@never_cache
@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """This will answer as long as this process can: it asks nothing of the database."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """This will answer 200 when every part is ready for work, else 503, and name each part's state."""
    parts = readiness.parts()
    is_ready = all(state == readiness.OK for state in parts.values())
    return JsonResponse({"ready": is_ready, "parts": parts}, status=200 if is_ready else 503)
