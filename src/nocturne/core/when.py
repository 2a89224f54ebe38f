"""Times as people write them: `in 2h`, `mon 08:00`, `tomorrow 9`, `2026-12-01 14:00 Z`, `10 min ago`; and, where
somebody's working hours are known, `2 working hours`, `next working day 09:00`.

What is missing in a written time is filled by its direction: for a timer `08:00` is the next such time, for
"happened at" the last one. A day without a time of day is its morning for a timer, and its start for
"happened at". What `nocturne.core.zones` says of wall times that summer time skips or doubles holds here too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Literal, NamedTuple

from nocturne.core.refusals import Invalid
from nocturne.core.spans import Span, read_span
from nocturne.core.timesofday import TimeOfDay, UnclearZoneError, read_time, read_zone
from nocturne.core.zones import Zone, from_wall, zone_named

if TYPE_CHECKING:
    from nocturne.core.configuration.calendars import Calendar

Calendars = Callable[[], "Calendar | None"]
"""Finds whose working hours count, when somebody speaks of them."""
Direction = Literal["future", "past"]

MORNING = time(8)
"""When a day begins for a timer that names no time of day."""
_MOST_WORDS = 16
_MOST_DAYS = 400

_DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("mon", "monday"),
            ("tue", "tues", "tuesday"),
            ("wed", "weds", "wednesday"),
            ("thu", "thur", "thurs", "thursday"),
            ("fri", "friday"),
            ("sat", "saturday"),
            ("sun", "sunday"),
        )
    )
    for name in names
}

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[tT](.+))?")


class Alarm(NamedTuple):
    """A ticket's timer as it was written: when it goes off (UTC), and a short text."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a written time is read against."""

    now: datetime
    zone: tzinfo
    past: bool
    calendar: Calendars | None = None


def parse_when(
    text: str,
    now: datetime,
    zone: Zone,
    direction: Direction = "future",
    *,
    field: str = "alarm",
    calendar: Calendars | None = None,
) -> datetime:
    """Read a written time as an instant in UTC; a zone named in it comes before `zone`, the account's.

    An explicit time may lie on either side of now, whatever the direction: whether that is allowed is the
    caller's rule.

    :raises Invalid: bad_time, bad_zone for letters such as CET that do not say which zone is meant, or no_calendar.
    """
    words = [match[0] for match in re.finditer(r"\S+", text)]
    found = _read(words, _frame(now, zone, direction, calendar), given=text, field=field)
    if found is None or found[1] != len(words):
        raise Invalid("bad_time", field=field, given=text)
    return found[0]


def parse_alarm(
    text: str, now: datetime, zone: Zone, *, field: str = "alarm", calendar: Calendars | None = None
) -> Alarm:
    """Split a timer such as `mon 08:00 call again` into its instant and its text; the time takes all it can.

    :param calendar: whose working hours `2 working hours` means.
    :raises Invalid: bad_time, bad_zone, no_calendar, or time_past for a timer that would have gone off already.
    """
    places = list(re.finditer(r"\S+", text))
    frame = _frame(now, zone, "future", calendar)
    found = _read([place[0] for place in places], frame, given=text, field=field)
    if found is None:
        raise Invalid("bad_time", field=field, given=text)
    at, used = found
    if at <= now:
        raise Invalid("time_past", field=field, given=text)
    return Alarm(at, text[places[used].start() :].rstrip() if used < len(places) else "")


def _frame(now: datetime, zone: Zone, direction: Direction, calendar: Calendars | None) -> _Frame:
    return _Frame(now.astimezone(UTC), zone_named(zone), direction == "past", calendar)


def _read(words: Sequence[str], frame: _Frame, *, given: str, field: str) -> tuple[datetime, int] | None:
    """Read the longest time at the front of the words; gives it with the number of words it took."""
    bare = [word.rstrip(",;:") for word in words[:_MOST_WORDS]]
    if not bare:
        return None
    try:
        lowered = [word.lower() for word in bare]
        found = _in_working_time(lowered, frame) or _from_now(lowered, frame) or _from_calendar(bare, frame)
        if found is not None and not 1900 < found[0].year < 2200:
            raise ValueError("no such year")
        return found
    except UnclearZoneError as unclear:
        raise Invalid("bad_zone", field=field, given=str(unclear)) from None
    except _NoCalendarError:
        raise Invalid("no_calendar", field=field, given=given) from None
    except (OverflowError, ValueError):
        raise Invalid("bad_time", field=field, given=given) from None


class _NoCalendarError(Exception):
    """Says that nobody's working hours are known here."""


def _in_working_time(words: list[str], frame: _Frame) -> tuple[datetime, int] | None:
    """Read `2 working hours`, `in 90 working minutes`, `next working day 09:00`, `2 working days`."""
    skipped = 1 if words[0] == "in" else 0
    if len(words) < skipped + 3 or words[skipped + 1] != "working" or frame.past:
        return None
    amount, unit, used = words[skipped], words[skipped + 2], skipped + 3
    is_day = unit in ("day", "days")
    if amount == "next" and not is_day:
        return None
    found = None if amount == "next" else read_span([amount, unit])
    if amount != "next" and (found is None or found[1] != 2 or bool(found[0].days) != is_day):
        return None
    from nocturne.core import hours  # calendars are part of the configuration, whose fields hold times

    calendar = frame.calendar() if frame.calendar is not None else None
    if calendar is None:
        raise _NoCalendarError
    if not is_day and found is not None:
        return hours.after(calendar, frame.now, timedelta(seconds=found[0].seconds)), used
    filler = used < len(words) and words[used] == "at"
    clock = read_time(words[used + filler], bare=True) if used + filler < len(words) else None
    at = frame.now
    for _ in range(min(found[0].days if found else 1, _MOST_DAYS)):
        at = hours.next_day(calendar, at, clock.at if clock else None)
    return at, used + (filler + 1 if clock else 0)


def _from_now(words: list[str], frame: _Frame) -> tuple[datetime, int] | None:
    """Read `now`, `in 2h`, `+2h`, `2h`, `-20m`, `20 min ago`."""
    if words[0] == "now":
        return frame.now, 1
    sign, skipped = 0, 0
    if words[0] == "in":
        sign, skipped = 1, 1
    elif words[0][:1] in ("+", "-", "−"):
        sign, words = (1 if words[0][0] == "+" else -1), [words[0][1:], *words[1:]]
    found = read_span(words[skipped:])
    if found is None:
        return None
    span, used = found[0], found[1] + skipped
    if not sign and words[used : used + 1] == ["ago"]:
        sign, used = -1, used + 1
    return _shifted(span, sign or (-1 if frame.past else 1), frame), used


def _shifted(span: Span, sign: int, frame: _Frame) -> datetime:
    """Go a span from now: days keep the time of day, hours are hours."""
    start = frame.now
    if span.days:
        local = start.astimezone(frame.zone)
        start = from_wall(local.date() + timedelta(days=sign * span.days), local.time(), frame.zone)
    return start + timedelta(seconds=sign * span.seconds)


def _from_calendar(words: list[str], frame: _Frame) -> tuple[datetime, int] | None:
    """Read a day, a time of day or both, and a zone behind them."""
    day, clock, used = _day_and_clock(words)
    if day is None and clock is None:
        return None
    zone = clock.zone if clock else None
    if zone is None and used < len(words):
        zone = read_zone(words[used])
        used += zone is not None
    return _nearest(day, clock, frame, zone or frame.zone), used


def _day_and_clock(words: list[str]) -> tuple[date | str | None, TimeOfDay | None, int]:
    day: date | str | None = None
    clock, used, word = None, 0, words[0].lower()
    if match := _DATE.fullmatch(words[0]):
        day, used = date(int(match[1]), int(match[2]), int(match[3])), 1
        if match[4]:
            return (
                (day, clock, used) if (clock := read_time(match[4].lower(), bare=False)) else (None, None, 0)
            )
    elif word in _DAYS or word in _WEEKDAYS:
        day, used = word, 1
    filler = used < len(words) and words[used].lower() == "at"
    if used + filler < len(words):
        clock = read_time(words[used + filler].lower(), bare=bool(day) or filler)
    if clock is None:
        return day, None, used
    used += filler + 1
    if day is None and used < len(words) and words[used].lower() in _DAYS:
        day, used = words[used].lower(), used + 1
    return day, clock, used


def _nearest(day: date | str | None, clock: TimeOfDay | None, frame: _Frame, zone: tzinfo) -> datetime:
    """Choose the instant that is meant: an open day is the next one, or the last one in the past."""
    default = time(0) if frame.past else MORNING
    at, later = (clock.at, clock.day) if clock else (default, 0)
    today = frame.now.astimezone(zone).date()
    if isinstance(day, date):
        return from_wall(day + timedelta(days=later), at, zone)
    if day in _DAYS:
        return from_wall(today + timedelta(days=_DAYS[day] + later), at, zone)
    for each in _candidates(day, today, past=frame.past):
        instant = from_wall(each + timedelta(days=later), at, zone)
        if (instant <= frame.now) if frame.past else (instant > frame.now):
            return instant
    raise ValueError("no such time")


def _candidates(weekday: str | None, today: date, *, past: bool) -> Iterator[date]:
    """Give the days that may be meant, nearest first."""
    for step in range(-1, 15):
        day = today + timedelta(days=-step if past else step)
        if weekday is None or day.weekday() == _WEEKDAYS[weekday]:
            yield day
