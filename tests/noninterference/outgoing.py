"""All that goes out of the house by itself or is taken away: feeds in every form, files, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from nocturne.core.entry import Door
from nocturne.core.refusals import Refusal
from nocturne.desk import feeds
from tests.noninterference.asking import Answer, Ask, Question, asked
from tests.noninterference.people import Keys, Reader, actor
from tests.noninterference.programs import ROOT
from tests.noninterference.world import Facts
from tests.noninterference.worlds import World

QUERIES = (
    "is:open",
    "",
    "-owner:me",
    "priority:1..2",
    "is:overdue",
    "vendor:Norlink",
    "library",
    "number:1..6",
)
FORMS = ("csv", "jsonl")


@dataclass(frozen=True)
class Feed:
    """What a feed of one's own says, in every form, and what its reader is told who has it already."""

    query: str

    def __str__(self) -> str:
        return f"a feed of {self.query or 'everything'}"

    def put(self, world: World, keys: Keys, reader: Reader) -> list[Answer]:
        found = []
        for form in feeds.FORMS:
            with asked(world, f"{self} as {form}") as counted:
                try:
                    _, plain = feeds.create(query=self.query, by=actor(reader.name), door=Door.WEB)
                    told = feeds.read(plain, form)
                    said = f"{told.tag} {told.since}\n{told.content.decode()}"
                except Refusal as refusal:
                    said = str(refusal)
            found.append(Answer((("feed", said),), counted.statements))
        return found


def questions(facts: Facts, reader: Reader) -> Iterator[Question]:
    """Ask for everything that leaves; whoever has no account has no feed."""
    for query in QUERIES:
        if reader.has_account:
            yield Feed(query)
        yield Ask("GET", f"{ROOT}/tickets/count?q={quote(query)}", by_token=True)
        for form in FORMS:
            yield Ask("GET", f"{ROOT}/tickets.{form}?q={quote(query)}", by_token=True)
        yield Ask("GET", f"/search/export?q={quote(query)}")
