"""Where words were found, on a page: the words marked, and a way to the entry that says them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from nocturne.core.permits import Actor
from nocturne.core.query.tree import Query
from nocturne.desk import highlights
from nocturne.desk.highlights import Fragment
from nocturne.doors.web.markup import html, joined

LEAD = 20
"""Characters that a row shows before the first word found."""


def shown(
    actor: Actor, asked: Query, rows: Sequence[dict[str, Any]], *, now: datetime
) -> list[dict[str, Any]]:
    """Put to each row where the words of a question were found on it."""
    found = highlights.of(actor, asked, [row["number"] for row in rows], now=now)
    return [row | _told(found[row["number"]]) if row["number"] in found else row for row in rows]


def begun_near(parts: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Let a fragment begin shortly before what was found: a cell shows its first few words."""
    place = next((each for each, (_text, is_marked) in enumerate(parts) if is_marked), 0)
    lead = "".join(text for text, _is_marked in parts[:place])
    if len(lead) <= LEAD:
        return list(parts)
    return [(f"… {lead[-LEAD:].partition(' ')[2]}", False), *parts[place:]]


def _told(fragment: Fragment) -> dict[str, Any]:
    marked = joined(
        html("<mark>{}</mark>", text) if is_marked else html("{}", text)
        for text, is_marked in (
            fragment.parts if fragment.column == "subject" else begun_near(fragment.parts)
        )
    )
    if fragment.column == "subject":
        return {"marked_subject": marked}
    if not fragment.entry:
        return {"found_in": html("<small class=found>{}</small>", marked)}
    address = reverse("entry", args=[fragment.ticket, fragment.entry])
    title = _("In a file") if fragment.column == "file" else _("In this entry")
    return {
        "found_in": html('<small class=found><a href="{}" title="{}">{}</a></small>', address, title, marked)
    }
