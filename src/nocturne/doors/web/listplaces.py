"""Where a page of a list begins, as its address carries it: what cannot be a place there is none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from nocturne.store import ordering

_KINDS: dict[str, list[str]] = {"priority": ["number"] * 4, "newest": ["number"], "oldest": ["number"],
                                "updated": ["instant", "number"], "relevance": ["number", "number"]}  # fmt: skip


def place(given: str, order: str, steps: Sequence[ordering.Step]) -> list[Any] | None:
    """Read where a page begins; what cannot be a place in this order begins at the front."""
    if not given or len(given) > 1_000:
        return None
    try:
        found = json.loads(given)
    except (ValueError, RecursionError):
        return None
    if steps:
        place = ordering.place(steps, found)
        return None if place is None else ordering.spelt(place)
    if not isinstance(found, list) or len(found) != len(_KINDS[order]):
        return None
    try:
        return [_read(kind, value) for kind, value in zip(_KINDS[order], found, strict=True)]
    except ValueError:
        return None


def _read(kind: str, value: Any) -> Any:
    """Read one column of where a page begins.

    :raises ValueError: it is nothing that this column can hold.
    """
    if kind == "instant" and isinstance(value, str):
        at = datetime.fromisoformat(value)
        if at.tzinfo is not None and 1970 <= at.year < 9999:
            return at
    elif kind == "number" and type(value) is int and 0 <= value < 2**31:
        return value
    raise ValueError(kind)
