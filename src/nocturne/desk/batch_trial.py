"""An act on many tickets, tried out: it is done and taken back, so what is shown is what will be, to the letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Refusal
from nocturne.desk import batch_doing
from nocturne.desk.batch import STEP, checked, demanded
from nocturne.desk.batch_reports import Outcome
from nocturne.store.db import writing

PAGE = 100
"""Tickets on which an act is tried out at a time; others follow when they are asked for."""


class _TakenBack(Exception):
    """Ends a trial: nothing of it stays."""


def tried(
    words: Sequence[str],
    numbers: Sequence[int],
    *,
    by: Actor,
    door: Door,
    now: datetime,
    seen: Mapping[int, str] | None = None,
    after: int = 0,
) -> Iterator[Outcome]:
    """Try an act out on a page of tickets and say what would become of each, and whether it could be taken back.

    Nothing of it stays, and nobody is told.

    :param after: the number of the last ticket of the page before.
    :raises Invalid: nothing was asked for, or of too many.
    """
    words = demanded(words, by)
    ahead = page(checked(numbers), after)
    ways: dict[object, Refusal | None] = {}
    for first in range(0, len(ahead), STEP):
        made: list[Outcome] = []
        try:
            with writing():
                for number in ahead[first : first + STEP]:
                    found = batch_doing.done(
                        words, number, by=by, door=door, now=now, seen=(seen or {}).get(number, "")
                    )
                    made.append(_with_way_back(found, ways, by=by, door=door))
                raise _TakenBack
        except _TakenBack:
            yield from made


def page(numbers: Sequence[int], after: int) -> list[int]:
    """Give the tickets of the page that begins behind a ticket; of one that is not among them, the first page."""
    start = numbers.index(after) + 1 if after in numbers else 0
    return list(numbers[start : start + PAGE])


def _with_way_back(found: Outcome, ways: dict[object, Refusal | None], *, by: Actor, door: Door) -> Outcome:
    """Say whether what was done could be taken back, by doing that too: once for all that were changed alike."""
    if found.state != "done":
        return found
    alike = tuple(
        (each.kind, tuple((name, before is None, after is None) for name, before, after in each.changes))
        for each in found.entries
    )
    if alike not in ways:
        before, _blank, after = found.version.partition(" ")
        ways[alike] = batch_doing.undone(found.number, before, after, by=by, door=door).refusal
    return replace(found, stays=ways[alike])


__all__ = ["PAGE", "page", "tried"]
