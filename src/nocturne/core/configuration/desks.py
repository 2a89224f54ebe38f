"""Desks: which tickets one shift passes on to the next, and when shifts usually change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from nocturne.core.configuration.body import Body, wrong
from nocturne.core.refusals import Invalid
from nocturne.core.zones import from_wall, zone_named

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Desk:
    """What is taken over together.

    :param query: which tickets, in the language of the search box; without one, all of them.
    :param times: when its shifts change, as wall-clock times of `zone`. They are a guide: a shift begins when somebody
        takes it over.
    """

    name: str = ""
    title: str = ""
    query: str = ""
    times: tuple[time, ...] = ()
    zone: str = ""
    help: str = ""

    def last_change(self, now: datetime, *, zone: str = "UTC") -> datetime | None:
        """Say when its shift should have begun; nothing where it has no times.

        :param zone: the site's, where the desk names none.
        """
        return max((at for at in self._changes(now, zone) if at <= now), default=None)

    def next_change(self, now: datetime, *, zone: str = "UTC") -> datetime | None:
        """Say when its shift should end."""
        return min((at for at in self._changes(now, zone) if at > now), default=None)

    def _changes(self, now: datetime, zone: str) -> Iterator[datetime]:
        place = zone_named(self.zone or zone)
        today = now.astimezone(place).date()
        for step in (-1, 0, 1):
            for at in self.times:
                yield from_wall(today + timedelta(days=step), at, place).astimezone(UTC)


def read(name: str, body: Body) -> Desk:
    zone = body.text("zone", longest=60)
    if zone:
        try:
            zone_named(zone)
        except Invalid:
            raise wrong("no_zone", body.at("zone"), given=zone) from None
    return Desk(
        name,
        body.text("title", longest=120),
        body.text("query", longest=2_000),
        tuple(_time(each, body.at("times")) for each in body.texts("times", longest=5, most=12)),
        zone,
        body.text("help", longest=400),
    )


def _time(text: str, where: str) -> time:
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise wrong("bad_desk_time", where, given=text)
    return time(int(match[1]), int(match[2]))
