"""Calendars: when somebody works. Windows are wall-clock times in a named zone; holidays are days without windows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from nocturne.core.configuration.body import Body, wrong
from nocturne.core.refusals import Invalid
from nocturne.core.zones import zone_named

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WINDOW = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working hours.

    :param hours: weekday (0 is Monday) to windows as minutes of the day; an end before its start is on the day after,
        `24:00` and `23:59` both mean midnight.
    :param holidays: day to its name; `yearly` holds those that come each year, as (month, day).
    """

    name: str
    title: str = ""
    zone: str = "UTC"
    hours: Mapping[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    holidays: Mapping[date, str] = field(default_factory=dict)
    yearly: Mapping[tuple[int, int], str] = field(default_factory=dict)
    retired: bool = False
    formerly: tuple[str, ...] = ()


def read(name: str, body: Body) -> Calendar:
    zone = body.text("zone", "UTC", longest=60)
    try:
        zone_named(zone)
    except Invalid:
        raise wrong("no_zone", body.at("zone"), given=zone) from None
    hours = body.table("hours")
    windows = {}
    for place, day in enumerate(DAYS):
        if found := tuple(_window(each, hours.at(day)) for each in hours.texts(day, longest=11, most=12)):
            windows[place] = found
    hours.done()
    if not windows:
        raise wrong("no_hours", body.at("hours"))
    holidays: dict[date, str] = {}
    yearly: dict[tuple[int, int], str] = {}
    days = body.table("holidays")
    for key in days.body:
        what = days.text(key, longest=120)
        _holiday(key, what, days.at(key), holidays, yearly)
    return Calendar(
        name,
        body.text("title", longest=120),
        zone,
        windows,
        holidays,
        yearly,
        body.flag("retired"),
        body.names("formerly"),
    )


def _window(text: str, where: str) -> tuple[int, int]:
    match = WINDOW.fullmatch(text.replace(" ", "").replace("–", "-"))
    if match is None:
        raise wrong("bad_window", where, given=text)
    hour, minute, until, past = (int(each) for each in match.groups())
    start, end = hour * 60 + minute, until * 60 + past
    end = MINUTES if end == MINUTES - 1 else end
    if start >= MINUTES or end > MINUTES or start == end:
        raise wrong("bad_window", where, given=text)
    return start, end


def _holiday(
    key: str, what: str, where: str, holidays: dict[date, str], yearly: dict[tuple[int, int], str]
) -> None:
    try:
        if len(key) == 5:
            month, day = int(key[:2]), int(key[3:])
            date(2024, month, day)
            yearly[month, day] = what
        else:
            holidays[date.fromisoformat(key)] = what
    except ValueError:
        raise wrong("bad_day", where, given=key) from None
