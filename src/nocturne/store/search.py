"""A query's tree as a condition in SQL: the twin of `nocturne.core.query.matches`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial, reduce
from operator import and_, or_

from django.db.models import Q

from nocturne.core.configuration import current
from nocturne.core.lifecycle import Meaning
from nocturne.core.permits import Actor
from nocturne.core.query import demand
from nocturne.core.query.lowering import lowered
from nocturne.core.query.meaning import judged
from nocturne.core.query.tree import And, Linked, Not, Or, Probe, Term, Tree
from nocturne.store import farwalks, reach, searchlinks, searchnames, searchpast, searchvalues
from nocturne.store.db import is_sqlite
from nocturne.store.farwalks import Walk
from nocturne.store.fulltext import asking as fulltext
from nocturne.store.fulltext import walking
from nocturne.store.models.charts import IS_RESOLVED, IS_WAITING
from nocturne.store.searchvalues import FEW, Asking

OPEN_PARTS = {
    Probe("merged_into", "empty"),
    Probe("meaning", "in", (Meaning.NEW.value, Meaning.OPEN.value, Meaning.WAITING.value)),
}
"""What `is:open` comes down to: said once more as the database's own column, the indexes of open tickets are found."""
_TO_SIGN_OFF = Term("is", ("signoff",))
_NOTHING = reach.NOTHING
_PARTIAL = {"resolved": IS_RESOLVED, "waiting": IS_WAITING}
COUNTED, GROUPED = "counted", "grouped"
"""What stands for an order where none is wanted, and all at once."""
WALKED = frozenset({"newest", "oldest"})
"""Orders in which a list walks the tickets themselves, and ends as soon as a page is full."""


def where(tree: Tree, actor: Actor, *, now: datetime, order: str = "") -> Q:
    """Turn a query's tree into a condition on tickets; the reader's own scope is added by `visible_to`.

    :param order: in which the list will be; what is found is the same, how it is found may differ.
    :raises Forbidden: the query asks for a column this actor may not read.
    """
    demand(tree, actor)
    asked = lowered(tree, now)
    of_open = _is_open(asked)
    asking = Asking(
        actor,
        now,
        walks=order in WALKED or order in (COUNTED, GROUPED) or of_open,
        aside=reach.is_wide(actor),
        whole=not of_open,
        near=(order in WALKED or order == COUNTED) and not of_open,
    )
    return condition(asked if isinstance(asked, And) else And((asked,)), asking)


def planned(
    tree: Tree, actor: Actor, *, now: datetime, order: str = ""
) -> tuple[fulltext.Plan, Q | None] | None:
    """Plan a question by the full-text index, with what the tickets are asked beside it.

    :param order: in which its list will be: in those that walk the tickets, and for a count (`newest`), columns alone
        are asked of the index as well, where it knows them.
    :return: None where the index cannot narrow it.
    :raises Forbidden: the query asks for a column this actor may not read.
    """
    demand(tree, actor)
    asked = lowered(tree, now)
    plan = fulltext.plan(asked, actor)
    if plan is None:
        plan = fulltext.faceted(asked, actor) if order in WALKED else None
        return None if plan is None else (plan, None)
    asking = Asking(actor, now, walks=True, aside=True)
    return plan, walking.rest_of(plan, actor, lambda rest: condition(rest, asking))


def asks_past(tree: Tree, now: datetime) -> bool:
    """Tell whether a question looks into the past: at changes, or at how long a clock has run."""
    return _asks_past(lowered(tree, now))


def _asks_past(tree: Tree) -> bool:
    match tree:
        case And(parts) | Or(parts):
            return any(_asks_past(part) for part in parts)
        case Not(part) | Linked(_, part):
            return _asks_past(part)
        case Probe(column, how):
            return how == "happened" or (column == "clock" and how == "least")
    return False


def through_the_past(tree: Tree, actor: Actor, now: datetime) -> Walk | None:
    """Say how the newest are found of those to which something happened; None where the database finds them itself."""
    asking = Asking(actor, now)
    asked = [
        part.values[0]
        for part in _flat((lowered(tree, now),))
        if isinstance(part, Probe) and part.how == "happened"
    ]
    for each in asked:
        changes = searchpast.in_order(each, asking)
        if changes is not None:
            return partial(farwalks.along, source=changes)
    many = asked and not is_sqlite() and all(searchpast.are_many(each, asking) for each in asked)
    return farwalks.in_steps if many else None


def choices(tree: Tree, now: datetime) -> list[Tree]:
    """Take a question apart that asks what was or is so, each choice with all else that it asks: any index finds one
    of them, and none finds both. Empty where it is no such question.
    """
    parts = list(_flat((lowered(tree, now),)))
    chosen = [part for part in parts if isinstance(part, Or) and _asks_past(part)]
    if len(chosen) != 1 or any(_asks_words(part) for part in parts):
        return []
    others = [part for part in parts if part is not chosen[0]]
    return [And((*others, each)) for each in chosen[0].parts]


def _asks_words(tree: Tree) -> bool:
    match tree:
        case And(parts) | Or(parts):
            return any(_asks_words(part) for part in parts)
        case Not(part) | Linked(_, part):
            return _asks_words(part)
        case Probe(_, how):
            return how == "words"
    return False


def stands_ready(tree: Tree, order: str, *, now: datetime) -> bool:
    """Tell whether an index holds just what a question asks for, in the order of its list: a page is read off it."""
    parts = list(_flat((lowered(tree, now),)))
    match parts:
        case [Probe("clock", "in", (clock,))]:
            return clock != "stopped" and order in ("priority", "newest")
    return order == "priority" and parts == list(_flat((lowered(_TO_SIGN_OFF, now),)))


def is_open(tree: Tree, now: datetime) -> bool:
    """Tell whether a question is for open tickets only, which are few."""
    return _is_open(lowered(tree, now))


def _is_open(tree: Tree) -> bool:
    """Tell whether a query is for open tickets only, which are few."""
    return isinstance(tree, And) and (
        set(tree.parts).issuperset(OPEN_PARTS) or any(_is_open(part) for part in tree.parts)
    )


def _readable(probe: Probe, asking: Asking, found: Q) -> Q:
    """Count a probe only where its asker may read the column: elsewhere it finds nothing, whatever stands there."""
    if probe.how == "words":
        return found  # words are asked in the classes of their reader alone
    for column in judged(probe.column):
        allowed = reach.visible(asking.actor, current().class_of(column), aside=asking.aside)
        found = found if allowed is None else allowed & found
    return found


def condition(tree: Tree, asking: Asking) -> Q:
    """Turn a tree of probes into a condition on tickets."""
    match tree:
        case And(parts):
            narrow = _by_index(parts)
            if _is_narrow(parts):
                asking = replace(asking, aside=True, narrow=True)
            return reduce(and_, (condition(part, asking) for part in parts), narrow) or ~_NOTHING
        case Or(parts):
            found = reduce(or_, (condition(part, asking) for part in parts), _NOTHING)
            since = _touched_since(tree)
            return found if since is None else Q(touched_staff_at__gte=since) & found
        case Not(part):
            return ~condition(part, asking)
        case Linked(link, part):
            found = condition(part, asking.behind())
            return searchlinks.linked(link, found, asking, by_number=_is_number(part))
        case Probe():
            return _readable(tree, asking, _of(tree, asking))
    raise TypeError("terms are lowered first")


_TOUCHED = frozenset({"touched_staff_at", "touched_customer_at"})


def _touched_since(tree: Tree) -> datetime | None:
    """Say since when all have been touched that a tree finds, so that one index serves all of it.

    What customers may read the staff may read as well: their mark is never the older one.
    """
    match tree:
        case And(parts):
            return next((since for part in parts if (since := _touched_since(part)) is not None), None)
        case Or(parts) if parts:
            found = [_touched_since(part) for part in parts]
            known = [each for each in found if each is not None]
            return min(known) if len(known) == len(found) else None
        case Probe(column, "within", values) if column in _TOUCHED and values:
            lows = [each.low for each in values if each.low is not None]
            return min(lows) if len(lows) == len(values) else None
    return None


def leading(tree: Tree, column: str, *, now: datetime) -> Q | None:
    """Say what a question asks of the column that its list is ordered by, beside all else that it asks."""
    found = [
        searchnames.any_of(searchvalues.ranged(each, column) for each in part.values)
        if part.how == "within"
        else Q(**{f"{column}__in": part.values})
        for part in _flat((lowered(tree, now),))
        if isinstance(part, Probe) and part.column == column and part.how in ("within", "in")
    ]
    return reduce(and_, found) if found else None


def narrows(tree: Tree, now: datetime) -> bool:
    """Tell whether a question asks for something that an index may find few tickets by, wherever they stand."""
    return _narrows(lowered(tree, now))


def _narrows(tree: Tree) -> bool:
    match tree:
        case And(parts):
            return any(_narrows(part) for part in parts)
        case Or(parts):
            return bool(parts) and all(_narrows(part) for part in parts)
        case Probe(_, how):
            return how in ("within", "least", "mine", "called", "in")
        case Linked():
            return True
    return False


def _is_number(tree: Tree) -> bool:
    """Tell whether a tree asks for one ticket, or some, by their numbers."""
    return isinstance(tree, Probe) and tree.column == "number" and tree.how == "in"


def _flat(parts: Sequence[Tree]) -> Iterator[Tree]:
    for part in parts:
        if isinstance(part, And):
            yield from _flat(part.parts)
        else:
            yield part


def _by_index(parts: Sequence[Tree]) -> Q:
    """Say once more, without values, what a partial index holds: only so SQLite finds it."""
    said = Q(is_open=True) if OPEN_PARTS.issubset(_flat(parts)) else Q()
    for meaning, condition in _PARTIAL.items():
        if Probe("meaning", "in", (meaning,)) in _flat(parts):
            said &= Q(condition)
    return said


def _is_narrow(parts: Sequence[Tree]) -> bool:
    """Tell whether a partial index of few tickets that is not kept by queue serves some parts."""
    return any(Probe("meaning", "in", (meaning,)) in _flat(parts) for meaning in _PARTIAL)


def _of(probe: Probe, asking: Asking) -> Q:
    if probe.how == "least":
        return searchlinks.least(probe, asking)
    if probe.how == "happened":
        return searchpast.happened(probe.values[0], asking)
    return searchvalues.PROBES[probe.how](probe, asking)


__all__ = ["FEW", "OPEN_PARTS", "WALKED", "condition", "planned", "where"]
