"""The journal: all entries of all tickets in one order, for whoever follows it. What is committed is never skipped.

On PostgreSQL numbers are given before the commit, and a lower one may become visible after a higher one. So the
order is by transaction, and it is read only as far as every transaction below has ended. On SQLite commits come one
after another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from nocturne.store.db import is_sqlite
from nocturne.store.models import Entry


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """How far somebody has read: up to and with this entry of this transaction."""

    xid: int = 0
    entry: int = 0


START = Place()


def place_of(entry: Entry) -> Place:
    return Place(entry.xid, entry.pk)


def after(place: Place, *, limit: int) -> list[Entry]:
    """Read the next entries, each with its ticket, in journal order."""
    return list(_scope(place).select_related("ticket")[:limit])


def rows_after(place: Place, columns: Sequence[str], *, limit: int) -> list[dict[str, Any]]:
    """Read columns of the next entries, in journal order."""
    return list(_scope(place).values(*columns)[:limit])


def last_rows(columns: Sequence[str], *, limit: int) -> list[dict[str, Any]]:
    """Read columns of the newest entries that can be read now, in journal order."""
    backwards = _scope(START).order_by(*(f"-{name}" for name in _order()))
    return list(backwards.values(*columns)[:limit])[::-1]


def has_more(place: Place) -> bool:
    """Tell cheaply whether there is anything to follow up."""
    return bool(_scope(place).values_list("pk", flat=True)[:1])


def is_held_back(place: Place) -> bool:
    """Tell whether anything was written behind a place that cannot be read yet: a transaction that began before its
    own runs still, and ends without a word."""
    if is_sqlite():
        return False
    behind = Entry.objects.extra(where=[_BEHIND], params=[place.xid, place.entry])  # noqa: S610 - constants all
    return bool(behind.order_by().values_list("pk", flat=True)[:1])


def end() -> Place:
    """Give the place behind everything that can be read now, for whoever follows only what comes."""
    last = _scope(START).order_by(*(f"-{name}" for name in _order())).values_list("xid", "pk").first()
    return Place(*last) if last else START


def change_mark() -> int | None:
    """Read a number that changes whenever another connection has written; None where there is no such number.

    Only numbers read on one connection can be compared.
    """
    if not is_sqlite():
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])


def _scope(place: Place) -> QuerySet[Entry]:
    if is_sqlite():
        return Entry.objects.filter(pk__gt=place.entry).order_by("pk")
    where = [_BEHIND, '"entry"."xid" < ' + _LOWEST_RUNNING]
    params: list[Any] = [place.xid, place.entry]
    return Entry.objects.extra(where=where, params=params).order_by(*_order())  # noqa: S610 - constants all


def _order() -> tuple[str, ...]:
    return ("pk",) if is_sqlite() else ("xid", "pk")


_BEHIND = '("entry"."xid", "entry"."id") > (%s, %s)'
_LOWEST_RUNNING = "(pg_snapshot_xmin(pg_current_snapshot())::text::bigint)"
