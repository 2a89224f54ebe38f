"""How a question was understood: written in the one way, as the rows of a form, with names in it that nobody bears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from nocturne.core import permits
from nocturne.core.permits import Actor
from nocturne.core.query.canonical import canonical
from nocturne.core.query.form import Form, form
from nocturne.core.query.tree import Query, terms
from nocturne.core.query.values import spelt
from nocturne.desk import nearby
from nocturne.desk.completing import LISTS
from nocturne.desk.doubting import Doubt, doubts

THINGS = ("machine", "circuit", "site", "vendor", "network", "person")
"""What a bare word may be the name of, the likeliest first."""
MOST_MEANT = 6
"""Bare words of one question whose meaning is looked up."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A bare word that is something's name or a ticket's number, and how it would be asked as the other.

    :param key: what it is the name of (machine, circuit, …, person), or `number`.
    :param otherwise: a name as the question for tickets of that thing alone, a number as a word of texts.
    """

    position: int
    key: str
    given: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A question in its one way of being written, in rows, what its bare words are, and what is doubtful about it."""

    canonical: str
    form: Form
    doubts: tuple[Doubt, ...]
    meant: tuple[Meant, ...]


def understood(asked: Query, actor: Actor) -> Understood:
    """Say how a question was understood by what its asker may know."""
    reads = partial(permits.sees_column, actor)
    return Understood(
        canonical(asked, reads=reads),
        form(asked, reads=reads),
        tuple(doubts(asked, actor)),
        tuple(meant(asked, actor)),
    )


def meant(asked: Query, actor: Actor) -> Iterator[Meant]:
    """Say what the bare words of a question are the names of, on the lists that an actor may look up.

    Such a word is looked for in all that is said on a ticket, the names of its things among it: nothing is missed.
    """
    bare = [
        term
        for term in terms(asked.tree)
        if term.key in ("text", "number")
        and len(term.values) == 1
        and not "".join(term.written).startswith('"')
    ]
    words = []
    for term in bare:
        value = term.values[0]
        if isinstance(value, int):
            yield Meant(term.position, "number", str(value), f'"{value}"')
        elif isinstance(value, str):
            words.append((term.position, value))
    words = words[:MOST_MEANT]
    known = (
        {key: nearby.called(LISTS[key], [word for _, word in words], actor) for key in THINGS}
        if words
        else {}
    )
    for position, word in words:
        for key, names in known.items():
            if name := names.get(word.lower()):
                yield Meant(position, key, name, f"{'owner' if key == 'person' else key}:{spelt(name)}")
                break


__all__ = ["Doubt", "Meant", "Understood", "doubts", "meant", "understood"]
