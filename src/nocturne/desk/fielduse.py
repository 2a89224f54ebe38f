"""Which fields earn their place: how often each is filled, and how often it is asked for.

RFC 1297 warns of fixed fields that nobody fills and no report reads. What is told here is for whoever decides about
fields; it is counted over the newest tickets only, and kept for a while, so that it costs a page nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, F, Max, Q

from nocturne.core import permits
from nocturne.core.chart import COLUMNS
from nocturne.core.configuration import current
from nocturne.core.fieldvalues.rules import PREFIX, applies, local, names
from nocturne.core.permits import Actor
from nocturne.core.query.tree import And, Not, Or, Term, Tree
from nocturne.core.refusals import Unavailable
from nocturne.desk import clock, wording
from nocturne.store.db import writing
from nocturne.store.headers import ATTRIBUTES
from nocturne.store.models import FieldUse, FieldValue, Ticket

log = logging.getLogger("nocturne.desk")

NEWEST = 10_000
"""Tickets that are looked at: numbers up to so many behind the newest."""
KEPT = 600.0
EVERY = 60.0
"""Seconds for which figures are kept, and between two writings of what was asked for."""
_ALWAYS = frozenset(
    {"type", "queue", "subject", "state", "clock", "severity", "priority", "opened_by", "opened_at"}
)
"""Columns that every ticket has: how often they are filled says nothing."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How much a field is used.

    :param column: `cause`, or `field/cve`.
    :param filled, of: of how many of the newest tickets that have the field it holds a value; None where whoever asks
        may not read the field on every ticket: then not even a count of it is theirs.
    :param asked: how often queries have asked for it, about; `last_asked_at` when they last did.
    """

    column: str
    title: str
    is_core: bool
    filled: int | None
    of: int | None
    asked: int
    last_asked_at: datetime | None

    @property
    def share(self) -> float | None:
        """The part of the tickets in which it is filled, 0 to 1."""
        return self.filled / self.of if self.filled is not None and self.of else None


def figures(by: Actor) -> list[Figures]:
    """Tell how much each field is used, local ones first, in their order."""
    filled, tickets = _counted()
    asked = {
        name: (count, at)
        for name, count, at in FieldUse.objects.values_list("name", "asked", "last_asked_at")
    }
    return [_figures(column, by, filled, tickets, *asked.get(column, (0, None))) for column in _columns()]


def _figures(
    column: str, by: Actor, filled: dict[str, int], tickets: dict[str, int], asked: int, last: datetime | None
) -> Figures:
    title, is_core = wording.field(column), not column.startswith(PREFIX)
    if not (permits.sees_all_tickets(by) and permits.sees_column_everywhere(by, column)):
        return Figures(column, title, is_core, None, None, asked, last)
    of = sum(count for type_, count in tickets.items() if _has(column, type_))
    return Figures(column, title, is_core, filled.get(column, 0), of, asked, last)


def _columns() -> list[str]:
    return [
        *(PREFIX + each.name for each in local(current())),
        *(name for name in COLUMNS if name not in _ALWAYS),
    ]


def _has(column: str, type_: str) -> bool:
    if not column.startswith(PREFIX):
        return True
    field = current().field(column.removeprefix(PREFIX))
    return field is not None and applies(current(), field, type_)


_kept: tuple[float, str, dict[str, int], dict[str, int]] | None = None


def _counted() -> tuple[dict[str, int], dict[str, int]]:
    """Count the newest tickets by type, and those in which each column is filled; three queries, seldom."""
    global _kept
    edition = current().edition
    if _kept is None or time.monotonic() - _kept[0] > KEPT or _kept[1] != edition:
        after = (Ticket.objects.aggregate(last=Max("number"))["last"] or 0) - NEWEST
        _kept = (time.monotonic(), edition, _filled(after), _tickets(after))
    return _kept[2], _kept[3]


def forget() -> None:
    """Count anew when figures are asked for next, and drop what was noted and not written."""
    global _kept
    _kept = None
    _asked.clear()


def _tickets(after: int) -> dict[str, int]:
    rows = (
        Ticket.objects.filter(number__gt=after).order_by().values_list("type").annotate(count=Count("number"))
    )
    return dict(rows)


def _filled(after: int) -> dict[str, int]:
    known = {name: PREFIX + field.name for field in local(current()) for name in names(field)}
    found: Counter[str] = Counter()
    rows = FieldValue.objects.filter(ticket_id__gt=after, name__in=known).order_by().values_list("name")
    for name, count in rows.annotate(count=Count("ticket", distinct=True)):
        found[known[name]] += count
    core = [name for name in COLUMNS if name not in _ALWAYS]
    counts = {
        f"n_{name}": Count("number", filter=Q(**{f"{ATTRIBUTES[name]}__isnull": False})) for name in core
    }
    counted = Ticket.objects.filter(number__gt=after).aggregate(**counts)
    return dict(found) | {name: counted[f"n_{name}"] for name in core}


_asked: Counter[str] = Counter()
_lock = threading.Lock()
_written_at = time.monotonic()


def note(tree: Tree) -> None:
    """Note that a query asked for fields. It is written now and then, apart: nobody waits for it."""
    global _written_at
    with _lock:
        _asked.update(set(_keys(tree)))
        if not _asked or time.monotonic() - _written_at < EVERY:
            return
        _written_at = time.monotonic()
    threading.Thread(target=_write_apart, name="field-use", daemon=True).start()


def _write_apart() -> None:
    try:
        write_noted()
    except Unavailable as refusal:
        log.info("what was asked for is counted later: %s", refusal)
    finally:
        connection.close()


def write_noted() -> None:
    """Write what has been noted so far.

    :raises Unavailable: the database takes nothing just now; it is kept for the next time.
    """
    with _lock:
        noted = dict(_asked)
        _asked.clear()
    try:
        write(noted, clock.now())
    except Unavailable:
        with _lock:
            _asked.update(noted)
        raise


def write(noted: dict[str, int], now: datetime) -> None:
    """Add what was noted to the counts.

    :raises Unavailable: the database takes nothing just now.
    """
    with writing():
        for name, count in sorted(noted.items()):
            if not FieldUse.objects.filter(pk=name).update(asked=F("asked") + count, last_asked_at=now):
                FieldUse.objects.create(name=name, asked=count, last_asked_at=now)


def _keys(tree: Tree) -> Iterator[str]:
    parts: Sequence[Tree] = ()
    match tree:
        case And(parts) | Or(parts):
            pass
        case Not(part):
            parts = (part,)
        case Term(key) if key in COLUMNS or key.startswith(PREFIX):
            yield key
    for each in parts:
        yield from _keys(each)
