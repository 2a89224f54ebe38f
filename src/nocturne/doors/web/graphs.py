"""Graphs as SVG in the page itself: no script draws them, and a table beside each says the same in words."""

from __future__ import annotations

from math import cos, pi, sin

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from nocturne.desk.graphs import Series
from nocturne.desk.tiles import Shown
from nocturne.doors.web.markup import html, joined

WIDTH, BAR, GAP = 360, 20, 6
LABEL, FIGURE = 104, 40
HIGH, FOOT, SIDE = 120, 18, 26


def graph(shown: Shown) -> SafeString | str:
    """Draw a graph of a tile; nothing where there is nothing to draw."""
    if not any(each.value or each.second for each in shown.series):
        return ""
    if shown.tile.by in ("opened", "resolved", "flow"):
        return _line(shown)
    return _ring(shown) if shown.tile.graph == "ring" else _bars(shown)


def address(query: str) -> str:
    """Spell the address at which the tickets behind a figure are."""
    return f"{reverse('search')}?{urlencode({'q': query})}"


def _css(shown: Shown, place: int, each: Series) -> str:
    """Choose the colour of a value: that of the level where it is one, else one after the other."""
    if shown.tile.by in ("severity", "priority") and each.key in ("1", "2", "3", "4"):
        return f"l{each.key}"
    if shown.tile.by == "clock" and each.key in ("noc", "customer", "vendor", "stopped", "scheduled"):
        return f"k-{each.key}"
    if not each.query:
        return "rest"
    # Colour means "act" or tells two things apart: bars stand apart already.
    return f"s{place % 8}" if shown.tile.graph == "ring" else "s0"


def _bars(shown: Shown) -> SafeString:
    most = max(each.value for each in shown.series) or 1
    room = WIDTH - LABEL - FIGURE
    bars = []
    for place, each in enumerate(shown.series):
        top = place * (BAR + GAP)
        length = max(2, round(room * each.value / most))
        bar = html(
            '<text x="{}" y="{}" text-anchor="end">{}</text>'
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>'
            '<text class="n" x="{}" y="{}">{}</text>',
            LABEL - 8, top + 14, _short(each.label, 15), _css(shown, place, each), LABEL, top, length, BAR,
            LABEL + length + 6, top + 14, each.value,
        )  # fmt: skip
        bars.append(_led(each, bar))
    return _svg(WIDTH, len(bars) * (BAR + GAP), joined(bars, ""))


def _ring(shown: Shown) -> SafeString:
    total = sum(each.value for each in shown.series)
    radius, hole, middle = 56, 34, 62
    at, parts, legend = 0.0, [], []
    for place, each in enumerate(shown.series):
        part = each.value / total
        css = _css(shown, place, each)
        parts.append(
            _led(each, html('<path class="{}" d="{}"/>', css, _slice(middle, radius, hole, at, at + part)))
        )
        top = 8 + place * 18
        legend.append(
            _led(
                each,
                html(
                    '<rect class="{}" x="146" y="{}" width="11" height="11" rx="2"/><text x="164" y="{}">{}</text>'
                    '<text class="n" x="{}" y="{}" text-anchor="end">{}</text>',
                    css, top, top + 10, _short(each.label, 20), WIDTH - 2, top + 10, each.value,
                ),
            )
        )  # fmt: skip
        at += part
    figure = html(
        '<text class="total" x="{0}" y="{1}" text-anchor="middle">{2}</text>', middle, middle + 7, total
    )
    height = max(2 * middle, 12 + 18 * len(legend))
    return _svg(WIDTH, height, joined([*parts, figure, *legend], ""))


def _slice(middle: float, radius: float, hole: float, start: float, end: float) -> str:
    """Spell one part of a ring. A whole ring is two halves: an arc that ends where it began is none."""
    if end - start > 0.999:
        return _slice(middle, radius, hole, start, start + 0.5) + _slice(
            middle, radius, hole, start + 0.5, end - 0.0005
        )
    begin, stop = (2 * pi * each - pi / 2 for each in (start, end))
    wide = int(end - start > 0.5)

    def at(away: float, turn: float) -> str:
        return f"{middle + away * cos(turn):.2f} {middle + away * sin(turn):.2f}"

    return (
        f"M{at(radius, begin)}A{radius} {radius} 0 {wide} 1 {at(radius, stop)}"
        f"L{at(hole, stop)}A{hole} {hole} 0 {wide} 0 {at(hole, begin)}Z"
    )


def _line(shown: Shown) -> SafeString:
    """Draw the days, a column for each figure: opened, and beside it resolved."""
    width = 760 if shown.tile.width > 1 else WIDTH
    series = shown.series
    most = max(max(each.value, each.second or 0) for each in series) or 1
    top = _round(most)
    step = (width - SIDE) / len(series)
    has_two = series[0].second is not None
    parts: list[SafeString] = []
    for share in (0, 0.5, 1):
        y = 6 + (HIGH - 6) * (1 - share)
        parts.append(
            html(
                '<line class="grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
                '<text x="{3}" y="{4}" text-anchor="end">{5}</text>',
                SIDE, width, f"{y:.1f}", SIDE - 5, f"{y + 4:.1f}", round(top * share),
            )
        )  # fmt: skip
    every = max(1, round(len(series) / (width / 54)))
    for place, each in enumerate(series):
        left = SIDE + place * step
        bars = [(each.value, "s0")] + ([(each.second or 0, "s1")] if has_two else [])
        room = max(1.0, step * 0.72 / len(bars))
        column = joined(
            (
                html(
                    '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
                    css, f"{left + step * 0.14 + number * room:.1f}", f"{6 + (HIGH - 6) * (1 - value / top):.1f}",
                    f"{max(1.0, room - 1):.1f}", f"{(HIGH - 6) * value / top:.1f}",
                )
                for number, (value, css) in enumerate(bars)
            ),
            "",
        )  # fmt: skip
        parts.append(_led(each, column) if each.value or each.second else column)
        if (len(series) - 1 - place) % every == 0:
            parts.append(
                html(
                    '<text x="{}" y="{}" text-anchor="middle">{}</text>', f"{left + step / 2:.1f}", HIGH + FOOT - 3,
                    each.label,
                )
            )  # fmt: skip
    return _svg(width, HIGH + FOOT, joined(parts, ""))


def _round(most: int) -> int:
    """Give the next round figure at or above the largest: 2, 4, 6, 10 and their tens, whose halves are whole."""
    size = 1
    while True:
        for step in (2, 4, 6, 10):
            if step * size >= most:
                return step * size
        size *= 10


def _led(each: Series, inner: SafeString) -> SafeString:
    """Lead from a figure to its tickets. The table beside has the same links in words, so these are not tabbed to."""
    if not each.query:
        return inner
    return html(
        '<a href="{}" tabindex="-1"><title>{}</title>{}</a>',
        address(each.query),
        f"{each.label}: {_said(each)}",
        inner,
    )


def _said(each: Series) -> str:
    return f"{each.value}" if each.second is None else f"{each.value} / {each.second}"


def _svg(width: int, height: int, inner: SafeString) -> SafeString:
    return html(
        # The table beside says the same to whoever does not see it, links and all.
        '<svg class="graph" viewBox="0 0 {0} {1}" width="{0}" height="{1}" aria-hidden="true">{2}</svg>',
        width,
        height,
        inner,
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


__all__ = ["address", "graph"]
