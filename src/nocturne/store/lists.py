"""Lists of tickets as readers see them: rows of plain values, as few queries as a list needs, cost by what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from nocturne.core.entry import DataClass
from nocturne.core.permits import Actor, rung, sees_all_tickets
from nocturne.store.models import Affected, Ticket, TicketMachine
from nocturne.store.models.charts import IS_RESOLVED
from nocturne.store.readings import Reading, padded

CAP = 99
"""Counts in the rail are exact up to here, and then say `99+`."""

_COLUMNS = (
    "number", "type", "subject", "state", "meaning", "severity", "opened_at", "started_at", "restored_at",
    "resolved_at", "closed_at", "queue__name", "network__name", "site__name", "reporter__name",
)  # fmt: skip
_STAFF_COLUMNS = (
    "priority", "clock", "clock_since", "next_action", "alarm_at", "alarm_text", "ringing_since", "owner__name",
    "vendor__name", "referred_to", "parent_id", "objected", "touched_staff_at", "checked_by_id",
)  # fmt: skip

ORDERS: dict[str, tuple[str, ...]] = {
    "priority": ("priority", "severity", "number"),
    "newest": ("-number",),
    "oldest": ("number",),
    "updated": ("-touched_staff_at", "-number"),
}


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of a list; `after` is where the next one begins, or None at the end."""

    rows: list[dict[str, Any]]
    after: list[Any] | None


def rows(
    actor: Actor,
    where: Q | None = None,
    *,
    order: str = "priority",
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Rows:
    """Read one page of tickets this actor may know of, with only the columns they may read.

    :param where: which tickets (made by `nocturne.store.search`); None takes the open ones.
    :param order: priority, newest, oldest or updated; whoever may not read priorities gets the newest first.
    :param after: the `after` of the page before.
    """
    is_staff = rung(actor) >= DataClass.STAFF
    if not is_staff:
        order = "oldest" if order == "oldest" else "newest"
    columns = ORDERS[order]
    fields = _COLUMNS + _STAFF_COLUMNS if is_staff else _COLUMNS
    if where is None and after is None and is_staff:
        found = _OPEN.rows(shape=(order, limit))
    else:
        scope = Ticket.objects.visible_to(actor)
        scope = scope.open() if where is None else scope.filter(where)
        if after is not None:
            scope = scope.filter(_beyond(columns, after))
        found = list(scope.order_by(*columns).values(*fields)[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    _join_places(found, limit, is_staff=is_staff)
    end = [_spelt(found[-1][name.lstrip("-")]) for name in columns] if more else None
    return Rows([_named(row) for row in found], end)


def _beyond(columns: Sequence[str], after: Sequence[Any]) -> Q:
    """Say in SQL what stands behind a row in an order of several columns."""
    condition, same = Q(), Q()
    for name, value in zip(columns, after, strict=True):
        column, descends = name.lstrip("-"), name.startswith("-")
        step = Q(**{f"{column}__{'lt' if descends else 'gt'}": value})
        condition |= same & step
        same &= Q(**{column: value})
    first = columns[0].lstrip("-")
    bound = "lte" if columns[0].startswith("-") else "gte"
    return Q(**{f"{first}__{bound}": after[0]}) & condition


def _spelt(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {name.removesuffix("__name"): value for name, value in row.items()}


_OPEN = Reading(
    lambda order, limit: (
        Ticket.objects.open().order_by(*ORDERS[order]).values(*_COLUMNS, *_STAFF_COLUMNS)[: limit + 1]
    )
)
_MACHINES = Reading(
    lambda numbers: (
        TicketMachine.objects.filter(ticket_id__in=numbers)
        .order_by("pk")
        .values("ticket_id", "machine__name")
    )
)
_AFFECTED = Reading(
    lambda numbers: Affected.objects.filter(ticket_id__in=numbers).order_by("pk").values("ticket_id", "value")
)


def _join_places(found: list[dict[str, Any]], limit: int, *, is_staff: bool) -> None:
    """Put machines and who is affected to the rows, in a query each."""
    by_number = {row["number"]: row for row in found}
    for row in found:
        row["machines"], row["affected"] = [], []
    numbers = padded(list(by_number), limit)
    for each in _MACHINES.rows(numbers):
        by_number[each["ticket_id"]]["machines"].append(each["machine__name"])
    if is_staff:
        for each in _AFFECTED.rows(numbers):
            by_number[each["ticket_id"]]["affected"].append(each["value"])


def views(actor: Actor) -> dict[str, QuerySet[Ticket]]:
    """Give the views of the rail, by name."""
    scope = Ticket.objects.visible_to(actor)
    open_ones = scope.open()
    if rung(actor) < DataClass.STAFF:
        return {"board": open_ones}
    return {
        "board": open_ones,
        "mine": open_ones.filter(owner_id=actor.id),
        "untaken": open_ones.filter(owner=None),
        "noalarm": open_ones.filter(meaning="waiting", alarm_at=None, ringing_since=None),
        "signoff": scope.filter(IS_RESOLVED, checked_by=None, merged_into=None).exclude(type="complaint"),
    }


def _counted(name: str, owner: int) -> QuerySet[Ticket, Any]:
    """Describe up to one ticket more than CAP of a view of the staff's."""
    someone = Actor("account", owner, "", frozenset({"supervisors"}))
    return views(someone)[name].order_by().values("number")[: CAP + 1]


_COUNTS = {
    name: Reading(partial(_counted, name)) for name in ("board", "mine", "untaken", "noalarm", "signoff")
}


def counts(actor: Actor, names: Iterable[str]) -> dict[str, int]:
    """Count the tickets of some views, each up to one more than CAP: cost by what is shown."""
    if rung(actor) >= DataClass.STAFF and sees_all_tickets(actor):
        return {name: len(_COUNTS[name].rows(actor.id or 0)) for name in names if name in _COUNTS}
    found = views(actor)
    return {name: found[name].order_by()[: CAP + 1].count() for name in names if name in found}


def ringing(actor: Actor, *, limit: int = 20) -> Sequence[Mapping[str, Any]]:
    """List the timers that have gone off and wait for an answer, the oldest first."""
    if rung(actor) < DataClass.STAFF:
        return []
    return list(
        Ticket.objects.visible_to(actor)
        .filter(ringing_since__isnull=False)
        .order_by("ringing_since")
        .values("number", "subject", "alarm_text", "ringing_since", "owner__name")[:limit]
    )
