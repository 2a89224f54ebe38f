"""What stands open on a desk: found for a reader, and kept with a takeover as it was then.

What is kept are numbers, and of each ticket only what no redaction ever has to take away; words are read where they
stand. A reader is shown of it what they may read of each ticket now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as N_  # noqa: N812

from nocturne.core.configuration import current
from nocturne.core.configuration.desks import Desk
from nocturne.core.configuration.grants import Numbers
from nocturne.core.entry import from_instant, instant
from nocturne.core.permits import Actor
from nocturne.desk import desks
from nocturne.desk.alarms import MACHINERY
from nocturne.store import handover, shifts
from nocturne.store.models import HandoverPin, Question, Ticket

WARNINGS = ("untaken", "no_next", "no_timer", "question")
"""Where a handover is not clean."""
KEPT_LISTS = ("severe", "ringing", "untaken", "no_next", "no_timer")
STOOD = {
    "pinned": N_("Pinned"),
    "ringing": N_("Timers due"),
    "severe": N_("Severity 1 and 2"),
    "untaken": N_("Severe, and nobody’s"),
    "no_next": N_("No next action"),
    "no_timer": N_("Waiting, no timer"),
    "question": N_("Questions open"),
}
"""Lists that are kept with a takeover, in the order in which a reader wants them."""
KEPT = 500
"""Tickets of each kind that are kept with a takeover; where there are more, that is kept as well."""
_PLAIN = {
    "state": "state", "severity": "severity", "priority": "priority", "owner": "owner__name", "clock": "clock",
    "alarm_at": "alarm_at", "queue": "queue__name", "type": "type",
}  # fmt: skip


def found(
    desk: Desk, reader: Actor, *, now: datetime, since: datetime, names: tuple[str, ...], limit: int
) -> dict[str, list[int]]:
    """List, for each of some names, the tickets that stand out on a desk; one more than asked where there are more."""
    scope = desks.scope(desk, reader, now=now)
    asked = handover.conditions(now, since)
    return {
        name: handover.numbers(reader, name, asked[name] if scope is None else asked[name] & scope, limit)
        for name in names
    }


def questions(desk: Desk, reader: Actor, *, now: datetime) -> QuerySet[Question]:
    """Give the open questions on a desk's tickets, as far as somebody may read them."""
    scope = desks.scope(desk, reader, now=now)
    rows = shifts.open_questions(reader)
    return rows if scope is None else rows.filter(ticket__in=Ticket.objects.filter(scope))


def pins(desk: Desk, reader: Actor, *, now: datetime) -> QuerySet[HandoverPin]:
    """Give what is pinned on a desk's tickets, as far as somebody may read it."""
    scope = desks.scope(desk, reader, now=now)
    rows = shifts.pins(reader)
    return rows if scope is None else rows.filter(ticket__in=Ticket.objects.filter(scope))


def standing(desk: Desk, *, since: datetime, now: datetime) -> dict[str, Any]:
    """Write down what stands open on a desk, for its takeover."""
    lists = found(desk, MACHINERY, now=now, since=since, names=KEPT_LISTS, limit=KEPT)
    # Which classes somebody must read one of to be told of it: an entry asks, and an entry pins.
    classes: dict[str, dict[str, list[int]]] = {}
    for name, rows in (
        ("pinned", pins(desk, MACHINERY, now=now)),
        ("question", questions(desk, MACHINERY, now=now)),
    ):
        needed = classes.setdefault(name, {})
        for number, shown_class in rows.values_list("ticket_id", "entry__shown_class")[: KEPT + 1]:
            needed.setdefault(str(number), []).append(shown_class)
        lists[name] = [int(number) for number in needed]
    kept = {name: numbers[:KEPT] for name, numbers in lists.items() if numbers}
    wanted = sorted({number for numbers in kept.values() for number in numbers})
    tickets = {
        str(row["number"]): {
            name: instant(row[path]) if isinstance(row[path], datetime) else row[path]
            for name, path in _PLAIN.items()
            if row[path] is not None
        }
        for row in Ticket.objects.filter(pk__in=wanted).values("number", *_PLAIN.values())
    }
    more = sorted(name for name, numbers in lists.items() if len(numbers) > KEPT)
    return {"lists": kept, "more": more, "tickets": tickets, "classes": classes}


def shown(kept: Mapping[str, Any], reader: Actor) -> dict[str, list[dict[str, Any]]]:
    """Reduce what was kept with a takeover to what its reader may read: by name, the tickets as they stood then."""
    numbers = sorted({number for each in kept.get("lists", {}).values() for number in each})
    if not numbers:
        return {}
    seen = handover.classes_on(reader, numbers)
    subjects = shifts.subjects(numbers, reader)
    told: dict[str, list[dict[str, Any]]] = {}
    for name, listed in kept["lists"].items():
        for number in listed:
            classes = seen.get(number, frozenset())
            if _may_be_told(kept, name, number, classes):
                stood = _as_read(kept["tickets"].get(str(number), {}), classes)
                told.setdefault(name, []).append(
                    {"number": number, "subject": subjects.get(number, "")} | stood
                )
    return told


def _may_be_told(kept: Mapping[str, Any], name: str, number: int, classes: Numbers) -> bool:
    """Tell whether a reader of these classes may know that a ticket was in a list."""
    if name in handover.TELLS:
        class_of = current().class_of
        return bool(classes) and all(class_of(column) in classes for column in handover.TELLS[name])
    return not classes.isdisjoint(kept["classes"][name].get(str(number), ()))


def _as_read(stood: Mapping[str, Any], classes: Numbers) -> dict[str, Any]:
    """Give the columns that a reader may read, instants as such."""
    class_of = current().class_of
    return {
        name: from_instant(value) if name == "alarm_at" else value
        for name, value in stood.items()
        if class_of(name) in classes
    }
