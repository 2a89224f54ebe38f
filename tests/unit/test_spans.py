"""Spans of time, read and written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nocturne.core.refusals import Invalid
from nocturne.core.spans import parse_worked, span_words


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1h30", 90),
        ("90m", 90),
        ("45", 45),
        ("1:30", 90),
        ("1.5h", 90),
        ("1,5 h", 90),
        ("1 h 30 min", 90),
        ("0", 0),
        (" 2H ", 120),
        ("1h30m", 90),
        ("1000h", 60_000),
    ],
)
@pytest.mark.req("S7")
def test_time_worked_is_read_as_people_write_it(text: str, minutes: int) -> None:
    assert parse_worked(text) == minutes * 60


@pytest.mark.parametrize(
    "text",
    ["", "a while", "-5", "1d", "2 days", "1h 30", "1h75", "1001h", "1:75", "5m 5m", "½h", "٣h", "1e3"],
)
def test_time_worked_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_worked(text)
    assert (refused.value.code, refused.value.field) == ("bad_worked", "worked")


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(), "0 min"),
        (timedelta(seconds=59), "0 min"),
        (timedelta(seconds=-59), "0 min"),
        (timedelta(minutes=4, seconds=59), "4 min"),
        (timedelta(minutes=-4), "−4 min"),
        (timedelta(hours=3, minutes=12), "3 h 12 m"),
        (timedelta(hours=6), "6 h"),
        (timedelta(days=1, hours=4, minutes=59), "1 d 4 h"),
        (timedelta(days=5), "5 d"),
        (7200, "2 h"),
    ],
)
def test_spans_are_short_on_the_screen(span: timedelta | int, words: str) -> None:
    assert span_words(span) == words
