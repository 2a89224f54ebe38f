"""What a change of life cycles, types or queues does to the tickets that go through them now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from nocturne.core.configuration import Configuration, Document, current
from nocturne.core.configuration.body import wrong
from nocturne.core.configuration.whole import read
from nocturne.core.lifecycle import ENDED_MEANINGS, Lifecycle, Meaning, Move, State
from nocturne.core.permits import Actor
from nocturne.store import configured
from nocturne.store.models import Ticket
from nocturne.store.models.charts import IS_RESOLVED

MOST_COUNTED = 20_000
"""Live tickets that are looked at for a preview; where there are more, its counts say so."""
KINDS = frozenset({"lifecycle", "type", "queue"})
"""Kinds of documents that decide which life cycle holds for a ticket, and what it is."""

Way = tuple[str, str]
"""An act, and the name of the state it leads to; the same state where the ticket stays."""


@dataclass(frozen=True, slots=True)
class OfState:
    """What becomes of the live tickets in one state.

    :param becomes: the state they are in then, where it is called otherwise or is another.
    :param appear, vanish: the ways that open and close for them.
    :param stuck: whether no way leads on from there.
    """

    cycle: Lifecycle
    state: State
    count: int
    becomes: State | None = None
    appear: tuple[Move, ...] = ()
    vanish: tuple[Move, ...] = ()
    after: Lifecycle | None = None
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to live tickets: state by state, as far as anything changes for them.

    :param live: how many live tickets there are in the life cycles that change.
    :param is_all: False where there were too many to look at each; then the numbers are the least there are.
    """

    states: tuple[OfState, ...]
    live: int
    is_all: bool = True

    def __bool__(self) -> bool:
        return bool(self.states)


def effect_of(changes: Mapping[Document, Mapping[str, Any] | None], *, by: Actor) -> Effect:
    """Say what a change of documents would do to the live tickets that somebody may know of; nothing is changed.

    :param changes: documents to their new bodies, None takes one away; what cannot be read yet has no effect yet.
    """
    before = current()
    if not any(kind in KINDS for kind, _ in changes):
        return Effect((), 0)
    wanted = {**before.documents, **changes}
    found, wrongs = read({key: body for key, body in wanted.items() if body is not None})
    if wrongs:
        return Effect((), 0)
    return between(before, configured.numbered(found, before), by=by)


def between(before: Configuration, after: Configuration, *, by: Actor) -> Effect:
    """Say what going from one configuration to another does to the live tickets that somebody may know of."""
    groups = _places(by)
    counted: Counter[tuple[str, str, str, str]] = Counter()
    cycles: dict[tuple[str, str], tuple[Lifecycle, Lifecycle]] = {}
    live = 0
    for (type_, queue, state, meaning), count in Counter(groups).items():
        old, new = before.lifecycle_of(type_, queue), after.lifecycle_of(type_, queue)
        cycles[old.name, new.name] = (old, new)
        if old != new:
            live += count
            counted[old.name, new.name, old.at(state, meaning).name, meaning] += count
    states = []
    for (old_name, new_name, name, meaning), count in sorted(counted.items()):
        old, new = cycles[old_name, new_name]
        if found := _of_state(old, new, old.at(name, meaning), count):
            states.append(found)
    return Effect(tuple(states), live, len(groups) <= MOST_COUNTED)


def _places(by: Actor) -> list[Any]:
    """List type, queue, state and meaning of live tickets, up to one more than are counted."""
    scope = Ticket.objects.visible_to(by).filter(_LIVE).order_by()
    return list(scope.values_list("type", "queue_id", "state", "meaning")[: MOST_COUNTED + 1])


_LIVE = Q(is_open=True) | Q(IS_RESOLVED, merged_into=None)


def _of_state(old: Lifecycle, new: Lifecycle, state: State, count: int) -> OfState | None:
    then = new.at(state.name, state.meaning.value)
    was = {_way(old, move, state): move for move in old.ways(state)}
    will = {_way(new, move, then): move for move in new.ways(then)}
    # A way to a state that was only renamed is the same way.
    known = {(act, _now(new, old, end)) for act, end in was}
    appear = tuple(move for way, move in will.items() if way not in known)
    vanish = tuple(move for (act, end), move in was.items() if (act, _now(new, old, end)) not in will)
    becomes = then if (then.name, then.shown) != (state.name, state.shown) else None
    stuck = then.meaning not in ENDED_MEANINGS and not any(move.to for move in new.ways(then))
    if becomes is None and not appear and not vanish and not stuck and then.clock == state.clock:
        return None
    return OfState(old, state, count, becomes, appear, vanish, new, stuck)


def _way(cycle: Lifecycle, move: Move, at: State) -> Way:
    end = cycle.end(move, at)
    return (move.act, end.name if end else at.name)


def _now(new: Lifecycle, old: Lifecycle, name: str) -> str:
    state = old.state(name) if old.find(name) else State(name)
    return new.at(name, state.meaning.value).name


def refuse_stranding(before: Configuration, after: Configuration) -> None:
    """Refuse to take a state away, or to let it mean something else, while live tickets are in it, unless another state
    of the same meaning has its name among its former ones: they are in that one then.

    :raises Invalid: tickets would be nowhere.
    """
    for cycle in before.lifecycles.values():
        now = after.lifecycle(cycle.name)
        if now is None or now == cycle:
            continue
        for state in cycle.states:
            lost = [name for name in state.names if not _is_kept(now, name, state.meaning)]
            if lost and _is_lived_in(before, cycle, lost, state.meaning):
                where = f"lifecycle/{now.name}.states"
                raise wrong("state_in_use", where, given=state.name, meaning=state.meaning.value)


def _is_kept(cycle: Lifecycle, name: str, meaning: Meaning) -> bool:
    found = cycle.find(name)
    return found is not None and found.meaning is meaning


def _is_lived_in(before: Configuration, cycle: Lifecycle, names: Iterable[str], meaning: Meaning) -> bool:
    """Tell whether there are live tickets, whoever may know of them, that a life cycle holds for in a state."""
    if meaning in (Meaning.CLOSED, Meaning.REJECTED):
        return False
    scope = Ticket.objects.filter(_LIVE, state__in=list(names), meaning=meaning.value).order_by()
    places = scope.values_list("type", "queue_id").distinct()
    return any(before.lifecycle_of(type_, queue) == cycle for type_, queue in places)


def live_counts(cycle: Lifecycle, *, by: Actor) -> tuple[dict[str, int], bool]:
    """Count the live tickets that somebody may know of in each state of a life cycle in force; False beside it where
    there are too many to count."""
    known, rows = current(), _places(by)
    found: Counter[str] = Counter()
    for (type_, queue, state, meaning), count in Counter(rows).items():
        if known.lifecycle_of(type_, queue) == cycle:
            found[cycle.at(state, meaning).name] += count
    return dict(found), len(rows) <= MOST_COUNTED
