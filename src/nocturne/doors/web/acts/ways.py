"""The ways that a ticket's life cycle offers from where it stands: as buttons of the page, and as fields of a form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nocturne.core.chart import COLUMNS
from nocturne.core.configuration import current
from nocturne.core.entry import Kind
from nocturne.core.fieldvalues.rules import is_local, name_of, required
from nocturne.core.lifecycle import Lifecycle, Move, State
from nocturne.core.permits import Actor, may
from nocturne.desk import titles, wording
from nocturne.desk.charts import Chart
from nocturne.desk.settling import SETTABLE
from nocturne.doors.web import localforms
from nocturne.doors.web.acts.table import Act
from nocturne.doors.web.fields import Field, Words

SETS = localforms.SETS


@dataclass(frozen=True, slots=True)
class Button:
    """One thing that can be done with a ticket as it stands: what it is called, where its form is, its key."""

    title: Words
    address: str
    key: str = ""


def standing(chart: Chart) -> tuple[Lifecycle, State] | None:
    """Say which life cycle holds for a ticket, and in which of its states it is; nothing where that is not shown."""
    header = chart.header
    if not header.get("meaning"):
        return None
    cycle = current().lifecycle_of(str(header.get("type") or ""), header.get("queue"))
    return cycle, cycle.at(header["state"], header["meaning"])


def ways(chart: Chart, actor: Actor, act: Act) -> list[Move]:
    """List the moves that an act may be on this ticket, for this person."""
    stands = standing(chart)
    if stands is None:
        return []
    cycle, at = stands
    return [
        move
        for kind in act.kinds
        if may(actor, kind.value, chart.place)
        for move in cycle.ways(at, kind)
        if not move.right or may(actor, move.right, chart.place)
    ]


def offered(chart: Chart, actor: Actor, act: Act) -> bool:
    """Tell whether the page offers an act, to this person, on this ticket as it stands."""
    stands = standing(chart)
    if stands is None or not act.when(chart):
        return False
    cycle, at = stands
    if act.is_moving:
        return bool(ways(chart, actor, act))
    return may(actor, act.kind.value, chart.place) and cycle.may(act.kind, at)


def buttons(chart: Chart, actor: Actor, acts: Sequence[Act]) -> tuple[list[Button], list[Button]]:
    """Give the buttons of the row, and those under “More”: the row has what has a key, or a label of its own."""
    row: list[Button] = []
    more: list[Button] = []
    base = reverse("act", args=[chart.number, "-"])[:-1]
    for act in acts:
        if not act.menu or not offered(chart, actor, act):
            continue
        address = f"{base}{act.noun}"
        found = ways(chart, actor, act)
        labelled = [move for move in found if move.label or act.kind is Kind.MOVED]
        for title, query in dict.fromkeys(_labels(chart, labelled)):
            row.append(
                Button(
                    title, f"{address}?{query}" if query else address, "" if row_has(row, act) else act.key
                )
            )
        if not act.is_moving or len(labelled) < len(found):
            (row if act.key else more).append(
                Button(act.title, address, "" if row_has(row, act) else act.key)
            )
    return row, more


def row_has(row: Sequence[Button], act: Act) -> bool:
    """Tell whether a button of the row has an act's key already."""
    return bool(act.key) and any(each.key == act.key for each in row)


def _labels(chart: Chart, moves: Sequence[Move]) -> Iterator[tuple[Words, str]]:
    stands = standing(chart)
    if stands is None:
        return
    cycle, at = stands
    for move in moves:
        end = cycle.end(move, at)
        label = move.label or (_("To “%(state)s”") % {"state": titles.state_title(end)} if end else move.act)
        yield label, urlencode({"state": end.name}) if end else ""


def fields(chart: Chart, actor: Actor, act: Act, chosen: str = "") -> tuple[Field, ...]:
    """Make the fields that a ticket's life cycle adds to the form of an act: where it leads, where there are several
    ways, and the columns that must be filled with it.

    :param chosen: the state that was chosen already.
    """
    stands = standing(chart)
    found = ways(chart, actor, act)
    if stands is None or not found:
        return ()
    cycle, at = stands
    ends = list(dict.fromkeys(move.to or at.name for move in found))
    made: list[Field] = []
    if len(ends) > 1 or act.kind is Kind.MOVED:
        choices = [
            (name, titles.state_title(cycle.state(name)) if cycle.find(name) else name) for name in ends
        ]
        made.append(Field("state", _("New state"), "choice", choices=choices, needed=True))
    wanted = [move for move in found if not chosen or (move.to or at.name) == chosen]
    present = {field.name for field in act.fields}
    needed = dict.fromkeys(
        name for move in wanted for name in (*move.requires, *_needed_in(chart, cycle, move, at))
    )
    made += [
        _field(name, needed=len(wanted) == 1)
        for name in needed
        if name not in present and _is_settable(name) and not _is_filled(chart, name)
    ]
    return tuple(made)


def _needed_in(chart: Chart, cycle: Lifecycle, move: Move, at: State) -> list[str]:
    """Name what must be filled in the state that a move leads to, as far as the reader may know of it."""
    end = cycle.end(move, at)
    if end is None:
        return []
    names = required(current(), str(chart.header.get("type") or ""), end.name, end.meaning.value)
    return [name for name in names if current().class_of(name) in chart.seen]


def _is_filled(chart: Chart, name: str) -> bool:
    if is_local(name):
        return any(each.name == name_of(name) and each.values for each in chart.fields)
    return chart.header.get(name) not in (None, "")


def _field(name: str, *, needed: bool) -> Field:
    of = current().field(name_of(name)) if is_local(name) else None
    if of is not None:
        return localforms.control(of, needed=needed)
    return Field(f"{SETS}{name}", _label(name), needed=needed)


def clocks(chart: Chart, actor: Actor, act: Act) -> set[str]:
    """Name the clocks that can run where an act leads; nothing where the act itself says whose time runs."""
    stands = standing(chart)
    if stands is None:
        return set()
    cycle, at = stands
    fixed = [
        cycle.state(move.to or at.name).clock
        for move in ways(chart, actor, act)
        if cycle.find(move.to or at.name)
    ]
    return set(fixed) if fixed and all(fixed) else set()


def _is_settable(name: str) -> bool:
    return name in SETTABLE or name.startswith("field/")


def _label(name: str) -> Words:
    return wording.field(name) if name in COLUMNS else name
