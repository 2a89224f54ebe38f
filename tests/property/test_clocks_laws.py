"""Laws of the clock ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from nocturne.core.chart import fold
from nocturne.core.clocks import Segment, Span, Switch, between, durations, ledger, strip, switches, union
from nocturne.core.entry import Author, Change, DataClass, Door, Entry, Kind

START = datetime(2026, 11, 22, tzinfo=UTC)
END = START + timedelta(hours=3)
INSTANTS = st.floats(0, 10_000).map(lambda seconds: START + timedelta(seconds=seconds))
CLOCKS = st.sampled_from(["noc", "customer", "vendor", "scheduled", "stopped"])
MARKS = st.lists(st.tuples(INSTANTS, CLOCKS), max_size=14).map(
    lambda marks: [
        Switch(START, 0, "noc"),
        *(Switch(at, seq, clock) for seq, (at, clock) in enumerate(marks, 1)),
    ]
)
SPANS = st.lists(st.tuples(INSTANTS, st.none() | INSTANTS).map(lambda both: Span(*both)), max_size=8)


def total(segments: list[Segment], until: datetime) -> timedelta:
    return sum(durations(segments, until).values(), timedelta(0))


@settings(max_examples=30, deadline=None)
@given(marks=MARKS, order=st.randoms(use_true_random=False))
def test_the_order_in_which_switches_come_does_not_matter(marks: list[Switch], order: object) -> None:
    shuffled = list(marks)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ledger(shuffled) == ledger(marks)


@settings(max_examples=30, deadline=None)
@given(marks=MARKS)
def test_segments_leave_no_gap_and_add_up_to_all_the_time(marks: list[Switch]) -> None:
    segments = ledger(marks)
    assert total(segments, END) == END - START
    assert all(
        first.end == second.start and first.clock != second.clock for first, second in pairwise(segments)
    )
    assert segments[-1].end is None


@settings(max_examples=30, deadline=None)
@given(marks=MARKS, late=INSTANTS, clock=CLOCKS)
def test_a_switch_written_down_late_never_makes_or_loses_time(
    marks: list[Switch], late: datetime, clock: str
) -> None:
    assert total(ledger([*marks, Switch(late, 99, clock)]), END) == total(ledger(marks), END)


@settings(max_examples=30, deadline=None)
@given(marks=MARKS, first=INSTANTS, last=INSTANTS)
def test_the_time_between_two_instants_is_all_accounted_for(
    marks: list[Switch], first: datetime, last: datetime
) -> None:
    first, last = (each.replace(microsecond=0) for each in sorted((first, last)))
    assert total(between(ledger(marks), first, last), END) == last - first


@settings(max_examples=30, deadline=None)
@given(marks=MARKS)
def test_the_header_shows_the_clock_of_the_last_segment(marks: list[Switch]) -> None:
    author = Author("account", 1, "anna")
    entries = [
        Entry(
            *(mark.seq, 4711, mark.seq, Kind.CHANGED, mark.at, END, author, Door.WEB, DataClass.STAFF),
            changes=(Change("clock", None, mark.clock),),
        )
        for mark in marks
    ]
    assert fold(entries)["clock"] == ledger(switches(entries))[-1].clock


@settings(max_examples=30, deadline=None)
@given(spans=SPANS, now=INSTANTS)
def test_a_union_is_never_longer_than_its_spans_together_or_shorter_than_the_longest(
    spans: list[Span], now: datetime
) -> None:
    lengths = [union([span], now).length for span in spans]
    found = union(spans, now)
    assert max(lengths, default=timedelta(0)) <= found.length <= sum(lengths, timedelta(0))
    assert found.length == sum((span.end - span.start for span in found.spans if span.end), timedelta(0))
    assert union(found.spans, now).spans == found.spans


@settings(max_examples=40, deadline=None)
@given(marks=MARKS, first=INSTANTS, last=INSTANTS, width=st.integers(1, 40))
def test_a_strip_fills_its_width_exactly(
    marks: list[Switch], first: datetime, last: datetime, width: int
) -> None:
    first, last = (each.replace(microsecond=0) for each in sorted((first, last)))
    segments = ledger(marks)
    pieces = strip(segments, first, last, width)
    if first == last:
        assert pieces == []
        return
    assert [piece.x for piece in pieces] == [
        sum(each.width for each in pieces[:i]) for i in range(len(pieces))
    ]
    assert sum(piece.width for piece in pieces) == width
    assert all(piece.width >= 1 for piece in pieces)
    cut = between(segments, first, last)
    if len(cut) <= width:
        assert [piece.clock for piece in pieces] == [segment.clock for segment in cut]
