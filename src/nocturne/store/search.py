"""A query's tree as a condition in SQL: the twin of `nocturne.core.query.matches`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, Manager, OuterRef, Q, QuerySet

from nocturne.core.configuration import current
from nocturne.core.fieldvalues.asking import Range
from nocturne.core.fieldvalues.rules import PREFIX, name_of, names
from nocturne.core.lifecycle import Meaning
from nocturne.core.permits import Actor
from nocturne.core.query import demand
from nocturne.core.querytree import CLASS_OF, And, Not, Or, Prefix, Probe, Tree, lowered
from nocturne.store import reach
from nocturne.store.models import Circuit, FieldValue, Network, Queue, Site, TicketMachine, User, Vendor

ROWS: dict[str, Manager[Any]] = {
    "owner": User.objects,
    "queue": Queue.objects,
    "network": Network.objects,
    "site": Site.objects,
    "circuit": Circuit.objects,
    "vendor": Vendor.objects,
}
"""Columns that point to a row with a name."""
OPEN_PARTS = {
    Probe("merged_into", "empty"),
    Probe("meaning", "in", (Meaning.NEW.value, Meaning.OPEN.value, Meaning.WAITING.value)),
}
"""What `is:open` comes down to: said once more as the database's own column, the indexes of open tickets are found."""
_NOTHING = reach.NOTHING
FEW = 20_000
"""Values up to which a local field's index is gone through first."""


WALKED = frozenset({"newest", "oldest"})
"""Orders in which a list walks the tickets themselves, and ends as soon as a page is full."""


def where(tree: Tree, actor: Actor, *, now: datetime, order: str = "") -> Q:
    """Turn a query's tree into a condition on tickets; the reader's own scope is added by `visible_to`.

    :param order: in which the list will be; what is found is the same, how it is found may differ.
    :raises Forbidden: the query asks for a column this actor may not read.
    """
    demand(tree, actor)
    asked = lowered(tree, now)
    return _condition(asked, actor, walks=order in WALKED or _is_open(asked))


def _is_open(tree: Tree) -> bool:
    """Tell whether a query is for open tickets only, which are few."""
    return isinstance(tree, And) and (
        set(tree.parts).issuperset(OPEN_PARTS) or any(_is_open(part) for part in tree.parts)
    )


def _readable(probe: Probe, actor: Actor, found: Q) -> Q:
    """Count a probe only where its asker may read the column: elsewhere it finds nothing, whatever stands there."""
    column = CLASS_OF.get(probe.column, probe.column)
    if column is None:
        return found
    allowed = reach.visible(actor, current().class_of(column))
    return found if allowed is None else allowed & found


def _condition(tree: Tree, actor: Actor, *, walks: bool) -> Q:
    match tree:
        case And(parts):
            conditions = [_condition(part, actor, walks=walks) for part in parts]
            return (
                reduce(and_, conditions, Q(is_open=True) if set(parts).issuperset(OPEN_PARTS) else Q())
                or ~_NOTHING
            )
        case Or(parts):
            found = (_condition(part, actor, walks=walks) for part in parts)
            return reduce(or_, found) if parts else _NOTHING
        case Not(part):
            return ~_condition(part, actor, walks=walks)
        case Probe(_, "within" | "filled"):
            return _readable(tree, actor, _having(tree, walks=walks))
        case Probe():
            return _readable(tree, actor, _PROBES[tree.how](tree, actor))
    raise TypeError("terms are lowered first")


def _having(probe: Probe, *, walks: bool) -> Q:
    """Ask a local field's own index; one of many values is enough.

    Where the tickets are walked and many have such a value, it is looked for ticket by ticket: a page is soon full.
    """
    values = _values_of(probe.column)
    if probe.how == "within":
        values = values.filter(reduce(or_, (_ranged(each) for each in probe.values)))
    if walks and values.order_by().values("ticket")[: FEW + 1].count() > FEW:
        return Q(Exists(values.filter(ticket=OuterRef("pk"))))
    return Q(number__in=values.values("ticket"))


def _ranged(asked: Range) -> Q:
    if asked.is_one:
        return Q(**{asked.by: asked.low})
    condition = Q(**{f"{asked.by}__isnull": False})
    if asked.low is not None:
        condition &= Q(**{f"{asked.by}__{'gte' if asked.closed_low else 'gt'}": asked.low})
    if asked.high is not None:
        condition &= Q(**{f"{asked.by}__{'lte' if asked.closed_high else 'lt'}": asked.high})
    return condition


def _values_of(column: str) -> QuerySet[FieldValue]:
    """Find the values of a local field under every name it has had."""
    name = name_of(column)
    field = current().field(name)
    known = sorted(names(field)) if field is not None else [name]
    return (
        FieldValue.objects.filter(name__in=known)
        if len(known) > 1
        else FieldValue.objects.filter(name=known[0])
    )


def _in(probe: Probe, _: Actor) -> Q:
    """Ask for any of some values; names are looked up first, so that the ticket's own index serves."""
    if probe.column == "machine":
        named = TicketMachine.objects.filter(_any_case("machine__name", probe.values))
        return Q(number__in=named.values("ticket"))
    if probe.column in ROWS:
        rows = ROWS[probe.column].filter(_any_case("name", probe.values))
        return Q(**{f"{probe.column}__in": rows.values("pk")})
    return Q(**{f"{probe.column}__in": probe.values})


def _empty(probe: Probe, _: Actor) -> Q:
    if probe.column.startswith(PREFIX):
        return Q(~Exists(_values_of(probe.column).filter(ticket=OuterRef("pk"))))
    if probe.column == "machine":
        return Q(~Exists(TicketMachine.objects.filter(ticket=OuterRef("pk"))))
    return Q(**{f"{probe.column}__isnull": True})


def _words(probe: Probe, _: Actor) -> Q:
    value = probe.values[0]
    return Q(subject__icontains=value.start if isinstance(value, Prefix) else value)


def _until(probe: Probe, _: Actor) -> Q:
    return Q(**{f"{probe.column}__lte": probe.values[0]})


def _mine(probe: Probe, actor: Actor) -> Q:
    return (
        Q(**{f"{probe.column}_id": actor.id})
        if actor.kind == "account" and actor.id is not None
        else _NOTHING
    )


def _any_case(column: str, values: tuple[Any, ...]) -> Q:
    return reduce(or_, (Q(**{f"{column}__iexact": value}) for value in values))


_PROBES: dict[str, Callable[[Probe, Actor], Q]] = {
    "in": _in,
    "empty": _empty,
    "words": _words,
    "until": _until,
    "mine": _mine,
}
