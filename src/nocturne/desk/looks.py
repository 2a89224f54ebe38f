"""What somebody saw when they last looked at a view, and what has happened to it since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nocturne.core.permits import Actor
from nocturne.core.query.tree import Query
from nocturne.core.refusals import Forbidden
from nocturne.desk import clock, finding
from nocturne.store.db import writing
from nocturne.store.models import SeenView
from nocturne.store.readings import Reading

WIDTH = 3
"""Letters by which a cell is told from what it was."""
MOST_ROWS, MOST_KNOWN = 200, 1_000
"""Rows of which the cells are remembered, and tickets of which it is remembered that they were there."""


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a view: which tickets it had then, and of those that were shown, a mark for each cell.

    `at` is None for somebody who has never looked; `choice` is how they have it shown.
    """

    at: datetime | None
    columns: tuple[str, ...]
    rows: Mapping[str, str]
    choice: Mapping[str, Any] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all tickets that the view had are remembered."""
        return len(self.rows) <= MOST_KNOWN

    def changed(self, number: int, columns: Sequence[str], marks: str) -> frozenset[str]:
        """Name the columns that are others than they were; `new` for a ticket that was not there."""
        if self.at is None:
            return frozenset()
        before = self.rows.get(str(number))
        if before is None:
            return frozenset({"new"}) if self.is_whole else frozenset()
        was = {name: before[place * WIDTH : (place + 1) * WIDTH] for place, name in enumerate(self.columns)}
        now = {name: marks[place * WIDTH : (place + 1) * WIDTH] for place, name in enumerate(columns)}
        return frozenset(name for name, mark in now.items() if was.get(name, mark) not in ("", mark))

    def missing(self, shown: Sequence[int]) -> list[int]:
        """List the tickets that were shown then and are not now."""
        present = set(shown)
        return [int(number) for number, marks in self.rows.items() if marks and int(number) not in present]


def last(actor: Actor, view: str) -> Look | None:
    """Find somebody's last look at a view."""
    if actor.kind != "account":
        return None
    for row in _LAST.rows(actor.id or 0, view):
        return Look(row["looked_at"], tuple(row["columns"]), row["rows"], row["choice"])
    return None


_LAST = Reading(
    lambda user, view: SeenView.objects.filter(user_id=user, view=view).values(
        "looked_at", "columns", "rows", "choice"
    )
)


def look(actor: Actor, view: str, asked: Query, columns: Sequence[str], shown: Mapping[int, str]) -> None:
    """Remember what somebody sees of a view now.

    :param shown: the tickets on the page, with the marks of their cells.
    :raises Forbidden: they are no account.
    """
    if actor.kind != "account" or actor.id is None:
        raise Forbidden("not_permitted")
    now = clock.now()
    found = finding.numbers(actor, asked, now=now, most=MOST_KNOWN)
    there = dict.fromkeys((str(number) for number in found), "")
    kept = {str(number): marks for number, marks in list(shown.items())[:MOST_ROWS] if str(number) in there}
    before = last(actor, view)
    if before is not None and before.columns == tuple(columns):
        further = {number: marks for number, marks in before.rows.items() if marks and number in there}
        there |= dict(list(further.items())[:MOST_ROWS])
    with writing():
        SeenView.objects.update_or_create(
            user_id=actor.id,
            view=view,
            defaults={"looked_at": now, "columns": list(columns), "rows": there | kept},
        )
