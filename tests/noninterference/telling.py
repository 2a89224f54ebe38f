"""Asks one reader's questions in the world as it was and in every twin of it, and compares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice

from tests.noninterference import console, letters, outgoing, programs, queries, shell
from tests.noninterference.asking import Answer, Channel, Difference, Judge, Question, Seals
from tests.noninterference.people import BY_NAME, READERS, Reader
from tests.noninterference.worlds import World, Worlds

CHANNELS: dict[str, Channel] = {
    "pages": console.questions,
    "programs": programs.questions,
    "queries": queries.questions,
    "letters": letters.questions,
    "command line": shell.questions,
    "outgoing": outgoing.questions,
}


def differences(
    worlds: Worlds, reader: Reader, channel: str, *others: World, every: int = 1
) -> Iterator[Difference]:
    """Give every difference that a reader finds between the world as it was and others.

    :param every: ask only every second, third, … question.
    """
    ours = worlds.where()
    judges = [Judge(reader) for _ in others]
    with Seals.noted():
        rows = zip(*(CHANNELS[channel](each.facts, reader) for each in (ours, *others)), strict=True)
        for mine, *theirs in islice(rows, 0, None, every):
            answered = mine.put(ours, worlds.keys, reader)
            for judge, other, yours in zip(judges, others, theirs, strict=True):
                found = compared(judge, (ours, mine), (other, yours), worlds, answered)
                if found is not None:
                    yield found


Side = tuple[World, Question]


def compared(
    judge: Judge, one: Side, other: Side, worlds: Worlds, answered: list[Answer] | None = None
) -> Difference | None:
    """Ask the same of two worlds, of the first only if it has not answered yet.

    A difference counts when it is found twice: what is read once and remembered costs the first who asks.
    """
    (ours, mine), (theirs, yours) = one, other
    if answered is None:
        answered = mine.put(ours, worlds.keys, judge.reader)
    found = judge.difference(mine, answered, yours.put(theirs, worlds.keys, judge.reader))
    if found is None:
        return None
    again = mine.put(ours, worlds.keys, judge.reader), yours.put(theirs, worlds.keys, judge.reader)
    return judge.difference(mine, *again)


WAYS = {
    "ada": ("queries", "letters"),
    "mei": ("queries",),
    "bot": ("command line",),
    "lena": ("programs", "queries", "outgoing"),
    "paula": ("pages", "queries", "command line", "outgoing"),
    "sam": ("programs", "queries", "outgoing"),
    "rowe": ("programs", "letters"),
    "rita": ("pages", "queries"),
    "wim": ("programs", "letters", "command line"),
    "wanda": ("letters",),
    "guest": ("pages", "programs", "outgoing"),
}
"""Which ways somebody asks, where it is not every one."""
ASK_EVERYTHING = ("anna", "cleo")
"""Of pages and programs' questions the others ask every fifth."""
ON_POSTGRESQL = {
    ("anna", "programs"),
    ("cleo", "pages"),
    ("cleo", "queries"),
    ("anna", "queries"),
    ("cleo", "letters"),
}
"""What is asked on the other database: enough to see that it answers as the first one does."""


def asked_by(*ways: str) -> list[tuple[str, str]]:
    """List who asks in these ways."""
    everything = [(reader.name, way) for reader in READERS for way in WAYS.get(reader.name, CHANNELS)]
    is_slice = bool(os.environ.get("NOCTURNE_TEST_DATABASE_URL"))
    return [each for each in everything if each[1] in ways and (each in ON_POSTGRESQL or not is_slice)]


def twins(worlds: Worlds, reader: Reader, way: str) -> list[World]:
    """Give the worlds that differ only in what a reader may not read; for whoever may read all, one that does not.

    Where much is asked, all that is hidden differs at once.
    """
    hidden = list(reader.hidden)
    if way in ("pages", "programs") and hidden:
        hidden = [frozenset().union(*hidden)]
    return [worlds.where(*kinds) for kinds in hidden] or [worlds.again()]


def traces(worlds: Worlds, name: str, way: str) -> str:
    """Say what somebody finds of that which they may not read; nothing, as it must be."""
    reader = BY_NAME[name]
    every = 1 if name in ASK_EVERYTHING or way not in ("pages", "programs") else 5
    found = islice(differences(worlds, reader, way, *twins(worlds, reader, way), every=every), 5)
    return "\n".join(str(each) for each in found)
