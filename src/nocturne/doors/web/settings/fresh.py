"""With what the form of a new document begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nocturne.core.configuration import Configuration
from nocturne.core.entry import FIRST_LOCAL_CLASS, LAST_LOCAL_CLASS
from nocturne.desk import templates

OWN = frozenset({"correspond", "comment", "formerly", "retired", "number"})
"""What no second document can have: addresses, former names, a class's number."""


def beginning(kind: str, like: Mapping[str, Any] | None, configuration: Configuration) -> dict[str, Any]:
    """Give the body that a new document's form begins with: as another of its kind, without what is that one's own."""
    body = {key: value for key, value in (like or {}).items() if key not in OWN}
    if kind == "class":
        taken = {each.number for each in configuration.classes.values()}
        free = (each for each in range(FIRST_LOCAL_CLASS, LAST_LOCAL_CLASS + 1) if each not in taken)
        body["number"] = next(free, LAST_LOCAL_CLASS)
    if kind == "template" and like is None:
        body = dict(templates.usual("acknowledgement"))
    if kind == "lifecycle" and like is None:
        standard = configuration.documents.get(("lifecycle", "standard"), {})
        body = {key: standard[key] for key in ("first", "states", "moves") if key in standard}
    if kind == "calendar" and like is None:
        body["zone"] = configuration.site.zone
        body["hours"] = {
            day: ["08:00-17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
        }
    return body
