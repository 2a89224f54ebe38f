"""Says what became of a ticket in an act on many, or would, and the act itself as it could be typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from nocturne.desk import titles, wording
from nocturne.desk.batch_reports import Outcome, Report
from nocturne.desk.views import EntryView
from nocturne.doors.web import marks

TITLED: dict[str, Callable[[str], Any]] = {
    "state": titles.state,
    "type": titles.kind,
    "clock": lambda value: marks.word(marks.CLOCKS, value),
}
"""Columns whose values have a title of their own."""


def told(outcome: Outcome) -> str:
    """Say what became of a ticket, or would, or why nothing did."""
    if outcome.refusal is not None:
        return wording.refusal(outcome.refusal)
    if outcome.merged_into:
        return _("goes on as %(number)s") % {"number": outcome.merged_into}
    if outcome.entries:
        return "; ".join(_said(each) for each in outcome.entries)
    return {"done": _("done"), "skipped": _("left alone"), "waiting": _("to be done")}.get(outcome.state, "")


def _said(view: EntryView) -> str:
    """Say an update in a line: what it does, and from what to what."""
    changes = [_changed(name, before, after) for name, before, after in view.changes]
    said = wording.entry(view)
    return f"{said}: {', '.join(changes[:5])}" if changes else said


def _changed(name: str, before: Any, after: Any) -> str:
    """Say what became of a column; of a set, what has come to it or gone."""
    kind, slash, key = name.partition("/")
    if not slash or (kind == "field" and not key.startswith("tag:")):
        return f"{wording.field_within(name)} {_value(before, name)} → {_value(after, name)}"
    value = after if after is not None else before
    shown = value.get("label") or value.get("name", "") if isinstance(value, dict) else value
    title = _("tag") if key.startswith("tag:") else wording.field_within(name)
    return f"{title} {'+' if after is not None else '−'} {shown}"


def _value(value: Any, name: str = "") -> str:
    if value is None or value == "":
        return "—"
    if name in TITLED:
        return str(TITLED[name](str(value)))
    return f"{value:%Y-%m-%d %H:%M} UTC" if hasattr(value, "strftime") else str(value)


def spelt(report: Report) -> str:
    """Write the act as it could be typed."""
    if report.undoes:
        return _("Undo")
    if len(report.words) == 1:
        return report.words[0]
    return " ".join(f'"{each}"' if " " in each and ":" not in each else each for each in report.words)
