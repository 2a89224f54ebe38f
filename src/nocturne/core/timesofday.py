"""Times of a day and zones as people write them: `08:00`, `9am`, `0930`, `14:00+02:00`, `UTC`, `Europe/Paris`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, time, timedelta, timezone, tzinfo

from nocturne.core.zones import find_zone

_UNCLEAR_ZONE = re.compile(r"[CEW]ES?T|MES?Z|[ACEMP][SD]T|A[EK][SD]T|NZ[SD]T|BST|IST|MSK|JST|KST|HST")
"""Letters that stand for several zones, or for one in half of the year only: refused, a zone name says it."""
_OFFSET = r"[+-][0-9]{2}:?[0-9]{2}"
_WRITTEN_OFFSET = re.compile(r"(?:utc|gmt)?([+-])([0-9]{2}):?([0-9]{2})|(?:utc|gmt)([+-])([0-9]{1,2})")
_CLOCK = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,6}))?)?(am|pm)?([zZ]|"
    + _OFFSET
    + r"|[+-][0-9]{2})?"
)
_SHORT_CLOCK = re.compile(r"([0-9]{1,2})(am|pm)")
_BARE_CLOCK = re.compile(r"([0-9]{1,2})|([0-9]{2})([0-9]{2})([zZ])?")


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time of day; `day` counts the midnight it passed (24:00), `zone` is one written behind it."""

    at: time
    day: int = 0
    zone: tzinfo | None = None


class UnclearZoneError(Exception):
    """Carries letters that name no one zone."""


def read_time(word: str, *, bare: bool) -> TimeOfDay | None:
    """Read a time of day; nothing where it is none.

    :param bare: whether a bare `9` or `0930` is one, as where a day or `at` stands before it.
    :raises ValueError: it has the form of one, and there is no such hour or offset.
    """
    if match := _CLOCK.fullmatch(word):
        hour, minute, second, fraction, half, offset = match.groups()
        micro = int((fraction or "0").ljust(6, "0"))
        return _time_of_day(int(hour), int(minute), int(second or 0), micro, half, _offset(offset))
    if match := _SHORT_CLOCK.fullmatch(word):
        return _time_of_day(int(match[1]), half=match[2])
    if bare and (match := _BARE_CLOCK.fullmatch(word)):
        return _time_of_day(
            int(match[1] or match[2]), int(match[3] or 0), zone=_offset(match[4]), strict=False
        )
    return None


def _time_of_day(
    hour: int,
    minute: int = 0,
    second: int = 0,
    micro: int = 0,
    half: str | None = None,
    zone: tzinfo | None = None,
    *,
    strict: bool = True,
) -> TimeOfDay | None:
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("no such hour")
        hour = hour % 12 + (12 if half == "pm" else 0)
    if (hour, minute, second, micro) == (24, 0, 0, 0):
        return TimeOfDay(time(0), day=1, zone=zone)
    if not strict and (hour > 23 or minute > 59):
        return None
    return TimeOfDay(time(hour, minute, second, micro), zone=zone)


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text in "zZ":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    if int(digits[2:]) > 59:
        raise ValueError("no such offset")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-shift if text[0] == "-" else shift)


def read_zone(word: str) -> tzinfo | None:
    """Read a zone: its name, or how far it is from UTC; nothing where it is none.

    :raises UnclearZoneError: letters that several zones go by.
    :raises ValueError: there is no such offset.
    """
    if _UNCLEAR_ZONE.fullmatch(word):
        raise UnclearZoneError(word)
    match = _WRITTEN_OFFSET.fullmatch(word.lower())
    if match is None:
        return find_zone(word)
    return _offset(match[1] + match[2] + match[3] if match[1] else match[4] + match[5].zfill(2))
