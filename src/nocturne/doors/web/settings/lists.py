"""What there is to be set, and the documents of one kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from nocturne.core import permits
from nocturne.core.configuration import Configuration, Document
from nocturne.core.configuration.difference import spelt
from nocturne.core.configuration.fields import CORE
from nocturne.desk import audit, configuring, fielduse
from nocturne.desk.fielduse import Figures
from nocturne.doors.web.answers import Asked
from nocturne.doors.web.fields import Words
from nocturne.doors.web.settings import asking
from nocturne.doors.web.settings.choices import column_label
from nocturne.doors.web.settings.history import Past, past
from nocturne.doors.web.settings.kinds import ABOUT, BY_KIND, About, about
from nocturne.doors.web.times import Times

MOST_USERS = 6
LATEST = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One document of a list: what it is called, a few words of it, and who speaks of it."""

    name: str
    title: Words
    says: str
    users: list[tuple[About, str]]
    more: int
    figure: Figures | None = None


@require_safe
def overview(request: Asked) -> HttpResponse:
    """Show what there is to be set, and what was changed lately."""
    configuration = asking.reading(request)
    kinds = []
    for each in ABOUT:
        count = sum(1 for kind, _ in configuration.documents if kind == each.kind)
        may = permits.may(request.actor, configuring.right_for(each.kind))
        kinds.append({"about": each, "count": count, "may_change": may})
    rows = audit.found(act="configuration_changed")[:LATEST]
    latest: list[Past] = [past(row) for row in rows]
    return asking.shown(
        request, "overview.html", {"kinds": kinds, "latest": latest, "times": Times(request.actor)}
    )


@require_safe
def listed(request: Asked, segment: str) -> HttpResponse:
    """List the documents of one kind, those that are retired apart."""
    configuration = asking.reading(request)
    kind = about(segment)
    if kind.kind == "site":
        return redirect("settings-document", "site", "site")
    users = asking.used_by(configuration)
    figures = {each.column: each for each in fielduse.figures(request.actor)} if kind.kind == "field" else {}
    present: list[Row] = []
    retired: list[Row] = []
    for document, body in sorted(configuration.documents.items()):
        if document[0] == kind.kind and not (kind.kind == "field" and document[1] in CORE):
            (retired if body.get("retired") else present).append(
                _row(document, body, users, figures.get(f"field/{document[1]}"))
            )
    context = {
        "about": kind,
        "rows": present,
        "retired": retired,
        "core": _core(configuration, figures) if kind.kind == "field" else [],
        "has_figures": kind.kind == "field",
        "may_change": permits.may(request.actor, configuring.right_for(kind.kind)),
        "gone": request.GET.get("gone", "")[:40],
    }
    return asking.shown(request, "list.html", context)


_SAYS = {
    "queue": ("correspond", "purpose"), "type": ("behaves", "help"), "field": ("kind", "help"), "lifecycle": ("help",),
    "calendar": ("zone",), "class": ("help",), "clearance": ("group", "party", "help"), "group": ("help",),
    "template": ("language", "queue", "subject"), "desk": ("query", "help"),
}  # fmt: skip
"""The keys of which a list shows a few words."""


def _row(
    document: Document,
    body: Mapping[str, Any],
    users: Mapping[Document, list[Document]],
    figure: Figures | None = None,
) -> Row:
    kind, name = document
    words = [spelt(body[key]) for key in _SAYS.get(kind, ()) if body.get(key)]
    speaking = users.get(document, [])
    listed = [(BY_KIND[each], other) for each, other in speaking[:MOST_USERS]]
    return Row(
        name, body.get("title") or name, " · ".join(words), listed, len(speaking) - len(listed), figure
    )


def _core(configuration: Configuration, figures: Mapping[str, Figures]) -> list[Row]:
    """List the fields that every ticket has, with what the site says of them."""
    rows = []
    for name in sorted(CORE):
        body = configuration.documents.get(("field", name), {})
        said = [spelt(body[key]) for key in ("class", "required_in", "help") if body.get(key)]
        rows.append(
            Row(name, body.get("title") or column_label(name), " · ".join(said), [], 0, figures.get(name))
        )
    return rows
