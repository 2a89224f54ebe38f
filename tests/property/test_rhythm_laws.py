"""Rhythms: each slot is where the wall clock says, comes once, and what is written is read again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nocturne.core import rhythm, rhythmreading
from nocturne.core.refusals import Invalid

HOURS = tuple(time(hour) for hour in range(24))
ZONES = st.sampled_from(["UTC", "Europe/Paris", "America/Detroit", "Australia/Lord_Howe", "Pacific/Apia"])
INSTANTS = st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
TIMES = st.lists(
    st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=4, unique=True
)
PACES = st.sampled_from(
    ["hourly", "every 15 minutes", "every 30 minutes 22:00-06:00", "every 4 hours 08:00-20:00"]
)


def some(least: int, most: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Some numbers, in their order."""
    return st.sets(st.integers(least, most), min_size=1, max_size=4).map(lambda found: tuple(sorted(found)))


def some_days() -> st.SearchStrategy[dict[str, tuple[int, ...]]]:
    """Days of the week, of the month, or a month's first or last of them, in every month or every quarter."""
    months = st.sampled_from([1, 3])
    weekly = st.sets(st.integers(0, 6), min_size=1).map(lambda found: tuple(sorted(found)))
    return st.one_of(
        st.fixed_dictionaries({"days": weekly}),
        st.fixed_dictionaries({"days": st.just(()), "of_month": some(1, 31), "months": months}),
        st.fixed_dictionaries({"days": some(0, 6), "turns": some(1, 5), "months": months}).filter(
            lambda found: found["days"] != (0, 1, 2, 3, 4)
        ),
    )


RHYTHMS = st.builds(
    lambda days, at, zone: rhythm.Rhythm(at=at, zone=zone, **days),
    some_days(),
    st.one_of(
        TIMES.map(lambda found: tuple(sorted(found))),
        PACES.map(lambda text: rhythmreading.read(text, "UTC").at),
    ),
    ZONES,
)


@pytest.mark.req("R15.8")
@given(RHYTHMS)
def test_what_is_written_is_read_again(found: rhythm.Rhythm) -> None:
    assert rhythmreading.read(rhythm.spelt(found), "UTC") == found
    assert rhythm.kept(rhythm.plain(found)) == found


@pytest.mark.req("R15.8")
@given(RHYTHMS, INSTANTS)
def test_slots_come_one_after_the_other_and_none_is_left_out(found: rhythm.Rhythm, now: datetime) -> None:
    slot = rhythm.following(found, now)
    assert slot > now
    assert rhythm.following(found, slot - timedelta(seconds=1)) == slot
    assert rhythm.last(found, slot) == slot
    before = rhythm.last(found, slot - timedelta(seconds=1))
    assert before is None or (before <= now and rhythm.following(found, before) == slot)


@pytest.mark.req("R15.8")
@given(RHYTHMS, INSTANTS)
def test_a_slot_is_where_the_wall_clock_says(found: rhythm.Rhythm, now: datetime) -> None:
    local = rhythm.following(found, now).astimezone(ZoneInfo(found.zone))
    hour = local.time().replace(tzinfo=None)
    if hour in found.at:
        assert not found.days or local.weekday() in found.days
    else:  # summer time has skipped it, and it came with the next instant there is
        early = (local.astimezone(UTC) - timedelta(seconds=1)).astimezone(ZoneInfo(found.zone))
        assert early.utcoffset() != local.utcoffset()


ALL, WEEKDAYS, SEVEN, EIGHT = tuple(range(7)), (0, 1, 2, 3, 4), (time(7),), (time(8),)


@pytest.mark.req("R15.8")
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("every weekday 06:45", {"days": WEEKDAYS, "at": (time(6, 45),)}),
        ("daily", {"days": ALL, "at": SEVEN}),
        ("every day at 7", {"days": ALL, "at": SEVEN}),
        ("6am", {"days": ALL, "at": (time(6),)}),
        ("weekends 12am and 6:30pm", {"days": (5, 6), "at": (time(0), time(18, 30))}),
        ("Mon, Thu 7:00,19", {"days": (0, 3), "at": (time(7), time(19))}),
        ("mondays and fridays at 08:00", {"days": (0, 4), "at": EIGHT}),
        ("mon-fri 08:00", {"days": WEEKDAYS, "at": EIGHT}),
        ("sat-mon noon", {"days": (0, 5, 6), "at": (time(12),)}),
        ("weekly", {"days": (0,), "at": SEVEN}),
        ("monthly 1st 08:00", {"days": (), "at": EIGHT, "of_month": (1,)}),
        ("monthly 1,15 08:00", {"days": (), "at": EIGHT, "of_month": (1, 15)}),
        ("the 1st and 15th of every month 08:00", {"days": (), "at": EIGHT, "of_month": (1, 15)}),
        ("every month at 8", {"days": (), "at": EIGHT, "of_month": (1,)}),
        ("monthly last 18:00", {"days": (), "at": (time(18),), "of_month": (31,)}),
        ("the last day of the month 18:00", {"days": (), "at": (time(18),), "of_month": (31,)}),
        ("quarterly", {"days": (), "at": SEVEN, "of_month": (1,), "months": 3}),
        ("first monday 08:00", {"days": (0,), "at": EIGHT, "turns": (1,)}),
        ("last fri of the quarter 08:00", {"days": (4,), "at": EIGHT, "turns": (5,), "months": 3}),
        ("hourly", {"days": ALL, "at": HOURS}),
        ("weekdays hourly", {"days": WEEKDAYS, "at": HOURS}),
        ("every 6 hours", {"days": ALL, "at": (time(0), time(6), time(12), time(18))}),
        ("mon every 30 minutes 08:00-09:00", {"days": (0,), "at": (time(8), time(8, 30), time(9))}),
        ("every 4 hours 20:00-04:00", {"days": ALL, "at": (time(0), time(4), time(20))}),
    ],
)
def test_rhythms_are_written_as_people_say_them(text: str, wanted: dict[str, Any]) -> None:
    assert rhythmreading.read(text, "Europe/Paris") == rhythm.Rhythm(zone="Europe/Paris", **wanted)
    assert rhythmreading.read(f"{text} America/Detroit", "UTC").zone == "America/Detroit"


@pytest.mark.req("R15.8")
@pytest.mark.parametrize(
    "text",
    [
        "now and then", "25:00", "monthly mon", "weekdays 06:45 Mars/Base", "x" * 800,
        "every 4", "weekly 2", "every 7 minutes", "13pm", "first weekday 08:00", "fifth", "the 15th 08:00",
        "08:00-18:00", "hourly 08:30", "monthly 32",
    ],
)  # fmt: skip
def test_what_is_no_rhythm_or_may_be_two_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="bad_rhythm"):
        rhythmreading.read(text, "UTC")


@pytest.mark.req("R15.8")
def test_the_first_monday_and_the_last_friday_are_days_of_the_calendar() -> None:
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    for text, wanted in (
        ("first monday 08:00", "2026-12-07T08:00"),
        ("last friday 08:00", "2026-11-27T08:00"),
        ("monthly 15,last 08:00", "2026-11-30T08:00"),
        ("quarterly 08:00", "2027-01-01T08:00"),
        ("every 15 minutes", "2026-11-26T12:15"),
    ):
        assert rhythm.following(rhythmreading.read(text, "UTC"), now).isoformat().startswith(wanted), text


def test_a_rhythm_that_was_kept_before_there_were_several_days_of_a_month_goes_on() -> None:
    before = {"days": [], "day": 31, "at": ["18:00"], "zone": "UTC"}
    assert rhythm.spelt(rhythm.kept(before)) == "monthly last 18:00 UTC"
    assert rhythm.spelt(rhythm.kept(before | {"days": ["mon"], "day": 0})) == "mon 18:00 UTC"


@pytest.mark.req("R15.8")
def test_each_hour_is_said_in_a_word() -> None:
    for text, wanted in (
        ("hourly", "hourly UTC"),
        ("mon,fri hourly", "mon,fri hourly UTC"),
        ("every 60 minutes 8-18", "hourly 08:00-18:00 UTC"),
    ):
        assert rhythm.spelt(rhythmreading.read(text, "UTC")) == wanted
