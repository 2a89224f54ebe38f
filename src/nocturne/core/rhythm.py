"""Rhythms by which something is sent: on which days, at which times, and when that is next.

A rhythm is counted on the wall clock of a zone: summer time moves nothing. An hour that summer time skips is the next
instant there is, and one that comes twice is the first. How people write one is :mod:`nocturne.core.rhythmreading`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from nocturne.core.zones import from_wall, zone_named

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TURNS = ("first", "second", "third", "fourth", "last")
LAST = 5
STEPS = (15, 20, 30, 60, 120, 180, 240, 360, 480, 720)
"""Minutes from one slot to the next that a day is made of whole; what is sent more often nobody reads."""
DAY = 24 * 60
"""Minutes."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On which days, at which times, on which clock.

    :param days: 0 (Monday) to 6; none where it is by the days of a month.
    :param of_month: days of a month, 1 to 31: its last where it has not so many; none where it is by the week.
    :param turns: which of a month's such days, 1 to 4, or 5 for the last; none for all of them.
    :param months: 1 for every month, 3 for the first of each quarter.
    """

    days: tuple[int, ...]
    at: tuple[time, ...]
    zone: str
    of_month: tuple[int, ...] = ()
    turns: tuple[int, ...] = ()
    months: int = 1


def minute_of(at: time) -> int:
    """Count the minutes from midnight to a time of the day."""
    return at.hour * 60 + at.minute


def following(rhythm: Rhythm, after: datetime) -> datetime:
    """Give the first slot behind an instant."""
    zone = zone_named(rhythm.zone)
    first = after.astimezone(zone).date() - timedelta(days=1)
    return next(slot for slot in _slots(rhythm, first) if slot > after)


def last(rhythm: Rhythm, until: datetime) -> datetime | None:
    """Give the last slot up to an instant, of the last two turns of the rhythm."""
    first = until.astimezone(zone_named(rhythm.zone)).date() - timedelta(days=62 * rhythm.months)
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
        if _is_on(rhythm, day):
            yield from sorted({from_wall(day, each, zone).astimezone(UTC) for each in rhythm.at})
        day += timedelta(days=1)


def _is_on(rhythm: Rhythm, day: date) -> bool:
    if (day.month - 1) % rhythm.months:
        return False
    ends = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if rhythm.of_month:
        return day.day in {min(wanted, ends.day) for wanted in rhythm.of_month}
    if day.weekday() not in rhythm.days:
        return False
    is_last = day.day > ends.day - 7
    return not rhythm.turns or (day.day - 1) // 7 + 1 in rhythm.turns or (is_last and LAST in rhythm.turns)


def plain(rhythm: Rhythm) -> dict[str, Any]:
    """Spell a rhythm as it is kept."""
    return {
        "days": [DAYS[day] for day in rhythm.days],
        "of_month": list(rhythm.of_month),
        "turns": list(rhythm.turns),
        "months": rhythm.months,
        "at": [f"{each:%H:%M}" for each in rhythm.at],
        "zone": rhythm.zone,
    }


def kept(body: Mapping[str, Any]) -> Rhythm:
    """Read a rhythm as it was kept, now or when a rhythm had one day of the month at most (`day`)."""
    day = int(body.get("day", 0))
    return Rhythm(
        tuple(DAYS.index(each) for each in body["days"]),
        tuple(time.fromisoformat(each) for each in body["at"]),
        str(body["zone"]),
        tuple(body.get("of_month") or ((day,) if day else ())),
        tuple(body.get("turns", ())),
        int(body.get("months", 1)),
    )


def spelt(rhythm: Rhythm) -> str:
    """Spell a rhythm so that it is read as the same again."""
    days, at = _days_spelt(rhythm), _times_spelt(rhythm.at)
    if days == "daily" and at.startswith(("hourly", "every")):
        return f"{at} {rhythm.zone}"
    return f"{days} {at} {rhythm.zone}"


def _days_spelt(rhythm: Rhythm) -> str:
    monthly = "quarterly" if rhythm.months == 3 else "monthly"
    if rhythm.of_month:
        return f"{monthly} {','.join('last' if day == 31 else str(day) for day in rhythm.of_month)}"
    if len(rhythm.days) == 7:
        days = "daily"
    elif rhythm.days == (0, 1, 2, 3, 4):
        days = "weekdays"
    else:
        days = ",".join(DAYS[each] for each in rhythm.days)
    if not rhythm.turns:
        return days
    turns = ",".join(TURNS[turn - 1] for turn in rhythm.turns)
    return f"{monthly} {turns} {days}" if rhythm.months == 3 else f"{turns} {days}"


def _times_spelt(at: tuple[time, ...]) -> str:
    steps = {minute_of(after) - minute_of(before) for before, after in pairwise(at)}
    step = steps.pop() if len(steps) == 1 and len(at) > 2 else 0
    if step not in STEPS:
        return ",".join(f"{each:%H:%M}" for each in at)
    pace = "hourly" if step == 60 else f"every {step} minutes" if step < 60 else f"every {step // 60} hours"
    is_whole = minute_of(at[0]) == 0 and minute_of(at[-1]) == DAY - step
    return pace if is_whole else f"{pace} {at[0]:%H:%M}-{at[-1]:%H:%M}"
