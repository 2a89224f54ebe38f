"""Reads rhythms as people write them: `weekdays 06:45`, `first monday 08:00`, `every 4 hours`, `monthly 1,15 07:00`.

What may be meant in two ways is refused, not guessed: nobody notices a mail that does not come.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time

from nocturne.core.refusals import Invalid
from nocturne.core.rhythm import DAY, DAYS, LAST, STEPS, TURNS, Rhythm, minute_of
from nocturne.core.zones import Zone, find_zone, zone_named

_SETS = {
    "daily": DAYS,
    "day": DAYS,
    "weekdays": DAYS[:5],
    "weekday": DAYS[:5],
    "workdays": DAYS[:5],
    "weekends": DAYS[5:],
    "weekend": DAYS[5:],
    "weekly": DAYS[:1],
}
_FULL = dict(
    zip(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), DAYS, strict=True)
)
_MONTHLY = {"monthly": 1, "month": 1, "months": 1, "month's": 1, "quarterly": 3, "quarter": 3, "quarters": 3}
_FILLING = frozenset({"every", "each", "on", "the", "and", "of", "in", "between", "from"})
_UNITS = {"minute": 1, "minutes": 1, "min": 1, "mins": 1, "m": 1, "hour": 60, "hours": 60, "h": 60}
_NAMED_TIMES = {"noon": time(12), "midnight": time(0)}
_TIME = re.compile(r"(\d{1,2})(?::([0-5]\d))?(am|pm)?")
_NUMBER = re.compile(r"(\d{1,2})(st|nd|rd|th|\.)?")
_SPAN = re.compile(r"(.+)-(.+)")
USUAL = time(7)
"""When something is sent where no time is said: before most shifts begin."""
LONGEST = 700
"""Characters: as many as all the times of a day may take."""


def read(text: str, zone: Zone) -> Rhythm:
    """Read a rhythm as people write it; what is not said is every day, at seven, on the asker's own clock.

    :raises Invalid: bad_rhythm.
    """
    if len(text) > LONGEST:
        raise _refusal(text)
    said = _Said(text)
    pieces = [piece for piece in re.split(r"[\s,]+", text.strip()) if piece]
    while pieces:
        said.take(pieces)
    return said.rhythm(zone)


def _refusal(given: str) -> Invalid:
    return Invalid("bad_rhythm", field="rhythm", given=given[:40])


@dataclass
class _Said:
    """What has been read of a rhythm so far."""

    text: str
    days: set[int] = field(default_factory=set)
    ordinals: set[int] = field(default_factory=set)
    """The first and so on, the last as 31: days of a month, or which of its Mondays, as the words around them tell."""
    of_month: set[int] = field(default_factory=set)
    at: set[time] = field(default_factory=set)
    step: int = 0
    span: tuple[time, time] | None = None
    months: int = 0
    zone: str = ""
    has_set: bool = False
    takes_hours: bool = False
    """Whether a bare number is an hour: behind days, another time, or "at"."""

    def take(self, pieces: list[str]) -> None:
        """Take in the next piece, and what belongs to it.

        :raises Invalid: bad_rhythm: it is none.
        """
        piece = pieces.pop(0)
        word = piece.casefold()
        if word == "at":
            self.takes_hours = True
        elif word in _FILLING:
            if word in ("every", "each") and len(pieces) > 1 and pieces[1].casefold() in _UNITS:
                self._pace(pieces.pop(0), pieces.pop(0).casefold())
        elif word == "hourly":
            self._pace("1", "hour")
        elif word in _MONTHLY:
            self.months = max(self.months, _MONTHLY[word])
        elif word == "day" and self.ordinals and not self.days:
            pass  # "the last day of the month"
        elif not (self._day(word) or self._turn(word) or self._time(word)):
            if self.zone or find_zone(piece) is None:
                raise _refusal(piece)
            self.zone = str(zone_named(piece))

    def _pace(self, number: str, unit: str) -> None:
        minutes = int(number) * _UNITS[unit] if number.isascii() and number.isdigit() else 0
        if self.step or minutes not in STEPS:
            raise _refusal(f"every {number} {unit}")
        self.step = minutes

    def _day(self, word: str) -> bool:
        if word in _SETS:
            self.days |= {DAYS.index(day) for day in _SETS[word]}
            self.has_set = True
            self.takes_hours = word != "weekly"  # "weekly 2" may mean Tuesdays
            return True
        if (day := _day_named(word)) is not None:
            self.days.add(day)
        elif (ends := _SPAN.fullmatch(word)) and None not in (
            span := (_day_named(ends[1]), _day_named(ends[2]))
        ):
            first, last = span[0] or 0, span[1] or 0
            self.days |= {(first + each) % 7 for each in range((last - first) % 7 + 1)}
        else:
            return False
        self.takes_hours = True
        return True

    def _turn(self, word: str) -> bool:
        number = _NUMBER.fullmatch(word)
        if word in TURNS:
            self.ordinals.add(31 if word == "last" else TURNS.index(word) + 1)
        elif number and 1 <= int(number[1]) <= 31 and number[2]:
            self.ordinals.add(int(number[1]))
        elif number and 1 <= int(number[1]) <= 31 and self.months and not (self.at or self.takes_hours):
            self.of_month.add(int(number[1]))
        else:
            return False
        return True

    def _time(self, word: str) -> bool:
        if (one := _time_named(word, bare=self.takes_hours or bool(self.at))) is not None:
            self.at.add(one)
        elif (ends := _SPAN.fullmatch(word)) and self.span is None:
            first, last = _time_named(ends[1], bare=True), _time_named(ends[2], bare=True)
            if first is None or last is None:
                return False
            self.span = (first, last)
        else:
            return False
        return True

    def rhythm(self, zone: Zone) -> Rhythm:
        """Give the rhythm that all of it makes.

        :raises Invalid: bad_rhythm: its parts do not go together.
        """
        of_month = self.of_month | (set() if self.days else self.ordinals)
        turns = {LAST if each == 31 else each for each in self.ordinals} if self.days else set()
        is_by_date = bool(of_month or (self.months and not self.days))
        is_mixed = self.days and (of_month or (self.months and not turns))
        # Of the first Monday there is one; of the first weekday nobody knows whether one is meant, or five.
        is_unclear = (turns and (self.has_set or max(turns) > LAST)) or (of_month and not self.months)
        if is_mixed or is_unclear or (self.span and not self.step) or (self.step and self.at):
            raise _refusal(self.text)
        return Rhythm(
            () if is_by_date else tuple(sorted(self.days)) or tuple(range(7)),
            _stepped(self.step, self.span) if self.step else tuple(sorted(self.at)) or (USUAL,),
            self.zone or str(zone),
            tuple(sorted(of_month)) or (1,) if is_by_date else (),
            tuple(sorted(turns)),
            self.months or 1,
        )


def _day_named(word: str) -> int | None:
    short = _FULL.get(word.removesuffix("s"), word)
    return DAYS.index(short) if short in DAYS else None


def _time_named(word: str, *, bare: bool) -> time | None:
    """Read a time of the day; a number alone only where it can be nothing else."""
    if word in _NAMED_TIMES:
        return _NAMED_TIMES[word]
    found = _TIME.fullmatch(word)
    if found is None or not (bare or found[2] or found[3]):
        return None
    hour = int(found[1])
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    return time(hour, int(found[2] or 0)) if hour < 24 else None


def _stepped(step: int, span: tuple[time, time] | None) -> tuple[time, ...]:
    """Give the times of a day at a pace, from one to another if so said; a span may go over midnight."""
    first, last = (minute_of(end) for end in span) if span else (0, DAY - step)
    length = (last - first) % DAY
    found = {(first + after) % DAY for after in range(0, length + 1, step)}
    return tuple(time(*divmod(minute, 60)) for minute in sorted(found))
