"""All that goes out of the house by itself or is taken away: feeds in every form, files, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from nocturne.core import rhythm, rhythmreading
from nocturne.core.entry import Door
from nocturne.core.refusals import Refusal
from nocturne.desk import clock, feeds, tiles
from nocturne.desk.graphs import BY
from nocturne.doors.web import graphs
from nocturne.store.models import Subscription
from nocturne.watch import digests
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
                    _, plain, _again = feeds.create(query=self.query, by=actor(reader.name), door=Door.WEB)
                    told = feeds.read(plain, form)
                    said = f"{told.tag} {told.since}\n{told.content.decode()}"
                except Refusal as refusal:
                    said = str(refusal)
            found.append(Answer((("feed", said),), counted.statements))
        return found


TILES: tuple[dict[str, str], ...] = (
    {"kind": "count", "query": "-is:merged"},
    {"kind": "view", "view": "board", "rows": "20"},
    {"kind": "view", "view": "untaken"},
    *({"kind": "chart", "query": "", "by": by} for by in BY),
)


@dataclass(frozen=True)
class Tile:
    """What one tile of a dashboard shows, its graph and the questions behind its figures."""

    given: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"a tile of {dict(self.given)}"

    def put(self, world: World, keys: Keys, reader: Reader) -> list[Answer]:
        with asked(world, str(self)) as counted:
            who, now = actor(reader.name), clock.now()
            try:
                shown = tiles.shown(tiles.read(dict(self.given), who, now=now), who, now=now)
                said = f"{vars_of(shown)}\n{graphs.graph(shown) if shown.series else ''}"
            except Refusal as refusal:
                said = str(refusal)
        return [Answer((("tile", said),), counted.statements)]


HANDED_OVER = "what was handed over"


@dataclass(frozen=True)
class Mailed:
    """What a subscription would mail: a question, or a dashboard where there is none; or what was handed over."""

    query: str | None

    def __str__(self) -> str:
        return f"a mail of {self.query or 'the dashboard'}"

    def put(self, world: World, keys: Keys, reader: Reader) -> list[Answer]:
        kept = rhythm.plain(rhythmreading.read("daily", "UTC"))
        row = Subscription(title="Daily", rhythm=kept, kind="dashboard" if self.query is None else "query")
        row.what, row.query = ("night", "") if self.query is None else ("", self.query)
        if self.query == HANDED_OVER:
            row.kind, row.query = "handover", ""
        with asked(world, str(self)) as counted:
            try:
                made = digests.digest(row, actor(reader.name), leave="http://left")
                said = f"{made.subject}\n{made.text}\n{made.html}"
            except (digests.Unwanted, Refusal) as why:
                said = str(why)
        return [Answer((("mail", said),), counted.statements)]


def vars_of(shown: tiles.Shown) -> str:
    """Spell all that a tile holds."""
    return "\n".join(f"{name}: {getattr(shown, name)}" for name in shown.__slots__)


def questions(facts: Facts, reader: Reader) -> Iterator[Question]:
    """Ask for everything that leaves; whoever has no account has no feed."""
    for given in TILES if reader.has_account else ():
        yield Tile(tuple(given.items()))
    if reader.has_account:
        yield Mailed(None)
        yield Mailed(HANDED_OVER)
    for query in QUERIES:
        if reader.has_account:
            yield Feed(query)
            yield Mailed(query)
        yield Ask("GET", f"{ROOT}/tickets/count?q={quote(query)}", by_token=True)
        for form in FORMS:
            yield Ask("GET", f"{ROOT}/tickets.{form}?q={quote(query)}", by_token=True)
        yield Ask("GET", f"/search/export?q={quote(query)}")
