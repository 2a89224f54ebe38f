"""Which problem is worked first: a ticket's priority when nobody has set one, and the order of the board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from nocturne.core.configuration.inforce import current

MOST, LEAST = 1, 4
USUAL_SEVERITY = 3
MANY = 3
"""Who hits so many customers, sites and services goes before what is as urgent otherwise."""

_LATER: dict[str, int] = {"request": 1, "planned": 1, "engineering": 1, "meta": 2}
"""How many steps after a trouble of the same severity a ticket is worked, by the type that it behaves as."""
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A priority with the code of its reason and the facts that reason names."""

    priority: int
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)


def reasoned_priority(type_: str, severity: int | None) -> Reasoned:
    """Derive a priority (1 is worked first, 4 last) from what the customer feels and the type of problem.

    A type that names priorities of its own has them; else it is worked as the type that it behaves as.
    """
    felt = USUAL_SEVERITY if severity is None else severity
    kind = current().type(type_)
    if felt in kind.priorities:
        return Reasoned(kind.priorities[felt], "priority_of_type", {"severity": felt, "type": type_})
    later = _LATER.get(kind.behaves, 0)
    priority = min(max(felt + later, MOST), LEAST)
    reason = "priority_usual" if severity is None else "priority_of_severity"
    return Reasoned(priority, f"{reason}_and_type" if later else reason, {"severity": felt, "type": type_})


def default_priority(type_: str, severity: int | None) -> int:
    """Give the priority of :func:`reasoned_priority` without its reason."""
    return reasoned_priority(type_, severity).priority


def affected_now(hits: Iterable[Mapping[str, Any]]) -> int:
    """Count whom a ticket hits: each customer, site and service once, as long as nobody said that it is over.

    :param hits: what stands on the chart under `affected/`.
    """
    return len({(each["kind"], each["name"].casefold()) for each in hits if not each.get("to")})


def raised(affected: int) -> int:
    """Say how far a ticket goes before others of its priority and severity: by how many it hits, if they are many."""
    return affected if affected >= MANY else 0


def urgency(
    *,
    ringing_since: datetime | None,
    priority: int,
    severity: int,
    opened_at: datetime,
    number: int,
    affected: int = 0,
) -> tuple[Any, ...]:
    """Give what the board sorts by: timers that ring, longest first; then priority, severity, how many are hit where
    these are many, and age."""
    return (
        ringing_since is None,
        ringing_since or _NEVER,
        priority,
        severity,
        -raised(affected),
        opened_at,
        number,
    )
