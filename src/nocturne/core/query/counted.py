"""What can be counted on a ticket: what hangs on it, by kind, and the tickets below it by their type."""

from __future__ import annotations

from nocturne.core.configuration.inforce import current
from nocturne.core.configuration.types import TYPES
from nocturne.core.query.vocabulary import key_of

COUNTED = {
    "children": "child", "files": "file", "outages": "outage", "machines": "machine", "customers": "customer",
    "services": "service", "affected": "affected", "watchers": "watcher", "experts": "expert", "tags": "field/tag:",
}  # fmt: skip
"""What can be counted on a ticket, and as which column it is asked for; tickets below it by their type, too."""
_COUNTED_AS = {
    "children": "parent", "outages": "outage/0", "machines": "machine/0", "customers": "affected/0",
    "services": "affected/0", "affected": "affected/0", "watchers": "party/0", "experts": "party/0",
    "tags": "field/tag:",
}  # fmt: skip


def column_of_had(name: str) -> str:
    """Name the column that must be read to ask whether a ticket has something; nothing where none must."""
    if name in COUNTED:
        return _COUNTED_AS.get(name, "")
    return "parent" if name in counted_types() else key_of(name).column


def counted_types() -> dict[str, tuple[str, ...]]:
    """Map each word for tickets of a type, such as `complaints`, to the types it means."""
    known = current()
    found: dict[str, tuple[str, ...]] = {}
    for name, each in known.types.items():
        own = known.types_behaving(name) if name in TYPES else tuple(known.type_names(name))
        for word in (name, *each.formerly):
            found[f"{word}s"] = own
    return found
