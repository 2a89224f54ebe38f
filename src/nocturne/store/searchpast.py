"""What happened to tickets, and how long their clocks ran, in SQL: asked of what `nocturne.store.pasts` keeps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from nocturne.core.configuration import current
from nocturne.core.fieldvalues.asking import Range
from nocturne.core.query.tree import Happened, Prefix
from nocturne.core.query.vocabulary import PAST_COLUMNS
from nocturne.store import reach
from nocturne.store.models import ClockTotal, Ticket, Turn
from nocturne.store.pasts import moment
from nocturne.store.searchvalues import (
    ROWS,
    Asking,
    accounts,
    any_of,
    contacts,
    entries_read,
    keys_of,
    named,
    ranged,
)

MANY = 8_000
"""Changes that fit, from which on the tickets are asked one by one."""
WITHOUT_ROW = ("system", "machine", "name", "guest")
"""Kinds of authors that may have no row: they are kept by their label."""


def happened(asked: Happened, asking: Asking) -> Q:
    """Find tickets on which an entry that who asks may read changed a column they may read, as is asked."""
    turns = Turn.objects.filter(column__in=asked.columns) if asked.columns else Turn.objects.all()
    if asked.befores:
        turns = turns.filter(_ends("before", asked, asked.befores, asking))
    if asked.afters:
        turns = turns.filter(_ends("after", asked, asked.afters, asking))
    if asked.when:
        turns = turns.filter(any_of(ranged(_in_moments(each), "at") for each in asked.when))
    if asked.by:
        turns = turns.filter(_by(asked.by, asking))
    # Where many fit, the tickets are asked one by one until a page is full.
    many = asking.walks and turns.order_by().values("ticket")[: MANY + 1].count() > MANY
    turns = turns.filter(entries_read(asking.actor, "shown_class", "ticket")).filter(_columns(asked, asking))
    if many:
        return Q(Exists(turns.filter(ticket=OuterRef("pk"))))
    return Q(number__in=turns.values("ticket"))


def _in_moments(asked: Range) -> Range:
    low, high = (moment(each) if isinstance(each, datetime) else None for each in (asked.low, asked.high))
    return Range("number", low, high, asked.closed_low, asked.closed_high)


def _columns(asked: Happened, asking: Asking) -> Q:
    """Keep the changes of columns that are asked for, each on the tickets on which who asks may read it."""
    if asked.columns:
        by_class: dict[int, list[str]] = {}
        for column in asked.columns:
            by_class.setdefault(current().class_of(column), []).append(column)
        return any_of(_allowed(Q(column__in=columns), each, asking) for each, columns in by_class.items())
    found: dict[int, list[str]] = {}
    for column in every_column():
        found.setdefault(current().class_of(column), []).append(column)
    if all(reach.visible(asking.actor, each) is None for each in found):
        return ~reach.NOTHING
    return any_of(_allowed(Q(column__in=columns), each, asking) for each, columns in found.items())


def every_column() -> list[str]:
    """List the columns whose changes are kept, local fields under all their names."""
    local = (each for each in current().fields.values() if not each.core)
    own = {f"field/{name}" for each in local for name in (each.name, *each.formerly)}
    return sorted(PAST_COLUMNS | own)


def _allowed(found: Q, data_class: int, asking: Asking) -> Q:
    allowed = reach.visible(asking.actor, data_class, aside=True)
    if allowed is None:
        return found
    return found & Q(Exists(Ticket.objects.filter(allowed, pk=OuterRef("ticket"))))


def _ends(end: str, asked: Happened, values: tuple[Any, ...], asking: Asking) -> Q:
    """Ask what a column was before, or became: rows by the numbers of those that are called so now."""
    column = asked.columns[0]
    conditions = []
    for value in values:
        if value is None:
            conditions.append(Q(**{f"{end}__isnull": True}))
        elif value == "me" and column in ("owner", "checked_by", "reporter"):
            mine = asking.actor.contact if column == "reporter" else asking.actor.id
            is_account = asking.actor.kind == "account" or column == "reporter"
            conditions.append(Q(**{end: str(mine)}) if is_account and mine is not None else reach.NOTHING)
        elif column in ROWS:
            rows = ROWS[column].filter(named("name", value))
            spelt = rows.annotate(spelt=Cast("pk", CharField())).order_by().values("spelt")
            conditions.append(Q(**{f"{end}__in": spelt}))
        elif isinstance(value, Prefix):
            conditions.append(named(end, value))
        else:
            # Names of states and types, and levels, are kept as they are spelt: compared so, their index serves.
            conditions.append(Q(**{end: str(value)}))
    return any_of(conditions)


def _by(values: Iterable[Any], asking: Asking) -> Q:
    """Ask who changed it."""
    given = list(values)
    called = [value for value in given if value != "me"]
    keys = keys_of(accounts(called), contacts(called))
    keys += [f"account:{asking.actor.id}"] if "me" in given and asking.actor.kind == "account" else []
    labels = [value for value in called if isinstance(value, str) and not value.startswith("@")]
    keys += [f"{kind}:{label.casefold()[:48]}" for kind in WITHOUT_ROW for label in labels]
    starts = [value.start.casefold() for value in called if isinstance(value, Prefix)]
    begins = [Q(author__startswith=f"{kind}:{start}") for kind in WITHOUT_ROW for start in starts]
    return any_of([Q(author__in=keys), *begins])


def ran(clock: str, seconds: int, asking: Asking) -> Q:
    """Find tickets on which a clock has run for at least so many seconds, the running stretch included."""
    over = asking.now.replace(microsecond=0) - timedelta(seconds=seconds)
    ended = _totals(clock).filter(since__isnull=True, seconds__gte=seconds).values("ticket")
    running = _totals(clock).filter(since__lte=over).values("ticket")
    if not asking.whole:
        return Q(number__in=ended) | Q(number__in=running)
    # Asked of both together: of one or the other, PostgreSQL would ask each ticket there is.
    return Q(number__in=ended.union(running, all=True))


def _totals(clock: str) -> QuerySet[ClockTotal]:
    return ClockTotal.objects.filter(clock=clock)
