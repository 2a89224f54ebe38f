"""Laws of working time: what is added is what is measured, whatever the calendar and the zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from nocturne.core import hours
from nocturne.core.configuration.calendars import Calendar

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
)
minutes = some.integers(0, 24 * 60 - 1)
window = some.tuples(minutes, some.integers(1, 24 * 60)).filter(lambda each: each[0] != each[1])
calendars = some.builds(
    lambda zone, days, holidays, yearly: Calendar(
        "shop", zone=zone, hours=days, holidays=dict.fromkeys(holidays, ""), yearly=dict.fromkeys(yearly, "")
    ),
    some.sampled_from(ZONES),
    some.dictionaries(
        some.integers(0, 6), some.lists(window, min_size=1, max_size=3).map(tuple), min_size=1, max_size=7
    ),
    some.lists(some.dates(datetime(2025, 12, 1).date(), datetime(2027, 2, 1).date()), max_size=6),
    some.lists(some.sampled_from([(1, 1), (2, 29), (5, 1), (12, 25)]), max_size=3),
)
instants = some.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=some.just(UTC))
spans = some.integers(1, 60 * 3_600).map(lambda seconds: timedelta(seconds=seconds))


@pytest.mark.req("R9.5")
@given(calendars, instants, spans)
def test_what_is_added_is_what_is_measured(shop: Calendar, start: datetime, span: timedelta) -> None:
    end = hours.after(shop, start, span)
    assert hours.between(shop, start, end) == span
    assert hours.between(shop, start, end - timedelta(seconds=1)) < span  # and no earlier instant would do


@pytest.mark.req("R9.5")
@given(calendars, instants, spans, spans)
def test_one_span_after_another_is_both_together(
    shop: Calendar, start: datetime, one: timedelta, two: timedelta
) -> None:
    assert hours.after(shop, hours.after(shop, start, one), two) == hours.after(shop, start, one + two)


@pytest.mark.req("R9.5")
@given(calendars, instants, some.integers(0, 40 * 86_400), some.integers(0, 40 * 86_400))
def test_two_stretches_add_up_to_the_whole_and_none_is_longer_than_it_lasts(
    shop: Calendar, start: datetime, one: int, two: int
) -> None:
    middle, end = start + timedelta(seconds=one), start + timedelta(seconds=one + two)
    first, second = hours.between(shop, start, middle), hours.between(shop, middle, end)
    assert first + second == hours.between(shop, start, end)
    assert timedelta(0) <= first <= middle - start


@pytest.mark.req("R9.5")
@given(calendars, instants)
def test_work_goes_on_at_an_instant_at_which_it_runs(shop: Calendar, at: datetime) -> None:
    opens = hours.opening(shop, at)
    assert opens >= at
    assert hours.is_open(shop, opens)
    assert not hours.between(shop, at, opens)
