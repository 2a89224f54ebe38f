"""The journal backwards, in steps: what happened on all tickets, as far as somebody may read it.

A step reads a few hundred entries by the index of their times, and asks once which of their tickets may be read and
fit. However little somebody may read, one page walks only so far; the next goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from nocturne.core import permits
from nocturne.core.configuration.grants import Numbers
from nocturne.core.permits import Actor
from nocturne.store import reach
from nocturne.store.models import Entry, Takeover, Ticket

STEP = 400
FURTHEST = 8_000
"""Entries that one page walks past at most."""

Row = Mapping[str, Any]
_LIGHT = ("pk", "recorded_at", "ticket_id", "kind", "author_kind", "author_label", "door", "shown_class")


@dataclass(slots=True)
class Walked:
    """What a walk has found: entries, the latest first, the classes that their reader may read on their tickets, and
    where the next walk begins; nothing where the journal ends."""

    entries: list[int] = field(default_factory=list)
    seen: dict[int, Numbers] = field(default_factory=dict)
    place: int | None = None
    is_tired: bool = False
    """Whether it has gone as far as one page goes without filling it."""


def walk(
    actor: Actor,
    where: Q | None,
    *,
    after: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    keep: Callable[[Row], bool] = lambda _: True,
    limit: int = 50,
) -> Walked:
    """Walk the journal backwards.

    :param where: which tickets; None for all.
    :param after: the `place` of the page before.
    :param since, until: the span of what was written.
    :param keep: which entries, of those that may be read.
    """
    found = Walked()
    asked = _Asked(actor, where)
    at = _time_of(after) if after is not None else None
    place = (at, after) if at is not None and after is not None else None
    passed = 0
    while True:
        rows = _step(place, since, until)
        asked.learn(row["ticket_id"] for row in rows)
        for row in rows:
            place = (row["recorded_at"], row["pk"])
            seen = asked.seen.get(row["ticket_id"], permits.NONE)
            if row["shown_class"] in seen and keep(row):
                if len(found.entries) == limit:
                    found.place = found.entries[-1]
                    return found
                found.entries.append(row["pk"])
                found.seen[row["ticket_id"]] = seen
        passed += len(rows)
        if len(rows) < STEP:
            return found
        if passed >= FURTHEST:
            found.place, found.is_tired = (place[1] if place else None), True
            return found


def newer(actor: Actor, where: Q | None, mark: int, *, keep: Callable[[Row], bool], most: int = 20) -> int:
    """Count what was written since an entry, as far as somebody may read it, up to `most`."""
    asked = _Asked(actor, where)
    at = _time_of(mark)
    entries = Entry.objects.order_by("-recorded_at", "-pk")
    if at is not None:
        entries = entries.filter(Q(recorded_at__gte=at) & (Q(recorded_at__gt=at) | Q(pk__gt=mark)))
    rows = list(entries.values(*_LIGHT)[:STEP])
    asked.learn(row["ticket_id"] for row in rows)
    fresh = (
        row
        for row in rows
        if row["shown_class"] in asked.seen.get(row["ticket_id"], permits.NONE) and keep(row)
    )
    return sum(1 for _, _row in zip(range(most), fresh, strict=False))


class _Asked:
    """Remembers which classes somebody may read on the tickets that a walk comes by."""

    def __init__(self, actor: Actor, where: Q | None) -> None:
        self.actor, self.where = actor, where
        self.seen: dict[int, Numbers] = {}

    def learn(self, numbers: Any) -> None:
        new = sorted(set(numbers) - self.seen.keys())
        if not new:
            return
        mine = permits.held(self.actor)
        if mine.is_simple and self.where is None:
            self.seen |= dict.fromkeys(new, mine.sees)
            return
        self.seen |= dict.fromkeys(new, permits.NONE)
        tickets = Ticket.objects.filter(pk__in=new)
        if self.where is not None:
            tickets = tickets.filter(self.where)
        rows = list(tickets.values(*reach.PLACE))
        for place in reach.places(rows, self.actor):
            self.seen[place["number"]] = permits.classes(self.actor, place)


def _step(
    place: tuple[datetime, int] | None, since: datetime | None, until: datetime | None
) -> list[dict[str, Any]]:
    entries = Entry.objects.order_by("-recorded_at", "-pk")
    if place is not None:
        at, pk = place
        entries = entries.filter(Q(recorded_at__lte=at) & (Q(recorded_at__lt=at) | Q(pk__lt=pk)))
    elif until is not None:
        entries = entries.filter(recorded_at__lte=until)
    if since is not None:
        entries = entries.filter(recorded_at__gt=since)
    return list(entries.values(*_LIGHT)[:STEP])


def _time_of(entry: int) -> datetime | None:
    return Entry.objects.filter(pk=entry).values_list("recorded_at", flat=True).first()


_WHOLE = (
    "pk", "address", "ticket_id", "kind", "at", "recorded_at", "author_label", "author_kind", "door", "shown_class",
    "changes", "facts", "worked", "corrects_id", "words__text", "words__changes", "words__redaction_id",
)  # fmt: skip


def entries(found: Sequence[int]) -> list[dict[str, Any]]:
    """Read entries whole, the latest first."""
    rows = Entry.objects.filter(pk__in=list(found)).values(*_WHOLE)
    return sorted(rows, key=lambda row: (row["recorded_at"], row["pk"]), reverse=True)


def followers(found: Sequence[int]) -> list[dict[str, Any]]:
    """Read what was said of entries later: corrections, redactions, withdrawals."""
    if not found:
        return []
    return list(
        Entry.objects.filter(corrects_id__in=list(found), corrects_id__isnull=False)
        .order_by("pk")
        .values(*_WHOLE)
    )


def takeovers(desk: str, first: datetime, last: datetime) -> list[dict[str, Any]]:
    """Read when a desk was taken over in a span, the latest first."""
    rows = Takeover.objects.filter(desk=desk, at__gt=first, at__lte=last)
    return [dict(row) for row in rows.order_by("-at", "-pk").values("at", "lead", "address")[:100]]
