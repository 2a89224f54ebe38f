"""Finds the tickets a plan is for, no more than are shown: newest first, or in another order among the newest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Q
from django.db.models.expressions import Expression as Expressed

from nocturne.core import permits
from nocturne.core.fulltext import Expression
from nocturne.core.permits import Actor
from nocturne.core.query.tree import And
from nocturne.store import reach
from nocturne.store.db import is_sqlite
from nocturne.store.fulltext import reading
from nocturne.store.fulltext.asking import Plan
from nocturne.store.fulltext.engine import engine
from nocturne.store.models import Ticket

FIRST, LARGEST = 120, 2_000
"""How many candidates are taken from the index at once, at first and at most."""
EFFORT = 12_000
"""How much is looked at for one page: a candidate that is asked more than the index counts one, one that is read 20."""
READ = 20
PROBED, WALKED = 250, 3_000
"""Open tickets that are asked at first for their words, and how many it may take until a page is full."""
COUNTED = 40_000
"""Open tickets that may be asked for how their words begin until there are as many as are counted."""
SORTED = 1_000
"""Hits that are brought into another order than the newest first."""


@dataclass(frozen=True, slots=True)
class Found:
    """Which tickets one page shows.

    :param numbers: in their order.
    :param after: where the next page begins, None at the end.
    :param until: the ticket that was looked back to where the page is not full and there may be older ones.
    :param is_sorted: whether there are more than were sorted, and only the newest are shown.
    """

    numbers: list[int]
    after: int | None = None
    until: int | None = None
    is_sorted: bool = False


def newest(
    plan: Plan, actor: Actor, rest: Q | None, *, after: int | None, limit: int, descends: bool, now: datetime
) -> Found:
    """Find the page behind a number, newest or oldest first.

    :param rest: what is asked of the tickets themselves beside the index, with what the actor may know of.
    """
    found: list[int] = []
    effort, place, size = 0, after, FIRST if rest is not None else limit + 1
    while len(found) <= limit and effort < EFFORT:
        numbers = _candidates(plan, place, size, descends)
        kept = _kept(numbers, plan, actor, rest, now=now)
        found += kept
        if len(numbers) < size:
            break
        place = numbers[-1]
        effort += len(numbers) * (READ if plan.read else 1 if rest is not None else 0)
        size = min(size * 4, LARGEST // (READ // 2) if plan.read else LARGEST)
    else:
        if len(found) <= limit:
            return Found(found, after=place, until=place)
    more = len(found) > limit
    return Found(found[:limit], after=found[limit - 1] if more else None)


def among(
    plan: Plan, actor: Actor, rest: Q | None, *, now: datetime, most: int = SORTED
) -> tuple[list[int], bool]:
    """Give the newest hits, to be brought into another order, and whether there are older ones."""
    found: list[int] = []
    size = LARGEST if rest is not None or plan.read else min(LARGEST, most + 1)
    for numbers in walk(plan, actor, rest, now=now, size=size):
        found += numbers
        if len(found) > most:
            return found[:most], True
    return found, False


def urgent(
    plan: Plan,
    actor: Actor,
    rest: Q | None,
    after: Q | None,
    *,
    now: datetime,
    limit: int,
    most: int = WALKED,
) -> list[int] | None:
    """List the most urgent open hits, where so many of the open tickets are hits that a page is soon full; None
    otherwise.

    The index of the open tickets is walked, and each is asked for its words: so only where a row is cheap to ask.

    :param after: where the page begins.
    :param most: open tickets that it may take.
    """
    if is_sqlite():
        return None
    numbers: list[int] = []
    place, size = 0, PROBED
    scope = Ticket.objects.open().most_urgent_first()
    scope = scope if after is None else scope.filter(after)
    while len(numbers) < limit:
        if place and len(numbers) * most < limit * place:
            return None
        step = list(scope.values_list("pk", flat=True)[place : place + size])
        asked = engine().among(plan.expression, step)
        numbers += _kept([each for each in step if each in asked], plan, actor, rest, now=now)
        if len(step) < size:
            break
        place, size = place + size, LARGEST
    return numbers[:limit]


def most_urgent(found: Sequence[int], after: Q | None, limit: int) -> list[int]:
    """List the most urgent of many open hits: the index of the open tickets is walked until there are enough.

    :param found: all the hits.
    :param after: where the page begins.
    """
    wanted, place = set(found), 0
    numbers: list[int] = []
    scope = Ticket.objects.open().most_urgent_first()
    scope = scope if after is None else scope.filter(after)
    while len(numbers) < limit:
        step = list(scope.values_list("pk", flat=True)[place : place + LARGEST])
        numbers += [each for each in step if each in wanted]
        if len(step) < LARGEST:
            break
        place += LARGEST
    return numbers[:limit]


def first(plan: Plan, actor: Actor, rest: Q | None, *, now: datetime, limit: int) -> list[int]:
    """List the newest hits, up to a limit; of the open ones, any: they are counted."""
    if plan.is_open and engine().begins(plan.expression):
        # An index that gives no order gathers all that have words which begin so, and open tickets are few.
        some = urgent(plan, actor, rest, None, now=now, limit=limit, most=COUNTED)
        if some is not None:
            return some
    found: list[int] = []
    for numbers in walk(plan, actor, rest, now=now, size=limit):
        found += numbers
        if len(found) >= limit:
            break
    return found[:limit]


def walk(
    plan: Plan, actor: Actor, rest: Q | None, *, now: datetime, size: int = LARGEST
) -> Iterator[list[int]]:
    """Give all hits, newest first, some at a time."""
    place: int | None = None
    while True:
        step = min(size, LARGEST // 4) if plan.read else size
        numbers = _candidates(plan, place, step, True)
        yield _kept(numbers, plan, actor, rest, now=now)
        if len(numbers) < step:
            return
        place = numbers[-1]


def _candidates(plan: Plan, place: int | None, size: int, descends: bool) -> list[int]:
    below, above = (place, None) if descends else (None, place)
    if plan.only is not None:
        below = min(plan.only + 1, below) if below is not None else plan.only + 1
        above = max(plan.only - 1, above) if above is not None else plan.only - 1
    found: list[int] = engine().walk(plan.expression, below=below, above=above, limit=size, descends=descends)
    return found


def _kept(numbers: Sequence[int], plan: Plan, actor: Actor, rest: Q | None, *, now: datetime) -> list[int]:
    """Keep the candidates that are hits, in their order."""
    if not numbers:
        return []
    there: Any = numbers
    if rest is not None:
        there = set(Ticket.objects.filter(rest, pk__in=list(numbers)).values_list("pk", flat=True))
    if plan.read:
        there = reading.holding([each for each in numbers if each in there], plan.read, actor, now=now)
    return list(numbers) if there is numbers else [each for each in numbers if each in there]


def rest_of(plan: Plan, actor: Actor, condition: Any) -> Q | None:
    """Say what tickets are asked beside the index; None where the index says it all.

    :param condition: turns a tree of probes into a condition in SQL.
    """
    asked: Q | None = condition(And(plan.rest)) if plan.rest else None
    if permits.held(actor).is_simple or plan.within:
        return asked
    visible = reach.visible(actor)
    if visible is None or asked is None:
        return visible if asked is None else asked
    return visible & asked


class _Hits(Expressed):
    """The numbers of the tickets that the index finds, as a query inside another."""

    output_field = BigIntegerField()

    def __init__(self, expression: Expression) -> None:
        super().__init__()
        self.found = expression

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ARG002
        sql, parameters = engine().condition(self.found)
        return f"({sql})", parameters


def among_numbers(expression: Expression) -> Q:
    """Say in SQL that a ticket is among those an expression finds."""
    return Q(number__in=_Hits(expression))
