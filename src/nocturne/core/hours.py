"""Working time: how much of it lies between two instants, and when a span of it has passed.

A calendar speaks in wall-clock times of its zone; here they become instants, day by day, so that a day on which
summer time begins or ends has as many working hours as its clocks show. A window belongs to the day it begins on:
one from 22:00 to 06:00 runs on into a holiday, and none begins on one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from nocturne.core.configuration.calendars import MINUTES, Calendar
from nocturne.core.refusals import Invalid
from nocturne.core.zones import from_wall, zone_named

Window = tuple[datetime, datetime]
"""From an instant on, until just before another; both UTC."""
NOTHING = timedelta(0)
LONGEST_SEARCH = 366 * 9
"""Days without any window after which a calendar counts as one that never opens (one may open on 29 February only)."""
LAST_YEAR = 2300


def windows(calendar: Calendar, since: datetime) -> Iterator[Window]:
    """Give the windows that end after an instant, in their order; those that touch or overlap are one."""
    begun: Window | None = None
    given: datetime | None = None
    for start, end in _by_day(calendar, since):
        # A week of round-the-clock work is given out in pieces rather than gathered for ever.
        if begun is not None and (start > begun[1] or begun[1] - begun[0] > timedelta(days=8)):
            yield begun
            given, begun = begun[1], None
        start = max(start, given or start)
        if end <= max(start, since):
            continue
        begun = (begun[0], max(begun[1], end)) if begun else (start, end)
    if begun is not None:
        yield begun


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Tell whether somebody works at this instant; the closing second itself is free."""
    first = next(windows(calendar, at), None)
    return first is not None and first[0] <= at


def opening(calendar: Calendar, at: datetime) -> datetime:
    """Give the instant at which work goes on: this one where it runs already, else the next opening.

    :raises Invalid: the calendar never opens again.
    """
    first = next(windows(calendar, at), None)
    if first is None:
        raise _never(calendar)
    return max(first[0], at.astimezone(UTC))


def between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Measure the working time from one instant to another; nothing where the second is not later."""
    total = NOTHING
    if end <= start:
        return total
    for opens, closes in windows(calendar, start):
        if opens >= end:
            break
        total += min(closes, end) - max(opens, start)
    return total


def after(calendar: Calendar, start: datetime, span: timedelta) -> datetime:
    """Give the first instant by which a span of working time has passed since `start` (UTC).

    A span that ends with the day ends at closing, not at the next opening; no span at all ends where it starts.

    :raises Invalid: the calendar never opens again, or not often enough.
    """
    left, start = span, start.astimezone(UTC)
    if left <= NOTHING:
        return start
    for opens, closes in windows(calendar, start):
        begins = max(opens, start)
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
    raise _never(calendar)


def next_day(calendar: Calendar, at: datetime, clock: time | None = None) -> datetime:
    """Give a time of the next working day (a later day than today, in the calendar's zone): its opening, or `clock`.

    :raises Invalid: the calendar never opens again.
    """
    zone = zone_named(calendar.zone)
    today = at.astimezone(zone).date()
    for step in range(1, LONGEST_SEARCH):
        day = today + timedelta(days=step)
        if spans := _on(calendar, day, zone):
            return from_wall(day, clock, zone) if clock is not None else min(start for start, _ in spans)
    raise _never(calendar)


def _by_day(calendar: Calendar, since: datetime) -> Iterator[Window]:
    zone = zone_named(calendar.zone)
    day = since.astimezone(zone).date() - timedelta(days=1)
    idle = 0
    while idle < LONGEST_SEARCH and day.year < LAST_YEAR:
        found = _on(calendar, day, zone)
        idle = 0 if found else idle + 1
        yield from found
        day += timedelta(days=1)


def _on(calendar: Calendar, day: date, zone: tzinfo) -> list[Window]:
    """List the windows that begin on a day, in their order."""
    if day in calendar.holidays or (day.month, day.day) in calendar.yearly:
        return []
    found = []
    for start, end in sorted(calendar.hours.get(day.weekday(), ())):
        ends = end if end > start else end + MINUTES
        found.append((_instant(day, start, zone), _instant(day, ends, zone)))
    return found


def _instant(day: date, minute: int, zone: tzinfo) -> datetime:
    days, minute = divmod(minute, MINUTES)
    return from_wall(day + timedelta(days=days), time(minute // 60, minute % 60), zone)


def _never(calendar: Calendar) -> Invalid:
    return Invalid("calendar_never_opens", calendar=calendar.name)
