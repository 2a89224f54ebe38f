"""Puts questions to worlds, and finds the first thing in which two answers differ.

Answers are compared byte for byte, with their status and headers, and with how many statements the database was asked:
that stands for time, and is the same on every machine (a write may take up to half as many again). Nothing is left out
of an answer but what a sealed version says: its letters follow from how many hidden entries came before, and nobody but
us can open it. It may only be another one in the same places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, ClassVar, Protocol
from unittest import mock

from django.conf import settings
from django.db import connection
from django.test import Client

from nocturne.core import opaque
from nocturne.desk import tiles
from nocturne.doors.api import limits
from nocturne.watch.live import book
from tests.noninterference.people import Keys, Reader
from tests.noninterference.twins import chance
from tests.noninterference.world import Facts
from tests.noninterference.worlds import World

READING = frozenset({"GET", "HEAD"})
MOST_WORK = 1.5
"""How many times the statements of its twin a write may take; what only reads takes exactly as many."""
LONGEST_CHAIN = 20
NIGHT_MS = 24 * 3_600_000
"""To whoever comes back and listens the whole night is told again."""


@dataclass(frozen=True)
class Answer:
    """What came back, whole, by its parts; and how many statements it took."""

    parts: tuple[tuple[str, str], ...]
    statements: int = 0
    may_take_longer: bool = False


class Question(Protocol):
    """Something that can be asked through any channel."""

    def put(self, world: World, keys: Keys, reader: Reader) -> list[Answer]:
        """This will ask a world, and ask on as long as an answer leads to another question."""


Channel = Callable[[Facts, Reader], Iterator[Question]]
"""All that is asked one way, filled with what there is in a world."""


@dataclass(frozen=True)
class Reply:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Ask:
    """A request: where it goes, and what is sent with it. `then` makes the next one of what came back."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    by_token: bool = False
    then: Callable[[Reply], Ask | None] | None = None

    def __str__(self) -> str:
        sent = f" {self.body}" if self.body is not None else ""
        return f"{self.method} {self.path}{sent} {dict(self.headers) or ''}".rstrip()

    def put(self, world: World, keys: Keys, reader: Reader) -> list[Answer]:
        found: list[Answer] = []
        ask: Ask | None = self
        while ask is not None and len(found) < LONGEST_CHAIN:
            with asked(world, f"{ask.method} {ask.path}") as counted:
                reply = _sent(_browser(keys, reader, by_token=ask.by_token), ask)
            shown = sorted(reply.headers.items())
            parts = (
                ("status", str(reply.status)),
                ("body", reply.body.decode("utf-8", "backslashreplace")),
                ("headers", "\n".join(f"{name}: {value}" for name, value in shown)),
            )
            found.append(Answer(parts, counted.statements, ask.method not in READING))
            ask = ask.then(reply) if ask.then else None
        return found


class Count:
    """Counts the statements that a database is asked."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.statements += 1
        return execute(*args)


@contextmanager
def asked(world: World, seed: str) -> Iterator[Count]:
    """This will let something be asked of a world that leaves no trace in it; gives how many statements that takes."""
    for each in vars(limits).values():
        if isinstance(each, limits.Limit):
            each.forget()
    tiles.forget()
    counted = Count()
    with ExitStack() as stack:
        stack.enter_context(world.database.looked_at())
        stack.enter_context(chance(seed))
        stack.enter_context(mock.patch.object(book, "KEPT_MS", NIGHT_MS))
        stack.enter_context(connection.execute_wrapper(counted))
        yield counted


def _browser(keys: Keys, reader: Reader, *, by_token: bool) -> Client:
    browser = Client(raise_request_exception=False)
    if not by_token and reader.name in keys.cookies:
        browser.cookies[settings.SESSION_COOKIE_NAME] = keys.cookies[reader.name]
    if by_token and reader.name in keys.tokens:
        browser.defaults["HTTP_AUTHORIZATION"] = f"Bearer {keys.tokens[reader.name]}"
    return browser


def _sent(browser: Client, ask: Ask) -> Reply:
    headers = dict(ask.headers)
    if isinstance(ask.body, dict):
        response = browser.post(ask.path, ask.body, headers=headers)
    else:
        kind = headers.pop("Content-Type", "application/json" if ask.body is not None else "")
        response = browser.generic(ask.method, ask.path, ask.body or "", content_type=kind, headers=headers)
    content = b"".join(response) if response.streaming else response.content
    cookies = {f"Set-Cookie {name}": str(each) for name, each in response.cookies.items()}
    return Reply(response.status_code, {**response.headers, **cookies}, content)


# --- comparing ------------------------------------------------------------------------------------------------------


@dataclass
class Difference:
    """Where two worlds can be told apart."""

    reader: str
    question: str
    part: str
    one: str
    other: str

    def __str__(self) -> str:
        return f"{self.reader} asks {self.question}\n  {self.part}:\n    {self.one}\n    {self.other}"


class Seals:
    """Remembers which sealed versions were given out, and which of one world stands for which of the other."""

    given: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        self._there: dict[str, str] = {}
        self._back: dict[str, str] = {}

    @classmethod
    @contextmanager
    def noted(cls) -> Iterator[None]:
        """This will note every sealed version that is given out."""
        seal = opaque.seal

        def noting(*args: Any) -> str:
            sealed = seal(*args)
            cls.given.add(sealed)
            return sealed

        with mock.patch.object(opaque, "seal", noting):
            yield

    def fit(self, one: str, other: str) -> bool:
        """Tell whether two sealed words can stand for each other: always the same ones for the same."""
        if not {one[:24], other[:24]} <= self.given:
            return False
        return self._there.setdefault(one, other) == other and self._back.setdefault(other, one) == one


_SEALED = re.compile(r"[A-Za-z0-9_-]{24}(?:\.[0-9a-f]{8})?(?![A-Za-z0-9_=-])")
"""A sealed version, or an entity tag: that is one with a sum of the content, in which the version stands."""


class Judge:
    """Compares what one reader was told in two worlds."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.seals = Seals()

    def difference(
        self, question: object, one: Sequence[Answer], other: Sequence[Answer]
    ) -> Difference | None:
        """Find the first difference between two rows of answers."""
        for ours, theirs in zip_longest(one, other):
            if ours is None or theirs is None:
                return Difference(self.reader.name, str(question), "answers", str(len(one)), str(len(other)))
            for (name, mine), (_, yours) in zip(ours.parts, theirs.parts, strict=True):
                if (place := self._place(mine, yours)) is not None:
                    here, there = _around(mine, place[0]), _around(yours, place[1])
                    return Difference(self.reader.name, str(question), name, here, there)
            if not _take_as_long(ours, theirs):
                counts = str(ours.statements), str(theirs.statements)
                return Difference(self.reader.name, str(question), "number of statements", *counts)
        return None

    def _place(self, mine: str, yours: str) -> tuple[int, int] | None:
        """Find where two texts differ by more than by the letters of sealed words."""
        if mine == yours:
            return None
        here = there = 0
        for ours, theirs in zip(_SEALED.finditer(mine), _SEALED.finditer(yours), strict=False):
            if mine[here : ours.start()] != yours[there : theirs.start()]:
                break
            if ours[0] != theirs[0] and not self.seals.fit(ours[0], theirs[0]):
                return ours.start(), theirs.start()
            here, there = ours.end(), theirs.end()
        if mine[here:] == yours[there:]:
            return None
        rest = zip(mine[here:], yours[there:], strict=False)
        step = next((i for i, (a, b) in enumerate(rest) if a != b), min(len(mine) - here, len(yours) - there))
        return here + step, there + step


def _take_as_long(one: Answer, other: Answer) -> bool:
    """Tell whether two answers cost the same; what follows from a write may be more work or less."""
    least, most = sorted((one.statements, other.statements))
    return most <= MOST_WORK * least if one.may_take_longer else most == least


def _around(text: str, place: int) -> str:
    return f"…{text[max(0, place - 120) : place + 160]}…"
