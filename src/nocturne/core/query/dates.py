"""Dates as a query asks for them: `2026-11`, `yesterday`, `>2d`, `2026-10..2026-11`, `lastweek`, `<"mon 08:00"`.

A date is all of its time: `opened:2026-11` is the whole month, `>yesterday` begins with today. A bare length of time is
how long ago, or how far ahead for what lies ahead: `opened:>2d` was opened more than two days ago, `due:<1d` is due in
less than a day, `opened:2d` within the last two. With a sign it is an instant: `opened:>-2d` is later than that.
Days are those of the asker's zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from nocturne.core.fieldvalues.asking import Range
from nocturne.core.fieldvalues.value import Context
from nocturne.core.refusals import Invalid
from nocturne.core.spans import read_span
from nocturne.core.when import parse_when
from nocturne.core.zones import from_wall, zone_named

_SIGNS = (">=", "<=", ">", "<")
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_WEEK = re.compile(r"([0-9]{4})-w([0-9]{2})")
_MOVED = re.compile(r"(this|last|next)-?(week|month|year)")
_STEP = {"this": 0, "last": -1, "next": 1}
_NEAR = {"today": 0, "yesterday": -1, "tomorrow": 1}
_LONG = re.compile(r"([0-9]{1,3}) ?(mo|mos|months?|y|yr|yrs|years?)")
_WEEKLY = timedelta(days=7)
_MINUTE = timedelta(minutes=1)
_THIS = ("thisweek", "thismonth", "thisyear", "now")
BEHIND = ("today", "yesterday", "lastweek", "lastmonth", "lastyear", *_THIS)
AHEAD = ("today", "tomorrow", "nextweek", "nextmonth", *_THIS)
"""What completion offers of instants that lie behind, and of such as lie ahead."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of time from `low` until just before `high`; one instant where they are the same."""

    low: datetime
    high: datetime
    is_length: bool = False


def asked(written: str, context: Context, *, ahead: bool) -> Range:
    """Read what is asked of an instant.

    :param ahead: whether such instants lie ahead: lengths and days of the week count forwards then.
    :raises Invalid: it is no time.
    """
    written = written.strip()
    if written == "*":
        return Range("at")
    for sign in _SIGNS:
        if written.startswith(sign):
            return _compared(sign, _piece(written.removeprefix(sign), context, ahead), ahead)
    first, dots, last = written.partition("..")
    if not dots:
        piece = _piece(written, context, ahead)
        if piece.is_length:
            ends = sorted((piece.low, context.now))
            return Range("at", ends[0], ends[1])
        return _stretch(piece.low, piece.high)
    if not first and not last:
        raise Invalid("bad_time", given=written)
    low = _piece(first, context, ahead) if first else None
    high = _piece(last, context, ahead) if last else None
    if low and high and low.is_length and high.is_length and low.low > high.low:
        low, high = high, low
    if low and high and low.low > high.low and _names_weekday(first if not ahead else last):
        # `mon..fri` in the middle of a week is the last whole one, or the next.
        if ahead:
            high = _piece(last, replace(context, now=context.now + _WEEKLY), ahead)
        else:
            low = _piece(first, replace(context, now=context.now - _WEEKLY), ahead)
    if low and high and low.low > high.low:
        return Range("at", low.low, high.low)  # it ends before it begins, and is refused for that
    return _stretch(low.low if low else None, high.high if high else None)


def _names_weekday(written: str) -> bool:
    word = next(iter(written.split()), "").lower()
    return word.isalpha() and word not in _NEAR and word != "now"


def span_asked(written: str, context: Context) -> Range:
    """Read what is asked of an age as a question of the instant it is counted from: `>2h`, `1d..2d`, `<4h`.

    :raises Invalid: it is no length of time.
    """
    lengths = length_asked(written)
    low, high = (
        context.now - timedelta(seconds=int(str(each))) if each is not None else None
        for each in (lengths.high, lengths.low)
    )
    return Range("at", low, high, lengths.closed_high, lengths.closed_low)


def length_asked(written: str) -> Range:
    """Read what is asked of a length of time, as seconds: `>4h`, `<=30m`, `1h..2h`; a bare one is the most it may be.

    :raises Invalid: it is no length of time.
    """
    written = written.strip()
    for sign in _SIGNS:
        if written.startswith(sign):
            seconds, closed = _seconds(written.removeprefix(sign)), sign.endswith("=")
            if sign.startswith(">"):
                return Range("number", seconds, None, closed_low=closed)
            return Range("number", None, seconds, closed_high=closed)
    first, dots, last = written.partition("..")
    if dots and (first or last):
        return Range("number", _seconds(first) if first else None, _seconds(last) if last else None)
    return Range("number", None, _seconds(written))


def _seconds(written: str) -> int:
    words = _in_days(written.lower()).split()
    found = read_span(words)
    if found is None or found[1] != len(words):
        raise Invalid("bad_span", given=written)
    return found[0].total


def _stretch(low: datetime | None, high: datetime | None) -> Range:
    return Range("at", low, high, closed_high=low is not None and low == high)


def _compared(sign: str, piece: _Piece, ahead: bool) -> Range:
    later, closed = sign.startswith(">"), sign.endswith("=")
    if piece.is_length and not ahead:
        later = not later
    if later:
        low = piece.low if closed else piece.high
        return Range("at", low, None, closed_low=closed or piece.low != piece.high)
    high = piece.high if closed else piece.low
    return Range("at", None, high, closed_high=closed and piece.low == piece.high)


def _piece(written: str, context: Context, ahead: bool) -> _Piece:
    given = written.strip().lower()
    if (signed := given[:1] in "+-" and given[:1]) and (found := _length(given[1:])) is not None:
        at = context.now + (found if signed == "+" else -found)
        return _Piece(at, at)
    if (length := _length(given)) is not None:
        at = context.now + (length if ahead else -length)
        return _Piece(at, at, is_length=True)
    days = _days(given, context)
    if days is not None:
        zone = zone_named(context.zone)
        return _Piece(from_wall(days[0], time(0), zone), from_wall(days[1], time(0), zone))
    at = parse_when(written, context.now, context.zone, "future" if ahead else "past")
    if given == "now":
        return _Piece(at, at)
    if _is_day(given):
        local = at.astimezone(zone_named(context.zone)).date()
        zone = zone_named(context.zone)
        return _Piece(from_wall(local, time(0), zone), from_wall(local + timedelta(days=1), time(0), zone))
    return _Piece(at, at + _MINUTE) if at == at.replace(second=0, microsecond=0) else _Piece(at, at)


def _length(given: str) -> timedelta | None:
    words = _in_days(given).split()
    found = read_span(words) if words else None
    return timedelta(seconds=found[0].total) if found and found[1] == len(words) else None


def _in_days(given: str) -> str:
    """Write months and years as days: thirty of them, and 365."""
    match = _LONG.fullmatch(given.strip())
    return given if match is None else f"{int(match[1]) * (365 if match[2][0] == 'y' else 30)}d"


def _is_day(given: str) -> bool:
    """Tell whether this is a day of the week, and nothing more."""
    return given.isalpha() and given != "now"


def _days(given: str, context: Context) -> tuple[date, date] | None:
    """Read a year, month, week or day as its first day and the one behind its last."""
    today = context.now.astimezone(zone_named(context.zone)).date()
    try:
        if given in _NEAR:
            day = today + timedelta(days=_NEAR[given])
            return day, day + timedelta(days=1)
        if match := _WEEK.fullmatch(given):
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return monday, monday + timedelta(days=7)
        if match := _MOVED.fullmatch(given.replace(" ", "")):
            return _moved(today, match[2], _STEP[match[1]])
        if (match := _DAY.fullmatch(given)) and 1900 <= int(match[1]) < 2200:
            return _written(int(match[1]), match[2], match[3])
    except (ValueError, OverflowError):
        raise Invalid("bad_time", given=given) from None
    return None


def _written(year: int, month: str | None, day: str | None) -> tuple[date, date]:
    if day:
        first = date(year, int(month or 0), int(day))
        return first, first + timedelta(days=1)
    return _month(year, int(month)) if month else (date(year, 1, 1), date(year + 1, 1, 1))


def _month(year: int, month: int) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, date(year + (month == 12), month % 12 + 1, 1)


def _moved(today: date, unit: str, step: int) -> tuple[date, date]:
    if unit == "week":
        monday = today + timedelta(days=7 * step - today.weekday())
        return monday, monday + timedelta(days=7)
    if unit == "year":
        return date(today.year + step, 1, 1), date(today.year + step + 1, 1, 1)
    months = today.year * 12 + today.month - 1 + step
    return _month(months // 12, months % 12 + 1)
