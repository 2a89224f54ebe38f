"""What happened to tickets, and how long their clocks ran, in SQL: asked of what `nocturne.store.pasts` keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from nocturne.core.configuration import current
from nocturne.core.fieldvalues.asking import Range
from nocturne.core.query.tree import Happened, Prefix
from nocturne.core.query.vocabulary import PAST_COLUMNS
from nocturne.store import reach
from nocturne.store.db import is_sqlite
from nocturne.store.models import ClockTotal, Ticket, Turn
from nocturne.store.pasts import moment
from nocturne.store.searchnames import NAMED, ROWS, accounts, any_of, contacts, keys_of, named
from nocturne.store.searchvalues import Asking, classes_read, ranged

MANY = 8_000
"""Changes that fit, from which on the tickets are asked one by one."""
WITHOUT_ROW = ("system", "machine", "name", "guest")
"""Kinds of authors that may have no row: they are kept by their label."""


def happened(asked: Happened, asking: Asking) -> Q:
    """Find tickets on which an entry that who asks may read changed a column they may read, as is asked."""
    turns = _turns(asked, asking)
    # Where many fit, the tickets are asked one by one until a page is full.
    many = asking.walks and _are_many(turns)
    if not is_sqlite() and not (asking.near and many):
        # PostgreSQL joins changes to tickets; asked of each ticket there is, it would gather all that fit first.
        turns = turns.filter(_read_there(asked, asking))
        return (
            Q(Exists(turns.filter(ticket=OuterRef("pk")))) if many else Q(number__in=turns.values("ticket"))
        )
    readable = list(_readable(asked, asking))
    if len(readable) == 1:
        theirs, allowed = readable[0]
        found = turns.filter(theirs)
        told = (
            Q(Exists(found.filter(ticket=OuterRef("pk")))) if many else Q(number__in=found.values("ticket"))
        )
        return told if allowed is None else allowed & told
    # Who may read a change is asked of the ticket that is looked at, not of each change for itself.
    here = turns.filter(ticket=OuterRef("pk"))
    told = any_of(
        Q(Exists(here.filter(theirs))) if allowed is None else allowed & Q(Exists(here.filter(theirs)))
        for theirs, allowed in readable
    )
    return told if many else Q(number__in=turns.values("ticket")) & told


def _turns(asked: Happened, asking: Asking) -> QuerySet[Turn]:
    """Find the changes that are asked for, whoever may read them."""
    turns = Turn.objects.filter(column__in=asked.columns) if asked.columns else Turn.objects.all()
    if asked.befores:
        turns = turns.filter(_ends("before", asked, asked.befores, asking))
    if asked.afters:
        turns = turns.filter(_ends("after", asked, asked.afters, asking))
    if asked.when:
        turns = turns.filter(any_of(ranged(_in_moments(each), "at") for each in asked.when))
    if asked.by:
        turns = turns.filter(_by(asked.by, asking))
    return turns


def _are_many(turns: QuerySet[Turn]) -> bool:
    return turns.order_by().values("ticket")[: MANY + 1].count() > MANY


def are_many(asked: Happened, asking: Asking) -> bool:
    """Tell whether changes that are asked for are so many that tickets are asked for them, not they for tickets."""
    return _are_many(_turns(asked, asking))


def in_order(asked: Happened, asking: Asking) -> QuerySet[Turn] | None:
    """Find the changes that are asked for where an index has them in the order of their tickets; None elsewhere."""
    values = asked.befores or asked.afters
    if len(asked.columns) != 1 or len(values) != 1 or values[0] is None or (asked.befores and asked.afters):
        return None
    if isinstance(values[0], Prefix):
        return None
    if asked.columns[0] in ROWS and values[0] != "me":
        numbers = _numbers(_rows_called(asked.columns[0], values[0]))
        if not isinstance(numbers, list) or len(numbers) > 1:
            return None
    return _turns(asked, asking)


def _read_there(asked: Happened, asking: Asking) -> Q:
    """Say which changes somebody may read, each with its ticket."""
    return any_of(
        theirs
        if allowed is None
        else theirs & Q(Exists(Ticket.objects.filter(allowed, pk=OuterRef("ticket"))))
        for theirs, allowed in _readable(asked, asking)
    )


def _readable(asked: Happened, asking: Asking) -> Iterator[tuple[Q, Q | None]]:
    """Say which changes somebody may read, and on which tickets; None for all that they may know of."""
    columns = list(_columns(asked, asking))
    for theirs, on_these in classes_read(asking.actor, "shown_class"):
        for changed, on_those in columns:
            if on_these is None or on_those is None or on_these == on_those:
                yield theirs & changed, on_those if on_these is None else on_these
            else:
                yield theirs & changed, on_these & on_those


def _in_moments(asked: Range) -> Range:
    low, high = (moment(each) if isinstance(each, datetime) else None for each in (asked.low, asked.high))
    return Range("number", low, high, asked.closed_low, asked.closed_high)


def _columns(asked: Happened, asking: Asking) -> Iterator[tuple[Q, Q | None]]:
    """Keep the changes of columns that are asked for, each on the tickets on which who asks may read it."""
    by_class: dict[int, list[str]] = {}
    for column in asked.columns or every_column():
        by_class.setdefault(current().class_of(column), []).append(column)
    allowed = {each: reach.visible(asking.actor, each, aside=True) for each in by_class}
    if not asked.columns and all(each is None for each in allowed.values()):
        yield Q(), None
        return
    for each, columns in by_class.items():
        yield Q(column__in=columns), allowed[each]


def every_column() -> list[str]:
    """List the columns whose changes are kept, local fields under all their names."""
    local = (each for each in current().fields.values() if not each.core)
    own = {f"field/{name}" for each in local for name in (each.name, *each.formerly)}
    return sorted(PAST_COLUMNS | own)


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
            conditions.append(Q(**{f"{end}__in": _numbers(_rows_called(column, value))}))
        elif isinstance(value, Prefix):
            conditions.append(named(end, value))
        else:
            # Names of states and types, and levels, are kept as they are spelt: compared so, their index serves.
            conditions.append(Q(**{end: str(value)}))
    return any_of(conditions)


def _rows_called(column: str, value: Any) -> QuerySet[Any]:
    """Find the rows that are called so now; people by their address and their groups as well."""
    if column in ("owner", "checked_by"):
        return accounts([value])
    return contacts([value]) if column == "reporter" else ROWS[column].filter(named("name", value))


def _numbers(rows: QuerySet[Any]) -> Any:
    """Spell the numbers of some rows as turns keep them: few are looked up, so that it is known how many turns fit."""
    few = [str(each) for each in rows.order_by().values_list("pk", flat=True)[: NAMED + 1]]
    if len(few) <= NAMED:
        return few
    return rows.annotate(spelt=Cast("pk", CharField())).order_by().values("spelt")


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
