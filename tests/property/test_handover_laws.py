"""What a handover says became of a ticket is the difference of what was known then and what is known now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nocturne.core.chart import as_known, column, fold, plain
from nocturne.core.entry import Author, Change, DataClass, Door, Entry, Kind
from nocturne.core.handover import TOLD, moved

pytestmark = pytest.mark.req("R1.2", "R8.1")

BEGAN = datetime(2026, 12, 1, 18, tzinfo=UTC)
VALUES: dict[str, list[Any]] = {
    "state": [{"name": "new", "meaning": "new"}, {"name": "open", "meaning": "open"}],
    "owner": [None, {"id": 1, "label": "anna"}, {"id": 2, "label": "kofi"}],
    "severity": [1, 2, 3],
    "clock": ["noc", "vendor", "customer"],
    "next_action": [None, "call the site", "wait for splice"],
    "cause": [None, "backhoe"],
}


@st.composite
def histories(draw: st.DrawFn) -> list[Entry]:
    """Entries as the desk writes them: each change knows what was there, but for what is kept apart."""
    header: dict[str, Any] = {}
    found = []
    for seq in range(1, draw(st.integers(1, 12)) + 1):
        changes = []
        for name in draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=3, unique=True)):
            after = draw(st.sampled_from(VALUES[name]))
            before = header.get(name)
            if plain(column(name).form, after) == plain(column(name).form, before):
                continue
            changes.append(Change(name, None if column(name).sensitive else before, after))
            header[name] = after
        at = BEGAN + timedelta(minutes=seq)
        author = Author("account", 1, "anna")
        found.append(
            Entry(seq, 1, seq, Kind.CHANGED, at, at, author, Door.WEB, DataClass.STAFF, tuple(changes))
        )
    return found


def _difference(then: dict[str, Any], now: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (then.get(name), now.get(name)) for name in TOLD if then.get(name) != now.get(name)}


def _plain(name: str, value: Any) -> Any:
    return plain(column(name).form, value)


@given(histories(), st.integers(0, 13))
def test_then_and_now_are_what_the_entries_add_up_to(entries: Sequence[Entry], minutes: int) -> None:
    begins = BEGAN + timedelta(minutes=minutes)
    then, now = as_known(entries, begins), fold(entries)
    written = [each for each in entries if each.recorded_at > begins]
    told = moved((change.stored() for each in written for change in each.changes), then)
    assert {
        each.column: (_plain(each.column, each.then), _plain(each.column, each.now)) for each in told
    } == _difference(then, now)
