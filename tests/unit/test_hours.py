"""Working time: what a calendar makes of a span, whatever summer time and holidays do to its days."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nocturne.core import hours
from nocturne.core.configuration.body import Body
from nocturne.core.configuration.calendars import Calendar, read
from nocturne.core.refusals import Invalid

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")
HOUR = timedelta(hours=1)


def calendar(hours: dict[str, list[str]], **more: Any) -> Calendar:
    return read("shop", Body("calendar/shop", {"zone": "Europe/Berlin", "hours": hours, **more}))


OFFICE = calendar({key: ["09:00-17:00"] for key in WEEK}, holidays={"2026-12-25": "Christmas Day"})
ALWAYS = calendar({key: ["00:00-24:00"] for key in (*WEEK, "saturday", "sunday")})


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.req("R9.5")
@pytest.mark.parametrize(
    ("opened", "span", "due"),
    [
        ("2026-03-27 16:00", 2 * HOUR, "2026-03-30 10:00"),
        ("2026-12-24 16:30", HOUR, "2026-12-28 09:30"),
        ("2026-11-26 08:00", HOUR, "2026-11-26 10:00"),
        ("2026-11-28 12:00", HOUR, "2026-11-30 10:00"),
        ("2026-11-26 09:00:00", HOUR, "2026-11-26 10:00"),
        ("2026-11-26 17:00:00", HOUR, "2026-11-27 10:00"),
        ("2026-11-26 16:59:59", timedelta(seconds=2), "2026-11-27 09:00:01"),
        ("2026-11-26 16:00", HOUR, "2026-11-26 17:00"),
        ("2026-11-26 20:00", timedelta(0), "2026-11-26 20:00"),
    ],
    ids=[
        "over a weekend in which summer time begins",
        "over Christmas and a weekend",
        "reported before opening",
        "reported on a Saturday",
        "reported at the opening second",
        "reported at the closing second",
        "two seconds over closing",
        "a span that ends with the day ends at closing",
        "no span at all",
    ],
)
def test_a_span_of_office_hours_ends_when_the_office_has_worked_it(
    opened: str, span: timedelta, due: str
) -> None:
    assert hours.after(OFFICE, local(opened), span) == local(due)
    assert hours.between(OFFICE, local(opened), local(due)) == span


@pytest.mark.req("R9.5")
def test_round_the_clock_eight_hours_are_eight_hours_whatever_the_wall_clock_shows() -> None:
    spring = hours.after(ALWAYS, local("2026-03-28 23:00"), 8 * HOUR)
    autumn = hours.after(ALWAYS, local("2026-10-24 23:00"), 8 * HOUR)
    assert (spring, autumn) == (local("2026-03-29 08:00"), local("2026-10-25 06:00"))
    assert (spring.hour, autumn.hour) == (6, 5)


@pytest.mark.req("R9.5")
def test_a_night_shift_is_short_when_summer_time_begins_and_long_when_it_ends() -> None:
    night = calendar({"sunday": ["00:00-06:00"]})
    assert hours.between(night, local("2026-03-29 00:00"), local("2026-03-30 00:00")) == 5 * HOUR
    assert hours.between(night, local("2026-10-25 00:00"), local("2026-10-26 00:00")) == 7 * HOUR


@pytest.mark.req("R9.5")
def test_a_lunch_break_is_nobodys_time_and_a_window_runs_on_over_midnight() -> None:
    day = calendar({"thursday": ["09:00-12:00", "13:00-17:00"]})
    assert hours.after(day, local("2026-11-26 11:00"), 2 * HOUR) == local("2026-11-26 14:00")
    night = calendar({"thursday": ["22:00-06:00"]})
    assert hours.after(night, local("2026-11-26 23:00"), 6 * HOUR) == local("2026-11-27 05:00")
    assert hours.is_open(night, local("2026-11-27 05:59:59"))
    assert not hours.is_open(night, local("2026-11-27 06:00"))


@pytest.mark.req("R9.5")
def test_a_day_that_ends_at_2359_ends_at_midnight() -> None:
    for end in ("24:00", "23:59"):
        days = calendar({"thursday": [f"18:00-{end}"], "friday": ["00:00-01:00"]})
        assert hours.between(days, local("2026-11-26 00:00"), local("2026-11-28 00:00")) == 7 * HOUR


@pytest.mark.req("R9.5")
def test_windows_that_overlap_count_once() -> None:
    twice = calendar({"thursday": ["09:00-12:00", "11:00-13:00", "20:00-02:00"], "friday": ["00:00-03:00"]})
    assert hours.between(twice, local("2026-11-26 00:00"), local("2026-11-28 00:00")) == 11 * HOUR


@pytest.mark.req("R9.5")
def test_shifts_that_overlap_round_the_clock_count_once_for_a_whole_year() -> None:
    shifts = calendar({key: ["00:00-24:00", "22:00-06:00"] for key in (*WEEK, "saturday", "sunday")})
    start = local("2026-01-01 00:00")
    assert hours.between(shifts, start, start + timedelta(days=365)) == timedelta(days=365)


@pytest.mark.req("R9.5")
def test_a_holiday_that_comes_every_year_is_free_every_year() -> None:
    shop = calendar({key: ["09:00-17:00"] for key in WEEK}, holidays={"05-01": "May Day"})
    for year in (2026, 2029):
        assert not hours.between(shop, local(f"{year}-05-01 00:00"), local(f"{year}-05-02 00:00"))


@pytest.mark.req("R9.5")
def test_the_next_working_day_skips_the_holiday_and_the_weekend() -> None:
    thursday = local("2026-12-24 10:00")
    assert hours.next_day(OFFICE, thursday) == local("2026-12-28 09:00")
    assert hours.next_day(OFFICE, thursday, time(11, 30)) == local("2026-12-28 11:30")


@pytest.mark.req("R9.5")
def test_work_goes_on_at_once_in_office_hours_and_else_at_the_next_opening() -> None:
    assert hours.opening(OFFICE, local("2026-11-26 09:30")) == local("2026-11-26 09:30")
    assert hours.opening(OFFICE, local("2026-11-27 17:00")) == local("2026-11-30 09:00")


@pytest.mark.req("R9.5")
def test_a_calendar_of_holidays_only_is_said_never_to_open() -> None:
    free = {f"{month:02}-{day:02}": "free" for month in range(1, 13) for day in range(1, 32)
            if not (day > 29 and month == 2) and not (day == 31 and month in (4, 6, 9, 11))}  # fmt: skip
    shut = calendar({"monday": ["09:00-17:00"]}, holidays=free)
    for ask in (lambda: hours.after(shut, local("2026-11-26 09:00"), HOUR),
                lambda: hours.opening(shut, local("2026-11-26 09:00")),
                lambda: hours.next_day(shut, local("2026-11-26 09:00"))):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            ask()
        assert refused.value.code == "calendar_never_opens"
    assert not hours.between(shut, local("2026-01-01 00:00"), local("2027-01-01 00:00"))


@pytest.mark.req("R9.5")
def test_years_of_work_are_measured_as_well_as_hours() -> None:
    start = local("2020-01-01 00:00")
    assert hours.between(ALWAYS, start, start + timedelta(days=4000)) == timedelta(days=4000)
    assert hours.after(ALWAYS, start, timedelta(days=1000)) == start + timedelta(days=1000)
