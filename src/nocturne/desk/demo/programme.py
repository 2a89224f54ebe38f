"""Which stories are told, how often and when: three hundred tickets in sixty days, twenty of them open at the end."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from nocturne.desk.demo.stage import Scene, Stage
from nocturne.desk.demo.stories import (
    Story,
    callers,
    circuits,
    customers,
    hardware,
    longrun,
    planned,
    power,
    routing,
    services,
    together,
    tonight,
)

DAYS = 60
TICKETS, OPEN = 300, 20
ENDED: tuple[Story, ...] = (
    *circuits.STORIES,
    *routing.STORIES,
    *power.STORIES,
    *hardware.STORIES,
    *services.STORIES,
    *customers.STORIES,
    *together.STORIES,
    *planned.STORIES,
)
RUNNING: tuple[Story, ...] = (*longrun.STORIES, *tonight.STORIES, *callers.STORIES)
"""These begin at a fixed time before now, and something of each is still open."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One telling of a story: the how-many-eth, and when it begins."""

    story: Story
    run: int
    start: datetime

    def scene(self, stage: Stage, seed: str) -> Scene:
        return Scene(stage, self.story.name, self.run, self.start, seed)


def tellings(now: datetime, seed: str) -> list[Telling]:
    """Spread all stories over the sixty days, in the order in which they begin."""
    return sorted(_spread(now, random.Random(seed)), key=lambda each: (each.start, each.story.name))  # noqa: S311


def _spread(now: datetime, dice: random.Random) -> Iterator[Telling]:
    for story in ENDED:
        room = timedelta(days=DAYS) - timedelta(hours=story.hours)
        for run in range(story.runs):
            # One in each slice of the time, so that no kind of trouble comes all at once.
            share = (run + dice.random()) / story.runs
            yield Telling(story, run, now - timedelta(days=DAYS) + room * share)
    for story in RUNNING:
        yield Telling(story, 0, now - timedelta(hours=story.hours))
