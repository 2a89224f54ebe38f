"""Tickets of a list that stand together: under which heading, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nocturne.desk import titles, wording
from nocturne.doors.web import cells, marks
from nocturne.doors.web.cells import Row


@dataclass(frozen=True, slots=True)
class Group:
    """Tickets that stand together: under which heading, how many in all, and those on this page."""

    label: Any
    raw: str
    count: int | None
    rows: SafeString


def label(name: str, raw: Any, row: Row) -> Any:
    """Spell the heading of a group."""
    if raw is None or raw == "":
        return {"owner": _("not taken")}.get(
            name, _("without: %(what)s") % {"what": wording.field_within(name)}
        )
    if name == "priority":
        return f"P{raw}"
    if name == "state":
        return titles.state(
            row["state"] or "", row["meaning"] or "", type_=row["type"] or "", queue=row["queue"]
        )
    if name == "type":
        return titles.kind(str(raw))
    if name == "clock":
        return marks.word(marks.CLOCKS, raw)
    if name == "severity":
        return _("severity %(level)s") % {"level": raw}
    if name.startswith("field/"):
        return cells.local_value(row, name.removeprefix("field/")) or raw
    return raw
