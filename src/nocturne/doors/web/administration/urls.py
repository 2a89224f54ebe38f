"""The addresses of administration, all below /administration."""

from __future__ import annotations

from django.urls import path

from nocturne.doors.web.administration import audit, places

urlpatterns = [
    path("administration", places.overview, name="administration"),
    path("administration/audit", audit.lines, name="admin-audit"),
    path("administration/audit/exports", audit.export, name="admin-audit-export"),
    path("administration/audit/check", audit.check, name="admin-audit-check"),
    path("administration/audit/<int:number>", audit.line, name="admin-audit-line"),
]
