"""What a change would do, before it is done: in the words of the form, document by document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from nocturne.core.configuration import Document, Documents
from nocturne.core.configuration.difference import How, KeyChange, between, differences, spelt
from nocturne.doors.web.settings.filled import label
from nocturne.doors.web.settings.kinds import BY_KIND


@dataclass(frozen=True, slots=True)
class Line:
    """One key that changes; `before` and `after` are empty where there is nothing."""

    words: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Part:
    """One document that changes."""

    one: str
    name: str
    how: str
    lines: list[Line]


def parts(before: Documents, after: Documents) -> list[Part]:
    """List what changes from one set of documents to another."""
    hows = {How.ADDED: _("new"), How.GONE: _("taken away"), How.CHANGED: _("changed")}
    return [
        Part(str(BY_KIND[kind].one), name, hows[each.how], [line(kind, name, key) for key in each.keys])
        for each in differences(before, after)
        for kind, name in (each.document,)
    ]


def lines(document: Document, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """List what differs between two bodies of one document."""
    return [line(*document, key) for key in between(before, after)]


def line(kind: str, name: str, key: KeyChange) -> Line:
    return Line(
        label(kind, name, key.path),
        "" if key.before is None else said(key.before),
        "" if key.after is None else said(key.after),
    )


def said(value: Any) -> str:
    """Spell a value for people: rows one below the other, each by what it is called and what it says besides.

    A text keeps its lines: it has a cell of its own.
    """
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and value:
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {said(each)}" for key, each in value.items())
    if isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        return "\n".join(_row(each) if isinstance(each, Mapping) else spelt(each) for each in value)
    return spelt(value)


def _row(row: Mapping[str, Any]) -> str:
    named = next((key for key in ("name", "value", "act") if key in row), "")
    rest = ", ".join(f"{key}: {said(each)}" for key, each in row.items() if key != named)
    return " · ".join(part for part in (said(row[named]) if named else "", rest) if part)
