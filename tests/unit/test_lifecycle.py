"""New, open, waiting, resolved, closed, rejected: which act leads where."""

from __future__ import annotations

import pytest

from nocturne.core.entry import Kind
from nocturne.core.lifecycle import OPEN_MEANINGS, STANDARD, Meaning
from nocturne.core.refusals import WrongState

ALLOWED = {
    Kind.REFERRED: ("new", "open", "waiting"),
    Kind.SUSPENDED: ("new", "open", "waiting"),
    Kind.RESUMED: ("waiting",),
    Kind.RESOLVED: ("new", "open", "waiting"),
    Kind.CHECKED: ("resolved", "closed"),
    Kind.CLOSED: ("resolved",),
    Kind.REOPENED: ("resolved", "closed", "rejected"),
    Kind.REJECTED: ("new", "open", "waiting"),
}


@pytest.mark.req("S1")
@pytest.mark.parametrize("meaning", [each.value for each in Meaning])
@pytest.mark.parametrize("kind", ALLOWED, ids=lambda kind: kind.value)
def test_an_act_is_allowed_in_its_states_and_refused_in_all_others(kind: Kind, meaning: str) -> None:
    assert STANDARD.may(kind, Meaning(meaning)) == (meaning in ALLOWED[kind])
    if meaning in ALLOWED[kind]:
        STANDARD.after(kind, name=meaning, meaning=meaning)
    else:
        with pytest.raises(WrongState):
            STANDARD.after(kind, name=meaning, meaning=meaning)


def test_a_note_can_be_added_in_every_state_and_moves_none() -> None:
    for meaning in Meaning:
        assert STANDARD.after(Kind.NOTE, name=meaning.value, meaning=meaning.value) is None


def test_every_move_leads_to_a_state_there_is_and_every_state_can_be_left() -> None:
    for move in STANDARD.moves.values():
        assert move.to is None or move.to in STANDARD.states
    left = {meaning for move in STANDARD.moves.values() if move.to for meaning in move.allowed}
    assert left == set(Meaning)


def test_open_means_new_open_or_waiting() -> None:
    assert {each.value for each in OPEN_MEANINGS} == {"new", "open", "waiting"}
