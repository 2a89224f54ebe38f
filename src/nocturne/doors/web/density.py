"""How close together somebody wants rows; their browser remembers it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

DENSITIES = ("comfortable", "dense")


def density(request: HttpRequest) -> str:
    """Say how close together this reader wants rows; their browser remembers it."""
    chosen = request.COOKIES.get(density_cookie(), "")
    return chosen if chosen in DENSITIES else "comfortable"


def density_cookie() -> str:
    return settings.SESSION_COOKIE_NAME.replace("session", "density")
