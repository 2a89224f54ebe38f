"""Who has how much of what, counted by the database: a query for each way of looking at it, whatever there is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from nocturne.core.configuration import current
from nocturne.core.permits import Actor
from nocturne.store import reach
from nocturne.store.models import Entry, Ticket
from nocturne.store.shifts import on_readable_entries

TOLD_BY = ("state", "owner", "alarm_at", "ringing_since", "clock", "queue", "network")
"""The columns that the figures tell of: only tickets on which a reader may read all of them are counted."""
BY = {"owner": "owner__name", "queue": "queue__name", "network": "network__name"}
PRESENT = {"open": Count("pk"), "waiting": Count("pk", filter=Q(meaning="waiting")),
           "ringing": Count("pk", filter=Q(ringing_since__isnull=False)),
           "urgent": Count("pk", filter=Q(priority=1)),
           "untimed": Count("pk", filter=Q(meaning="waiting", alarm_at=None, ringing_since=None)),
           "untouched_since": Min("touched_staff_at"), "next_at": Min("alarm_at")}  # fmt: skip


def counted(actor: Actor) -> QuerySet[Ticket]:
    """Give the open tickets that a reader's figures may be made of."""
    tickets = Ticket.objects.open()
    for number in sorted({current().class_of(name) for name in (*TOLD_BY, "priority")}):
        readable = reach.visible(actor, number, aside=True)
        if readable is not None:
            tickets = tickets.filter(readable)
    return tickets


def by(actor: Actor, name: str) -> list[dict[str, Any]]:
    """Count the open tickets of each owner, queue or network; of those without one, under nothing."""
    rows = counted(actor).order_by().values(BY[name]).annotate(**PRESENT)
    return [{"name": row.pop(BY[name]) or "", **row} for row in rows]


def worked(actor: Actor, *, day: datetime, week: datetime) -> dict[int, dict[str, int]]:
    """Add up the seconds that accounts have worked today and this week, by what a reader may read of it."""
    entries = Entry.objects.filter(
        on_readable_entries(actor, entry=""), worked__gt=0, recorded_at__gte=week, author_kind="account"
    )
    readable = reach.visible(actor, current().class_of("worked"))
    if readable is not None:
        entries = entries.filter(ticket__in=Ticket.objects.filter(readable).values("pk"))
    rows = (
        entries.order_by()
        .values("author_id")
        .annotate(
            today=Sum("worked", filter=Q(recorded_at__gte=day), default=0),
            week=Sum("worked"),
            last=Max("recorded_at"),
        )
    )
    return {row["author_id"] or 0: {"today": row["today"], "week": row["week"]} for row in rows}


def tickets_of(actor: Actor, name: str, value: str) -> Q:
    """Say which open tickets a figure was made of."""
    numbers: Iterable[Any] = counted(actor).filter(**{BY[name]: value or None}).values("pk")
    return Q(pk__in=numbers)
