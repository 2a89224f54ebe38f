"""Single looks at both worlds, written as somebody would say them: for when one question is enough."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from tests.noninterference import addresses, letters, meanwhile, outgoing, programs, shell
from tests.noninterference.asking import Answer, Ask, Judge, Question
from tests.noninterference.console import spelt
from tests.noninterference.people import BY_NAME, Reader
from tests.noninterference.telling import compared
from tests.noninterference.twins import NOW, at, chance
from tests.noninterference.world import Facts
from tests.noninterference.worlds import World, Worlds

MISSING = {"missing": addresses.MISSING}


@dataclass(frozen=True)
class Look:
    """One reader and one question, which both worlds answer alike: that of all that is hidden from them.

    A question begins with how it is put: `GET` or `POST` with an address (a blank in a name is a `~`) and with what is
    sent, `mail` with what happens, `noc` with its words, `file` with the step that it came with, `feed`
    with what is asked, `tile` with what a graph of the open tickets is by, `try` with what is tried at the desk.

    :param nowhere: what the question asks for, and what it would ask for instead if there were no such thing: in one
        and the same world the answers must be alike.
    :param unsaid: what no answer may hold; a ticket's number is put into the braces.
    :param meanwhile: what happens before the question, so that there is something to hide; without `unsaid` it is asked
        before that as well, and both answers must be alike.
    """

    who: str
    question: str
    nowhere: tuple[str, str] | None = None
    unsaid: str = ""
    meanwhile: str = ""

    def __str__(self) -> str:
        return f"{self.who}: {self.question}" + (f" after {self.meanwhile}" if self.meanwhile else "")

    def differs(self, worlds: Worlds) -> str:
        """Say in what two answers differ that must not; nothing, if they do not."""
        reader, ours = BY_NAME[self.who], worlds.where()
        if self.meanwhile:
            return self._differs_after(ours, worlds, reader)
        unsaid = self._unsaid(ours)
        if unsaid:
            told = _put(self.question, ours.facts, reader).put(ours, worlds.keys, reader)
            return f"{self} says {unsaid}" if any(unsaid in str(each.parts) for each in told) else ""
        if self.nowhere is None:
            other = worlds.where(*frozenset().union(*reader.hidden))
            one, two = ((each, _put(self.question, each.facts, reader)) for each in (ours, other))
            return str(compared(Judge(reader), one, two, worlds) or "")
        pair = []
        for name in self.nowhere:
            question = self.question.replace(self.nowhere[0], name)
            answers = _put(question, ours.facts, reader).put(ours, worlds.keys, reader)
            asked = name.replace("~", " ").format_map(spelt(ours.facts, reader) | MISSING)
            pair.append([_in_short(answer, asked) for answer in answers])
        return "" if pair[0] == pair[1] else f"{self} is not as if there were none: {pair}"

    def _unsaid(self, world: World) -> str:
        return self.unsaid.format_map(world.facts.numbers) if "{" in self.unsaid else self.unsaid

    def _differs_after(self, world: World, worlds: Worlds, reader: Reader) -> str:
        """Ask before something happens and after it, in one and the same world, or only after it."""

        def ask() -> list[str]:
            return [
                str(each.parts)
                for each in _put(self.question, world.facts, reader).put(world, worlds.keys, reader)
            ]

        with meanwhile.kept(world):
            before = [] if self.unsaid else ask()
            with at(NOW), chance(self.meanwhile):
                meanwhile.HAPPENS[self.meanwhile](world.facts)
            told = ask()
        if self.unsaid:
            unsaid = self._unsaid(world)
            return f"{self} says {unsaid}" if any(unsaid in each for each in told) else ""
        return "" if told == before else f"{self} is told that something happened:\n{_apart(before, told)}"


def _apart(one: list[str], other: list[str]) -> str:
    for mine, yours in zip(one, other, strict=False):
        place = next((n for n, (a, b) in enumerate(zip(mine, yours, strict=False)) if a != b), None)
        if place is not None:
            return f"{mine[max(0, place - 80) : place + 120]}\n{yours[max(0, place - 80) : place + 120]}"
    return "one is longer"


def _in_short(answer: Answer, asked: str) -> str:
    """Say what an answer comes down to: its status, and if it is one for programs what it says of what was asked."""
    status, body = (text for _, text in answer.parts[:2])
    assert not status.startswith("5"), f"what should have answered broke: {body[:200]}"
    if not body.startswith("{"):
        return status
    return f"{status} " + re.sub(rf"(?<![0-9A-Za-z]){re.escape(asked)}(?![0-9A-Za-z])", "…", body)


def _put(question: str, facts: Facts, reader: Reader) -> Question:
    way, _, what = question.partition(" ")
    if way == "try":
        return meanwhile.Try(what)
    if way == "mail":
        return letters.Mail(what)
    if way == "noc":
        return shell.Command(what)
    if way == "feed":
        return outgoing.Feed(what)
    if way == "tile":
        return outgoing.Tile((("kind", "chart"), ("query", "is:open"), ("by", what)))
    if way == "file":
        return Ask("GET", f"/attachments/{facts.files[what]}")
    named = spelt(facts, reader) | MISSING
    address, _, body = what.partition(" ")
    address = address.format_map({name.replace(" ", "~"): value for name, value in named.items()})
    if address.startswith(programs.ROOT):
        then = partial(programs.pages, address) if way == "GET" else None
        return Ask(way, address, body or None, by_token=True, then=then)
    form = dict(pair.split("=", 1) for pair in body.format_map(named).split("&")) if body else None
    return Ask(way, address, form if way == "POST" else None)
