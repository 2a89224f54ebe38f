"""A query's tree as a condition in SQL: the twin of `nocturne.core.query.matches`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import and_, or_

from django.db.models import Q

from nocturne.core.configuration import current
from nocturne.core.lifecycle import Meaning
from nocturne.core.permits import Actor
from nocturne.core.query import demand
from nocturne.core.querylowering import lowered
from nocturne.core.querymeaning import judged
from nocturne.core.querytree import And, Linked, Not, Or, Probe, Tree
from nocturne.store import reach, searchlinks, searchpast, searchvalues
from nocturne.store.fulltext import asking as fulltext
from nocturne.store.fulltext import walking
from nocturne.store.models.charts import IS_RESOLVED, IS_WAITING
from nocturne.store.searchvalues import FEW, Asking

OPEN_PARTS = {
    Probe("merged_into", "empty"),
    Probe("meaning", "in", (Meaning.NEW.value, Meaning.OPEN.value, Meaning.WAITING.value)),
}
"""What `is:open` comes down to: said once more as the database's own column, the indexes of open tickets are found."""
_NOTHING = reach.NOTHING
_PARTIAL = {"resolved": IS_RESOLVED, "waiting": IS_WAITING}
WALKED = frozenset({"newest", "oldest"})
"""Orders in which a list walks the tickets themselves, and ends as soon as a page is full."""


def where(tree: Tree, actor: Actor, *, now: datetime, order: str = "") -> Q:
    """Turn a query's tree into a condition on tickets; the reader's own scope is added by `visible_to`.

    :param order: in which the list will be; what is found is the same, how it is found may differ.
    :raises Forbidden: the query asks for a column this actor may not read.
    """
    demand(tree, actor)
    asked = lowered(tree, now)
    return condition(asked, Asking(actor, now, walks=order in WALKED or _is_open(asked)))


def planned(tree: Tree, actor: Actor, *, now: datetime) -> tuple[fulltext.Plan, Q | None] | None:
    """Plan a question about words by the full-text index, with what the tickets are asked beside it.

    :return: None where the index cannot narrow it.
    :raises Forbidden: the query asks for a column this actor may not read.
    """
    demand(tree, actor)
    plan = fulltext.plan(lowered(tree, now), actor)
    if plan is None:
        return None
    return plan, walking.rest_of(plan, actor, lambda rest: condition(rest, Asking(actor, now, walks=True)))


def is_open(tree: Tree, now: datetime) -> bool:
    """Tell whether a question is for open tickets only, which are few."""
    return _is_open(lowered(tree, now))


def _is_open(tree: Tree) -> bool:
    """Tell whether a query is for open tickets only, which are few."""
    return isinstance(tree, And) and (
        set(tree.parts).issuperset(OPEN_PARTS) or any(_is_open(part) for part in tree.parts)
    )


def _readable(probe: Probe, actor: Actor, found: Q) -> Q:
    """Count a probe only where its asker may read the column: elsewhere it finds nothing, whatever stands there."""
    if probe.how == "words":
        return found  # words are asked in the classes of their reader alone
    for column in judged(probe.column):
        allowed = reach.visible(actor, current().class_of(column))
        found = found if allowed is None else allowed & found
    return found


def condition(tree: Tree, asking: Asking) -> Q:
    """Turn a tree of probes into a condition on tickets."""
    match tree:
        case And(parts):
            conditions = [condition(part, asking) for part in parts]
            return reduce(and_, conditions, _by_index(parts)) or ~_NOTHING
        case Or(parts):
            found = (condition(part, asking) for part in parts)
            return reduce(or_, found) if parts else _NOTHING
        case Not(part):
            return ~condition(part, asking)
        case Linked(link, part):
            return searchlinks.linked(link, condition(part, asking.behind()), asking)
        case Probe():
            return _readable(tree, asking.actor, _of(tree, asking))
    raise TypeError("terms are lowered first")


def _by_index(parts: Sequence[Tree]) -> Q:
    """Say once more, without values, what a partial index holds: only so SQLite finds it."""
    said = Q(is_open=True) if OPEN_PARTS.issubset(parts) else Q()
    for meaning, condition in _PARTIAL.items():
        if Probe("meaning", "in", (meaning,)) in parts:
            said &= Q(condition)
    return said


def _of(probe: Probe, asking: Asking) -> Q:
    if probe.how == "least":
        return searchlinks.least(probe, asking)
    if probe.how == "happened":
        return searchpast.happened(probe.values[0], asking)
    return searchvalues.PROBES[probe.how](probe, asking)


__all__ = ["FEW", "OPEN_PARTS", "WALKED", "condition", "planned", "where"]
