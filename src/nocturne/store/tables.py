"""What a list leaves out and a file has: further columns of tickets that somebody has found, as they may read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nocturne.core.configuration import current
from nocturne.core.fieldvalues.rules import TAG
from nocturne.core.permits import Actor, classes
from nocturne.store import reach
from nocturne.store.models import FieldValue, Ticket
from nocturne.store.readings import Reading, padded

FURTHER = (
    "circuit__name", "vendor_reference", "detected_at", "reported_at", "planned_start", "planned_end", "resolution",
    "key_component", "cause", "dispatched_to", "escalated_to", "user_address", "destination_address", "worked",
    "checked_at", "checked_by__name", "opened_by",
)  # fmt: skip
_FETCHED = tuple(dict.fromkeys((*FURTHER, *reach.PLACE)))
_THESE = Reading(lambda numbers: Ticket.objects.filter(pk__in=numbers).values(*_FETCHED))


def further(numbers: Sequence[int], actor: Actor, *, step: int) -> dict[int, dict[str, Any]]:
    """Read further columns of tickets by their numbers, each reduced to what the actor may read on that ticket.

    :param step: the most numbers that ever come in one call: all calls share one statement.
    """
    rows = _THESE.rows(padded(numbers, step)) if numbers else []
    class_of = current().class_of
    needed = {name: class_of(name.removesuffix("__name")) for name in FURTHER}
    return {
        row["number"]: {
            name.removesuffix("__name"): row[name] for name, each in needed.items() if each in seen
        }
        for row, seen in zip(
            rows, (classes(actor, place) for place in reach.places(rows, actor)), strict=True
        )
    }


def tags(numbers: Sequence[int], actor: Actor, *, step: int) -> dict[int, list[str]]:
    """Read the tags of tickets by their numbers, of those on which the actor may read tags."""
    number = current().class_of(TAG)
    readable = reach.visible(actor, number)
    scope = FieldValue.objects.filter(ticket_id__in=padded(numbers, step), key__startswith="tag:")
    if readable is not None:
        scope = scope.filter(ticket__in=Ticket.objects.filter(readable, pk__in=numbers))
    found: dict[int, list[str]] = {}
    for ticket, value in scope.order_by("ticket_id", "key").values_list("ticket_id", "value"):
        found.setdefault(ticket, []).append(str(value))
    return found


def kept(numbers: Sequence[int], actor: Actor, right: str) -> frozenset[int]:
    """Say on which of some tickets an actor holds a right."""
    condition = reach.holding(actor, right)
    if condition is None:
        return frozenset(numbers)
    found = Ticket.objects.filter(condition, pk__in=numbers).values_list("pk", flat=True)
    return frozenset(found)
