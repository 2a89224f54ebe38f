"""Whose time ran: the ledger of a ticket's clocks, the length of its outages, and the strip that shows them.

RFC 1297 wants time durations derived from time-stamped status changes, and customer time left out of reports.
Every switch of the clock carries when it happened; the ledger sorts them by that, so that a switch written down
late moves time from one clock to another and never makes or loses any.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nocturne.core.entry import Entry

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, order=True)
class Switch:
    """At this instant this clock began to run; `seq` decides between switches of one instant."""

    at: datetime
    seq: int
    clock: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch in which one clock ran; the last one of a ledger is open."""

    start: datetime
    end: datetime | None
    clock: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch without service; open while it lasts."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Union:
    """How long any of several spans lasted, counted once where they overlap; provisional while one is open."""

    length: timedelta
    provisional: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a strip, in whole units of its width; `clock` is empty where none ran yet."""

    clock: str
    x: int
    width: int


def switches(entries: Iterable[Entry]) -> Iterator[Switch]:
    """Find the switches of the clock among a ticket's entries."""
    for entry in entries:
        for change in entry.changes:
            if change.column == "clock" and change.after is not None:
                yield Switch(entry.at, entry.seq, str(change.after))


def ledger(marks: Iterable[Switch], *, opened: datetime | None = None) -> list[Segment]:
    """Sort switches into segments without gaps or overlaps; neighbours of one clock are one segment.

    :param opened: no clock runs before it; a switch from before counts from here.
    """
    segments: list[Segment] = []
    for mark in sorted(marks):
        start = _second(mark.at if opened is None else max(mark.at, opened))
        if segments and segments[-1].start == start:
            segments.pop()
        if segments and segments[-1].clock == mark.clock:
            segments[-1] = Segment(segments[-1].start, None, mark.clock)
            continue
        if segments:
            segments[-1] = Segment(segments[-1].start, start, segments[-1].clock)
        segments.append(Segment(start, None, mark.clock))
    return segments


def clock_at(segments: Sequence[Segment], at: datetime) -> str | None:
    """Say which clock ran at an instant; nothing before the first switch."""
    place = bisect_right(segments, at, key=lambda segment: segment.start)
    return segments[place - 1].clock if place else None


def durations(segments: Iterable[Segment], until: datetime) -> dict[str, timedelta]:
    """Add up how long each clock ran until an instant, in whole seconds."""
    total: dict[str, timedelta] = {}
    for segment in segments:
        start, end = _clipped(segment.start, segment.end, until)
        if end > start:
            total[segment.clock] = total.get(segment.clock, NOTHING) + (end - start)
    return total


def between(segments: Iterable[Segment], start: datetime, end: datetime) -> list[Segment]:
    """Cut a ledger to what lies between two instants; every segment has an end then."""
    first, last = _second(start), _second(end)
    cut = []
    for segment in segments:
        begins, ends = max(segment.start, first), min(segment.end or last, last)
        if ends > begins:
            cut.append(Segment(begins, ends, segment.clock))
    return cut


def union(spans: Iterable[Span], now: datetime) -> Union:
    """Measure the time in which at least one span lasted, as far as now; overlaps count once."""
    merged: list[tuple[datetime, datetime]] = []
    running = False
    for span in sorted(spans, key=lambda each: each.start):
        start, end = _clipped(span.start, span.end, now)
        running = running or (span.start <= now and (span.end is None or span.end > now))
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    length = sum((end - start for start, end in merged), NOTHING)
    return Union(length, running, tuple(Span(start, end) for start, end in merged))


def strip(segments: Sequence[Segment], start: datetime, end: datetime, width: int) -> list[Piece]:
    """Lay a ledger out as pieces that fill a strip exactly; no clock that ran is too short to be seen.

    Where there are more segments than units, each unit shows the clock that ran longest in it.
    """
    cut = _with_gaps(between(segments, start, end), _second(start), _second(end))
    if not cut or width < 1:
        return []
    if len(cut) > width:
        return _by_unit(cut, width)
    first, whole = cut[0].start, _length(cut[0].start, cut[-1].end)
    edges = [round(_length(first, segment.end) * width / whole) for segment in cut]
    for place in range(len(edges)):
        edges[place] = max(edges[place], (edges[place - 1] if place else 0) + 1)
    edges[-1] = width
    for place in range(len(edges) - 2, -1, -1):
        edges[place] = min(edges[place], edges[place + 1] - 1)
    starts = [0, *edges[:-1]]
    return [Piece(each.clock, x, edge - x) for each, x, edge in zip(cut, starts, edges, strict=True)]


def _with_gaps(cut: list[Segment], start: datetime, end: datetime) -> list[Segment]:
    """Fill the time before the first clock ran (and all of it, where none did) with an empty clock."""
    first = cut[0].start if cut else end
    return [Segment(start, first, ""), *cut] if first > start else cut


def _by_unit(cut: Sequence[Segment], width: int) -> list[Piece]:
    first, whole = cut[0].start, _length(cut[0].start, cut[-1].end)
    pieces: list[Piece] = []
    place = 0
    for unit in range(width):
        begins, ends = whole * unit / width, whole * (unit + 1) / width
        ran: dict[str, float] = {}
        while True:
            segment = cut[place]
            last = _length(first, segment.end)
            inside = min(last, ends) - max(_length(first, segment.start), begins)
            ran[segment.clock] = ran.get(segment.clock, 0) + inside
            if last > ends or place == len(cut) - 1:
                break
            place += 1
        clock = max(ran, key=lambda each: ran[each])
        if pieces and pieces[-1].clock == clock:
            pieces[-1] = Piece(clock, pieces[-1].x, pieces[-1].width + 1)
        else:
            pieces.append(Piece(clock, unit, 1))
    return pieces


def _length(start: datetime, end: datetime | None) -> float:
    return (end - start).total_seconds() if end is not None else 0.0


def _clipped(start: datetime, end: datetime | None, until: datetime) -> tuple[datetime, datetime]:
    last = until if end is None else min(end, until)
    return _second(start), _second(last)


def _second(at: datetime) -> datetime:
    """Drop what is below a second: edges are cut alike, so sums stay exact."""
    return at.replace(microsecond=0)
