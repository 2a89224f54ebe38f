"""What a column must hold, in SQL: probes of a query that one ticket's own values answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.lookups import In

from nocturne.core.configuration import current
from nocturne.core.entry import LAST_LOCAL_CLASS
from nocturne.core.fieldvalues.asking import Range
from nocturne.core.fieldvalues.rules import PREFIX, name_of, names
from nocturne.core.permits import Actor, classes_somewhere, held
from nocturne.core.query.tree import Prefix, Probe
from nocturne.store import lettercase, reach, searchlines
from nocturne.store.db import is_sqlite
from nocturne.store.fulltext import asking as fulltext
from nocturne.store.fulltext import walking
from nocturne.store.fulltext.state import state
from nocturne.store.models import (
    Affected,
    Attachment,
    FieldValue,
    Party,
    Question,
    Ticket,
    TicketMachine,
)
from nocturne.store.models.charts import CLOCK_RUNS
from nocturne.store.searchnames import (
    BEHIND,
    NAMED,
    ROWS,
    accounts,
    any_of,
    contacts,
    named,
    parties,
    rows_named,
)

FEW = 20_000
"""Values up to which a local field's index is gone through first."""
_NOTHING = reach.NOTHING


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and when.

    :param walks: whether the tickets are walked in an order until a page is full, or are few.
    :param aside: whether the asker's queues hold so many tickets that they narrow nothing (`reach.is_wide`).
    :param narrow: whether an index of few tickets serves that is not kept by queue.
    :param whole: whether all tickets there are may be found, not only open ones.
    :param near: whether some of them are asked at a time, and not all there are (`nocturne.store.farwalks`).
    """

    actor: Actor
    now: datetime
    walks: bool = False
    aside: bool = False
    narrow: bool = False
    whole: bool = False
    near: bool = False

    def behind(self) -> Asking:
        """Ask of tickets behind a link: those are looked for, not walked."""
        return replace(self, walks=False, whole=False, near=False)


MANY = 2_000
"""Tickets of somebody's up to which all are fetched before they are put in order."""


def _on_rows(column: str, rows: QuerySet[Any], asking: Asking) -> Q:
    """Find tickets whose column points to one of some rows."""
    numbers = list(rows.order_by().values_list("pk", flat=True)[: NAMED + 1])
    wanted: Any = numbers if len(numbers) <= NAMED else rows.values("pk")
    if column == "queue" and asking.narrow and isinstance(wanted, list):
        return reach.in_queues(wanted, aside=True)
    if column != "machine":
        return Q(**{f"{column}__in": wanted})
    links = TicketMachine.objects.filter(machine__in=wanted)
    # Where many fit, the tickets are asked one by one until a page is full.
    if asking.walks and links.order_by().values("ticket")[: FEW + 1].count() > FEW:
        return Q(Exists(links.filter(ticket=OuterRef("pk"))))
    return Q(number__in=links.values("ticket"))


def _in(probe: Probe, asking: Asking) -> Q:
    return _matching(probe, probe.values, asking)


def _starts(probe: Probe, asking: Asking) -> Q:
    return _matching(probe, tuple(Prefix(value) for value in probe.values), asking)


def _matching(probe: Probe, values: tuple[Any, ...], asking: Asking) -> Q:
    column = probe.column
    if column in BEHIND or column in ROWS:
        return _on_rows(*rows_named(column, values), asking)
    if column in searchlines.KEPT:
        return searchlines.lines(column, values, asking)
    if column in ("customer", "service", "affected"):
        rows = _affected(column).filter(any_of(named("value__name", value) for value in values))
        return Q(number__in=rows.values("ticket"))
    if any(isinstance(value, Prefix) for value in values):
        return any_of(named(column, value) for value in values)
    if column == "clock" and "stopped" not in values:
        return Q(clock__in=values) & Q(CLOCK_RUNS)
    return Q(**{f"{column}__in": values})


def _affected(column: str) -> QuerySet[Affected]:
    return Affected.objects.all() if column == "affected" else Affected.objects.filter(value__kind=column)


def _within(probe: Probe, asking: Asking) -> Q:
    if probe.column.startswith(PREFIX):
        return _having(probe, asking)
    return any_of(ranged(each, probe.column) for each in probe.values)


def _having(probe: Probe, asking: Asking) -> Q:
    """Ask a local field's own index; one of many values is enough.

    Where the tickets are walked and many have such a value, it is looked for ticket by ticket: a page is soon full.
    """
    from nocturne.store import search

    values = values_of(probe.column)
    if probe.how == "within":
        values = values.filter(any_of(ranged(each) for each in probe.values))
    if asking.walks and values.order_by().values("ticket")[: search.FEW + 1].count() > search.FEW:
        return Q(Exists(values.filter(ticket=OuterRef("pk"))))
    return Q(number__in=values.values("ticket"))


def ranged(asked: Range, column: str = "") -> Q:
    """Ask whether a column, or the place of an index that a range is of, lies in it."""
    by = column or asked.by
    if asked.is_one:
        return Q(**{by: asked.low}) if asked.closed_low and asked.closed_high else _NOTHING
    condition = Q(**{f"{by}__isnull": False})
    if asked.low is not None:
        condition &= Q(**{f"{by}__{'gte' if asked.closed_low else 'gt'}": asked.low})
    if asked.high is not None:
        condition &= Q(**{f"{by}__{'lte' if asked.closed_high else 'lt'}": asked.high})
    return condition


def values_of(column: str) -> QuerySet[FieldValue]:
    """Find the values of a local field under every name it has had."""
    name = name_of(column)
    field = current().field(name)
    known = sorted(names(field)) if field is not None else [name]
    return (
        FieldValue.objects.filter(name__in=known)
        if len(known) > 1
        else FieldValue.objects.filter(name=known[0])
    )


def _empty(probe: Probe, asking: Asking) -> Q:
    column = probe.column
    if column.startswith(PREFIX):
        return Q(~Exists(values_of(column).filter(ticket=OuterRef("pk"))))
    if column == "machine":
        return Q(~Exists(TicketMachine.objects.filter(ticket=OuterRef("pk"))))
    if column in ("watcher", "expert"):
        return Q(~Exists(Party.objects.filter(ticket=OuterRef("pk"), key__startswith=f"{column}:")))
    if column == "asked":
        return Q(~Exists(open_questions(asking.actor).filter(ticket=OuterRef("pk"))))
    if column in ("customer", "service", "affected"):
        return Q(~Exists(_affected(column).filter(ticket=OuterRef("pk"))))
    if column in BEHIND:
        return ~_filled_behind(column, asking)
    return Q(**{f"{column}__isnull": True})


def _filled_behind(column: str, asking: Asking) -> Q:
    row, name = BEHIND[column]
    rows = ROWS[row]
    filled = (
        rows.exclude(**{name: ""}) if name == "organisation" else rows.filter(**{f"{name}__isnull": False})
    )
    if name == "from_site__name":
        filled = filled | rows.filter(to_site__isnull=False)
    return _on_rows(row, filled, asking)


def _words(probe: Probe, asking: Asking) -> Q:
    """Ask the full text; what is only in the order of words is read, as far as a page would be."""
    actor, known = asking.actor, state()
    expression = fulltext.heard(probe, actor, known)
    if not any(each.needs_reading for each in fulltext.needles(probe)):
        return walking.among_numbers(expression)
    plan = fulltext.Plan(expression, (), (probe,), (), is_open=False, only=actor.only_ticket, known=known)
    return Q(number__in=walking.among(plan, actor, None, now=asking.now)[0])


def files(actor: Actor) -> QuerySet[Attachment]:
    """Find the attachments that came with entries which an actor may read."""
    found = Attachment.objects.filter(redacted=False, purpose="file")
    return found.filter(entries_read(actor, "entry__shown_class", "ticket"))


def open_questions(actor: Actor) -> QuerySet[Question]:
    """Find the open questions to colleagues that an actor may read."""
    return Question.objects.filter(entries_read(actor, "entry__shown_class", "ticket"), state="open")


def questions_to(actor: Actor) -> Q:
    """Say which questions are for somebody: by their name, or by a group of theirs."""
    if actor.kind != "account" or actor.id is None:
        return _NOTHING
    return Q(user_id=actor.id) | Q(group__name__in=sorted(actor.groups))


def entries_read(actor: Actor, shown: str, ticket: str) -> Q:
    """Say which entries, or what hangs on them, an actor may read: each class on the tickets where they hold it.

    :param shown: the path to an entry's class.
    :param ticket: the path to its ticket; what is found is asked of tickets that the actor may know of anyhow.
    """
    conditions = []
    for theirs, allowed in classes_read(actor, shown):
        if allowed is not None:
            theirs &= Q(Exists(Ticket.objects.filter(allowed, pk=OuterRef(ticket))))
        conditions.append(theirs)
    return any_of(conditions)


def classes_read(actor: Actor, shown: str) -> list[tuple[Q, Q | None]]:
    """Say which classes of entries an actor may read, and on which tickets; None for all that they may know of."""
    if held(actor).is_simple:
        return [(_of_classes(held(actor).sees, shown), None)]
    together: list[tuple[list[int], Q | None]] = []
    for number in sorted(_ours(classes_somewhere(actor))):
        allowed = reach.visible(actor, number, aside=True)
        alike = next((numbers for numbers, where in together if where == allowed), None)
        if alike is None:
            together.append(([number], allowed))
        else:
            alike.append(number)
    return [(Q(**{f"{shown}__in": numbers}), allowed) for numbers, allowed in together]


def _of_classes(numbers: frozenset[int], shown: str) -> Q:
    reads_all = len(numbers) > LAST_LOCAL_CLASS
    return ~_NOTHING if reads_all else Q(**{f"{shown}__in": sorted(_ours(numbers))})


def _every_class() -> frozenset[int]:
    return frozenset(current().class_numbers.values())


def _ours(numbers: frozenset[int]) -> frozenset[int]:
    """Keep the classes that there are: whoever reads everything holds every number there could be."""
    return numbers & _every_class()


def _mine(probe: Probe, asking: Asking) -> Q:
    actor, column = asking.actor, probe.column
    if column in ("watcher", "expert"):
        keys = [f"{column}:account:{actor.id}"] if actor.kind == "account" else []
        keys += [f"{column}:contact:{actor.contact}"] if actor.contact is not None else []
        return Q(number__in=Party.objects.filter(key__in=keys).values("ticket"))
    if column == "asked":
        return Q(number__in=open_questions(actor).filter(questions_to(actor)).values("ticket"))
    if column == "reporter":
        return Q(reporter_id=actor.contact) if actor.contact is not None else _NOTHING
    if actor.kind != "account" or actor.id is None:
        return _NOTHING
    return Q(**{f"{column}_id": actor.id})


def _called(probe: Probe, asking: Asking) -> Q:
    column = probe.column
    if column == "asked":
        people = Q(user__in=accounts(probe.values).values("pk"))
        groups = [
            named("group__name", value[1:])
            for value in probe.values
            if isinstance(value, str) and value.startswith("@")
        ]
        found = open_questions(asking.actor).filter(any_of([people, *groups]))
        return Q(number__in=found.values("ticket"))
    if column == "reporter":
        return Q(reporter__in=contacts(probe.values).values("pk"))
    if column in ("watcher", "expert"):
        return parties(column, probe.values)
    numbers = list(accounts(probe.values).order_by().values_list("pk", flat=True)[: NAMED + 1])
    if len(numbers) > NAMED:
        return Q(**{f"{column}__in": accounts(probe.values).values("pk")})
    theirs = Q(**{f"{column}__in": numbers})
    if asking.walks and is_sqlite() and Ticket.objects.filter(theirs).values("pk")[: MANY + 1].count() > MANY:
        # Said as a sum, those of a busy person are not all fetched and sorted before the newest are shown.
        return Q(In(F(f"{column}_id") + Value(0), numbers))
    return theirs


def _contains(probe: Probe, asking: Asking) -> Q:
    if probe.column in searchlines.KEPT:
        return searchlines.lines(probe.column, probe.values, asking)
    return lettercase.holds(probe.column, str(probe.values[0]))


def _readable(probe: Probe, _: Asking) -> Q:  # noqa: ARG001
    return ~_NOTHING


PROBES: dict[str, Callable[[Probe, Asking], Q]] = {
    "in": _in,
    "starts": _starts,
    "contains": _contains,
    "within": _within,
    "filled": _having,
    "empty": _empty,
    "words": _words,
    "mine": _mine,
    "called": _called,
    "readable": _readable,
}
