"""What a change would do, before it is done: in the words of the form, document by document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from nocturne.core.configuration import Document, Documents
from nocturne.core.configuration.difference import How, KeyChange, between, differences, spelt
from nocturne.doors.web.settings.filled import label
from nocturne.doors.web.settings.kinds import BY_KIND
from nocturne.store.models import User


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
        _shown(key.before),
        _shown(key.after),
    )


def _shown(value: Any) -> str:
    """Spell a value for a cell of its own, where a text keeps its lines."""
    if isinstance(value, str) and value:
        return value
    return "" if value is None else spelt(value)


def unknown_people(kind: str, body: Mapping[str, Any]) -> list[str]:
    """List the accounts that a queue names and that are not there: mostly a slip of the fingers."""
    if kind != "queue":
        return []
    named = [*_texts(body.get("members")), *_texts(body.get("watchers"))]
    names = list(dict.fromkeys(each for each in named if not each.startswith("@")))
    people = User.objects.filter(is_active=True).annotate(low=Lower("name"))
    known = set(people.filter(low__in=[each.lower() for each in names]).values_list("low", flat=True))
    return [each for each in names if each.lower() not in known]


def _texts(value: Any) -> Sequence[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else ()
