"""What people see for the names of states and types: a site's own titles; those that ship, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from nocturne.core.configuration import current
from nocturne.core.configuration.standard import STANDARD
from nocturne.core.lifecycle import State


def shipped(title: str) -> str:
    """Say a title that ships with Nocturne in the reader's language; one that a site has written stays as it is."""
    return _(title) if title in SHIPPED else title


def state(name: str, meaning: str = "", *, type_: str = "", queue: str | int | None = None) -> str:
    """Give a state's title: in the life cycle that holds for this type and queue, else in the first that knows it."""
    if not name:
        return ""
    known = current()
    found = known.lifecycle_of(type_, queue).find(name) if type_ or queue else None
    if found is None or (meaning and found.meaning.value != meaning):
        others = (cycle.find(name) for cycle in known.lifecycles.values())
        alike = [each for each in others if each and meaning in ("", each.meaning.value)]
        found = alike[0] if alike else found
    return state_title(found) if found else name


def state_title(found: State) -> str:
    """Say what a state is called, in the reader's language where the site has not named it itself."""
    return shipped(found.shown)


def kind(name: str) -> str:
    """Give a type's title."""
    found = current().type(name)
    return shipped(found.title) or name


SHIPPED = {
    *(each.title for each in STANDARD.types.values()),
    *(each.shown for cycle in STANDARD.lifecycles.values() for each in cycle.states),
} - {""}
