"""Shows where words were found: the piece of a ticket that holds them, the words marked, as far as one may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from nocturne.core import tokens
from nocturne.core.permits import Actor
from nocturne.core.querytree import Query
from nocturne.core.tokens import Needle
from nocturne.store import search
from nocturne.store.fulltext import reading
from nocturne.store.fulltext.reading import Piece

AROUND = 70
"""Characters shown before and behind what was found."""


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
    for number, pieces in reading.pieces(numbers, actor, now=now).items():
        best = max(pieces, key=lambda each: _worth(each, needles), default=None)
        if best is not None and _worth(best, needles) > (0, 0):
            found[number] = Fragment(
                best.column,
                best.entry,
                best.ticket,
                best.at,
                _cut(best.text, tokens.spans(best.text, needles)),
            )
    return found


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
