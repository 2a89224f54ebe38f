"""A life cycle as a picture: states in columns by what they mean, moves as arrows; tables beside it say the same.

It is drawn on the server and needs no script; whoever cannot see it is told in its description what it shows.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nocturne.core.lifecycle import Lifecycle, Meaning, State
from nocturne.desk import titles
from nocturne.doors.web import marks
from nocturne.doors.web.markup import html, joined
from nocturne.doors.web.settings.moves import called

WIDTH, HEIGHT = 138, 46
ACROSS, DOWN = 190, 82
EDGE = 12
LETTERS = 19
"""How many letters of a title fit on a line."""
COLUMNS: Mapping[Meaning, int] = {
    Meaning.NEW: 0,
    Meaning.OPEN: 1,
    Meaning.WAITING: 2,
    Meaning.RESOLVED: 3,
    Meaning.CLOSED: 4,
    Meaning.REJECTED: 4,
}


@dataclass(frozen=True, slots=True)
class Box:
    """A state in its place."""

    state: State
    column: int
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2

    @property
    def half(self) -> int:
        return self.y + HEIGHT // 2


def drawn(cycle: Lifecycle, counts: Mapping[str, int] | None = None, *, mark: str = "now") -> SafeString:
    """Draw a life cycle.

    :param counts: live tickets by state.
    :param mark: keeps the names inside apart where a page has two pictures.
    """
    arrows = _arrows(cycle)
    columns = sorted({COLUMNS[each.meaning] for each in cycle.states})
    above = 24 + max([_lift(columns, cycle, *ends) for ends in arrows if _goes(cycle, *ends) > 1], default=0)
    boxes = _placed(cycle, columns, above)
    below = max([_lift(columns, cycle, *ends) for ends in arrows if _goes(cycle, *ends) < 0], default=0)
    right = max((each.x for each in boxes.values()), default=0) + WIDTH + 44
    bottom = max((each.y for each in boxes.values()), default=0) + HEIGHT + below + 24
    return html(
        '<svg class=cycle role=img viewBox="0 0 {} {}" width={} height={} aria-labelledby="lc-{m}-t lc-{m}-d">'
        "<title id=lc-{m}-t>{}</title><desc id=lc-{m}-d>{}</desc>"
        '<defs><marker id=lc-{m}-a viewBox="0 0 8 8" refX=7 refY=4 markerWidth=7 markerHeight=7 orient=auto>'
        '<path class=head d="M0 0 8 4 0 8z"/></marker></defs>{}{}</svg>',
        right,
        bottom,
        right,
        bottom,
        _("Life cycle %(name)s") % {"name": cycle.title or cycle.name},
        _told(cycle, arrows),
        joined(_line(boxes[start], boxes[end], acts, mark) for (start, end), acts in arrows.items()),
        joined(_box(each, (counts or {}).get(each.state.name, 0), cycle) for each in boxes.values()),
        m=mark,
    )


def _arrows(cycle: Lifecycle) -> dict[tuple[str, str], list[str]]:
    """List the ways between states that differ, each with the acts that take it."""
    found: dict[tuple[str, str], list[str]] = {}
    for state in cycle.states:
        for move in cycle.ways(state):
            if (end := cycle.end(move, state)) is not None:
                acts = found.setdefault((state.name, end.name), [])
                if (word := str(called(move))) not in acts:
                    acts.append(word)
    return found


def _placed(cycle: Lifecycle, columns: list[int], above: int) -> dict[str, Box]:
    boxes: dict[str, Box] = {}
    taken: dict[int, int] = {}
    for state in cycle.states:
        column = columns.index(COLUMNS[state.meaning])
        row = taken.get(column, 0)
        taken[column] = row + 1
        boxes[state.name] = Box(state, column, EDGE + column * ACROSS, above + row * DOWN)
    return boxes


def _goes(cycle: Lifecycle, start: str, end: str) -> int:
    """Say how many meanings an arrow goes on, or back."""
    return COLUMNS[cycle.state(end).meaning] - COLUMNS[cycle.state(start).meaning]


def _lift(columns: list[int], cycle: Lifecycle, start: str, end: str) -> int:
    one, other = (columns.index(COLUMNS[cycle.state(name).meaning]) for name in (start, end))
    return 14 + 16 * abs(one - other)


def _line(start: Box, end: Box, acts: list[str], mark: str) -> SafeString:
    step = end.column - start.column
    lift = 14 + 16 * abs(step)
    if step == 1:
        middle = (start.x + WIDTH + end.x) // 2
        path = f"M{start.x + WIDTH} {start.half}C{middle} {start.half} {middle} {end.half} {end.x - 2} {end.half}"
    elif step == 0:
        side, out = (start.x + WIDTH, 40) if end.y > start.y else (start.x, -30)
        leaves, comes = start.half + 8, end.half - 8
        path = f"M{side} {leaves}C{side + out} {leaves} {side + out} {comes} {side} {comes}"
    elif step > 1:
        top, goal = start.y, end.y
        path = f"M{start.middle + 12} {top}C{start.middle + 40} {top - lift} {end.middle - 40} {goal - lift} "
        path += f"{end.middle - 12} {goal - 2}"
    else:
        low, goal = start.y + HEIGHT, end.y + HEIGHT
        path = f"M{start.middle - 12} {low}C{start.middle - 40} {low + lift} {end.middle + 40} {goal + lift} "
        path += f"{end.middle + 12} {goal + 2}"
    words = f"{titles.state_title(start.state)} → {titles.state_title(end.state)}: {', '.join(acts)}"
    return html(
        '<path class="way{}" d="{}" marker-end="url(#lc-{}-a)"><title>{}</title></path>',
        " back" if step < 0 else "",
        path,
        mark,
        words,
    )


def _box(box: Box, count: int, cycle: Lifecycle) -> SafeString:
    title = titles.state_title(box.state)
    lines = textwrap.wrap(title, LETTERS, max_lines=2, placeholder="…") or [title[:LETTERS]]
    first = box.half - 3 - (7 if len(lines) > 1 else 0)
    rows = joined(
        html("<tspan x={} y={}>{}</tspan>", box.middle, first + 14 * place, text)
        for place, text in enumerate(lines)
    )
    return html(
        '<g class="state is-{}{}"><title>{}</title><rect x={} y={} width={} height={} rx=8 />'
        "<text text-anchor=middle>{}</text><text class=small text-anchor=middle x={} y={}>{}</text></g>",
        box.state.meaning.value,
        " first" if box.state.name == cycle.first else "",
        title,
        box.x,
        box.y,
        WIDTH,
        HEIGHT,
        rows,
        box.middle,
        box.y + HEIGHT - 6,
        _below(box.state, count),
    )


def _below(state: State, count: int) -> str:
    parts = [str(marks.word(marks.CLOCKS, state.clock))] if state.clock else []
    if count:
        parts.append(ngettext("%(count)s ticket", "%(count)s tickets", count) % {"count": count})
    return " · ".join(parts)


def _told(cycle: Lifecycle, arrows: Mapping[tuple[str, str], list[str]]) -> str:
    """Say in words what the picture shows."""
    said = []
    for state in cycle.states:
        ways = [
            _("%(acts)s to %(state)s")
            % {"acts": ", ".join(acts), "state": titles.state_title(cycle.state(end))}
            for (start, end), acts in arrows.items()
            if start == state.name
        ]
        said.append(f"{titles.state_title(state)}: {'; '.join(ways) or _('the end')}.")
    return " ".join(said)
