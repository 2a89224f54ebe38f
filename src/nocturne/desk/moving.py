"""What an act does to a ticket's state: the move of its life cycle that it is, and what that move demands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from nocturne.core import hours, permits
from nocturne.core.configuration import current
from nocturne.core.configuration.lifecycles import timer_length
from nocturne.core.entry import Door, Kind, instant
from nocturne.core.fieldvalues.rules import is_filled
from nocturne.core.lifecycle import RULES, Lifecycle, Meaning, Move, State
from nocturne.core.refusals import Forbidden, Invalid, WrongState

if TYPE_CHECKING:
    from nocturne.desk.write import Case

After = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Going:
    """Where an act takes a ticket: its state now, the move, and the state it leads to (nothing where it stays)."""

    at: State
    move: Move | None = None
    end: State | None = None

    @property
    def state(self) -> State:
        """The state in which the ticket is afterwards."""
        return self.end or self.at


def cycle_of(case: Case) -> Lifecycle:
    """Give the life cycle that a ticket goes through, by its type and queue."""
    return current().lifecycle_of(case.ticket.type, case.ticket.queue_id)


def state_of(case: Case) -> State:
    """Say in which state of its life cycle a ticket is."""
    return cycle_of(case).at(case.ticket.state, case.ticket.meaning)


def going(case: Case, kind: Kind, *, to: str = "", clock: str = "") -> Going:
    """Find the move that an act is on this ticket.

    Nocturne itself, and an import, which tell what has been decided elsewhere, go by meaning where the life cycle has
    no such move.

    :raises WrongState: the act is not allowed in this state.
    :raises Invalid: it cannot lead where it shall.
    """
    cycle, at = cycle_of(case), state_of(case)
    try:
        move = cycle.choose(kind, at, to=to, clock=clock)
    except WrongState:
        end = _meant(cycle, kind, at) if acts_for_others(case) else None
        if end is None:
            raise
        return Going(at, None, end)
    if kind not in RULES and not case.by.is_staff:
        return Going(at)
    return Going(at, move, cycle.end(move, at))


def acts_for_others(case: Case) -> bool:
    """Tell whether an act is nobody's own: the house's, or brought in from elsewhere."""
    return case.by.kind == "system" or case.door is Door.IMPORT


def _meant(cycle: Lifecycle, kind: Kind, at: State) -> State | None:
    rule = RULES.get(kind)
    if rule is None or rule.may_stay or at.meaning not in rule.origins:
        return None
    return next((each for each in cycle.states if each.meaning in rule.ends), None)


def waiting_clock(goes: Going, asked: str, usual: str) -> str:
    """Choose whose time runs while a ticket waits: the state says it, or whoever lets it wait.

    :raises Invalid: the state's clock is another than was asked for.
    """
    fixed = goes.state.clock
    if fixed and asked and asked != fixed:
        raise Invalid("clock_of_state", field="clock", given=asked, state=goes.state.shown, clock=fixed)
    return fixed or asked or usual


def remapped(case: Case, after: Mapping[str, Any]) -> After:
    """Spell the state that a ticket has in the life cycle that another queue or another type brings with it."""
    queue = after["queue"]["id"] if "queue" in after else case.ticket.queue_id
    cycle = current().lifecycle_of(after.get("type") or case.ticket.type, queue)
    before = cycle_of(case)
    if cycle.name == before.name:
        return {}
    stored = after.get("state") or {"name": case.ticket.state, "meaning": case.ticket.meaning}
    state = cycle.corresponding(before.at(stored["name"], stored["meaning"]))
    if state.stored() == stored:
        return {}
    found: After = {"state": state.stored()}
    if state.starts and "clock" not in after and state.meaning.value != stored["meaning"]:
        found["clock"] = state.starts
    elif state.clock and "clock" not in after and state.clock != case.ticket.clock:
        found["clock"] = state.clock
    return found


def demand_right(case: Case, move: Move | None) -> None:
    """Refuse a move that needs a right which the actor does not hold on this ticket.

    :raises Forbidden: it does.
    """
    if move and move.right and not acts_for_others(case) and not permits.may(case.by, move.right, case.place):
        raise Forbidden("not_permitted", act=move.right)


def demand_filled(case: Case, move: Move | None, after: Mapping[str, Any], text: str) -> None:
    """Refuse a move that leaves empty what must be filled with it, or that comes without the words it needs.

    :raises Invalid: the first of what is missing is named as the field, all of it in `fields`.
    """
    if move is None or acts_for_others(case):
        return
    known = current()
    columns = {**case.header, **case.elements, **after}
    seen = case.seen
    missing = [
        name for name in move.requires if known.class_of(name) in seen and not is_filled(known, name, columns)
    ]
    if missing:
        raise Invalid("move_requires", field=missing[0], fields=missing, label=_called(case, move))
    if move.note and not text.strip():
        raise Invalid("move_needs_note", field="text", label=_called(case, move))


def _called(case: Case, move: Move) -> str:
    state = cycle_of(case).find(move.to) if move.to else None
    return move.label or (state.shown if state else move.act)


def timer(case: Case, goes: Going, after: Mapping[str, Any]) -> After:
    """Do what the state says of a ticket that waits without a timer: nothing, refuse it, or set one.

    :raises Invalid: a timer is needed.
    """
    touched = goes.end is not None or "alarm_at" in after or "ringing_since" in after
    state = goes.state
    if state.meaning is not Meaning.WAITING or not touched or acts_for_others(case):
        return {}
    if _has_timer(case, after) or state.timer in ("", "allow", "warn"):
        return {}
    if state.timer == "refuse":
        raise Invalid("timer_needed", field="alarm", state=state.shown)
    length = timer_length(state.timer)
    if length is None or goes.end is None or "alarm_at" in after:
        return {}  # a timer that came by itself may be taken away again
    return {"alarm_at": instant(_due(case, *length)), "ringing_since": None}


def _has_timer(case: Case, after: Mapping[str, Any]) -> bool:
    """Tell whether a timer is set, or rings and waits for an answer."""
    names = ("alarm_at", "ringing_since")
    return any((after[name] if name in after else case.header.get(name)) is not None for name in names)


def warnings(case: Case, goes: Going, after: Mapping[str, Any]) -> list[Invalid]:
    """Say what is not quite right with where an act has left the ticket: that it waits, and nobody will be reminded."""
    state = goes.state
    if state.meaning is not Meaning.WAITING or state.timer != "warn" or acts_for_others(case):
        return []
    if goes.end is None and not after.keys() & {"alarm_at", "ringing_since"}:
        return []
    if _has_timer(case, after):
        return []
    return [Invalid("waits_without_timer", field="alarm", state=state.shown)]


def _due(case: Case, span: timedelta, in_working_time: bool) -> datetime:
    queue = current().queue_numbered(case.ticket.queue_id)
    calendar = current().calendar(queue.calendar) if queue else None
    if in_working_time and calendar is not None:
        return hours.after(calendar, case.now, span)
    return case.now + span


__all__ = [
    "Going",
    "cycle_of",
    "demand_filled",
    "demand_right",
    "going",
    "remapped",
    "state_of",
    "timer",
    "waiting_clock",
    "warnings",
]
