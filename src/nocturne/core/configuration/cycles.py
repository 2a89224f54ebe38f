"""What must hold of a life cycle, so that no ticket gets stuck in it and every state means what its acts say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nocturne.core.chart import COLUMNS, ELEMENTS
from nocturne.core.configuration.body import wrong
from nocturne.core.configuration.clearances import MEANINGS, RIGHTS
from nocturne.core.lifecycle import (
    ANY_STATE,
    CLOCKS_OF,
    ENDED_MEANINGS,
    RULES,
    STANDARD_NAME,
    Lifecycle,
    Meaning,
    Move,
    State,
    within,
)
from nocturne.core.refusals import Invalid

if TYPE_CHECKING:
    from nocturne.core.configuration.whole import Configuration


def problems(configuration: Configuration) -> Iterator[Invalid]:
    """List what is wrong with the life cycles of a site."""
    cycles = configuration.lifecycles
    if not any(STANDARD_NAME in (each.name, *each.formerly) for each in cycles.values()):
        yield wrong("built_in_missing", f"lifecycle/{STANDARD_NAME}", given=STANDARD_NAME)
    for cycle in cycles.values():
        yield from problems_of(cycle)
    known = configuration.state_names.keys() | MEANINGS
    for clearance in configuration.clearances.values():
        for name in clearance.states:
            if name not in known:
                yield wrong("no_such", f"clearance/{clearance.name}.states", kind="state", given=name)


def problems_of(cycle: Lifecycle) -> Iterator[Invalid]:
    """List what is wrong with one life cycle by itself."""
    where = f"lifecycle/{cycle.name}"
    found = [*_states(cycle, where), *_moves(cycle, where)]
    yield from found
    if not found:
        yield from _ways(cycle, where)


def _states(cycle: Lifecycle, where: str) -> Iterator[Invalid]:
    if not cycle.states:
        yield wrong("missing", f"{where}.states")
        return
    taken: set[str] = set()
    for place, state in enumerate(cycle.states, start=1):
        here = f"{where}.states.{place}"
        for name in state.names:
            if name in taken:
                yield wrong("name_taken", f"{here}.name", given=name)
            taken.add(name)
        if state.clock and state.clock not in CLOCKS_OF[state.meaning]:
            yield wrong(
                "clock_unfit",
                f"{here}.clock",
                given=state.clock,
                meaning=state.meaning.value,
                known=sorted(CLOCKS_OF[state.meaning]),
            )
        if state.timer and state.meaning is not Meaning.WAITING:
            yield wrong("timer_unfit", f"{here}.timer", given=state.name)
    first = next((each for each in cycle.states if each.name == cycle.first), None)
    if first is None:
        yield wrong("no_such_state", f"{where}.first", given=cycle.first, known=_names(cycle))
    elif first.meaning is not Meaning.NEW:
        yield wrong("first_not_new", f"{where}.first", given=cycle.first, meaning=first.meaning.value)


def _moves(cycle: Lifecycle, where: str) -> Iterator[Invalid]:
    states = {each.name: each for each in cycle.states}
    for place, move in enumerate(cycle.moves, start=1):
        here = f"{where}.moves.{place}"
        unknown = [name for name in move.origins if name not in states and name != ANY_STATE]
        for name in unknown:
            yield wrong("no_such_state", f"{here}.from", given=name, known=_names(cycle))
        if move.to and move.to not in states:
            yield wrong("no_such_state", f"{here}.to", given=move.to, known=_names(cycle))
            continue
        if not move.to and not RULES[move.kind].may_stay:
            yield wrong("move_nowhere", f"{here}.to", act=move.act)
            continue
        for name in move.origins:
            if name in states:
                yield from _meanings(move, states[name], states.get(move.to), here)
        if ANY_STATE in move.origins and move.to:
            end = states[move.to]
            if end.meaning not in RULES[move.kind].ends:
                yield _unfit(move, None, end, here)
            elif not any(within(move.kind, each.meaning, end.meaning) for each in cycle.states):
                yield wrong("move_from_nowhere", f"{here}.from", act=move.act, given=move.to)
        if move.right and move.right not in RIGHTS:
            yield wrong("not_among", f"{here}.right", given=move.right, known=sorted(RIGHTS))
        for name in move.requires:
            kind, slash, _ = name.partition("/")
            if not (kind == "field" and slash) and name not in COLUMNS and name not in ELEMENTS:
                yield wrong("no_such_column", f"{here}.requires", given=name, known=sorted(COLUMNS))


def _meanings(move: Move, origin: State, end: State | None, here: str) -> Iterator[Invalid]:
    rule = RULES[move.kind]
    if origin.meaning not in rule.origins:
        yield wrong(
            "move_from_unfit", f"{here}.from", act=move.act, given=origin.name, meaning=origin.meaning.value
        )
    elif end is not None and not within(move.kind, origin.meaning, end.meaning):
        yield _unfit(move, origin, end, here)


def _unfit(move: Move, origin: State | None, end: State, here: str) -> Invalid:
    rule = RULES[move.kind]
    known = sorted(
        rule.ends
        if origin is None
        else {each for each in rule.ends if within(move.kind, origin.meaning, each)}
    )
    return wrong(
        "move_to_unfit", f"{here}.to", act=move.act, given=end.name, meaning=end.meaning.value, known=known
    )


def _ways(cycle: Lifecycle, where: str) -> Iterator[Invalid]:
    """Follow the moves: every state can be come to, and an end can be come to from every state."""
    leads = {state.name: _next(cycle, state) for state in cycle.states}
    for name in sorted(leads.keys() - _from(leads, cycle.first)):
        yield wrong("state_unreachable", f"{where}.states", given=name)
    ended = {state.name for state in cycle.states if state.meaning in ENDED_MEANINGS}
    stuck = [name for name in leads if not ended & _from(leads, name)]
    if stuck:
        yield wrong("no_end", f"{where}.moves", given=stuck)


def _next(cycle: Lifecycle, state: State) -> set[str]:
    return {move.to for move in cycle.ways(state) if move.to}


def _from(leads: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    wave = {start}
    while wave:
        seen |= wave
        wave = set().union(*(leads[each] for each in wave)) - seen
    return seen


def _names(cycle: Lifecycle) -> list[str]:
    return [each.name for each in cycle.states]
