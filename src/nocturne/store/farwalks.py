"""Finds the first tickets of a list that goes through all there are, in an order of their columns.

Few hits are sorted. Where there are many, the index of the order is walked, some hundreds of rows at a time, and each
row is asked whether it is one: a page is soon full. The planners of both databases, left to themselves, fetch and sort
every hit of a common value (0.1 to 4 s on a million tickets).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from nocturne.store.models import Ticket

FEW = 4_000
"""Hits that are sorted rather than walked."""
FIRST, LARGEST = 250, 4_000
"""Rows that are looked at in one step."""


def first(
    scope: QuerySet[Ticket], columns: Sequence[str], beyond: Q | None, limit: int, *, lead: Q | None = None
) -> list[int]:
    """List the numbers of the first tickets of a scope.

    :param columns: the order; there is an index of these columns (`nocturne.store.models.charts`).
    :param beyond: where the page begins.
    :param lead: what is asked of the first column of the order: what it leaves out is not walked.
    """
    there = scope if beyond is None else scope.filter(beyond)
    few = list(there.order_by().values_list("pk", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        sorted_ones = Ticket.objects.filter(pk__in=few).order_by(*fetched(columns))
        return list(sorted_ones.values_list("pk", flat=True)[:limit])
    return _walked(scope, columns, beyond, limit, lead)


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
    scope: QuerySet[Ticket], columns: Sequence[str], beyond: Q | None, limit: int, lead: Q | None
) -> list[int]:
    names = [name.lstrip("-") for name in columns]
    found: list[int] = []
    size = FIRST
    while len(found) < limit:
        rows = (
            Ticket.objects.order_by(*columns)
            if lead is None
            else Ticket.objects.filter(lead).order_by(*columns)
        )
        step = list((rows if beyond is None else rows.filter(beyond)).values_list(*names)[:size])
        numbers = [row[-1] for row in step]
        hits = set(scope.filter(pk__in=numbers).order_by().values_list("pk", flat=True)) if numbers else set()
        found += [number for number in numbers if number in hits]
        if len(step) < size:
            break
        beyond = past(columns, step[-1])
        size = min(size * 4, LARGEST)
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
