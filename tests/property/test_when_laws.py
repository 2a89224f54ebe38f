"""Laws of written times."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from nocturne.core.refusals import Invalid
from nocturne.core.spans import parse_worked, span_words
from nocturne.core.when import parse_alarm, parse_when
from nocturne.core.zones import echo, from_wall

ZONES = st.sampled_from(
    ["UTC", "Europe/Paris", "America/Detroit", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo"]
)
NOWS = st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
WALLS = st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1)).map(lambda each: each.replace(microsecond=0))
WEEKDAYS = st.sampled_from(["", "mon ", "tue ", "wed ", "thu ", "fri ", "sat ", "sun "])
CLOCKS = st.times().map(lambda each: f"{each:%H:%M}")


@settings(max_examples=40, deadline=None)
@given(now=NOWS, zone=ZONES, day=WEEKDAYS, clock=CLOCKS)
def test_an_open_time_is_the_nearest_on_its_side_of_now(
    now: datetime, zone: str, day: str, clock: str
) -> None:
    after, before = (parse_when(day + clock, now, zone, side) for side in ("future", "past"))
    longest = timedelta(days=8 if day else 2)
    assert now < after <= now + longest
    assert now - longest <= before <= now


@settings(max_examples=40, deadline=None)
@given(wall=WALLS, zone=ZONES)
def test_a_wall_time_comes_back_or_does_not_exist(wall: datetime, zone: str) -> None:
    place = ZoneInfo(zone)
    instant = from_wall(wall.date(), wall.time(), place)
    shown = instant.astimezone(place).replace(tzinfo=None)
    earlier = (instant - timedelta(seconds=1)).astimezone(place).replace(tzinfo=None)
    if shown == wall:
        assert instant <= wall.replace(tzinfo=place, fold=1).astimezone(UTC)
    else:
        assert earlier < wall < shown


@settings(max_examples=25, deadline=None)
@given(wall=WALLS, hours=st.integers(-14, 14), minutes=st.sampled_from([0, 30, 45]))
def test_a_time_with_its_offset_means_what_iso_8601_says(wall: datetime, hours: int, minutes: int) -> None:
    zone = timezone(timedelta(hours=hours, minutes=minutes if hours >= 0 else -minutes))
    at = wall.replace(tzinfo=zone)
    assert parse_when(at.isoformat(), at, "Asia/Tokyo") == at
    assert parse_when(at.isoformat(sep=" "), at, "Asia/Tokyo") == at


@settings(max_examples=25, deadline=None)
@given(now=NOWS, zone=ZONES, at=NOWS)
def test_what_is_echoed_can_be_typed_again(now: datetime, zone: str, at: datetime) -> None:
    minute = at.replace(second=0, microsecond=0)
    assert parse_when(echo(minute, zone).split(" (")[0], now, zone) == minute


@settings(max_examples=25, deadline=None)
@given(seconds=st.integers(60, 10**8), now=NOWS)
def test_a_span_on_the_screen_can_be_typed_again(seconds: int, now: datetime) -> None:
    again = parse_when("in " + span_words(seconds), now, "UTC") - now
    assert timedelta(0) < again <= timedelta(seconds=seconds)
    assert timedelta(seconds=seconds) - again < timedelta(hours=1)


@settings(max_examples=25, deadline=None)
@given(minutes=st.integers(0, 59_999))
def test_time_worked_reads_the_same_in_every_spelling(minutes: int) -> None:
    spellings = [
        f"{minutes}m",
        str(minutes),
        f"{minutes // 60}:{minutes % 60:02}",
        f"{minutes // 60}h{minutes % 60}",
    ]
    assert {parse_worked(each) for each in spellings} == {minutes * 60}


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=40) | st.text(alphabet="0123456789hmd:-+ TZ/monat.", max_size=24), zone=ZONES)
def test_any_text_is_a_time_or_is_refused(text: str, zone: str) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    for read in (lambda: parse_when(text, now, zone), lambda: parse_alarm(text, now, zone)[0]):
        with contextlib.suppress(Invalid):
            assert read().tzinfo is UTC
