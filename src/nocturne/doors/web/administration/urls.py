"""The addresses of administration, all below /administration."""

from __future__ import annotations

from django.urls import path, register_converter

from nocturne.doors.web.administration import audit, groups, health, outside, people, person, places, rights


class Name:
    """A sign-on name, or the name of a group."""

    regex = r"[^/\s]{1,60}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Name, "who")

urlpatterns = [
    path("administration", places.overview, name="administration"),
    path("administration/people", people.everyone, name="admin-people"),
    path("administration/people/new", people.new, name="admin-person-new"),
    path("administration/person/<who:who>", person.person, name="admin-person"),
    path("administration/person/<who:who>/disabling", person.disabling, name="admin-person-disabling"),
    path("administration/person/<who:who>/<slug:noun>", person.act, name="admin-person-act"),
    path("administration/groups", groups.everyone, name="admin-groups"),
    path("administration/groups/<who:who>", groups.group, name="admin-group"),
    path("administration/groups/<who:who>/members", groups.members, name="admin-group-members"),
    path("administration/groups/<who:who>/removal", groups.removal, name="admin-group-removal"),
    path("administration/contacts", outside.contacts, name="admin-contacts"),
    path("administration/contacts/<int:number>", outside.contact, name="admin-contact"),
    path("administration/representatives", outside.speakers, name="admin-speakers"),
    path("administration/representatives/<int:number>/end", outside.speaker, name="admin-speaker-end"),
    path("administration/displays", outside.screens, name="admin-screens"),
    path("administration/displays/<int:number>/removal", outside.screen, name="admin-screen-removal"),
    path("administration/rights", rights.inspector, name="admin-rights"),
    path("administration/health", health.overview, name="admin-health"),
    path("administration/health/parts", health.parts, name="admin-health-parts"),
    path("administration/health/<slug:noun>/<int:number>", health.act, name="admin-health-act"),
    path("administration/audit", audit.lines, name="admin-audit"),
    path("administration/audit/exports", audit.export, name="admin-audit-export"),
    path("administration/audit/check", audit.check, name="admin-audit-check"),
    path("administration/audit/<int:number>", audit.line, name="admin-audit-line"),
]
