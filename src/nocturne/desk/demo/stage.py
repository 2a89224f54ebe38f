"""Where the demonstration is played: a story tells what happened minute by minute, and the desk writes it down.

Every story is told twice with the same dice: first as a rehearsal, from which the order of all openings follows and so
the numbers, then in earnest, story by story, each in one transaction.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from nocturne.core.permits import Actor
from nocturne.desk import clock
from nocturne.desk.demo import crew
from nocturne.desk.demo.inventory import CUSTOMERS, LINES, PEERS, Customer, Line, Place, place_of

T = TypeVar("T")
Key = tuple[str, int]
"""A ticket before it has a number: its story, and the how-many-eth it is in there."""


@dataclass
class Stage:
    """What all stories share.

    :param now: the end of everything told.
    :param actors: the crew, by name; empty while rehearsing.
    :param callers: the customers' contacts, by mail address.
    :param numbers: the ticket numbers, known after the rehearsal.
    """

    now: datetime
    actors: Mapping[str, Actor] = field(default_factory=dict)
    callers: Mapping[str, Actor] = field(default_factory=dict)
    numbers: Mapping[Key, int] = field(default_factory=dict)
    opened: list[tuple[datetime, Key]] = field(default_factory=list)

    @property
    def is_rehearsal(self) -> bool:
        return not self.actors


class Scene:
    """One story's place and time."""

    def __init__(self, stage: Stage, name: str, run: int, start: datetime, seed: str) -> None:
        self.stage = stage
        self.name = f"{name}/{run}"
        self.run = run
        self.at = start
        self.dice = random.Random(f"{seed}/{self.name}")  # noqa: S311  (a story, not a secret)
        self._tickets = 0

    # --- time --------------------------------------------------------------------------------------------------

    def later(self, least: float, most: float | None = None) -> None:
        """Let some minutes pass.

        :raises ValueError: the story would run past now.
        """
        minutes = least if most is None else self.dice.uniform(least, most)
        self.reach(self.at + timedelta(minutes=minutes, seconds=self.dice.uniform(0, 55)))

    def morning(self, hour: float = 8.2, *, workday: bool = True) -> None:
        """Let time pass until the next day, to this hour; to the next working day where it says so."""
        self.reach(self.next_morning(hour, workday=workday))

    def next_morning(self, hour: float = 8.2, *, workday: bool = True, today: bool = False) -> datetime:
        local = self.at.astimezone(crew.ZONE)
        day = local.replace(
            hour=int(hour), minute=int(hour % 1 * 60), second=self.dice.randrange(60), microsecond=0
        )
        if not today or day <= local:
            day += timedelta(days=1)
        while workday and day.weekday() > 4:
            day += timedelta(days=1)
        return day.astimezone(self.at.tzinfo)

    def office_hours(self) -> None:
        """Let time pass until customers are at their desks."""
        local = self.at.astimezone(crew.ZONE)
        if local.weekday() > 4 or not 8 <= local.hour < 17:
            self.reach(self.next_morning(self.dice.uniform(8, 11.5), today=True))

    def until_now(self, minutes: float = 0) -> float:
        """Give the minutes from here until so many minutes after now (before it, when negative)."""
        return (self.stage.now - self.at).total_seconds() / 60 + minutes

    def on_the_wall(self, ago: float = 0) -> str:
        """Give the time of day as the people of Lakenet say it, so many minutes ago."""
        return f"{(self.at - timedelta(minutes=ago)).astimezone(crew.ZONE):%H:%M}"

    def leaves(self, minutes: float) -> bool:
        """Tell whether so many minutes are left until now."""
        return self.at + timedelta(minutes=minutes) < self.stage.now

    def reach(self, at: datetime) -> None:
        """Let time pass until an instant.

        :raises ValueError: the story would run past now.
        """
        if at > self.stage.now:
            raise ValueError(f"the story {self.name} runs past now")
        self.at = at

    def as_of(self) -> AbstractContextManager[None]:
        return nullcontext() if self.stage.is_rehearsal else clock.as_of(self.at)

    # --- people and things -------------------------------------------------------------------------------------

    def lead(self) -> str:
        """Name the operator who leads the present shift."""
        return crew.on_shift(self.at)[0]

    def second(self) -> str:
        """Name the other operator of the present shift."""
        return crew.on_shift(self.at)[1]

    def boss(self) -> str:
        """Name the supervisor of this hour."""
        return crew.supervisor(self.at)

    def somebody(self, owner: str) -> str:
        """Name who acts now: the owner while on shift, else one of those who are."""
        pair = crew.on_shift(self.at)
        return owner if owner in (*pair, *crew.SUPERVISORS) else pair[self.dice.random() < 0.3]

    def actor(self, name: str) -> Actor:
        return self.stage.actors[name]

    def pick(self, choices: Sequence[T]) -> T:
        return self.dice.choice(choices)

    def turn(self, choices: Sequence[T], stride: int = 1) -> T:
        """Choose by the how-many-eth telling it is, so that all get their turn."""
        return choices[(self.run * stride) % len(choices)]

    def number(self, least: int, most: int) -> int:
        return self.dice.randint(least, most)

    def customer(self) -> Customer:
        return CUSTOMERS[(self.run * 5 + self.dice.randrange(3)) % len(CUSTOMERS)]

    def line(self, *, vendor: str = "") -> Line:
        found = [line for line in LINES if vendor in (line.vendor, "")]
        return found[(self.run * 4 + self.dice.randrange(3)) % len(found)]

    def peer(self) -> tuple[str, str, str]:
        return PEERS[(self.run + self.dice.randrange(2)) % len(PEERS)]

    def place(self, machine: str) -> Place:
        return place_of(machine)

    def case(self, vendor: str) -> str:
        """Make up a vendor's case number, in that vendor's manner."""
        digits = self.dice.randrange(10**6)
        return {
            "Norlink": f"009{digits % 10**5:05d}",
            "Brightlane": f"BLT{digits:06d}",
            "Peninsula Fibre": f"PF-{digits % 10000:04d}/F",
            "Hexatransit": f"HX#{digits:06d}",
            "Castellan Systems": f"2026-{digits % 10**4:04d}-{self.dice.randrange(1000):03d}",
            "Optivane": f"OV{digits:06d}",
            "Consolidated Lakes Power": f"OUT-{digits % 10**5:05d}",
            "Keystone Generator": f"WO {digits % 10**5:05d}",
        }.get(vendor, f"{digits:06d}")

    def key(self) -> Key:
        """Count one ticket of this story."""
        self._tickets += 1
        return self.name, self._tickets
