"""Reads life cycles as local staff define them: states with a meaning and a clock, and the moves between them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from nocturne.core.configuration.body import Body, wrong
from nocturne.core.lifecycle import ANY_STATE, CLOCKS, RULES, Lifecycle, Meaning, Move, State
from nocturne.core.spans import read_span

ACTS = tuple(kind.value for kind in RULES)
"""Acts whose effect on the state a life cycle decides; `moved` is a move of its own that no other act stands for."""
TIMER_POLICIES = ("allow", "warn", "refuse")
LONGEST_TIMER = timedelta(days=366)


def read(name: str, body: Body) -> Lifecycle:
    return Lifecycle(
        name,
        title=body.text("title", longest=120),
        help=body.text("help", longest=600),
        first=body.text("first", "new", longest=40),
        states=body.tables("states", _state, most=40),
        moves=body.tables("moves", _move, most=400),
        retired=body.flag("retired"),
        formerly=body.names("formerly"),
    )


def state_renamed(body: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """Give a state another name in a life cycle's document, in all its moves too; its old name goes on finding it."""

    def name(given: Any) -> Any:
        return new if given == old else given

    states = []
    for each in body.get("states", ()):
        state = dict(each)
        if state.get("name") == old:
            formerly = [*state.get("formerly", ()), old]
            state |= {"name": new, "formerly": [each for each in dict.fromkeys(formerly) if each != new]}
        states.append(state)
    moves = []
    for each in body.get("moves", ()):
        move = dict(each)
        if "from" in move:
            move["from"] = [name(origin) for origin in move["from"]]
        if "to" in move:
            move["to"] = name(move["to"])
        moves.append(move)
    return {**body, "first": name(body.get("first", "new")), "states": states, "moves": moves}


def _state(body: Body) -> State:
    name = body.name("name")
    if not name:
        raise wrong("missing", body.at("name"))
    return State(
        name,
        title=body.text("title", longest=80),
        meaning=Meaning(body.choice("meaning", [each.value for each in Meaning], "open")),
        clock=body.choice("clock", CLOCKS),
        timer=_timer(body),
        help=body.text("help", longest=300),
        formerly=body.names("formerly"),
    )


def _timer(body: Body) -> str:
    """Take what becomes of a ticket that waits without a timer: a word, or how long the timer is that it gets."""
    given = " ".join(body.text("timer", longest=40).lower().split())
    if given and given not in TIMER_POLICIES:
        length = timer_length(given)
        if length is None or not timedelta(0) < length[0] <= LONGEST_TIMER:
            raise wrong("bad_timer", body.at("timer"), given=given, known=list(TIMER_POLICIES))
    return given


def timer_length(policy: str) -> tuple[timedelta, bool] | None:
    """Read a policy such as `4h` or `2 working hours`: how long, and whether in working time; nothing for a word."""
    words = policy.split()
    working = "working" in words
    words = [word for word in words if word != "working"]
    found = read_span(words)
    if found is None or found[1] != len(words) or (working and found[0].days):
        return None
    return timedelta(seconds=found[0].total), working


def _move(body: Body) -> Move:
    act = body.choice("act", ACTS)
    if not act:
        raise wrong("missing", body.at("act"))
    return Move(
        act,
        body.texts("from", longest=40) or (ANY_STATE,),
        body.text("to", longest=40),
        body.text("label", longest=60),
        body.text("right", longest=40),
        body.texts("requires", longest=60),
        body.flag("note"),
    )


__all__ = ["ACTS", "ANY_STATE", "Lifecycle", "Move", "State", "read", "state_renamed", "timer_length"]
