"""A header is what a ticket's entries add up to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nocturne.core.chart import as_it_was, as_known, column, difference, fold
from nocturne.core.entry import (
    Author,
    Change,
    DataClass,
    Door,
    Entry,
    Kind,
    chain_hash,
    from_instant,
    instant,
    text_hash,
)

THREE = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ANNA = Author("account", 1, "anna")


def entry(seq: int, *changes: tuple[str, Any, Any], minutes: int = 0, written: int | None = None) -> Entry:
    """An entry that happened so many minutes after three, and was written down then or later."""
    return Entry(
        id=seq,
        ticket=4711,
        seq=seq,
        kind=Kind.CHANGED,
        at=THREE + timedelta(minutes=minutes),
        recorded_at=THREE + timedelta(minutes=minutes if written is None else written),
        author=ANNA,
        door=Door.WEB,
        data_class=DataClass.STAFF,
        changes=tuple(Change(*change) for change in changes),
    )


def test_the_last_value_counts_and_nothing_is_what_is_empty() -> None:
    entries = [
        entry(1, ("severity", None, 2), ("next_action", None, "Call site")),
        entry(2, ("severity", 2, 1), ("next_action", None, None)),
    ]
    assert fold(entries) == {"severity": 1}


def test_a_row_is_folded_to_its_number_whatever_it_is_called_today() -> None:
    assert fold([entry(1, ("owner", None, {"id": 7, "label": "anna"}))]) == {"owner": 7}


def test_a_state_keeps_its_meaning_with_its_name() -> None:
    state = {"name": "waiting for parts", "meaning": "waiting"}
    assert fold([entry(1, ("state", None, state))])["state"] == state


@pytest.mark.req("R11.4")
def test_a_switch_written_down_late_does_not_turn_the_clock_back() -> None:
    entries = [
        entry(1, ("clock", None, "noc")),
        entry(2, ("clock", "noc", "vendor"), minutes=30),
        entry(3, ("clock", "vendor", "customer"), minutes=10, written=40),
    ]
    assert fold(entries)["clock"] == "vendor"


def test_elements_of_sets_come_and_go() -> None:
    entries = [
        entry(1, ("machine/42", None, "cr1.aa"), ("machine/43", None, "cr2.chi")),
        entry(2, ("machine/42", "cr1.aa", None)),
    ]
    assert fold(entries) == {"machine/43": "cr2.chi"}


@pytest.mark.req("R11.1")
def test_as_it_stood_has_two_readings() -> None:
    entries = [entry(1, ("severity", None, 3)), entry(2, ("severity", 3, 1), minutes=5, written=60)]
    ten_past = THREE + timedelta(minutes=10)
    assert as_known(entries, ten_past)["severity"] == 3
    assert as_it_was(entries, ten_past)["severity"] == 1


def test_the_first_difference_is_named_with_both_values() -> None:
    assert difference({"severity": 1, "queue": 2}, {"severity": 2, "queue": 2}) == ("severity", 1, 2)
    assert difference({"severity": 1}, {"severity": 1}) is None


def test_a_column_nobody_has_heard_of_does_not_exist() -> None:
    with pytest.raises(KeyError):
        column("is_staff")


def test_instants_are_spelt_so_that_text_order_is_time_order() -> None:
    assert instant(THREE) == "2026-11-22T03:00:00.000000Z"
    assert from_instant(instant(THREE)) == THREE


def test_a_hash_changes_with_every_part_of_what_it_covers() -> None:
    base = chain_hash(bytes(32), [4711, 1, "note"])
    assert base != chain_hash(bytes(32), [4711, 2, "note"])
    assert base != chain_hash(bytes([1] * 32), [4711, 1, "note"])
    assert text_hash(b"salt", "a", []) != text_hash(b"pepper", "a", [])
