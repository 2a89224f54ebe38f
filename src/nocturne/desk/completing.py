"""What could come next in a query that somebody types, from the lists of the house as far as they may know them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.permits import Actor
from nocturne.core.query.completing import Suggestion
from nocturne.core.query.completing import complete as _complete
from nocturne.desk import nearby

LISTS = {
    "machine": "machines", "circuit": "circuits", "vendor": "vendors", "person": "people", "network": "networks",
    "site": "sites", "queue": "queues", "contact": "contacts",
    "organisation": "organisations",
}  # fmt: skip
FEW = 9


def complete(text: str, at: int, actor: Actor) -> list[Suggestion]:
    """List what could come next at a place in a query: pieces of text, and where each is put in.

    Keys that the actor may not ask for, and names of what they may not look up, are not among them.
    """
    return _complete(text, at, reads=partial(permits.sees_column, actor), names=partial(_names, actor))


def _names(actor: Actor, kind: str, part: str) -> Iterable[str]:
    if kind == "group":
        return _groups(actor, part)
    name = LISTS.get(kind)
    if name is None:
        return ()
    return nearby.matching(name, part, actor)[:FEW] if part else nearby.suggestions([name], actor)[name][:FEW]


def _groups(actor: Actor, part: str) -> list[str]:
    """List groups by the beginning of their name, for whoever may read the list of people."""
    if not permits.may(actor, "all-people"):
        return []
    return [name for name in sorted(current().groups) if name.startswith(part.casefold())][:FEW]
