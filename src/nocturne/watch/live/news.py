"""What somebody who listens may know of what has happened: nothing of it tells of what they may not read.

A ticket is told of when its version as this reader gets it has changed; the law is the one by which the versions
themselves move (`nocturne.store.append`), so that listening tells no more than asking again and again would.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.configuration.grants import Numbers
from nocturne.core.entry import DataClass
from nocturne.core.fieldvalues.rules import is_local
from nocturne.core.permits import Actor
from nocturne.desk import localfields, marks, versions
from nocturne.store import journal, reach
from nocturne.store.journal import Place

_TICKET = (*reach.PLACE, *versions.MARKS)
COLUMNS = (
    "pk", "xid", "seq", "ticket_id", "shown_class", "recorded_at", "changes", "words__changes",
    *(f"ticket__{name}" for name in _TICKET if name != "number"),
)  # fmt: skip
_PLACE_OF = {"queue": "id", "network": "id", "site": "id", "owner": "id", "reporter": "id"}
"""Columns of a ticket that decide who reaches it and are rows: an entry has them with their labels."""


@dataclass(frozen=True, slots=True)
class Fact:
    """An entry, as far as live pages have a use for it; `at` is when it was learnt of, in milliseconds."""

    entry: int
    ticket: int
    seq: int
    shown: int
    columns: tuple[str, ...]
    before: Mapping[str, Any]
    at: int


@dataclass(slots=True)
class Batch:
    """Facts that are told together, and how their tickets stand now."""

    facts: Sequence[Fact]
    tickets: Mapping[int, Mapping[str, Any]]
    _parts: reach.Parts | None = None

    def by_ticket(self) -> dict[int, list[Fact]]:
        found: dict[int, list[Fact]] = {}
        for each in self.facts:
            found.setdefault(each.ticket, []).append(each)
        return found

    @property
    def parts(self) -> reach.Parts:
        """Who has a part in these tickets: read once, for all who are to be judged by it."""
        if self._parts is None:
            self._parts = reach.Parts.read({each.ticket for each in self.facts})
        return self._parts


@dataclass(slots=True)
class News:
    """What a reader is told: tickets that have changed for them, tickets that are theirs no more; and for the mark of
    their board, the last entry and the last time that count for it."""

    tickets: list[dict[str, Any]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    last: int = 0
    touched: int = 0

    def __bool__(self) -> bool:
        return bool(self.tickets or self.gone)


def fact(row: Mapping[str, Any], at: int) -> tuple[Fact, dict[str, Any]]:
    """Take a row of the journal apart: what has happened, and the ticket as it stands."""
    changes = [*row["changes"], *(row["words__changes"] or [])]
    found = Fact(
        entry=row["pk"],
        ticket=row["ticket_id"],
        seq=row["seq"],
        shown=row["shown_class"],
        columns=tuple(name for name, *_ in changes),
        before={name: before for name, before, _ in changes if name in _BEFORE},
        at=at,
    )
    ticket = {name: row[f"ticket__{name}"] for name in _TICKET if name != "number"}
    return found, ticket | {"number": row["ticket_id"]}


_BEFORE = frozenset((*_PLACE_OF, "type", "state"))


def place_of(row: Mapping[str, Any]) -> Place:
    return Place(row["xid"], row["pk"])


def read_after(place: Place, *, limit: int) -> list[dict[str, Any]]:
    """Read what the journal has behind a place."""
    return journal.rows_after(place, COLUMNS, limit=limit)


def read_last(limit: int) -> list[dict[str, Any]]:
    """Read the newest of the journal, oldest first."""
    return journal.last_rows(COLUMNS, limit=limit)


def scope_of(actor: Actor) -> Hashable:
    """Name those who are told the same: one who reads everything of some classes, or by the same clearances."""
    mine = permits.held(actor)
    if mine.is_simple:
        return versions.reader(mine.sees)
    if mine.parties or actor.only_ticket is not None:
        return actor
    return mine.grants, actor.only_queues


def who(actor: Actor) -> str:
    """Name a reader, or the class of readers, that what is sealed is for."""
    mine = permits.held(actor)
    return versions.reader(mine.sees) if mine.is_simple else f"{actor.kind} {actor.id}"


def told(actor: Actor, batch: Batch) -> News:
    """Say what of a batch somebody may know."""
    news = News()
    by_parts = bool(permits.held(actor).parties)
    for number, facts in batch.by_ticket().items():
        row = batch.tickets[number]
        place = reach.place(row)
        if by_parts:
            place |= batch.parts.of(actor, number)
        seen = permits.classes(actor, place)
        if seen:
            _tell(news, facts, row, seen)
        elif permits.classes(actor, _before(facts, place)):
            news.gone.append(number)
    return news


def _tell(news: News, facts: Iterable[Fact], row: Mapping[str, Any], seen: Numbers) -> None:
    class_of = current().class_of
    number = row["number"]
    columns: set[str] = set()
    is_new = False
    for each in facts:
        readable = [name for name in each.columns if class_of(name) in seen]
        if each.shown in seen:
            news.last = max(news.last, each.entry)
        elif not readable:
            continue
        is_new = True
        columns.update(_shown(name) for name in readable)
    if not is_new:
        return
    last, _ = versions.last_seen(number, row, seen)
    news.tickets.append(
        {"number": number, "version": versions.token(seen, number, last), "columns": sorted(columns)}
    )
    touched = row["touched_customer_at"]
    if touched is not None and int(DataClass.CUSTOMER) in seen:
        news.touched = max(news.touched, int(touched.timestamp() * 1000))


def _shown(name: str) -> str:
    """Name a column to a reader: without the number or the address of a row in it."""
    return localfields.column_shown(name) if is_local(name) else name.partition("/")[0]


def _before(facts: Sequence[Fact], place: Mapping[str, Any]) -> dict[str, Any]:
    """Say where a ticket stood before these facts."""
    found = dict(place)
    for each in reversed(facts):
        for name, before in each.before.items():
            if name == "state":
                if isinstance(before, Mapping):
                    found |= {"state": before["name"], "meaning": before["meaning"]}
            elif name in _PLACE_OF:
                found[name] = before["id"] if isinstance(before, Mapping) else before
            else:
                found[name] = before
    return found


def mark_after(actor: Actor, news: News) -> str:
    """Give the mark of somebody's board once they have been told."""
    last = news.last if actor.is_staff or permits.held(actor).is_simple else news.touched
    return marks.sealed(actor, last) if last else ""
