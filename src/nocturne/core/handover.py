"""What became of a ticket in a shift: then → now, as its entries tell it, and nothing for what ended as it began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nocturne.core.chart import column, plain

TOLD = (
    "state", "owner", "severity", "priority", "clock", "referred_to", "next_action", "alarm_at", "queue", "type",
    "subject", "restored_at", "planned_start", "planned_end",
)  # fmt: skip
"""Columns of which a handover tells, in this order."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One column at the beginning of a shift and at its end; values as entries store them."""

    column: str
    then: Any
    now: Any


def moved(
    changes: Iterable[Sequence[Any]], before: Mapping[str, Any], columns: Sequence[str] = TOLD
) -> list[Moved]:
    """Fold changes, in recording order, to what is another now than it was.

    :param changes: (column, before, after) as entries store them.
    :param before: what sensitive columns held when the shift began; their changes do not say so.
    """
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for name, was, after in changes:
        if name in columns:
            first.setdefault(name, before.get(name) if column(name).sensitive else was)
            last[name] = after
    return [
        Moved(name, first[name], last[name])
        for name in columns
        if name in first and _held(name, first[name]) != _held(name, last[name])
    ]


def _held(name: str, value: Any) -> Any:
    return plain(column(name).form, value)
