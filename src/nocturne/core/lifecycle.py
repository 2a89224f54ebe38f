"""Which act may follow in which state, and where it leads: a table, so that it can become data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nocturne.core.entry import Kind
from nocturne.core.refusals import WrongState


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


@dataclass(frozen=True, slots=True)
class State:
    """A state's name, its meaning, and the clock that starts when a ticket enters it (None keeps the running one)."""

    name: str
    meaning: Meaning
    clock: str | None

    def stored(self) -> dict[str, str]:
        """Spell the state as an entry keeps it: name and meaning together, so that a renaming changes no old ticket."""
        return {"name": self.name, "meaning": self.meaning.value}


@dataclass(frozen=True, slots=True)
class Move:
    """An act that is allowed in some meanings, and the state it leads to (None: it stays)."""

    allowed: frozenset[Meaning]
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """States by name and moves by act."""

    states: dict[str, State]
    moves: dict[Kind, Move]
    first: str

    def state(self, name: str) -> State:
        return self.states[name]

    def may(self, kind: Kind, meaning: Meaning) -> bool:
        """Tell whether an act is allowed in a state of this meaning (a button asks this)."""
        move = self.moves.get(kind)
        return move is None or meaning in move.allowed

    def after(self, kind: Kind, *, name: str, meaning: str) -> State | None:
        """Give the state an act leads to, or None where it changes none.

        :raises WrongState: the act is not allowed in this state.
        """
        move = self.moves.get(kind)
        if move is None:
            return None
        if Meaning(meaning) not in move.allowed:
            raise WrongState(
                f"cannot_{kind.value}_when_{meaning}", act=kind.value, state=name, meaning=meaning
            )
        if move.to is None or move.to == name:
            return None
        return self.states[move.to]


_OPEN = OPEN_MEANINGS
_LIVE = frozenset({Meaning.NEW, Meaning.OPEN, Meaning.WAITING, Meaning.RESOLVED})
_ACTIVE = frozenset({Meaning.NEW, Meaning.OPEN})

STANDARD = Lifecycle(
    states={
        state.name: state
        for state in (
            State("new", Meaning.NEW, None),
            State("open", Meaning.OPEN, "noc"),
            State("waiting", Meaning.WAITING, None),
            State("resolved", Meaning.RESOLVED, "stopped"),
            State("closed", Meaning.CLOSED, "stopped"),
            State("rejected", Meaning.REJECTED, "stopped"),
        )
    },
    moves={
        Kind.TAKEN: Move(_OPEN),
        Kind.GIVEN: Move(_OPEN),
        Kind.REFERRED: Move(_OPEN, "waiting"),
        Kind.DISPATCHED: Move(_OPEN),
        Kind.ESCALATED: Move(_OPEN),
        Kind.SUSPENDED: Move(_OPEN, "waiting"),
        Kind.RESUMED: Move(frozenset({Meaning.WAITING}), "open"),
        Kind.RESTORED: Move(_OPEN),
        Kind.RESOLVED: Move(_OPEN, "resolved"),
        Kind.CHECKED: Move(frozenset({Meaning.RESOLVED, Meaning.CLOSED})),
        Kind.CLOSED: Move(frozenset({Meaning.RESOLVED}), "closed"),
        Kind.REOPENED: Move(ENDED_MEANINGS, "open"),
        Kind.REJECTED: Move(_OPEN, "rejected"),
        Kind.TOLD: Move(_LIVE | {Meaning.CLOSED}),
    },
    first="new",
)
"""The life cycle of every queue: new, open, waiting, resolved, closed, and rejected."""

AWAKENING = frozenset({Kind.TAKEN, Kind.GIVEN, Kind.DISPATCHED, Kind.ESCALATED, Kind.RESTORED, Kind.REPLY})
"""Acts by which work on a new ticket has begun: the ticket becomes open."""
