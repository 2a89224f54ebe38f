"""Who is before which ticket, and which of those who listen are told: the staff that may read it, and nobody else."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from nocturne.core import permits
from nocturne.core.entry import DataClass
from nocturne.core.permits import Actor
from nocturne.desk import clock, presence
from nocturne.desk.presence import Sitting
from nocturne.store import reach
from nocturne.store.models import Ticket

LOOKS_EVERY = 0.5
KEEPS_EVERY = 30.0


class Company:
    """What is known here of who is where."""

    def __init__(self) -> None:
        self.here: dict[int, list[Sitting]] = {}
        self._spoken: dict[int, tuple[Any, ...]] = {}
        self._looked = self._kept = 0.0
        self._is_stale = True

    def look(self, *, has_changed: bool) -> set[int]:
        """Look who is there now, and give the tickets at which that is others than before.

        :param has_changed: whether anything may have been written since.
        """
        now, at = clock.now(), time.monotonic()
        self._is_stale |= has_changed
        if self._is_stale and at - self._looked >= LOOKS_EVERY:
            self._looked, self._is_stale = at, False
            self.here = presence.everywhere(now)
        spoken = {}
        for number, sittings in self.here.items():
            there = tuple(_spoken(each, now) for each in sittings if each.until > now)
            if there:
                spoken[number] = there
        changed = {
            number
            for number in self._spoken.keys() | spoken.keys()
            if self._spoken.get(number) != spoken.get(number)
        }
        self._spoken = spoken
        return changed

    def keep(self, users: Iterable[int]) -> None:
        """Let those stay who listen here and are before a ticket."""
        at = time.monotonic()
        if at - self._kept < KEEPS_EVERY:
            return
        self._kept = at
        there = {each.user for sittings in self.here.values() for each in sittings}
        if mine := there.intersection(users):
            presence.keep(mine)

    def at(self, numbers: Iterable[int]) -> Seats:
        """Gather what telling of some tickets takes."""
        asked = sorted(numbers)
        rows = Ticket.objects.filter(pk__in=asked).values(*reach.PLACE) if asked else ()
        return Seats(self.here, {row["number"]: row for row in rows})

    @property
    def everywhere(self) -> set[int]:
        return set(self._spoken)


class Seats:
    """Some tickets, who is before them, and who may know."""

    def __init__(self, here: Mapping[int, list[Sitting]], tickets: Mapping[int, Mapping[str, Any]]) -> None:
        self.here, self.tickets = here, tickets
        self.now = clock.now()
        self._parts: reach.Parts | None = None

    def told(self, actor: Actor) -> dict[str, list[dict[str, str]]]:
        """Say who is there, as far as somebody may know."""
        if not actor.is_staff:
            return {}
        by_parts = bool(permits.held(actor).parties)
        found = {}
        for number, row in self.tickets.items():
            place = reach.place(row)
            if by_parts:
                place |= self._parts_of(actor, number)
            seen = permits.classes(actor, place)
            if int(DataClass.STAFF) in seen:
                found[str(number)] = [
                    {"name": each.name, "does": each.seen_by(seen, self.now)}
                    for each in self.here.get(number, ())
                    if each.until > self.now
                ]
        return found

    def _parts_of(self, actor: Actor, number: int) -> dict[str, Any]:
        if self._parts is None:
            self._parts = reach.Parts.read(self.tickets)
        return self._parts.of(actor, number)


def _spoken(sitting: Sitting, now: datetime) -> tuple[Any, ...]:
    """Sum up what is said of somebody: another sum is another word to everybody."""
    writes = sitting.writes_until is not None and sitting.writes_until > now
    return sitting.name, sitting.writes_in if writes else None
