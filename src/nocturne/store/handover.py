"""What a handover reads: which tickets stand out, and what the journal of a shift says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from nocturne.core import permits
from nocturne.core.chart import column
from nocturne.core.configuration import current
from nocturne.core.handover import TOLD
from nocturne.core.permits import Actor
from nocturne.store import lists, reach
from nocturne.store.models import Entry, Ticket
from nocturne.store.models.charts import IS_WAITING

SEVERE = 2
"""Up to this severity everybody who begins a shift must know of a ticket."""
LOOKED_AT = 5_000
"""Entries of a shift that are looked at; what a longer one says besides is on the timeline."""
AHEAD = timedelta(hours=12)
"""How far a shift looks ahead for planned work."""
_SENSITIVE = frozenset(name for name in TOLD if column(name).sensitive)


TELLS: Mapping[str, tuple[str, ...]] = {
    "severe": ("state", "severity"),
    "ringing": ("ringing_since",),
    "untaken": ("state", "severity", "owner"),
    "no_next": ("state", "next_action"),
    "not_begun": ("state", "next_action"),
    "no_timer": ("state", "alarm_at", "ringing_since"),
    "waiting": ("state", "alarm_at"),
    "planned": ("state", "type", "planned_start", "planned_end"),
    "untouched": ("state", "clock"),
}
"""Columns of which a list tells by what is in it: only tickets on which its reader may read them are."""


def conditions(now: datetime, since: datetime) -> dict[str, Q]:
    """Say which tickets stand out in a shift."""
    is_open = Q(is_open=True)
    severe = is_open & Q(severity__lte=SEVERE)
    no_next = is_open & (Q(next_action=None) | Q(next_action=""))
    return {
        "severe": severe,
        "ringing": Q(ringing_since__isnull=False),
        "untaken": severe & Q(owner=None),
        "no_next": no_next & Q(meaning__in=["open", "waiting"]),
        "not_begun": no_next & Q(meaning="new"),
        "no_timer": is_open & Q(IS_WAITING, alarm_at=None, ringing_since=None),
        "waiting": is_open & Q(IS_WAITING, alarm_at__isnull=False),
        "planned": is_open
        & Q(planned_start__isnull=False, planned_start__lte=now + AHEAD)
        & (Q(planned_end=None) | Q(planned_end__gt=now))
        & Q(type__in=current().types_behaving("planned")),
        "untouched": is_open & Q(touched_staff_at__lte=since),
    }


ORDERS: dict[str, tuple[str, ...]] = {
    "no_timer": ("number",),
    "waiting": ("alarm_at", "number"),
    "planned": ("planned_start", "number"),
    "ringing": ("ringing_since", "number"),
}


def numbers(actor: Actor, name: str, condition: Q, limit: int) -> list[int]:
    """List the tickets that somebody may know to be in one of these lists; one more than asked where there are."""
    # Whoever may read these columns of a ticket may know of it. Queues are only looked at, not searched by: what
    # stands out is rarer than the tickets of a queue.
    rows = Ticket.objects.filter(condition)
    for each in sorted({current().class_of(tells) for tells in TELLS[name]}):
        readable = reach.visible(actor, each, aside=True)
        if readable is not None:
            rows = rows.filter(readable)
    order = ORDERS.get(name, lists.ORDERS[lists.followed("priority", actor)])
    return list(rows.order_by(*order).values_list("pk", flat=True)[: limit + 1])


def rows(actor: Actor, wanted: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Read tickets as a list shows them to somebody, by number."""
    asked = sorted(set(wanted))
    if not asked:
        return {}
    found = lists.rows(actor, Q(pk__in=asked), order="newest", limit=len(asked))
    return {row["number"]: row for row in found.rows}


def planned_times(wanted: Sequence[int]) -> dict[int, tuple[datetime | None, datetime | None]]:
    """Read when planned works begin and end, of tickets whose reader is known to be allowed to."""
    found = Ticket.objects.filter(pk__in=wanted).values_list("pk", "planned_start", "planned_end")
    return {number: (start, end) for number, start, end in found}


def touched(since: datetime, until: datetime | None) -> tuple[list[int], bool]:
    """List the tickets on which something was written in a span, the latest first, and whether there may be more."""
    entries = Entry.objects.filter(recorded_at__gt=since)
    if until is not None:
        entries = entries.filter(recorded_at__lte=until)
    found = list(entries.order_by("-recorded_at", "-pk").values_list("ticket_id", flat=True)[: LOOKED_AT + 1])
    return list(dict.fromkeys(found[:LOOKED_AT])), len(found) > LOOKED_AT


_ENTRY = (
    "ticket_id", "seq", "kind", "author_label", "author_kind", "shown_class", "changes", "words__changes",
)  # fmt: skip


def written(
    wanted: Sequence[int], since: datetime, until: datetime | None
) -> dict[int, list[dict[str, Any]]]:
    """Read what was written on some tickets in a span, in recording order."""
    entries = Entry.objects.filter(ticket_id__in=list(wanted), recorded_at__gt=since)
    if until is not None:
        entries = entries.filter(recorded_at__lte=until)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in entries.order_by("ticket_id", "seq").values(*_ENTRY):
        found.setdefault(row["ticket_id"], []).append(row)
    return found


def sensitive_then(wanted: Mapping[int, set[str]], since: datetime) -> dict[int, dict[str, Any]]:
    """Read what columns held at an instant whose changes do not say what was there before.

    :param wanted: the columns by ticket.
    """
    asked = {number: names & _SENSITIVE for number, names in wanted.items()}
    asked = {number: names for number, names in asked.items() if names}
    if not asked:
        return {}
    entries = Entry.objects.filter(ticket_id__in=sorted(asked), recorded_at__lte=since)
    found: dict[int, dict[str, Any]] = {number: {} for number in asked}
    rows = entries.order_by("-recorded_at", "-seq").values_list("ticket_id", "words__changes")[:LOOKED_AT]
    for number, changes in rows.iterator(chunk_size=500):
        for name, _before, after in reversed(changes or []):
            if name in asked[number]:
                found[number].setdefault(name, after)
        if all(names <= found[each].keys() for each, names in asked.items()):
            break
    return found


def classes_on(actor: Actor, wanted: Sequence[int]) -> dict[int, frozenset[int]]:
    """Say which classes somebody may read on each of some tickets."""
    found = list(Ticket.objects.filter(pk__in=list(wanted)).values(*reach.PLACE))
    return {place["number"]: permits.classes(actor, place) for place in reach.places(found, actor)}
