"""Dates and times of day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from nocturne.core.configuration.calendars import DAYS
from nocturne.core.configuration.fields import Field
from nocturne.core.fieldvalues.value import Context, Kind, Kinds, Searchable, Stored, as_it_is, bad
from nocturne.core.zones import zone_named

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
RELATIVE = {"yesterday": -1, "today": 0, "tomorrow": 1}
_DOTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_WORDS = re.compile(r"(\d{1,2})\.? ([a-z]{3})[a-z]*\.?,? (\d{4})", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2})(?::(\d{2}))?)?\s*(am|pm)?", re.IGNORECASE)


def day(field: Field, text: str, context: Context) -> Stored:
    """Read a date: `2026-11-26`, `26.11.2026`, `26 Nov 2026`, `today`, `fri` (the next one).

    Dates with strokes are refused: some write the month first.

    :raises Invalid: it is none.
    """
    return {"value": _day(field, text, context).isoformat()}


def _day(field: Field, text: str, context: Context) -> date:
    word = text.casefold()
    today = context.now.astimezone(zone_named(context.zone)).date()
    if word in RELATIVE:
        return today + timedelta(days=RELATIVE[word])
    if len(word) >= 3 and (ahead := [place for place, name in enumerate(DAYS) if name.startswith(word)]):
        return today + timedelta(days=(ahead[0] - today.weekday() - 1) % 7 + 1)
    try:
        if match := _DOTS.fullmatch(text):
            return _plausible(date(int(match[3]), int(match[2]), int(match[1])))
        if (match := _WORDS.fullmatch(text)) and match[2].lower() in MONTHS:
            return _plausible(date(int(match[3]), MONTHS.index(match[2].lower()) + 1, int(match[1])))
        return _plausible(date.fromisoformat(text))
    except ValueError:
        raise bad(field, "not_a_date", text) from None


def _plausible(found: date) -> date:
    if not 1900 <= found.year <= 2200:
        raise ValueError(found)
    return found


def time_of_day(field: Field, text: str, _: Context) -> Stored:
    """Read a time of day: `14:05`, `1405`, `2:05 pm`, `14:05:30`.

    :raises Invalid: it is none.
    """
    match = _TIME.fullmatch(text)
    if match is None or (match[2] is None and match[4] is None):
        raise bad(field, "not_a_time", text)
    hour, half = int(match[1]), (match[4] or "").lower()
    if half and not 1 <= hour <= 12:
        raise bad(field, "not_a_time", text)
    try:
        found = time(
            hour % 12 + 12 * (half == "pm") if half else hour, int(match[2] or 0), int(match[3] or 0)
        )
    except ValueError:
        raise bad(field, "not_a_time", text) from None
    return {"value": found.isoformat("seconds" if found.second else "minutes")}


def _search_day(value: Stored) -> Searchable:
    return Searchable(at=datetime.combine(date.fromisoformat(value["value"]), time(), UTC))


def _search_time(value: Stored) -> Searchable:
    found = time.fromisoformat(value["value"])
    return Searchable(number=Decimal(found.hour * 3600 + found.minute * 60 + found.second))


KINDS: Kinds = {
    "date": Kind(day, as_it_is, _search_day, "2026-11-26"),
    "time": Kind(time_of_day, as_it_is, _search_time, "14:05"),
}
