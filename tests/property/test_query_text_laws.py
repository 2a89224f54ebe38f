"""Laws of a query's text: one way to write each question, and forms that lose nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nocturne.core.query import form as queryform
from nocturne.core.query import parse
from nocturne.core.query.canonical import canonical
from nocturne.core.query.tree import Query
from nocturne.core.refusals import Invalid
from tests.asked import ASKED, QUERIES

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
PIECES = st.sampled_from(
    [
        *'()-"\\, :*',
        "or",
        "not",
        "is:",
        "open",
        "owner:",
        "me",
        "none",
        "4711",
        "node:",
        "x",
        "1..2",
        "opened:today",
        "after:mon",
        "10:25",
    ]
)


def read(text: str) -> Query:
    return parse(text, now=NOW, zone="Europe/Zurich")


@pytest.mark.req("R15.1", "S18")
@settings(max_examples=400, deadline=None)
@given(QUERIES)
def test_a_query_written_anew_asks_the_same_and_is_then_written_so_for_good(text: str) -> None:
    query = read(text)
    once = canonical(query)
    assert read(once) == query
    assert canonical(read(once)) == once


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=10).map("".join) | st.text(max_size=25))
@example('node:"":')
@example('cause:"/dev"')
def test_whatever_is_read_can_be_written_anew(text: str) -> None:
    try:
        query = read(text)
    except Invalid:
        return
    once = canonical(query)
    assert read(once) == query
    assert canonical(read(once)) == once


FOREIGN = st.sampled_from([
    " ", " ", " ", "=", ">", "!", "&&", "||", "|", "*", "(", ")", "-", "'x y'", '"x y"', "severity", "owner", "subject",
    "LIKE", "status:", "has:", "from:", "to:", "complaint", "1", "2..1", "kofi", "stalled", "is:", "opne", "or",
    "machine.",
])  # fmt: skip


@pytest.mark.req("R2.1")
@settings(max_examples=600, deadline=None)
@given(st.lists(FOREIGN, max_size=9).map("".join))
@example("status:stalled|opne")
@example("(severity=1 || owner='x y') complaints>1")
def test_what_is_suggested_is_not_refused_in_turn(text: str) -> None:
    facts = refusal(text)
    if not facts.get("suggestion"):
        return
    (start, end), suggestion = facts["span"], facts["suggestion"]
    again = refusal(f"{text[:start]}{suggestion}{text[end:]}")
    # What stands behind may be wrong by itself, and a key is put right whatever its value is.
    is_behind = again.get("position", len(text)) >= start + len(suggestion)
    assert not again or is_behind or facts["reason"] == "unknown_key", (text, suggestion, again)


def refusal(text: str) -> dict[str, Any]:
    """Give what a question is refused with; nothing where it is understood."""
    try:
        read(text)
    except Invalid as refused:
        return refused.params
    return {}


@pytest.mark.req("S18")
@settings(max_examples=400, deadline=None)
@given(QUERIES)
def test_a_query_opened_as_a_form_and_closed_again_asks_the_same(text: str) -> None:
    query = read(text)
    assert read(queryform.text(queryform.form(query))) == query


@pytest.mark.parametrize("text", ASKED)
def test_each_word_by_itself_is_a_row_of_a_form(text: str) -> None:
    assert queryform.form(read(text)).is_plain
    assert queryform.form(read(f"-{text}")).is_plain
