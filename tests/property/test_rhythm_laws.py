"""Rhythms: each slot is where the wall clock says, comes once, and what is written is read again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nocturne.core import rhythm
from nocturne.core.refusals import Invalid

HOURS = tuple(time(hour) for hour in range(24))
ZONES = st.sampled_from(["UTC", "Europe/Paris", "America/Detroit", "Australia/Lord_Howe", "Pacific/Apia"])
INSTANTS = st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
TIMES = st.lists(
    st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=4, unique=True
)
RHYTHMS = st.builds(
    lambda days, at, zone, of_month: rhythm.Rhythm(
        () if of_month else tuple(sorted(days)), tuple(sorted(at)), zone, of_month
    ),
    st.sets(st.integers(0, 6), min_size=1),
    TIMES,
    ZONES,
    st.one_of(st.just(0), st.integers(1, 31)),
)


@pytest.mark.req("R15.8")
@given(RHYTHMS)
def test_what_is_written_is_read_again(found: rhythm.Rhythm) -> None:
    assert rhythm.read(rhythm.spelt(found), "UTC") == found
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


@pytest.mark.parametrize(
    ("text", "days", "at", "of_month"),
    [
        ("every weekday 06:45", (0, 1, 2, 3, 4), (time(6, 45),), 0),
        ("daily", (0, 1, 2, 3, 4, 5, 6), (time(7),), 0),
        ("Mon, Thu 7:00,19", (0, 3), (time(7), time(19)), 0),
        ("mondays and fridays at 08:00", (0, 4), (time(8),), 0),
        ("weekly", (0,), (time(7),), 0),
        ("monthly 1st 08:00", (), (time(8),), 1),
        ("monthly last 18:00", (), (time(18),), 31),
        ("hourly", (0, 1, 2, 3, 4, 5, 6), HOURS, 0),
        ("weekdays hourly", (0, 1, 2, 3, 4), HOURS, 0),
    ],
)
def test_rhythms_are_written_as_people_say_them(
    text: str, days: tuple[int, ...], at: tuple[time, ...], of_month: int
) -> None:
    assert rhythm.read(text, "Europe/Paris") == rhythm.Rhythm(days, at, "Europe/Paris", of_month)
    assert rhythm.read(f"{text} America/Detroit", "UTC").zone == "America/Detroit"


@pytest.mark.parametrize(
    "text", ["now and then", "25:00", "monthly mon", "weekdays 06:45 Mars/Base", "x" * 300]
)
def test_what_is_no_rhythm_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="bad_rhythm"):
        rhythm.read(text, "UTC")


@pytest.mark.req("R15.8")
def test_each_hour_is_said_in_a_word() -> None:
    for text, wanted in (("hourly", "hourly UTC"), ("mon,fri hourly", "mon,fri hourly UTC")):
        assert rhythm.spelt(rhythm.read(text, "UTC")) == wanted
