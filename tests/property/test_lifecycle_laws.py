"""Whatever life cycle a site makes up, and whatever people do in it: no ticket gets stuck, and its books add up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from nocturne import desk
from nocturne.core import configuration
from nocturne.core.configuration import current, cycles
from nocturne.core.entry import Door, Kind
from nocturne.core.lifecycle import (
    CLOCKS_OF,
    ENDED_MEANINGS,
    OPEN_MEANINGS,
    RULES,
    Lifecycle,
    Meaning,
    Move,
    State,
    within,
)
from nocturne.core.refusals import Refusal
from nocturne.desk import clock
from nocturne.desk.terms import Alarm, Extra, Opening
from nocturne.store import books
from nocturne.store.models import Ticket
from tests import fieldwork
from tests.cast import people

NAMES = ("new", "b", "c", "d", "e", "f")


@some.composite
def lifecycles(draw: some.DrawFn) -> Lifecycle:
    """Make up a life cycle whose moves make sense one by one; not each of them holds together."""
    meanings = [Meaning.NEW, *draw(some.lists(some.sampled_from(list(Meaning)), min_size=1, max_size=5))]
    states = tuple(
        State(name, meaning=meaning, clock=draw(some.sampled_from(["", *sorted(CLOCKS_OF[meaning])])))
        for name, meaning in zip(NAMES, meanings, strict=False)
    )
    moves = []
    for kind in [*draw(some.lists(some.sampled_from(list(RULES)), max_size=5)), Kind.RESOLVED, Kind.REJECTED]:
        moves += _some_move(draw, kind, states)
    for state in states[1:]:  # a way to every state, so that enough of them hold together
        kinds = [kind for kind in RULES if any(within(kind, each.meaning, state.meaning) for each in states)]
        if kinds:
            moves.append(Move(draw(some.sampled_from(kinds)).value, ("*",), state.name))
    return Lifecycle("drawn", states=states, moves=tuple(moves))


def _some_move(draw: some.DrawFn, kind: Kind, states: tuple[State, ...]) -> list[Move]:
    rule = RULES[kind]
    ends = [end for end in states if any(within(kind, each.meaning, end.meaning) for each in states)]
    choices: list[State | None] = [*ends, *([None] if rule.may_stay else [])]
    if not choices:
        return []
    end = draw(some.sampled_from(choices))
    origins = [
        each.name
        for each in states
        if each.meaning in rule.origins and (end is None or within(kind, each.meaning, end.meaning))
    ]
    chosen = ("*",) if not origins or draw(some.booleans()) else (draw(some.sampled_from(origins)),)
    return [Move(kind.value, chosen, end.name if end else "")]


@pytest.mark.req("R9.5", "S1")
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(lifecycles(), some.lists(some.integers(0, 50), max_size=12))
def test_no_ticket_gets_stuck_in_a_life_cycle_that_was_taken(cycle: Lifecycle, walk: list[int]) -> None:
    assume(not list(cycles.problems_of(cycle)))
    at = cycle.beginning
    for step in walk:
        ways = cycle.ways(at)
        if not ways:
            assert at.meaning in ENDED_MEANINGS
            break
        move = ways[step % len(ways)]
        end = cycle.end(cycle.choose(move.kind, at, to=move.to), at)
        if end is not None:
            assert within(move.kind, at.meaning, end.meaning)
            at = end
    assert any(state.meaning in ENDED_MEANINGS for state in _reached(cycle, at))


def _reached(cycle: Lifecycle, at: State) -> list[State]:
    seen = {at.name}
    wave = [at]
    while wave:
        wave = [
            end
            for state in wave
            for move in cycle.ways(state)
            if (end := cycle.end(move, state)) is not None and end.name not in seen
        ]
        seen |= {each.name for each in wave}
    return [cycle.state(name) for name in seen]


@pytest.mark.req("R9.5", "S1")
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(lifecycles(), lifecycles())
def test_a_ticket_that_changes_its_life_cycle_is_neither_ended_nor_opened_by_it(
    one: Lifecycle, other: Lifecycle
) -> None:
    assume(not list(cycles.problems_of(one)) and not list(cycles.problems_of(other)))
    for state in one.states:
        there = other.corresponding(state)
        assert (there.meaning in OPEN_MEANINGS) == (state.meaning in OPEN_MEANINGS)
        if state.meaning in OPEN_MEANINGS:
            assert other.find(there.name) is there
        else:
            assert there.meaning is state.meaning


VERBS: dict[str, Callable[..., Any]] = {
    "take": lambda n, o, kw: desk.take(n, **kw),
    "reply": lambda n, o, kw: desk.reply(n, "We look.", **kw),
    "customer": lambda n, o, kw: desk.suspend(n, "customer", **kw),
    "vendor": lambda n, o, kw: desk.suspend(n, "vendor", **kw),
    "refer": lambda n, o, kw: desk.refer(n, "Norlink", **kw),
    "resume": lambda n, o, kw: desk.resume(n, **kw),
    "move": lambda n, o, kw: desk.move(n, o["state"], **kw),
    "resolve": lambda n, o, kw: desk.resolve(n, "Done", cause="Fuse", **kw),
    "check": lambda n, o, kw: desk.check(n, **kw),
    "close": lambda n, o, kw: desk.close(n, over_open=True, **kw),
    "reopen": lambda n, o, kw: desk.reopen(n, **kw),
    "queue": lambda n, o, kw: desk.change(n, {"queue": o["queue"]}, **kw),
    "type": lambda n, o, kw: desk.change(n, {"type": o["type"]}, **kw),
}
STEPS = some.fixed_dictionaries(
    {
        "verb": some.sampled_from(sorted(VERBS)),
        "state": some.sampled_from([each["name"] for each in fieldwork.FIELD["states"]]),
        "queue": some.sampled_from(["field", "general"]),
        "type": some.sampled_from(["trouble", "visit", "window"]),
        "by": some.sampled_from(["anna", "mei"]),
        "timed": some.booleans(),
    }
)


@pytest.mark.req("R9.5", "S1", "R1.1")
@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=some.lists(STEPS, min_size=4, max_size=16))
def test_whatever_is_done_in_two_life_cycles_the_books_add_up_and_the_clock_fits_the_state(
    db: None, history: list[dict[str, Any]]
) -> None:
    try:
        with transaction.atomic():
            cast = people()
            number = fieldwork.visit(cast.ada, cast.anna)
            fieldwork.put(
                {
                    ("type", "visit"): {"behaves": "trouble", "lifecycle": "field"},
                    ("type", "window"): {"behaves": "planned"},
                },
                cast.ada,
            )
            for what in history:
                alarm = Alarm(clock.now() + timedelta(hours=1), "look") if what["timed"] else None
                rest = {
                    "by": getattr(cast, what["by"]),
                    "door": Door.WEB,
                    "extra": Extra(text="w", alarm=alarm),
                }
                try:
                    with transaction.atomic():
                        VERBS[what["verb"]](number, what, rest)
                except Refusal:
                    continue
                row = Ticket.objects.get(pk=number)
                meaning = Meaning(row.meaning)
                found = current().lifecycle_of(row.type, row.queue_id).find(row.state)
                assert found is None or found.meaning is meaning or meaning in ENDED_MEANINGS
                assert row.clock in CLOCKS_OF[meaning], (row.state, row.clock)
                if found is not None and found.clock and meaning is Meaning.WAITING:
                    assert row.clock == found.clock
            assert books.first_difference(number) is None
            assert books.broken_link(number) is None
            transaction.set_rollback(True)
    finally:
        configuration.use(None)


def test_a_new_ticket_is_in_the_first_state_of_its_life_cycle(db: None) -> None:
    cast = people()
    try:
        fieldwork.visit(cast.ada, cast.anna)
        opened = desk.open(Opening(subject="x", queue="field"), by=cast.anna, door=Door.WEB).number
        assert Ticket.objects.get(pk=opened).state == fieldwork.FIELD["first"]
    finally:
        configuration.use(None)
