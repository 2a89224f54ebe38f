"""Life cycles as local staff define them: states with a meaning and a clock, and the moves between them."""

from __future__ import annotations

from dataclasses import dataclass

from nocturne.core.configuration.body import Body, wrong
from nocturne.core.entry import Kind
from nocturne.core.lifecycle import CLOCKS, Meaning

ACTS = tuple(
    kind.value
    for kind in (
        Kind.TAKEN, Kind.GIVEN, Kind.REFERRED, Kind.DISPATCHED, Kind.ESCALATED, Kind.SUSPENDED, Kind.RESUMED,
        Kind.RESTORED, Kind.RESOLVED, Kind.CHECKED, Kind.CLOSED, Kind.REOPENED, Kind.REJECTED, Kind.MOVED,
    )
)  # fmt: skip
"""Acts whose effect on the state a life cycle decides; `moved` is a move of its own that no other act stands for."""
ANY_STATE = "*"


@dataclass(frozen=True, slots=True)
class State:
    """A state: its name, what it means to the rules of the house, and whose time starts when a ticket enters it."""

    name: str
    title: str = ""
    meaning: str = "open"
    clock: str = ""
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A way from some states to another, by an act.

    :param act: the verb; several moves may share one, told apart by where they start or by `to`.
    :param right: a right beyond the act's own that it needs, such as `checked`.
    :param requires: columns or `field/name` that must be filled after it.
    :param note: whether words must come with it.
    """

    act: str
    origins: tuple[str, ...]
    to: str
    label: str = ""
    right: str = ""
    requires: tuple[str, ...] = ()
    note: bool = False


@dataclass(frozen=True, slots=True)
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


def _state(body: Body) -> State:
    meaning = body.choice("meaning", [each.value for each in Meaning], "open")
    return State(
        body.name("name"),
        body.text("title", longest=80),
        meaning,
        body.choice("clock", CLOCKS),
        body.names("formerly"),
    )


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
