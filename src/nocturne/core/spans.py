"""Spans of time as people write and read them: `2h`, `1h30`, `in 2 days`, `3 h 12 m`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from nocturne.core.refusals import Invalid

MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 604_800
LONGEST_WORKED = 1_000 * HOUR

UNITS: dict[str, int] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), WEEK),
}
_NUMBER = r"([0-9]{1,6}(?:[.,][0-9]{1,3})?)"
_LONE_NUMBER = re.compile(_NUMBER)
_PIECE = re.compile(_NUMBER + r"([a-z]+)")
_LAST_MINUTES = re.compile(r"[0-5]?[0-9]")


@dataclass(frozen=True, slots=True)
class Span:
    """Calendar days, and seconds beside them.

    They stay apart because a day is not always 24 hours: "in 2 days" means the same time of day.
    """

    days: int = 0
    seconds: int = 0

    @property
    def total(self) -> int:
        return self.days * DAY + self.seconds


def read_span(words: Sequence[str]) -> tuple[Span, int] | None:
    """Read the longest span at the front of these words; gives it with the number of words it took.

    Units must fall (`1d 4h`, not `4h 1d`), so that the words after a span are less often mistaken for it.
    """
    span, used, smallest = Span(), 0, WEEK + 1
    while used < len(words):
        piece = _attached(words[used], below=smallest) or _apart(words[used : used + 2], below=smallest)
        if piece is None:
            break
        more, taken, smallest = piece
        span, used = Span(span.days + more.days, span.seconds + more.seconds), used + taken
    return (span, used) if used else None


def parse_worked(text: str, *, field: str = "worked") -> int:
    """Read how long somebody worked (`1h30`, `90m`, `1:30`, or `45` for minutes) as seconds.

    Days are refused: some mean 8 hours by one, some 24.

    :raises Invalid: bad_worked.
    """
    words = text.lower().split()
    seconds = _hours_and_minutes(words)
    if seconds is None:
        found = read_span(words)
        if found is None or found[1] != len(words) or _names_days(words):
            raise Invalid("bad_worked", field=field, given=text)
        seconds = found[0].total
    if seconds > LONGEST_WORKED:
        raise Invalid("bad_worked", field=field, given=text)
    return seconds


def span_words(span: timedelta | int) -> str:
    """Shorten a span for the screen, rounded down: `4 min`, `3 h 12 m`, `1 d 4 h`, `−4 min`."""
    seconds = int(span.total_seconds()) if isinstance(span, timedelta) else span
    sign, seconds = ("−", -seconds) if seconds < 0 else ("", seconds)
    days, hours, minutes = seconds // DAY, seconds // HOUR % 24, seconds // MINUTE % 60
    if days:
        return sign + (f"{days} d {hours} h" if hours else f"{days} d")
    if hours:
        return sign + (f"{hours} h {minutes} m" if minutes else f"{hours} h")
    return f"{sign if minutes else ''}{minutes} min"


def _attached(word: str, *, below: int) -> tuple[Span, int, int] | None:
    """Read one word such as `2h`, `1d4h` or `1h30`."""
    span, place, smallest = Span(), 0, below
    while match := _PIECE.match(word, place):
        unit = UNITS.get(match[2])
        if unit is None or unit >= smallest:
            return None
        more, place, smallest = _span(match[1], unit), match.end(), unit
        span = Span(span.days + more.days, span.seconds + more.seconds)
    if place and smallest == HOUR and _LAST_MINUTES.fullmatch(word, place):
        span, place, smallest = Span(span.days, span.seconds + int(word[place:]) * MINUTE), len(word), MINUTE
    return (span, 1, smallest) if place == len(word) and place else None


def _apart(words: Sequence[str], *, below: int) -> tuple[Span, int, int] | None:
    """Read a number and its unit as two words."""
    if len(words) < 2 or not _LONE_NUMBER.fullmatch(words[0]):
        return None
    unit = UNITS.get(words[1])
    if unit is None or unit >= below:
        return None
    return _span(words[0], unit), 2, unit


def _span(number: str, unit: int) -> Span:
    amount = float(number.replace(",", "."))
    if unit < DAY:
        return Span(seconds=round(amount * unit))
    days, rest = divmod(amount * (unit // DAY), 1)
    return Span(days=int(days), seconds=round(rest * DAY))


def _hours_and_minutes(words: Sequence[str]) -> int | None:
    if len(words) != 1:
        return None
    if re.fullmatch(r"[0-9]{1,5}", words[0]):
        return int(words[0]) * MINUTE
    match = re.fullmatch(r"([0-9]{1,3}):([0-5][0-9])", words[0])
    return int(match[1]) * HOUR + int(match[2]) * MINUTE if match else None


def _names_days(words: Sequence[str]) -> bool:
    return any(UNITS.get(unit, 0) >= DAY for word in words for unit in re.findall(r"[a-z]+", word))
