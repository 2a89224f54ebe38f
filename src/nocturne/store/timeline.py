"""The journal backwards, in steps: what happened on all tickets, as far as somebody may read it.

A step reads a few hundred entries by the index of their times, and asks once which of their tickets may be read and
fit. One page walks only so far, and the next goes on from there. Where it ends depends on nothing that its reader may
not read: what is not theirs is not counted, and where tickets are hidden from them it ends with a week.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from nocturne.core import permits
from nocturne.core.configuration.grants import Numbers
from nocturne.core.permits import Actor
from nocturne.store import reach
from nocturne.store.models import Entry, Takeover, Ticket

STEP = 400
FURTHEST = 8_000
"""Entries that one page walks past at most, of those that its reader may read."""
WINDOW = timedelta(days=7)
"""How far one page looks back for whoever reads not every ticket alike, so that its cost has an end for them, too."""

Row = Mapping[str, Any]
Place = int | datetime
"""Where a walk goes on: behind an entry, or with all that was written up to an instant."""
_LIGHT = ("pk", "recorded_at", "ticket_id", "kind", "author_kind", "author_label", "door", "shown_class")


@dataclass(slots=True)
class Walked:
    """What a walk has found: entries, the latest first, the classes that their reader may read on their tickets, and
    where the next walk begins; nothing where the journal ends."""

    entries: list[int] = field(default_factory=list)
    seen: dict[int, Numbers] = field(default_factory=dict)
    place: Place | None = None
    is_tired: bool = False
    """Whether it has gone as far as one page goes without filling it."""
    reached: datetime | None = None
    """Until when it has looked, if it got tired."""


def walk(
    actor: Actor,
    where: Q | None,
    *,
    now: datetime,
    after: Place | None = None,
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
    place: tuple[datetime, int] | None = None
    if isinstance(after, datetime):
        until = min(after, until) if until else after
    elif after is not None and (at := _time_of(after)) is not None:
        place = (at, after)
    begun = place[0] if place else until or now
    floor = None if permits.held(actor).is_simple else begun - WINDOW
    is_last = floor is None or (since is not None and since >= floor) or not _is_older(floor)
    lowest = since if is_last else floor
    passed = 0
    while True:
        rows = _step(actor, place, lowest, until)
        asked.learn(row["ticket_id"] for row in rows)
        for row in rows:
            place = (row["recorded_at"], row["pk"])
            is_read = asked.reads(row)
            if is_read and keep(row):
                if len(found.entries) == limit:
                    found.place = found.entries[-1]
                    return found
                found.entries.append(row["pk"])
                found.seen[row["ticket_id"]] = asked.seen[row["ticket_id"]]
            passed += is_read or floor is None
            if passed >= FURTHEST:
                # At just this entry, which is one of theirs: where a step ends hangs on what lies between.
                found.place, found.is_tired, found.reached = row["pk"], True, row["recorded_at"]
                return found
        if len(rows) < STEP:
            if not is_last:
                found.place, found.is_tired, found.reached = floor, True, floor
            return found


def newer(
    actor: Actor, where: Q | None, mark: Place, *, now: datetime, keep: Callable[[Row], bool], most: int = 20
) -> int:
    """Count what was written since an entry or an instant, as far as somebody may read it, up to `most`. It is walked
    back to the mark, or as far as a page would be: what is hidden in between takes no room."""
    asked = _Asked(actor, where)
    since = now - WINDOW
    entries = _readable(actor)
    if isinstance(mark, datetime):
        entries = entries.filter(recorded_at__gt=max(mark, since))
    elif (at := _time_of(mark)) is not None:
        entries = entries.filter(
            Q(recorded_at__gte=max(at, since)) & (Q(recorded_at__gt=at) | Q(pk__gt=mark))
        )
    found, passed, place = 0, 0, None
    while found < most and passed < FURTHEST:
        rows = list((entries if place is None else entries.filter(_before(*place))).values(*_LIGHT)[:STEP])
        asked.learn(row["ticket_id"] for row in rows)
        for row in rows:
            place = (row["recorded_at"], row["pk"])
            is_read = asked.reads(row)
            passed += is_read
            found += is_read and keep(row)
            if found == most or passed == FURTHEST:
                break
        if len(rows) < STEP:
            break
    return found


class _Asked:
    """Remembers which classes somebody may read on the tickets that a walk comes by."""

    def __init__(self, actor: Actor, where: Q | None) -> None:
        self.actor, self.where = actor, where
        self.seen: dict[int, Numbers] = {}

    def reads(self, row: Row) -> bool:
        """Tell whether an entry is one that may be read, on a ticket that fits."""
        seen = self.seen.get(row["ticket_id"], permits.NONE)
        return row["shown_class"] in seen

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


def _readable(actor: Actor) -> QuerySet[Entry]:
    """Give the entries of the classes that somebody reads on some ticket, the latest first."""
    classes = sorted(permits.classes_somewhere(actor))
    return Entry.objects.filter(shown_class__in=classes).order_by("-recorded_at", "-pk")


def _is_older(instant: datetime) -> bool:
    """Tell whether the house itself is older: whether anything at all was written by then."""
    first = Entry.objects.order_by("recorded_at", "pk").values_list("recorded_at", flat=True).first()
    return first is not None and first <= instant


def _step(
    actor: Actor, place: tuple[datetime, int] | None, since: datetime | None, until: datetime | None
) -> list[dict[str, Any]]:
    entries = _readable(actor)
    if place is not None:
        entries = entries.filter(_before(*place))
    elif until is not None:
        entries = entries.filter(recorded_at__lte=until)
    if since is not None:
        entries = entries.filter(recorded_at__gt=since)
    return list(entries.values(*_LIGHT)[:STEP])


def _before(at: datetime, pk: int) -> Q:
    return Q(recorded_at__lte=at) & (Q(recorded_at__lt=at) | Q(pk__lt=pk))


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
