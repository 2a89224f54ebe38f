"""Finds the first tickets of a list that goes through all there are, in an order of their columns.

Few hits are sorted. Where there are many, the index of the order is walked, some hundreds of rows at a time, and each
row is asked whether it is one: a page is soon full. The planners of both databases, left to themselves, fetch and sort
every hit of a common value (0.1 to 4 s on a million tickets).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from nocturne.store.db import is_sqlite
from nocturne.store.models import Ticket

FEW = 4_000
"""Hits that are sorted rather than walked."""
FIRST, LARGEST = 250, 4_000
"""Rows that are looked at in one step."""
PROMISING = 4
"""An order is walked on where its first step has found one in so many of those that are wanted."""


def first(
    scope: QuerySet[Ticket], columns: Sequence[str], beyond: Q | None, limit: int, *, lead: Q | None = None
) -> list[int]:
    """List the numbers of the first tickets of a scope.

    Where the first rows of the order are promising, it is walked on; else all hits are sorted, if they are few.

    :param columns: the order; there is an index of these columns (`nocturne.store.models.charts`).
    :param beyond: where the page begins.
    :param lead: what is asked of the first column of the order: what it leaves out is not walked.
    """
    steps = _walked(scope, columns, beyond, lead)
    found = next(steps)
    if len(found) * PROMISING < limit:
        few = _sorted(scope if beyond is None else scope.filter(beyond), columns, limit)
        if few is not None:
            return few
    while len(found) < limit:
        step = next(steps, None)
        if step is None:
            break
        found += step
    return found[:limit]


def _sorted(scope: QuerySet[Ticket], columns: Sequence[str], limit: int) -> list[int] | None:
    """List the first tickets of a scope that are few; None where they are not. Both is asked by one statement."""
    names = [name.lstrip("-") for name in columns]
    try:
        inner, parameters = scope.order_by().values_list(*names)[: FEW + 1].query.sql_with_params()
    except EmptyResultSet:
        return []
    by = ", ".join(f'"{name.lstrip("-")}" {"DESC" if name.startswith("-") else "ASC"}' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(_SORTED.format(inner=inner, by=by), [*parameters, limit])
        rows = cursor.fetchall()
    return None if rows and rows[0][1] > FEW else [row[0] for row in rows]


_SORTED = 'SELECT "number", COUNT(*) OVER () FROM ({inner}) few ORDER BY {by} LIMIT %s'


def fetched(columns: Sequence[str]) -> list[Any]:
    """Say an order in which few are wanted, so that they are fetched and sorted.

    PostgreSQL else goes through all tickets in that order until it has met enough of them.
    """
    first_column = columns[0].lstrip("-")
    itself = Coalesce(F(first_column), F(first_column))
    return [itself.desc() if columns[0].startswith("-") else itself.asc(), *columns[1:]]


SORTED = 1_000
"""Hits that are fetched in any order first, when the newest or the oldest are wanted."""


def few(scope: QuerySet[Ticket]) -> list[int] | None:
    """List the numbers of all tickets of a scope where they are few, by whatever index narrows it most; None otherwise.

    Told in which order they are wanted, the database walks all tickets in that order rather than look few up.
    """
    found = list(scope.order_by().values_list("pk", flat=True)[: SORTED + 1])
    return found if len(found) <= SORTED else None


def _walked(
    scope: QuerySet[Ticket], columns: Sequence[str], beyond: Q | None, lead: Q | None
) -> Iterator[list[int]]:
    """Give the hits among the rows of an order, some rows at a time."""
    names = [name.lstrip("-") for name in columns]
    size = FIRST
    while True:
        rows = (
            Ticket.objects.order_by(*columns)
            if lead is None
            else Ticket.objects.filter(lead).order_by(*columns)
        )
        step = list((rows if beyond is None else rows.filter(beyond)).values_list(*names)[:size])
        numbers = [row[-1] for row in step]
        hits = set(scope.filter(pk__in=numbers).order_by().values_list("pk", flat=True)) if numbers else set()
        yield [number for number in numbers if number in hits]
        if len(step) < size:
            return
        beyond = past(columns, step[-1])
        size = min(size * 4, LARGEST)


class Walk(Protocol):
    """Finds the newest or the oldest tickets of a scope behind a number."""

    def __call__(
        self, scope: QuerySet[Ticket], after: int | None, limit: int, *, descends: bool = True
    ) -> list[int]: ...


NEAR, WIDER = 4_096, 8
"""Tickets among which is looked at first, and how many times as many are looked at next."""


def in_steps(scope: QuerySet[Ticket], after: int | None, limit: int, *, descends: bool = True) -> list[int]:
    """List the newest or the oldest tickets of a scope, looking at some thousand numbers first and then at more.

    PostgreSQL does not see that it may stop early where tickets are asked for what happened to them: it gets ready for
    all there are, and takes as long as all of them do.

    :param after: where the page begins.
    """
    rows = Ticket.objects.order_by("-pk" if descends else "pk")
    ends = rows.values_list("pk", flat=True)
    place, end = (ends.first(), ends.last()) if after is None else (after, ends.last())
    if place is None or end is None:
        return []
    found: list[int] = []
    size, way = NEAR, -1 if descends else 1
    if after is None:
        place -= way
    while len(found) < limit and (end - place) * way > 0:
        until = place + size * way
        here = (
            scope.filter(pk__lt=place, pk__gte=until)
            if descends
            else scope.filter(pk__gt=place, pk__lte=until)
        )
        wanted = limit - len(found)
        hits = list(here.order_by("-pk" if descends else "pk").values_list("pk", flat=True)[:wanted])
        found += hits
        # Going down, the last number that was looked at is the end of the step itself.
        place, left = until, wanted - len(hits)
        size = min(size * WIDER, max(NEAR, size * left * 5 // (4 * len(hits)))) if hits else size * WIDER
    return found


def along(
    scope: QuerySet[Ticket], after: int | None, limit: int, *, source: QuerySet[Any], descends: bool = True
) -> list[int]:
    """List the newest or the oldest tickets of a scope that are among those of a source.

    :param source: rows with a `ticket`, which an index gives in the order of these; all hits are among them.
    :param after: where the page begins.
    """
    rows = source.order_by("-ticket" if descends else "ticket").values_list("ticket", flat=True).distinct()
    found: list[int] = []
    # Of more numbers than some hundreds PostgreSQL thinks that another index would find them sooner.
    largest = LARGEST if is_sqlite() else FIRST
    place, size = after, min(max(2 * limit, FIRST // 2), largest)
    while len(found) < limit:
        beyond = rows if place is None else rows.filter(**{f"ticket__{'lt' if descends else 'gt'}": place})
        numbers = list(beyond[:size])
        hits = set(scope.filter(pk__in=numbers).order_by().values_list("pk", flat=True)) if numbers else set()
        found += [number for number in numbers if number in hits]
        if len(numbers) < size:
            break
        place, size = numbers[-1], min(size * 4, largest)
    return found[:limit]


def past(columns: Sequence[str], after: Sequence[Any]) -> Q:
    """Say in SQL what stands behind a row in an order of several columns."""
    condition, same = Q(), Q()
    for name, value in zip(columns, after, strict=True):
        column, descends = name.lstrip("-"), name.startswith("-")
        step = Q(**{f"{column}__{'lt' if descends else 'gt'}": value})
        condition |= same & step
        same &= Q(**{column: value})
    first_column = columns[0].lstrip("-")
    bound = "lte" if columns[0].startswith("-") else "gte"
    return Q(**{f"{first_column}__{bound}": after[0]}) & condition


def spelt(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
