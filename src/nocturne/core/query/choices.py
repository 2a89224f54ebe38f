"""What the values of a key are chosen from."""

from __future__ import annotations

from collections.abc import Sequence

from nocturne.core.configuration import current
from nocturne.core.lifecycle import CLOCKS
from nocturne.core.query.conditions import IS


def choices(key: str) -> Sequence[str]:
    """List what a key's value is chosen from, in lower case; nothing where it is free."""
    if key == "state":
        return tuple(current().states_called)
    if key == "type":
        types = current().types.values()
        words = [
            word for each in types for word in (each.name, *each.formerly, each.title.casefold()) if word
        ]
        return tuple(dict.fromkeys(words))
    return {"is": IS, "clock": CLOCKS}.get(key, ())
