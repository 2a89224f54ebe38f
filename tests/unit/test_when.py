"""Times as people on shift write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nocturne.core.configuration.calendars import Calendar
from nocturne.core.refusals import Invalid
from nocturne.core.when import parse_alarm, parse_when
from nocturne.core.zones import echo

# A Sunday; Paris is one hour ahead of UTC, Detroit five behind.
NOW = datetime(2026, 11, 22, 12, 30, 15, tzinfo=UTC)
PARIS = "Europe/Paris"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("in 2h", "2026-11-22 14:30:15"),
        ("2h", "2026-11-22 14:30:15"),
        ("+2h", "2026-11-22 14:30:15"),
        ("90m", "2026-11-22 14:00:15"),
        ("1h30", "2026-11-22 14:00:15"),
        ("1.5 hours", "2026-11-22 14:00:15"),
        ("in 2 days", "2026-11-24 12:30:15"),
        ("1d4h", "2026-11-23 16:30:15"),
        ("1 week", "2026-11-29 12:30:15"),
        ("mon 08:00", "2026-11-23 07:00"),
        ("Monday 8", "2026-11-23 07:00"),
        ("monday at 8", "2026-11-23 07:00"),
        ("monday", "2026-11-23 07:00"),
        ("sun 13:00", "2026-11-29 12:00"),
        ("sun 14:00", "2026-11-22 13:00"),
        ("tomorrow 9", "2026-11-23 08:00"),
        ("tomorrow 0930", "2026-11-23 08:30"),
        ("tomorrow 9pm", "2026-11-23 20:00"),
        ("tomorrow", "2026-11-23 07:00"),
        ("08:00 tomorrow", "2026-11-23 07:00"),
        ("08:00", "2026-11-23 07:00"),
        ("14:00", "2026-11-22 13:00"),
        ("at 14", "2026-11-22 13:00"),
        ("12am", "2026-11-22 23:00"),
        ("24:00", "2026-11-22 23:00"),
        ("today 24:00", "2026-11-22 23:00"),
        ("2026-12-01 14:00", "2026-12-01 13:00"),
        ("2026-12-01 at 14", "2026-12-01 13:00"),
        ("2026-12-01", "2026-12-01 07:00"),
        ("2026-12-01 14:00Z", "2026-12-01 14:00"),
        ("2026-12-01 14:00 Z", "2026-12-01 14:00"),
        ("2026-12-01 14:00 utc", "2026-12-01 14:00"),
        ("2026-12-01 14:00 America/Detroit", "2026-12-01 19:00"),
        ("2026-12-01 america/detroit", "2026-12-01 13:00"),
        ("2026-12-01 14:00 america/new_york", "2026-12-01 19:00"),
        ("2026-12-01T14:00:30+05:30", "2026-12-01 08:30:30"),
        ("2026-12-01t14:00:30.5z", "2026-12-01 14:00:30.500"),
        ("2026-12-01 14:00 +0530", "2026-12-01 08:30"),
        ("2026-12-01 14:00 UTC+2", "2026-12-01 12:00"),
        ("2026-12-01 14:00 GMT-03:30", "2026-12-01 17:30"),
        ("mon 08:00 America/Detroit", "2026-11-23 13:00"),
        ("12:00Z", "2026-11-23 12:00"),
        ("13:00Z", "2026-11-22 13:00"),
        ("tomorrow 1430z", "2026-11-23 14:30"),
        ("  14:00,  ", "2026-11-22 13:00"),
        ("now", "2026-11-22 12:30:15"),
    ],
)
@pytest.mark.req("R4.1")
def test_an_operator_in_paris_sets_a_timer(text: str, at: str) -> None:
    assert parse_when(text, NOW, PARIS) == utc(at)
    assert parse_when(text, NOW, PARIS).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("10 min ago", "2026-11-22 12:20:15"),
        ("10 min", "2026-11-22 12:20:15"),
        ("-20m", "2026-11-22 12:10:15"),
        ("−20m", "2026-11-22 12:10:15"),
        ("2 days ago", "2026-11-20 12:30:15"),
        ("11:25", "2026-11-22 10:25"),
        ("14:00", "2026-11-21 13:00"),
        ("12:30:15Z", "2026-11-22 12:30:15"),
        ("yesterday 16:00", "2026-11-21 15:00"),
        ("yesterday", "2026-11-20 23:00"),
        ("today 9", "2026-11-22 08:00"),
        ("fri 16", "2026-11-20 15:00"),
        ("sun 13:00", "2026-11-22 12:00"),
        ("sun 14:00", "2026-11-15 13:00"),
        ("2026-11-01 06:00", "2026-11-01 05:00"),
        ("in 5 min", "2026-11-22 12:35:15"),
    ],
)
@pytest.mark.req("R11.1")
def test_an_operator_in_paris_says_when_it_happened(text: str, at: str) -> None:
    assert parse_when(text, NOW, PARIS, "past") == utc(at)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "soon",
        "25:00",
        "mon 25:00",
        "12:75",
        "2026-02-30",
        "2026-13-01 10:00",
        "2026-12-01T",
        "in",
        "ago",
        "in 2h ago",
        "2",
        "45",
        "2h 2h",
        "4h 1d",
        "2 parsecs",
        "99999999999h",
        "999999 weeks",
        "13pm",
        "0am",
        "2h!",
        "in mon",
        "mon tue",
        "14:00 Nowhere/Land",
        "14:00 ../etc",
        "14:00 America",
        "14:00 14:00",
        "１４:００",
        "9999-12-31 23:00 America/Detroit",
        "0001-01-01 00:00 Asia/Tokyo",
        "14:00+99:99",
        "14:00+01:75",
        "2h" * 400,
        "today " * 9,
    ],
)
def test_nonsense_is_refused_and_given_back(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_when(text, NOW, PARIS, field="at")
    assert (refused.value.code, refused.value.field) == ("bad_time", "at")
    assert refused.value.params["given"] == text


@pytest.mark.parametrize("letters", ["CET", "EST", "BST", "PDT", "MESZ"])
def test_letters_that_name_no_one_zone_are_refused_rather_than_guessed(letters: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_alarm(f"mon 08:00 {letters} call again", NOW, PARIS)
    assert refused.value.code == "bad_zone"
    assert refused.value.params["given"] == letters


def test_an_account_with_an_unknown_zone_is_told_so() -> None:
    with pytest.raises(Invalid) as refused:
        parse_when("2h", NOW, "Mars/Olympus")
    assert refused.value.code == "bad_zone"


def test_a_wall_time_that_summer_time_skips_is_the_next_instant_there_is() -> None:
    evening_before = utc("2026-03-28 20:00")
    assert parse_when("02:30", evening_before, PARIS) == utc("2026-03-29 01:00")
    assert parse_when("2026-03-29 02:00", evening_before, PARIS) == utc("2026-03-29 01:00")
    assert parse_when("2026-03-29 02:30:30.25", evening_before, PARIS) == utc("2026-03-29 01:00")
    assert parse_when("2026-03-29 03:00", evening_before, PARIS) == utc("2026-03-29 01:00")


def test_of_a_wall_time_that_comes_twice_the_first_is_meant() -> None:
    assert parse_when("2026-10-25 02:30", NOW, PARIS) == utc("2026-10-25 00:30")
    between = utc("2026-10-25 00:45")
    assert parse_when("02:30", between, PARIS) == utc("2026-10-26 01:30")


def test_days_keep_the_time_of_day_and_hours_are_hours() -> None:
    evening_before = utc("2026-03-28 20:00")
    assert parse_when("in 1 day", evening_before, PARIS) == utc("2026-03-29 19:00")
    assert parse_when("in 24h", evening_before, PARIS) == utc("2026-03-29 20:00")


@pytest.mark.parametrize(
    ("given", "at", "text"),
    [
        ("2h remind site", "2026-11-22 14:30:15", "remind site"),
        ("in 2 h remind site", "2026-11-22 14:30:15", "remind site"),
        ("mon 08:00 call again", "2026-11-23 07:00", "call again"),
        ("mon 8 call again", "2026-11-23 07:00", "call again"),
        ("mon call again", "2026-11-23 07:00", "call again"),
        ("2h: Remind  site:  TT 4711", "2026-11-22 14:30:15", "Remind  site:  TT 4711"),
        ("2026-12-01 14:00 Z ask for the splice", "2026-12-01 14:00", "ask for the splice"),
        ("2026-12-01 14:00 in/out balance", "2026-12-01 13:00", "in/out balance"),
        ("tomorrow 4711 again", "2026-11-23 07:00", "4711 again"),
        ("2h 3 routers", "2026-11-22 14:30:15", "3 routers"),
        ("2h", "2026-11-22 14:30:15", ""),
        ("14:00 sunset on site", "2026-11-22 13:00", "sunset on site"),
    ],
)
@pytest.mark.req("R4.1")
def test_a_timer_is_a_time_and_a_short_text(given: str, at: str, text: str) -> None:
    assert parse_alarm(given, NOW, PARIS) == (utc(at), text)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("remind site 2h", "bad_time"),
        ("20m ago look", "time_past"),
        ("2026-11-01 look", "time_past"),
        ("", "bad_time"),
    ],
)
def test_a_timer_that_can_never_go_off_is_refused(given: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_alarm(given, NOW, PARIS, field="timer")
    assert (refused.value.code, refused.value.field) == (code, "timer")


def test_the_answer_echoes_utc_and_the_time_on_the_wall() -> None:
    assert echo(utc("2026-12-01 13:00"), PARIS) == "2026-12-01 13:00 UTC (14:00 Europe/Paris)"
    assert echo(utc("2026-12-01 23:30"), PARIS) == "2026-12-01 23:30 UTC (2026-12-02 00:30 Europe/Paris)"
    assert echo(utc("2026-12-01 13:00"), "UTC") == "2026-12-01 13:00 UTC"
    assert echo(utc("2026-12-01 13:00"), "Europe/London") == "2026-12-01 13:00 UTC (13:00 Europe/London)"


def test_a_zone_far_in_the_east_has_another_today() -> None:
    late = utc("2026-11-22 23:00")
    assert parse_when("tomorrow 9", late, "Asia/Tokyo") == utc("2026-11-24 00:00")
    assert parse_when("09:00", late, "Asia/Tokyo") - late == timedelta(hours=1)


SHOP = Calendar("shop", zone=PARIS, hours=dict.fromkeys(range(5), ((540, 1020),)))


@pytest.mark.req("R4.1", "R9.5")
@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("2 working hours call again", "2026-11-23 10:00", "call again"),
        ("in 90 working minutes", "2026-11-23 09:30", ""),
        ("next working day", "2026-11-23 08:00", ""),
        ("next working day 09:30 call", "2026-11-23 08:30", "call"),
        ("next working day at 11 call", "2026-11-23 10:00", "call"),
        ("2 working days", "2026-11-24 08:00", ""),
        ("next working day call", "2026-11-23 08:00", "call"),
    ],
)
def test_a_timer_may_be_given_in_somebodys_working_hours(text: str, at: str, words: str) -> None:
    found = parse_alarm(text, NOW, "UTC", calendar=lambda: SHOP)
    assert found == (utc(at), words)


@pytest.mark.req("R4.1")
@pytest.mark.parametrize("calendar", [None, lambda: None])
def test_where_nobodys_working_hours_are_known_they_mean_nothing(calendar: Any) -> None:
    with pytest.raises(Invalid) as refused:
        parse_alarm("2 working hours", NOW, "UTC", calendar=calendar)
    assert refused.value.code == "no_calendar"
    with pytest.raises(Invalid) as refused:
        parse_when("next working hour", NOW, "UTC", calendar=lambda: SHOP)
    assert refused.value.code == "bad_time"
