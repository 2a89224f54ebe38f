"""Which act may follow in which state, and where it leads.

A site says so itself: its life cycles are documents (`nocturne.core.configuration.lifecycles` reads them). What the
house builds on is the meaning of a state, never its name; :data:`RULES` says between which meanings each act moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from nocturne.core.entry import Kind
from nocturne.core.refusals import Invalid, WrongState


class Meaning(StrEnum):
    """What a state stands for, whatever a site calls it."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"


OPEN_MEANINGS = frozenset({Meaning.NEW, Meaning.OPEN, Meaning.WAITING})
"""`is:open` means one of these."""
ENDED_MEANINGS = frozenset({Meaning.RESOLVED, Meaning.CLOSED, Meaning.REJECTED})
CLOCKS = ("noc", "customer", "vendor", "scheduled", "stopped")
CLOCKS_OF: Mapping[Meaning, frozenset[str]] = {
    Meaning.NEW: frozenset({"noc", "scheduled"}),
    Meaning.OPEN: frozenset({"noc", "scheduled"}),
    Meaning.WAITING: frozenset({"noc", "customer", "vendor", "scheduled"}),
    **dict.fromkeys(ENDED_MEANINGS, frozenset({"stopped"})),
}
"""Whose time can run in a state of a meaning."""
ANY_STATE = "*"
STANDARD_NAME = "standard"
"""The life cycle of whatever names none."""


class Rule(NamedTuple):
    """Between which meanings an act moves a ticket, and whether it may leave it where it is."""

    origins: frozenset[Meaning]
    ends: frozenset[Meaning]
    may_stay: bool = False


_WORKING = frozenset({Meaning.NEW, Meaning.OPEN})
_AT_WORK = Rule(OPEN_MEANINGS, OPEN_MEANINGS, may_stay=True)
_TO_WAIT = Rule(OPEN_MEANINGS, frozenset({Meaning.WAITING}))
_SIGNED = frozenset({Meaning.RESOLVED, Meaning.CLOSED})

RULES: Mapping[Kind, Rule] = {
    Kind.TAKEN: _AT_WORK,
    Kind.GIVEN: _AT_WORK,
    Kind.REFERRED: _TO_WAIT,
    Kind.DISPATCHED: _AT_WORK,
    Kind.ESCALATED: _AT_WORK,
    Kind.SUSPENDED: _TO_WAIT,
    Kind.RESUMED: Rule(frozenset({Meaning.WAITING}), frozenset({Meaning.OPEN})),
    Kind.RESTORED: _AT_WORK,
    Kind.RESOLVED: Rule(OPEN_MEANINGS, frozenset({Meaning.RESOLVED})),
    Kind.CHECKED: Rule(_SIGNED, _SIGNED, may_stay=True),
    Kind.CLOSED: Rule(frozenset({Meaning.RESOLVED}), frozenset({Meaning.CLOSED})),
    Kind.REOPENED: Rule(ENDED_MEANINGS, _WORKING),
    Kind.REJECTED: Rule(OPEN_MEANINGS, frozenset({Meaning.REJECTED})),
    Kind.MOVED: Rule(frozenset(Meaning), frozenset(Meaning)),
}
"""Every act whose effect on the state a life cycle decides. `moved` stays among the open states, or within one meaning:
what ends a ticket and opens it again has acts of its own, which do more than change the state."""
BEGINS = frozenset({Kind.REPLY})
"""Acts besides those of the table by which the staff have begun to work: a new ticket goes where taking it leads."""


def within(kind: Kind, origin: Meaning, end: Meaning) -> bool:
    """Tell whether an act may lead from a state of one meaning to one of another."""
    rule = RULES[kind]
    if origin not in rule.origins or end not in rule.ends:
        return False
    if kind in (Kind.MOVED, Kind.CHECKED):
        return origin is end or {origin, end} <= OPEN_MEANINGS
    return True


@dataclass(frozen=True, slots=True)
class State:
    """A state: its name, its title on screen, what it means to the rules of the house, and whose time it starts.

    :param clock: empty where its meaning says it all, or (waiting) where the act says who is waited for.
    :param timer: what becomes of a ticket that waits here without a timer: `allow`, `warn`, `refuse`, or how long
        the timer is that it gets (`4h`, `2 working hours`).
    """

    name: str
    title: str = ""
    meaning: Meaning = Meaning.OPEN
    clock: str = ""
    timer: str = ""
    help: str = ""
    formerly: tuple[str, ...] = ()

    def stored(self) -> dict[str, str]:
        """Spell the state as an entry keeps it: name and meaning together, so that a renaming changes no old ticket."""
        return {"name": self.name, "meaning": self.meaning.value}

    @property
    def shown(self) -> str:
        return self.title or self.name

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.formerly)

    @property
    def starts(self) -> str | None:
        """Whose time starts when a ticket enters it; nothing keeps the clock that runs, or leaves it to the act."""
        if self.clock:
            return self.clock
        return (
            "noc" if self.meaning is Meaning.OPEN else "stopped" if self.meaning in ENDED_MEANINGS else None
        )


@dataclass(frozen=True, slots=True)
class Move:
    """A way from some states to another, by an act.

    :param act: the verb; several moves may share one, told apart by where they start or by `to`.
    :param to: the state it leads to; empty where the ticket stays.
    :param label: what the button says, where not what the act is called.
    :param right: a right beyond the act's own that it needs, such as `checked`.
    :param requires: columns or `field/name` that must be filled after it.
    :param note: whether words must come with it.
    """

    act: str
    origins: tuple[str, ...]
    to: str = ""
    label: str = ""
    right: str = ""
    requires: tuple[str, ...] = ()
    note: bool = False

    @property
    def kind(self) -> Kind:
        return Kind(self.act)

    def leaves(self, at: State) -> bool:
        """Tell whether it starts in a state; from any state means any in which its act makes sense."""
        if at.name in self.origins:
            return True
        return ANY_STATE in self.origins and self.to != at.name and at.meaning in RULES[self.kind].origins


@dataclass(frozen=True)
class Lifecycle:
    """States in their order, the first one a ticket is opened in, and the moves."""

    name: str
    title: str = ""
    help: str = ""
    first: str = "new"
    states: tuple[State, ...] = ()
    moves: tuple[Move, ...] = ()
    retired: bool = False
    formerly: tuple[str, ...] = ()

    @cached_property
    def _by_name(self) -> dict[str, State]:
        former = {name: state for state in self.states for name in state.formerly}
        return former | {state.name: state for state in self.states}

    @cached_property
    def _by_act(self) -> dict[str, tuple[Move, ...]]:
        acts = {move.act for move in self.moves}
        return {act: tuple(move for move in self.moves if move.act == act) for act in acts}

    def find(self, name: str) -> State | None:
        """Find a state by its name or one it has had."""
        return self._by_name.get(name)

    def state(self, name: str) -> State:
        """Find a state by its name or one it has had.

        :raises KeyError: there is none.
        """
        return self._by_name[name]

    @property
    def beginning(self) -> State:
        return self.state(self.first)

    def at(self, name: str, meaning: str) -> State:
        """Say in which of its states a ticket is: the one of that name, past or present, else one that means the same.

        One that it knows nothing of any more stands for itself, and has no moves.
        """
        meant = Meaning(meaning)
        found = self.find(name)
        if found is not None and found.meaning is meant:
            return found
        return next((each for each in self.states if each.meaning is meant), State(name, meaning=meant))

    def corresponding(self, state: State) -> State:
        """Find its state for a ticket that comes from another life cycle: by name, else by meaning and clock, else, for
        a ticket that is not at its end, the nearest there is."""
        found = self.find(state.name)
        if found is not None and found.meaning is state.meaning:
            return found
        for meaning in _NEAREST.get(state.meaning, (state.meaning,)):
            alike = [each for each in self.states if each.meaning is meaning]
            for each in alike:
                if each.clock == state.clock:
                    return each
            if alike:
                return alike[0]
        return state

    def ways(self, at: State, kind: Kind | None = None) -> tuple[Move, ...]:
        """List the moves that start in a state, in their order: of one act, or all."""
        among = self.moves if kind is None else self._by_act.get(kind.value, ())
        return tuple(move for move in among if move.leaves(at) and self._fits(move, at))

    def _fits(self, move: Move, at: State) -> bool:
        """Tell whether a move leads from here to what its act may lead to: one from any state does not from each."""
        end = self.find(move.to or at.name) or at
        return end is at or within(move.kind, at.meaning, end.meaning)

    def may(self, kind: Kind, at: State) -> bool:
        """Tell whether an act is allowed in a state (a button asks this); one no life cycle rules over always is."""
        if kind is Kind.TOLD:
            return at.meaning is not Meaning.REJECTED
        return kind not in RULES or bool(self.ways(at, kind))

    def choose(self, kind: Kind, at: State, *, to: str = "", clock: str = "") -> Move | None:
        """Choose the move that an act is, or nothing for an act that never moves a ticket.

        :param to: the state it shall lead to, where several moves of the act fit.
        :param clock: whose time shall run then: of several moves, one to a state of that clock.
        :raises WrongState: the act is not allowed in this state.
        :raises Invalid: no move of this act leads to the state that was asked for.
        """
        if not self.may(kind, at):
            raise WrongState(
                f"cannot_{kind.value}_when_{at.meaning}",
                act=kind.value,
                state=at.shown,
                meaning=at.meaning.value,
            )
        ways = (
            self.ways(at, kind) if kind in RULES else self.ways(at, Kind.TAKEN) if _begins(kind, at) else ()
        )
        if to:
            wanted = self.called(to)
            ways = tuple(move for move in ways if wanted and (move.to or at.name) == wanted.name)
            if not ways:
                known = [self.state(each.to).name for each in self.ways(at, kind) if each.to]
                raise Invalid("no_such_move", field="state", given=to, state=at.shown, known=known)
        elif clock:
            fitting = [move for move in ways if move.to and self.state(move.to).clock == clock]
            open_ones = [move for move in ways if not move.to or not self.state(move.to).clock]
            ways = tuple(fitting or open_ones or ways)
        return ways[0] if ways else None

    def called(self, word: str) -> State | None:
        """Find a state by what people call it: its name, a former one, or its title."""
        found = self.find(word) or self.find(word.casefold())
        wanted = word.casefold()
        return found or next((each for each in self.states if each.title.casefold() == wanted), None)

    def end(self, move: Move | None, at: State) -> State | None:
        """Give the state a move leads to, or nothing where the ticket stays."""
        if move is None or move.to in ("", at.name):
            return None
        return self.state(move.to)


_NEAREST: Mapping[Meaning, tuple[Meaning, ...]] = {
    Meaning.NEW: (Meaning.NEW, Meaning.OPEN),
    Meaning.OPEN: (Meaning.OPEN, Meaning.NEW, Meaning.WAITING),
    Meaning.WAITING: (Meaning.WAITING, Meaning.OPEN, Meaning.NEW),
}
"""Where a live ticket is, if a life cycle has no state of its meaning. One at its end keeps the state it has."""


def _begins(kind: Kind, at: State) -> bool:
    return kind in BEGINS and at.meaning is Meaning.NEW
