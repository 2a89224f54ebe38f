"""Whose time ran, and how long service was away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nocturne.core.clocks import (
    Piece,
    Segment,
    Span,
    Switch,
    between,
    clock_at,
    durations,
    ledger,
    strip,
    switches,
    union,
)
from nocturne.core.entry import Author, Change, DataClass, Door, Entry, Kind

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


NIGHT = [Switch(at(0), 1, "noc"), Switch(at(30), 3, "customer"), Switch(at(50), 5, "vendor")]


@pytest.mark.req("R11.4")
def test_noc_customer_and_vendor_time_switch_back_and_forth() -> None:
    segments = ledger([*NIGHT, Switch(at(80), 8, "noc"), Switch(at(90), 9, "stopped")])
    assert segments[0] == Segment(at(0), at(30), "noc")
    assert segments[-1] == Segment(at(90), None, "stopped")
    assert durations(segments, at(100)) == {
        "noc": minutes(40),
        "customer": minutes(20),
        "vendor": minutes(30),
        "stopped": minutes(10),
    }


@pytest.mark.req("R11.1")
def test_a_switch_written_down_late_moves_time_to_the_clock_that_really_ran() -> None:
    late = Switch(at(10), 9, "customer")
    before, after = durations(ledger(NIGHT), at(60)), durations(ledger([*NIGHT, late]), at(60))
    assert after["noc"] == before["noc"] - minutes(20)
    assert after["customer"] == before["customer"] + minutes(20)
    assert ledger([*NIGHT, late])[-1].clock == "vendor"


def test_no_clock_runs_before_the_opening() -> None:
    marks = [Switch(at(5), 1, "noc"), Switch(at(-30), 2, "customer")]
    assert ledger(marks, opened=at(0)) == [Segment(at(0), at(5), "customer"), Segment(at(5), None, "noc")]
    assert ledger(marks, opened=at(9)) == [Segment(at(9), None, "noc")]


def test_of_two_switches_in_one_second_the_later_written_one_counts() -> None:
    segments = ledger([Switch(at(0), 1, "noc"), Switch(at(5), 2, "vendor"), Switch(at(5), 3, "noc")])
    assert segments == [Segment(at(0), None, "noc")]
    assert ledger([]) == []


def test_a_clock_that_was_started_in_the_future_has_not_run_yet() -> None:
    assert durations(ledger([Switch(at(10), 1, "scheduled")]), at(0)) == {}


def test_the_clock_at_an_instant() -> None:
    segments = ledger(NIGHT)
    assert [clock_at(segments, at(m)) for m in (-1, 0, 29.9, 30, 50, 500)] == [
        None,
        "noc",
        "noc",
        "customer",
        "vendor",
        "vendor",
    ]


def test_a_ledger_can_be_cut_to_a_month() -> None:
    assert between(ledger(NIGHT), at(20), at(60)) == [
        Segment(at(20), at(30), "noc"),
        Segment(at(30), at(50), "customer"),
        Segment(at(50), at(60), "vendor"),
    ]
    assert between(ledger(NIGHT), at(-20), at(-10)) == []


def test_switches_are_read_from_the_entries_that_made_them() -> None:
    def entry(seq: int, *changes: Change) -> Entry:
        author = Author("account", 1, "anna")
        return Entry(seq, 4711, seq, Kind.NOTE, at(seq), at(seq), author, Door.WEB, DataClass.STAFF, changes)

    entries = [entry(1, Change("clock", None, "noc")), entry(2), entry(3, Change("clock", "noc", "vendor"))]
    assert list(switches(entries)) == [Switch(at(1), 1, "noc"), Switch(at(3), 3, "vendor")]


@pytest.mark.req("R11.4")
def test_the_outage_of_a_ticket_is_the_union_of_its_spans() -> None:
    found = union(
        [Span(at(40), at(50)), Span(at(0), at(10)), Span(at(5), at(20)), Span(at(20), at(21))], at(60)
    )
    assert found.length == minutes(31)
    assert not found.provisional
    assert found.spans == (Span(at(0), at(21)), Span(at(40), at(50)))


def test_an_outage_that_lasts_is_measured_until_now_and_said_to_be_provisional() -> None:
    found = union([Span(at(0), at(10)), Span(at(50))], at(60))
    assert (found.length, found.provisional) == (minutes(20), True)


def test_an_outage_that_is_only_planned_has_no_length() -> None:
    found = union([Span(at(70), at(90)), Span(at(80))], at(60))
    assert (found.length, found.provisional, found.spans) == (timedelta(0), False, ())
    assert union([Span(at(10), at(5))], at(60)).length == timedelta(0)


def test_a_strip_shows_every_clock_however_short_it_ran() -> None:
    segments = ledger([*NIGHT, Switch(at(50.05), 6, "noc"), Switch(at(50.1), 7, "vendor")])
    pieces = strip(segments, at(0), at(100), 100)
    assert [piece.clock for piece in pieces] == ["noc", "customer", "vendor", "noc", "vendor"]
    assert min(piece.width for piece in pieces) >= 1
    assert pieces[0] == Piece("noc", 0, 30)
    assert sum(piece.width for piece in pieces) == 100


def test_a_strip_of_very_many_switches_shows_what_ran_longest_in_each_unit() -> None:
    marks = [Switch(at(m), m, "vendor" if m % 2 else "noc") for m in range(1000)]
    marks.append(Switch(at(1000), 1000, "customer"))
    pieces = strip(ledger(marks), at(0), at(2000), 10)
    assert sum(piece.width for piece in pieces) == 10
    assert pieces[-1] == Piece("customer", 5, 5)


def test_a_strip_that_begins_before_the_ticket_shows_a_gap() -> None:
    assert strip(ledger(NIGHT), at(-30), at(30), 60) == [Piece("", 0, 30), Piece("noc", 30, 30)]
    assert strip([], at(0), at(10), 60) == [Piece("", 0, 60)]
    assert strip(ledger(NIGHT), at(0), at(0), 60) == []
    assert strip(ledger(NIGHT), at(0), at(60), 0) == []
