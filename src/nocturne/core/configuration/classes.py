"""Data classes: what kind of reader a fact is for. The ladder is fixed; a site adds classes that stand beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nocturne.core.configuration.body import Body, wrong
from nocturne.core.entry import FIRST_LOCAL_CLASS, LAST_LOCAL_CLASS, DataClass

LADDER = {each.word: int(each) for each in DataClass}


@dataclass(frozen=True, slots=True)
class LocalClass:
    """A class beside the ladder, for a set of readers of its own. Its number stands in entries and never changes."""

    name: str
    number: int
    title: str = ""
    help: str = ""
    formerly: tuple[str, ...] = ()


def read(name: str, body: Body) -> LocalClass:
    if name in LADDER:
        raise wrong("ladder_class", body.where, given=name)
    number = body.number("number", least=FIRST_LOCAL_CLASS, most=LAST_LOCAL_CLASS)
    if number is None:
        raise wrong("missing", body.at("number"))
    return LocalClass(
        name, number, body.text("title", longest=120), body.text("help", longest=600), body.names("formerly")
    )


def reach(words: Iterable[str], local: dict[str, int], where: str) -> frozenset[int]:
    """Turn words into the numbers of the classes they reach: a rung with all below it, a local class alone.

    :raises Invalid: there is no such class.
    """
    found: set[int] = set()
    for word in words:
        if word in LADDER:
            found |= set(range(LADDER[word] + 1))
        elif word in local:
            found.add(local[word])
        else:
            raise wrong("no_such", where, kind="class", given=word)
    return frozenset(found)
