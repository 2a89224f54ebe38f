"""The columns that a list of tickets can have: what each is called, and which fact of the ticket it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nocturne.core import permits
from nocturne.core.chart import COLUMNS as HEADER
from nocturne.core.configuration import current
from nocturne.core.fieldvalues.rules import PREFIX, local
from nocturne.core.permits import Actor
from nocturne.desk import wording


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in a view, its heading, and the column of the header whose class keeps it."""

    name: str
    title: str | Promise
    fact: str
    short: str | Promise = ""
    """What stands above the column where that is less than its title."""


_COMPOSED = (
    Column("priority", _("Priority"), "priority", _("P")),
    Column("number", _("Ticket"), ""),
    Column("problem", _("Problem · next action"), "subject"),
    Column("where", _("Where"), "machine"),
    Column("affected", _("Affected"), "affected"),
    Column("clock", _("Clock"), "clock"),
    Column("timer", _("Timer"), "alarm_at"),
    Column("owner", _("Owner"), "owner"),
    Column("queue", _("Queue"), "queue"),
    Column("age", _("Age"), "started_at"),
    Column("state", _("State"), "state"),
    Column("tags", _("Tags"), "field/tag:"),
    Column("updated", _("Updated"), "clock"),
)
"""Columns that the board has made its own; all others of the header are shown as they are."""
_PARTS = frozenset(
    {"alarm_at", "alarm_text", "ringing_since", "subject", "merged_into", "self_checked", "check_marks"}
)
"""Columns of the header that stand in one of those above, or are no reading for a list."""
USUAL = ("priority", "number", "problem", "where", "affected", "clock", "timer", "owner", "queue", "age")
USUAL_OUTSIDE = ("number", "problem", "where", "state", "opened_at")
"""What a list shows whose view says nothing: to the staff, and to people outside."""


def known() -> Mapping[str, Column]:
    """List every column there is, by name: the board's own, the header's, and the site's fields. Every page of a list
    asks, and the answer is the same under one configuration in one language."""
    kept, key = current().resolved, ("columns", get_language())
    if key not in kept:
        kept[key] = _known()
    found: Mapping[str, Column] = kept[key]
    return found


def _known() -> dict[str, Column]:
    composed = (replace(each, title=str(each.title), short=str(each.short)) for each in _COMPOSED)
    found = {each.name: each for each in composed}
    for name in HEADER:
        if name not in _PARTS and name not in found:
            found[name] = Column(name, wording.field(name), name)
    for field in local(current()):
        name = PREFIX + field.name
        found[name] = Column(name, field.title or field.name, name)
    return found


def readable(actor: Actor) -> dict[str, Column]:
    """List the columns of which a reader may read something on some ticket: of others they are not told."""
    return {
        name: each for name, each in known().items() if not each.fact or permits.sees_column(actor, each.fact)
    }


def chosen(names: Any, actor: Actor) -> list[Column]:
    """Give the columns of a view as one reader gets them: what they may not read, and what is gone, is left out."""
    mine = readable(actor)
    return [mine[name] for name in names if name in mine]
