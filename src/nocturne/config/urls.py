"""Brings the doors' addresses together."""

from __future__ import annotations

from django.urls import include, path

from nocturne.config import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("api/v1/", include("nocturne.doors.api.urls")),
    path("", include("nocturne.doors.web.urls")),
]

handler400 = "nocturne.doors.web.answers.bad_request"
handler404 = "nocturne.doors.web.answers.not_found"
handler500 = "nocturne.doors.web.answers.server_error"
