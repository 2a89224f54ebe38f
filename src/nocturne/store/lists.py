"""Lists of tickets as readers see them: rows of plain values, as few queries as a list needs, cost by what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from nocturne.core.entry import DataClass
from nocturne.core.permits import Actor, rung
from nocturne.store.models import Affected, Ticket, TicketMachine

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
    scope = Ticket.objects.visible_to(actor)
    scope = scope.open() if where is None else scope.filter(where)
    if after is not None:
        scope = scope.filter(_beyond(columns, after))
    fields = _COLUMNS + _STAFF_COLUMNS if is_staff else _COLUMNS
    found = list(scope.order_by(*columns).values(*fields)[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    _join_places(found, is_staff=is_staff)
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


def _join_places(found: list[dict[str, Any]], *, is_staff: bool) -> None:
    """Put machines and who is affected to the rows, in a query each."""
    by_number = {row["number"]: row for row in found}
    for row in found:
        row["machines"], row["affected"] = [], []
    machines = TicketMachine.objects.filter(ticket_id__in=by_number).order_by("pk")
    for number, name in machines.values_list("ticket_id", "machine__name"):
        by_number[number]["machines"].append(name)
    if is_staff:
        for number, value in (
            Affected.objects.filter(ticket_id__in=by_number).order_by("pk").values_list("ticket_id", "value")
        ):
            by_number[number]["affected"].append(value)


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
        "signoff": scope.filter(meaning="resolved", checked_by=None, merged_into=None).exclude(
            type="complaint"
        ),
    }


def counts(actor: Actor, names: Iterable[str]) -> dict[str, int]:
    """Count the tickets of some views, each up to one more than CAP: cost by what is shown."""
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
