"""The one way in which anybody finds tickets: pages, views, API, command line, feeds and exports ask here.

A question is text in the language of `nocturne.core.query`; what comes back are rows as its asker may see them
(`nocturne.store.lists`), a page at a time, a count that stops where nobody reads on, or all of them one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q

from nocturne.core import permits, query
from nocturne.core.permits import Actor
from nocturne.core.query.tree import Query
from nocturne.core.query.usual import NEWEST, usual
from nocturne.desk import fielduse
from nocturne.store import deadlines, lists, ordering, pasts, ranked, reach, search
from nocturne.store.fulltext import walking
from nocturne.store.lists import Rows
from nocturne.store.models import Ticket
from nocturne.store.models.charts import TicketQuerySet
from nocturne.store.ordering import Step

MOST = 1_000
"""Counts are exact up to here unless somebody asks for more."""
OPEN = query.parse("is:open").tree
"""The open tickets are the board, and are read as it is."""
STEP = 500
"""Rows that are read at once where all of them are wanted."""


def ask(text: str, actor: Actor, *, now: datetime) -> Query:
    """Read a question as its asker means it: their zone, the fields they may know of.

    :raises Invalid: bad_query, with `position`, `reason` and, where there is one, a `suggestion`.
    :raises Forbidden: field_not_permitted: it asks for a column they may not read.
    """
    asked = query.parse(text, now=now, zone=actor.zone, reads=partial(permits.sees_column, actor))
    query.demand(asked.tree, actor)
    return asked


@deadlines.within()
def page(
    actor: Actor,
    asked: Query,
    *,
    now: datetime,
    order: str = "",
    after: Sequence[Any] | None = None,
    limit: int = 50,
    shown: int = 0,
) -> Rows:
    """Read one page of what a question finds.

    :param order: instead of the question's own; without either, the usual one (:func:`order_of`).
    :param after: the `after` of the page before.
    :param shown: how many the pages before have shown: a question that wants no more than some ends there.
    :raises TakesTooLong: it has been given up.
    """
    order = order or together(asked, order_of(asked, actor), actor)
    fielduse.note(asked.tree)
    if asked.limit is not None:
        whole = replace(asked, limit=None)

        def read(most: int) -> Rows:
            return page(actor, whole, now=now, order=order, after=after, limit=most)

        return within(asked, limit, shown, read)
    if order not in lists.ORDERS and (steps := ordering.read(order, actor)):
        return arranged(actor, asked, steps, now=now, after=after, limit=limit)
    if asked.tree != OPEN and (planned := search.planned(asked.tree, actor, now=now, order=order)):
        if order == ranked.ORDER and order in lists.orders(actor):
            return ranked.rows(actor, asked.tree, *planned, after=after, limit=limit, now=now)
        return lists.by_words(actor, *planned, order=order, after=after, limit=limit, now=now)
    if order == ranked.ORDER:
        found = page(actor, asked, now=now, order="newest", after=after and after[-1:], limit=limit)
        return replace(found, after=found.after and [0, *found.after])
    if order in search.WALKED and (choices := search.choices(asked.tree, now)):
        pages = [
            page(actor, replace(asked, tree=each), now=now, order=order, after=after, limit=limit)
            for each in choices
        ]
        return lists.joined(pages, lists.followed(order, actor), limit)
    where = search.where(asked.tree, actor, now=now, order=order) if asked.tree != OPEN else None
    far = where is not None and not search.is_open(asked.tree, now)
    of_open = where is not None and not far
    narrow = far and search.narrows(asked.tree, now)
    lead = search.leading(asked.tree, "priority", now=now) if far and order == "priority" else None
    found = lists.rows(
        actor,
        where,
        order=order,
        after=after,
        limit=limit,
        far=far,
        of_open=of_open,
        narrow=narrow,
        lead=lead,
        walk=search.through_the_past(asked.tree, actor, now) if far else None,
        ready=far and search.stands_ready(asked.tree, lists.followed(order, actor), now=now),
    )
    building = search.asks_past(asked.tree, now) and bool(pasts.below())
    return replace(found, building=True) if building else found


def within(asked: Query, limit: int, shown: int, read: Callable[[int], Rows]) -> Rows:
    """Read a page of no more than a question wants in all: behind its last row there is no next page.

    :param shown: how many the pages before have shown.
    """
    if asked.limit is None:
        return read(limit)
    left = asked.limit - shown
    if left <= 0:
        return Rows([], None)
    found = read(min(limit, left))
    return found if len(found.rows) < left else replace(found, after=None)


def order_of(asked: Query, actor: Actor, *wanted: str) -> str:
    """Choose the order of a list: the first of those wanted that its reader may follow, the question's, or the usual.

    Every door asks here, so that a question that ends after some tickets ends after the same ones everywhere.
    """
    for each in (*wanted, asked.order or ""):
        if each and ordering.is_known(each, actor):
            return each
    return found if (found := usual(asked)) in lists.orders(actor) else NEWEST


def together(asked: Query, order: str, actor: Actor) -> str:
    """Put before an order what a question wants to stand together, where its asker may follow that."""
    if not asked.group or ordering.grouped(asked.group, actor) is None:
        return order
    whole = f"{asked.group},{ordering.columns(order, actor)}"
    return whole if ordering.is_known(whole, actor) else order


def scope(actor: Actor, asked: Query, *, now: datetime, order: str = "") -> TicketQuerySet:
    """Give the tickets that a question finds, as far as its asker may know of them."""
    if asked.tree == OPEN:
        return lists.open_to(actor)
    found = Ticket.objects.visible_to(actor, aside=reach.is_wide(actor))
    return found.filter(search.where(asked.tree, actor, now=now, order=order))


@deadlines.within()
def arranged(
    actor: Actor,
    asked: Query,
    steps: Sequence[Step],
    *,
    now: datetime,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    grouped: bool = False,
) -> Rows:
    """Read one page of what a question finds, in any order (`nocturne.store.ordering`).

    :param grouped: whether the first column of the order is what they stand together by: each row says its `group`.
    """
    place = ordering.place(steps, list(after)) if after is not None else None
    found = ordering.places(scope(actor, asked, now=now, order="arranged"), steps, place, limit + 1)
    rows = lists.these(actor, [number for number, _values in found[:limit]], step=limit)
    if grouped:
        of = {number: values[0] for number, values in found}
        rows = [{**row, "group": of[row["number"]]} for row in rows]
    return Rows(rows, ordering.spelt(found[limit - 1][1]) if len(found) > limit else None)


@deadlines.within()
def among(actor: Actor, asked: Query, numbers: Sequence[int], *, now: datetime) -> frozenset[int]:
    """Say which of some tickets a question finds."""
    if not numbers:
        return frozenset()
    return frozenset(scope(actor, asked, now=now).filter(pk__in=numbers).values_list("pk", flat=True))


def rows_of(actor: Actor, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Read rows of some tickets in this order; those that their reader may not know of are not there."""
    known = set(Ticket.objects.visible_to(actor).filter(pk__in=numbers).values_list("pk", flat=True))
    return lists.these(actor, [number for number in numbers if number in known])


def counted(actor: Actor, asked: Query, *, now: datetime, most: int = MOST) -> int:
    """Count what a question finds, up to one more than `most`: cost by what is shown.

    :raises TakesTooLong: it has been given up.
    """
    if asked.limit is None:
        return len(numbers(actor, asked, now=now, most=most))
    found = numbers(actor, replace(asked, limit=None), now=now, most=min(asked.limit, most + 1))
    return min(len(found), asked.limit, most + 1)


@deadlines.within()
def numbers(actor: Actor, asked: Query, *, now: datetime, most: int) -> list[int]:
    """Name the tickets that a question finds, up to one more than `most`: in its order where it has a limit, in any
    otherwise.

    :raises TakesTooLong: it has been given up.
    """
    if asked.limit is not None:
        return [row["number"] for row in every(actor, asked, now=now, limit=most + 1)]
    if asked.tree != OPEN and (planned := search.planned(asked.tree, actor, now=now, order="newest")):
        return walking.first(planned[0], actor, planned[1], now=now, limit=most + 1)
    choices = search.choices(asked.tree, now) if asked.tree != OPEN else []
    if choices:
        either: set[int] = set()
        for each in choices:
            if len(either) <= most:
                either.update(numbers(actor, replace(asked, tree=each), now=now, most=most))
        return list(either)[: most + 1]
    found = scope(actor, asked, now=now, order=search.COUNTED)
    is_open = search.is_open(asked.tree, now)
    if not is_open and (walk := search.through_the_past(asked.tree, actor, now)):
        return walk(found, None, most + 1)
    # Told in which order they stand, the database counts open tickets in the index of the open ones.
    found = found.most_urgent_first() if is_open else found.order_by()
    return list(found.values_list("pk", flat=True)[: most + 1])


@deadlines.within()
def grouped(actor: Actor, asked: Query, step: Step, *, now: datetime) -> dict[Any, int] | None:
    """Count how many tickets stand together by a column; None where there are more in all than are counted."""
    found = scope(actor, asked, now=now, order=search.GROUPED)
    if asked.limit is not None:
        found = found.filter(pk__in=numbers(actor, asked, now=now, most=MOST))
    return ordering.counted(found, step, MOST)


def every(
    actor: Actor,
    asked: Query,
    *,
    now: datetime,
    order: str = "",
    limit: int | None = None,
    seconds: float | None = None,
) -> Iterator[dict[str, Any]]:
    """Read all that a question finds, row by row, without ever holding more than a step of them.

    :param seconds: how long each step may take.
    :raises TakesTooLong: one has been given up.
    """
    after: Sequence[Any] | None = None
    left = min((each for each in (limit, asked.limit) if each is not None), default=None)
    asked = replace(asked, limit=None)
    while left is None or left > 0:
        step = STEP if left is None else min(STEP, left)
        with deadlines.within(seconds):
            found = page(actor, asked, now=now, order=order, after=after, limit=step)
        yield from found.rows
        left = left if left is None else left - len(found.rows)
        if found.after is None:
            return
        after = found.after


def subjects(actor: Actor, numbers: Sequence[int]) -> dict[int, str]:
    """Say what tickets are about, as far as somebody may know of them: the others are left out."""
    found: dict[int, str] = {}
    for first in range(0, len(numbers), STEP):
        some = numbers[first : first + STEP]
        rows = lists.rows(actor, Q(pk__in=some), order="newest", limit=len(some)).rows
        found |= {row["number"]: str(row.get("subject") or "") for row in rows}
    return found
