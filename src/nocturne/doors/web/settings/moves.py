"""States and moves of a life cycle in words, and what a change of it does to live tickets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from nocturne.core.configuration import Document
from nocturne.core.entry import Kind
from nocturne.core.lifecycle import ANY_STATE, Lifecycle, Move
from nocturne.core.permits import Actor
from nocturne.desk import lifecycles, titles, wording
from nocturne.desk.lifecycles import KINDS, OfState
from nocturne.doors.web import acts, marks
from nocturne.doors.web.fields import Words

_ACTS: Mapping[Kind, Words] = {act.kind: act.title for act in reversed(acts.ALL)} | {
    Kind.SUSPENDED: lazy("Wait")
}


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state as a line of a table; `count` are the live tickets in it that the reader may know of."""

    title: str
    name: str
    meaning: str
    clock: str
    timer: str
    help: str
    count: int


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move as a line of a table."""

    act: Words
    origins: str
    end: str
    needs: str


@dataclass(frozen=True, slots=True)
class EffectRow:
    """What becomes of the live tickets in one state."""

    state: str
    count: int
    becomes: str
    appear: list[str]
    vanish: list[str]
    stuck: bool


def called(move: Move) -> Words:
    """Say what a move is called: its own label, or its act's."""
    return move.label or _ACTS.get(move.kind, move.act)


def states(cycle: Lifecycle, counts: Mapping[str, int]) -> list[StateRow]:
    return [
        StateRow(
            titles.state_title(each),
            each.name,
            marks.word(marks.MEANINGS, each.meaning.value),
            marks.word(marks.CLOCKS, each.clock) if each.clock else "",
            each.timer,
            each.help,
            counts.get(each.name, 0),
        )
        for each in cycle.states
    ]


def moves(cycle: Lifecycle) -> list[MoveRow]:
    return [
        MoveRow(called(move), _origins(cycle, move), _end(cycle, move), ", ".join(_needs(move)))
        for move in cycle.moves
    ]


def _origins(cycle: Lifecycle, move: Move) -> str:
    if ANY_STATE in move.origins:
        found = [each for each in cycle.states if move in cycle.ways(each)]
    else:
        found = [cycle.state(name) for name in move.origins if cycle.find(name)]
    return ", ".join(titles.state_title(each) for each in found)


def _end(cycle: Lifecycle, move: Move) -> str:
    return titles.state_title(cycle.state(move.to)) if move.to and cycle.find(move.to) else _("stays")


def _needs(move: Move) -> list[str]:
    needs = [wording.field(name) for name in move.requires]
    if move.note:
        needs.append(_("a note"))
    if move.right:
        needs.append(_("the right “%(right)s”") % {"right": move.right})
    return needs


def effects(changes: Mapping[Document, Mapping[str, Any] | None], reader: Actor) -> dict[str, Any]:
    """Give what a change does to live tickets, as far as its reader may know of them."""
    if not any(kind in KINDS for kind, _name in changes):
        return {}
    effect = lifecycles.effect_of(changes, by=reader)
    rows = [_row(each) for each in effect.states]
    return {"effects": rows, "live": effect.live, "is_all": effect.is_all, "has_effects": True}


def _row(of: OfState) -> EffectRow:
    after = of.after or of.cycle
    return EffectRow(
        titles.state_title(of.state),
        of.count,
        titles.state_title(of.becomes) if of.becomes else "",
        [_way(after, move) for move in of.appear],
        [_way(of.cycle, move) for move in of.vanish],
        of.stuck,
    )


def _way(cycle: Lifecycle, move: Move) -> str:
    return f"{called(move)} → {_end(cycle, move)}" if move.to else str(called(move))
