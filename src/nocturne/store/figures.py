"""Figures for graphs: how many tickets there are of each kind, and on each day; cost by what is looked at, not by all.

Neither counts through the whole history: kinds are counted among the newest tickets that fit, days within a span.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from nocturne.core.configuration import current
from nocturne.core.permits import Actor
from nocturne.store import reach
from nocturne.store.models import Ticket

MOST = 5_000
"""Tickets that are looked at for one graph: the newest of those that fit."""
BY = {
    "queue": "queue__name", "owner": "owner__name", "severity": "severity", "priority": "priority", "state": "state",
    "network": "network__name", "site": "site__name", "type": "type", "clock": "clock", "vendor": "vendor__name",
}  # fmt: skip
"""What tickets can be counted by, and the column that says it."""
DAYS = {"opened": "opened_at", "resolved": "resolved_at"}
"""What a ticket can be counted on the day of."""


def by_kind(actor: Actor, where: Q, by: str) -> tuple[list[tuple[Any, int]], bool]:
    """Count tickets by one of their columns, as far as the actor may read that column on each of them.

    :return: each value with how many have it, the most first; and whether there are more than were looked at.
    """
    rows = _readable(actor, where, by)
    # Few are found by whatever index fits; only of many the newest are taken, which walks the tickets backwards.
    is_cut = rows.order_by().values("pk")[: MOST + 1].count() > MOST
    if is_cut:
        rows = Ticket.objects.filter(pk__in=rows.order_by("-number").values("pk")[:MOST])
    counted = rows.order_by().values_list(BY[by]).annotate(n=Count("pk")).order_by("-n", BY[by])
    return list(counted), is_cut


def moments(actor: Actor, where: Q, what: str, since: datetime) -> tuple[Sequence[datetime], bool]:
    """Give when tickets were opened or resolved since an instant, the last first, and whether there were more."""
    column = DAYS[what]
    rows = _readable(actor, where, column).filter(**{f"{column}__gte": since}).order_by(f"-{column}")
    found = list(rows.values_list(column, flat=True)[: MOST + 1])
    return found[:MOST], len(found) > MOST


def _readable(actor: Actor, where: Q, column: str) -> Any:
    """Keep the tickets that an actor may know of and on which they may read a column."""
    rows = Ticket.objects.visible_to(actor).filter(where)
    readable = reach.visible(actor, current().class_of(column))
    return rows if readable is None else rows.filter(readable)
