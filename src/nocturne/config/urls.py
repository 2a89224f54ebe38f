"""Brings the doors' addresses together."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

from nocturne.config import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    *[
        path(prefix, include(f"{door}.urls"))
        for prefix, door in (("api/v1/", "nocturne.doors.api"), ("", "nocturne.doors.web"))
        if find_spec(door) and find_spec(f"{door}.urls")
    ],
]

handler400 = "nocturne.doors.web.answers.bad_request"
handler404 = "nocturne.doors.web.answers.not_found"
handler500 = "nocturne.doors.web.answers.server_error"
