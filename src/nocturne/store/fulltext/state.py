"""How far the index has been built, and which data class each column's words bear in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from nocturne.core.configuration import current

COLUMNS = (
    "subject", "dispatched_to", "referred_to", "escalated_to", "vendor_reference", "user_address",
    "destination_address", "next_action", "alarm_text", "resolution", "key_component", "cause", "network", "site",
    "circuit", "vendor", "reporter", "machine", "party", "affected", "field/tag",
)  # fmt: skip
"""Columns whose words are in the index; beside them those of the site's own fields."""


@dataclass(frozen=True, slots=True)
class State:
    """What the index holds: everything from the ticket `below` on, built by the rules of `edition`.

    :param classes: the data class that each column's words bear in it.
    """

    edition: int
    below: int
    classes: Mapping[str, int]

    @property
    def is_whole(self) -> bool:
        return self.below <= 0

    def class_of(self, column: str) -> int:
        """Give the class that a column's words bear in the index."""
        name = plain(column)
        known = self.classes.get(name)
        return int(current().class_of(column)) if known is None else known

    def moved(self) -> dict[str, int]:
        """Name the columns whose words bear another class in the index than they have now."""
        class_of = current().class_of
        return {name: known for name, known in self.classes.items() if class_of(asked_as(name)) != known}


def share_built() -> int:
    """Say how much of the index has been built, that of the past with it, in percent of all tickets; 100 only when all
    of it is."""
    from nocturne.store import pasts
    from nocturne.store.models import Ticket

    below = max(state().below, pasts.below())
    if below <= 0:
        return 100
    newest = Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return min(max(100 * (newest + 1 - below) // max(newest, 1), 0), 99)


def plain(column: str) -> str:
    """Name the column that an element of a set belongs to; each of the site's fields is one by itself."""
    kind, _, key = column.partition("/")
    return f"field/{key.partition(':')[0]}" if kind == "field" else kind


def asked_as(name: str) -> str:
    """Spell a column as the configuration is asked for its class."""
    return "field/tag:" if name == "field/tag" else name


def classes_now() -> dict[str, int]:
    """Give the data class of each column whose words are found."""
    configuration = current()
    fields = [f"field/{name}" for name, field in configuration.fields.items() if not field.core]
    return {name: int(configuration.class_of(asked_as(name))) for name in (*COLUMNS, *fields)}


def state() -> State:
    """Read it; cheap enough for every write and every search."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT edition, below, classes FROM fulltext_state WHERE id = 1")
        row = cursor.fetchone()
    if row is None:
        return State(0, 2**62, {})
    classes: Any = row[2]
    return State(row[0], row[1], json.loads(classes) if isinstance(classes, str) else classes)
