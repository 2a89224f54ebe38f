"""Facts in braces, in help and in defaults: `{machine.contact.phone}`.

Only what stands in :data:`FACTS` can be named, and a fact is put in as text: nothing in it is read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from nocturne.core.entry import DataClass

_PERSON = ("name", "organisation", "phone", "home_phone", "email")
_CONTACT = tuple(f"contact.{each}" for each in _PERSON)
FACTS: Mapping[str, tuple[str, ...]] = {
    "machine": ("name", "network", "site", *_CONTACT),
    "site": ("name", "place", "network", *_CONTACT),
    "circuit": ("name", "capacity", "network", "vendor"),
    "vendor": ("name", "phone", "email"),
    "network": ("name",),
    "reporter": _PERSON,
    "owner": ("name",),
    "me": ("name",),
    "queue": ("name", "title"),
}
"""What can be put in: of the ticket's machine, site and so on, of who reported it, and of who is writing (`me`)."""
COLUMN: Mapping[str, str] = {"machine": "machine/0", "me": "subject"}
"""Whose data class a fact has: the column it comes from, where it is called otherwise."""
_INSIDE = {"home_phone": int(DataClass.RESTRICTED)}
"""Parts that RFC 1297 wants kept from most, whoever's they are."""


def data_class(name: str, class_of: Callable[[str], int]) -> int:
    """Give the data class of a fact: its column's; how somebody is reached is the staff's, their home restricted.

    :param class_of: the data class of a header column.
    """
    thing, _, part = name.partition(".")
    if (last := part.rpartition(".")[2]) in _INSIDE:
        return _INSIDE[last]
    if part.startswith("contact."):
        return int(DataClass.STAFF)
    return int(DataClass.PUBLIC) if thing == "me" else class_of(COLUMN.get(thing, thing))


NAMED = frozenset(f"{thing}.{part}" for thing, parts in FACTS.items() for part in parts)
_BRACES = re.compile(r"\{([^{}]*)\}")


def named(text: str) -> list[str]:
    """List the facts that a text names, whether they exist or not."""
    return [each.strip() for each in _BRACES.findall(text)]


def unknown(text: str) -> list[str]:
    """List what a text names that is no fact."""
    return [each for each in named(text) if each not in NAMED]


def put_in(text: str, facts: Mapping[str, str], *, missing: str) -> str:
    """Put facts into a text; `missing` stands where one is not known."""
    return _BRACES.sub(lambda match: facts.get(match[1].strip(), "") or missing, text)


def filled(text: str, facts: Mapping[str, str]) -> str | None:
    """Put facts into a default; nothing where one of them is not known."""
    if all(facts.get(each) for each in named(text)):
        return put_in(text, facts, missing="")
    return None
