"""Rhythms by which something is sent: `weekdays 06:45`, `mon,thu 07:00,19:00`, `monthly 1 08:00 Europe/Paris`.

A rhythm is counted on the wall clock of a zone: summer time moves nothing. An hour that summer time skips is the next
instant there is, and one that comes twice is the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from nocturne.core.refusals import Invalid
from nocturne.core.zones import Zone, find_zone, from_wall, zone_named

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SETS = {
    "daily": DAYS,
    "day": DAYS,
    "weekdays": DAYS[:5],
    "weekday": DAYS[:5],
    "workdays": DAYS[:5],
    "weekends": DAYS[5:],
    "weekend": DAYS[5:],
    "weekly": DAYS[:1],
    "hourly": (),
}
_FULL = dict(
    zip(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), DAYS, strict=True)
)
_TIME = re.compile(r"([01]?\d|2[0-3])(?::([0-5]\d))?")
USUAL = time(7)
"""When something is sent where no time is said: before most shifts begin."""
LONGEST, MOST_TIMES = 200, 24
_HOURS = tuple(time(hour) for hour in range(24))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On which days, at which times, on which clock.

    :param days: 0 (Monday) to 6; none where it is by the month.
    :param of_month: 1 to 31, the last day where a month has no such day; 0 where it is by the week.
    """

    days: tuple[int, ...]
    at: tuple[time, ...]
    zone: str
    of_month: int = 0


def read(text: str, zone: Zone) -> Rhythm:
    """Read a rhythm as people write it; what is not said is every day, at seven, on the asker's own clock.

    :raises Invalid: bad_rhythm.
    """
    days: set[str] = set()
    at: set[time] = set()
    of_month, named, is_monthly = 0, "", False
    pieces = re.split(r"[\s,]+", text.strip()[:LONGEST])
    if len(text) > LONGEST:
        raise Invalid("bad_rhythm", field="rhythm", given=text[:40])
    for piece in filter(None, pieces):
        word = piece.casefold()
        if word in ("every", "each", "at", "on", "the", "and", "of", "month's"):
            continue
        if word in ("monthly", "month"):
            is_monthly = True
        elif word in _SETS:
            days |= set(_SETS[word])
            at |= set(_HOURS) if word == "hourly" else set()
        elif (day := _FULL.get(word.removesuffix("s"), word[:3] if word in DAYS else "")) in DAYS:
            days.add(day)
        elif is_monthly and not of_month and (number := _of_month(word)):
            of_month = number
        elif match := _TIME.fullmatch(word):
            at.add(time(int(match[1]), int(match[2] or 0)))
        elif find_zone(piece) is not None and not named:
            named = str(zone_named(piece))
        else:
            raise Invalid("bad_rhythm", field="rhythm", given=piece[:40])
    if is_monthly and days:
        raise Invalid("bad_rhythm", field="rhythm", given=text[:40])
    chosen = () if is_monthly else tuple(sorted(DAYS.index(day) for day in days or DAYS))
    times = tuple(sorted(at)) or (USUAL,)
    if len(times) > MOST_TIMES:
        raise Invalid("bad_rhythm", field="rhythm", given=text[:40])
    return Rhythm(chosen, times, named or str(zone), (of_month or 1) if is_monthly else 0)


def _of_month(word: str) -> int:
    if word == "last":
        return 31
    number = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|\.)?", word)
    return int(number[1]) if number and 1 <= int(number[1]) <= 31 else 0


def following(rhythm: Rhythm, after: datetime) -> datetime:
    """Give the first slot behind an instant."""
    zone = zone_named(rhythm.zone)
    first = after.astimezone(zone).date() - timedelta(days=1)
    return next(slot for slot in _slots(rhythm, first) if slot > after)


def last(rhythm: Rhythm, until: datetime) -> datetime | None:
    """Give the last slot up to an instant, of the last two months."""
    first = until.astimezone(zone_named(rhythm.zone)).date() - timedelta(days=62)
    found = None
    for slot in _slots(rhythm, first):
        if slot > until:
            return found
        found = slot
    return found  # pragma: no cover - there is always another slot


def _slots(rhythm: Rhythm, first: date) -> Iterator[datetime]:
    zone = zone_named(rhythm.zone)
    day = first
    while True:
        if day.weekday() in rhythm.days or (rhythm.of_month and day.day == _day_in(day, rhythm.of_month)):
            yield from sorted({from_wall(day, each, zone).astimezone(UTC) for each in rhythm.at})
        day += timedelta(days=1)


def _day_in(day: date, wanted: int) -> int:
    """Say which day of a month is meant: its last where it has not so many."""
    ends = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return min(wanted, ends.day)


def plain(rhythm: Rhythm) -> dict[str, Any]:
    """Spell a rhythm as it is kept."""
    return {
        "days": [DAYS[day] for day in rhythm.days],
        "day": rhythm.of_month,
        "at": [f"{each:%H:%M}" for each in rhythm.at],
        "zone": rhythm.zone,
    }


def kept(body: Mapping[str, Any]) -> Rhythm:
    """Read a rhythm as it was kept."""
    return Rhythm(
        tuple(DAYS.index(day) for day in body["days"]),
        tuple(time.fromisoformat(each) for each in body["at"]),
        str(body["zone"]),
        int(body["day"]),
    )


def spelt(rhythm: Rhythm) -> str:
    """Spell a rhythm so that :func:`read` understands it again."""
    at = "hourly" if rhythm.at == _HOURS else ",".join(f"{each:%H:%M}" for each in rhythm.at)
    if rhythm.of_month:
        day = f"monthly {'last' if rhythm.of_month == 31 else rhythm.of_month}"
    elif len(rhythm.days) == 7:
        day = "daily"
    elif rhythm.days == (0, 1, 2, 3, 4):
        day = "weekdays"
    else:
        day = ",".join(DAYS[each] for each in rhythm.days)
    return f"{at} {rhythm.zone}" if (day, at) == ("daily", "hourly") else f"{day} {at} {rhythm.zone}"
