"""Shows where words were found: the piece of a ticket that holds them, the words marked, as far as one may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from nocturne.core import tokens
from nocturne.core.permits import Actor
from nocturne.core.query.tree import Query
from nocturne.core.tokens import Needle
from nocturne.store import search
from nocturne.store.fulltext import reading
from nocturne.store.fulltext.reading import Part, Piece

AROUND = 70
"""Characters shown before and behind what was found."""
FIRST = Part(longest=30_000, most=3_000)
"""What is looked through of a page of tickets: all of nearly everything."""
OF_ONE = 100_000
"""Letters that are looked through of one ticket: who writes at great length makes nobody wait."""
DEEP, DEEPEST = Part(longest=tokens.LONGEST_TEXT, most=5, beyond=FIRST.longest), 2_000_000
"""What is looked through of a ticket on which it is found no sooner, and how many letters of a page in all."""
STEP, OVERLAP = 2_000, 400
"""Letters that are looked at together for the first place to mark, and how many of them twice."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of what was found.

    :param column: where it stands: `text` (an entry), `file`, or a column of the header.
    :param entry: the entry's address as this reader knows it; empty in the header.
    :param ticket: the ticket that the entry is on: of a survivor, perhaps one that was merged into it.
    :param parts: the text, part by part, with whether it is marked; the door makes what is safe to show of it.
    """

    column: str
    entry: str
    ticket: int
    at: datetime | None
    parts: tuple[tuple[str, bool], ...]


def of(actor: Actor, asked: Query, numbers: Sequence[int], *, now: datetime) -> Mapping[int, Fragment]:
    """Show of each ticket where the words of a question were found; nothing where it asks for none."""
    planned = search.planned(asked.tree, actor, now=now) if numbers else None
    if planned is None or not planned[0].needles:
        return {}
    needles = planned[0].needles
    found: dict[int, Fragment] = {}
    for number, pieces in reading.pieces(numbers, actor, now=now, part=FIRST).items():
        if (best := _best(_up_to(OF_ONE, pieces), needles)) is not None:
            found[number] = best
    left = DEEPEST
    for number in numbers:
        if number not in found and left > 0:
            pieces = reading.pieces([number], actor, now=now, part=DEEP).get(number, [])
            left -= sum(len(each.text) for each in pieces)
            if (best := _best(pieces, needles)) is not None:
                found[number] = best
    return found


def _up_to(letters: int, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Give pieces until they hold so many letters."""
    for each in pieces:
        if letters <= 0:
            return
        letters -= len(each.text)
        yield each


def _best(pieces: Iterable[Piece], needles: Sequence[Needle]) -> Fragment | None:
    """Make what is shown of the piece that tells the most; nothing where none holds what was asked."""
    worth, best = max(
        ((_worth(each, needles), each) for each in pieces), key=itemgetter(0), default=((0, 0), None)
    )
    if best is None or worth <= (0, 0):
        return None
    return Fragment(
        best.column, best.entry, best.ticket, best.at, _cut(best.text, _first(best.text, needles))
    )


def _first(text: str, needles: Sequence[Needle]) -> list[tuple[int, int]]:
    """Find the first places to mark: a long text is gone through in steps, and no further than around the first."""
    for start in range(0, len(text), STEP):
        if found := _within(text, start, needles):
            return _within(text, max(0, found[0][0] - OVERLAP), needles)
    return []


def _within(text: str, start: int, needles: Sequence[Needle]) -> list[tuple[int, int]]:
    """Find the places in one step; a word that the step cuts is whole in the one beside it."""
    end = start + STEP + OVERLAP
    return [
        (start + first, start + last)
        for first, last in tokens.spans(text[start:end], needles)
        if (first or not start) and (start + last < end or end >= len(text))
    ]


def _worth(piece: Piece, needles: Sequence[Needle]) -> tuple[int, int]:
    """Say how much of what was asked stands in a piece; an entry's says more than the subject, which is shown."""
    held = sum(tokens.matches((piece.text,), (each,)) for each in needles)
    return held, _TELLS.get(piece.column, 1) if held else 0


_TELLS = {"subject": 0, "file": 2, "text": 3}
"""How much more a piece tells than others: the header's columns stand between the subject and a file."""


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """Cut a text around the first thing that was found in it, at words' ends."""
    if not spans:
        return ((text[: 2 * AROUND], False),)
    start = max(0, spans[0][0] - AROUND)
    end = min(len(text), spans[0][1] + 2 * AROUND)
    if start and (blank := text.find(" ", start, spans[0][0])) >= 0:
        start = blank + 1
    if end < len(text) and (blank := text.rfind(" ", spans[0][1], end)) > 0:
        end = blank
    parts: list[tuple[str, bool]] = [("… ", False)] if start else []
    place = start
    for first, last in spans:
        if last > end:
            break
        parts += [(text[place:first], False), (text[first:last], True)]
        place = last
    parts.append((text[place:end], False))
    if end < len(text):
        parts.append((" …", False))
    return tuple((" ".join(part.split("\n")), marked) for part, marked in parts if part)
