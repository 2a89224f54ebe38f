"""New, open, waiting, resolved, closed, rejected, and what a site makes of them: which act leads where."""

from __future__ import annotations

from typing import Any

import pytest

from nocturne.core.configuration import cycles
from nocturne.core.configuration.body import Body
from nocturne.core.configuration.lifecycles import read, timer_length
from nocturne.core.configuration.standard import STANDARD as CONFIGURATION
from nocturne.core.entry import Kind
from nocturne.core.lifecycle import OPEN_MEANINGS, RULES, Lifecycle, Meaning, State
from nocturne.core.refusals import Invalid, WrongState

STANDARD = CONFIGURATION.lifecycles["standard"]
ALLOWED = {
    Kind.TAKEN: ("new", "open", "waiting"),
    Kind.GIVEN: ("new", "open", "waiting"),
    Kind.REFERRED: ("new", "open", "waiting"),
    Kind.DISPATCHED: ("new", "open", "waiting"),
    Kind.ESCALATED: ("new", "open", "waiting"),
    Kind.SUSPENDED: ("new", "open", "waiting"),
    Kind.RESUMED: ("waiting",),
    Kind.RESTORED: ("new", "open", "waiting"),
    Kind.RESOLVED: ("new", "open", "waiting"),
    Kind.CHECKED: ("resolved", "closed"),
    Kind.CLOSED: ("resolved",),
    Kind.REOPENED: ("resolved", "closed", "rejected"),
    Kind.REJECTED: ("new", "open", "waiting"),
    Kind.MOVED: (),
    Kind.TOLD: ("new", "open", "waiting", "resolved", "closed"),
    Kind.NOTE: ("new", "open", "waiting", "resolved", "closed", "rejected"),
}
"""In which states of the standard life cycle each act is done."""
LEADS = {
    (Kind.TAKEN, "new"): "open",
    (Kind.GIVEN, "new"): "open",
    (Kind.DISPATCHED, "new"): "open",
    (Kind.ESCALATED, "new"): "open",
    (Kind.RESTORED, "new"): "open",
    (Kind.REPLY, "new"): "open",
    (Kind.REFERRED, "new"): "waiting",
    (Kind.REFERRED, "open"): "waiting",
    (Kind.SUSPENDED, "new"): "waiting",
    (Kind.SUSPENDED, "open"): "waiting",
    (Kind.RESUMED, "waiting"): "open",
    (Kind.CLOSED, "resolved"): "closed",
    **{(Kind.RESOLVED, each): "resolved" for each in ("new", "open", "waiting")},
    **{(Kind.REJECTED, each): "rejected" for each in ("new", "open", "waiting")},
    **{(Kind.REOPENED, each): "open" for each in ("resolved", "closed", "rejected")},
}
"""What changes the state of a ticket in the standard life cycle; nothing else does."""


def cycle(**body: Any) -> Lifecycle:
    return read("desk", Body("lifecycle/desk", body))


SIGNED: dict[str, Any] = {
    "states": [
        {"name": "new", "meaning": "new"},
        {"name": "working", "title": "being worked on", "meaning": "open", "formerly": ["open"]},
        {"name": "customer", "title": "waiting for customer", "meaning": "waiting", "clock": "customer"},
        {"name": "vendor", "title": "waiting for vendor", "meaning": "waiting", "clock": "vendor"},
        {"name": "resolved", "meaning": "resolved"},
        {"name": "signed", "title": "signed off", "meaning": "resolved"},
        {"name": "closed", "meaning": "closed"},
    ],
    "moves": [
        {"act": "taken", "from": ["new"], "to": "working"},
        {"act": "moved", "from": ["customer", "vendor"], "to": "working", "label": "Back to work"},
        {"act": "suspended", "from": ["new", "working"], "to": "customer"},
        {"act": "suspended", "from": ["new", "working"], "to": "vendor"},
        {"act": "referred", "to": "vendor"},
        {"act": "resolved", "to": "resolved", "requires": ["cause"], "note": True},
        {"act": "checked", "from": ["resolved"], "to": "signed", "right": "checked"},
        {"act": "closed", "from": ["signed"], "to": "closed"},
    ],
}
"""A life cycle of two waiting states and a sign-off."""


@pytest.mark.req("S1")
@pytest.mark.parametrize("name", [each.name for each in STANDARD.states])
@pytest.mark.parametrize("kind", ALLOWED, ids=lambda kind: kind.value)
def test_an_act_is_allowed_in_its_states_and_refused_in_all_others(kind: Kind, name: str) -> None:
    at = STANDARD.state(name)
    assert STANDARD.may(kind, at) == (name in ALLOWED[kind])
    if name in ALLOWED[kind]:
        STANDARD.choose(kind, at)
    else:
        with pytest.raises(WrongState):
            STANDARD.choose(kind, at)


@pytest.mark.req("S1")
@pytest.mark.parametrize("state", STANDARD.states, ids=lambda state: state.name)
@pytest.mark.parametrize("kind", list(Kind), ids=lambda kind: kind.value)
def test_the_standard_life_cycle_moves_a_ticket_where_it_always_did(kind: Kind, state: State) -> None:
    if STANDARD.may(kind, state):
        end = STANDARD.end(STANDARD.choose(kind, state), state)
        assert (end.name if end else None) == LEADS.get((kind, state.name))


@pytest.mark.req("S1")
def test_open_means_new_open_or_waiting() -> None:
    assert {each.value for each in OPEN_MEANINGS} == {"new", "open", "waiting"}


@pytest.mark.req("S1", "R9.5")
def test_two_waiting_states_are_told_apart_by_whose_time_runs_or_by_name() -> None:
    desk = cycle(**SIGNED)
    at = desk.state("working")
    assert desk.choose(Kind.SUSPENDED, at, clock="vendor").to == "vendor"
    assert desk.choose(Kind.SUSPENDED, at, clock="customer").to == "customer"
    assert desk.choose(Kind.SUSPENDED, at, to="vendor").to == "vendor"
    assert desk.choose(Kind.SUSPENDED, at, to="Waiting for vendor").to == "vendor"
    with pytest.raises(Invalid) as refused:
        desk.choose(Kind.SUSPENDED, at, to="closed")
    assert (refused.value.code, refused.value.params["known"]) == ("no_such_move", ["customer", "vendor"])


@pytest.mark.req("S1", "R9.5")
def test_what_a_life_cycle_does_not_list_is_not_done_in_it() -> None:
    desk = cycle(**SIGNED)
    assert not desk.may(Kind.RESUMED, desk.state("vendor"))
    assert not desk.may(Kind.CLOSED, desk.state("resolved"))
    assert desk.may(Kind.CLOSED, desk.state("signed"))
    assert [move.to for move in desk.ways(desk.state("vendor"), Kind.MOVED)] == ["working"]


@pytest.mark.req("S1", "R9.5")
def test_a_move_from_any_state_starts_where_its_act_makes_sense_and_nowhere_else() -> None:
    desk = cycle(**SIGNED)
    assert [each.name for each in desk.states if desk.may(Kind.RESOLVED, each)] == [
        "new", "working", "customer", "vendor",
    ]  # fmt: skip
    assert not desk.may(Kind.REFERRED, desk.state("vendor"))


@pytest.mark.req("R9.5")
def test_a_ticket_in_a_state_that_was_renamed_or_has_gone_is_still_somewhere() -> None:
    desk = cycle(**SIGNED)
    assert desk.at("open", "open").name == "working"
    assert desk.at("waiting", "waiting").name == "customer"
    lost = desk.at("turned-away", "rejected")
    assert (lost.name, lost.meaning) == ("turned-away", Meaning.REJECTED)
    assert desk.ways(lost) == ()


@pytest.mark.req("R9.5", "S1")
def test_a_ticket_that_comes_from_another_life_cycle_is_where_it_was_by_name_or_by_meaning() -> None:
    desk = cycle(**SIGNED)
    assert desk.corresponding(STANDARD.state("open")).name == "working"
    assert desk.corresponding(State("vendor-delay", meaning=Meaning.WAITING, clock="vendor")).name == "vendor"
    assert desk.corresponding(State("pending", meaning=Meaning.WAITING)).name == "customer"
    assert desk.corresponding(STANDARD.state("rejected")).name == "rejected"
    short = cycle(
        states=[{"name": "new", "meaning": "new"}, {"name": "done", "meaning": "resolved"}],
        moves=[{"act": "resolved", "to": "done"}],
    )
    assert short.corresponding(STANDARD.state("waiting")).name == "new"


@pytest.mark.req("S1", "R9.5")
def test_whose_time_starts_is_said_by_the_state_or_by_its_meaning() -> None:
    desk = cycle(**SIGNED)
    clocks = {state.name: state.starts for state in desk.states}
    assert clocks == {
        "new": None, "working": "noc", "customer": "customer", "vendor": "vendor",
        "resolved": "stopped", "signed": "stopped", "closed": "stopped",
    }  # fmt: skip


@pytest.mark.req("R9.5")
def test_what_ships_and_what_is_meant_is_without_fault() -> None:
    assert not list(cycles.problems_of(STANDARD))
    assert not list(cycles.problems_of(cycle(**SIGNED)))


NEW, DONE = {"name": "new", "meaning": "new"}, {"name": "done", "meaning": "resolved"}
WAITS, AT_WORK = {"name": "waits", "meaning": "waiting"}, {"name": "working", "meaning": "open"}
END = {"act": "resolved", "to": "done"}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "without states": ({"states": []}, "missing"),
    "whose first state is not there": ({"first": "triage", "states": [NEW, DONE], "moves": [END]}, "no_such_state"),
    "whose first state is not new": (
        {"first": "working", "states": [AT_WORK, DONE], "moves": [END]}, "first_not_new"),
    "with one name for two states": ({"states": [NEW, NEW, DONE], "moves": [END]}, "name_taken"),
    "with a former name that is taken": (
        {"states": [NEW, DONE | {"formerly": ["new"]}], "moves": [END]}, "name_taken"),
    "with a state nobody comes to": ({"states": [NEW, AT_WORK, DONE], "moves": [END]}, "state_unreachable"),
    "without an end": (
        {"states": [NEW, AT_WORK], "moves": [{"act": "taken", "from": ["new"], "to": "working"}]}, "no_end"),
    "with a state without a way to an end": (
        {"states": [NEW, WAITS, DONE],
         "moves": [{"act": "resolved", "from": ["new"], "to": "done"},
                   {"act": "suspended", "from": ["new"], "to": "waits"}]}, "no_end"),
    "with a move from a state that is not there": (
        {"states": [NEW, DONE], "moves": [END, {"act": "resolved", "from": ["old"], "to": "done"}]},
        "no_such_state"),
    "with a move to a state that is not there": (
        {"states": [NEW, DONE], "moves": [END, {"act": "closed", "from": ["done"], "to": "gone"}]},
        "no_such_state"),
    "that resolves into a waiting state": (
        {"states": [NEW, WAITS, DONE], "moves": [END, {"act": "resolved", "from": ["new"], "to": "waits"}]},
        "move_to_unfit"),
    "that resumes where nobody waits": (
        {"states": [NEW, AT_WORK, DONE], "moves": [END, {"act": "taken", "from": ["new"], "to": "working"},
                                                   {"act": "resumed", "to": "working"}]}, "move_from_nowhere"),
    "that closes what is not resolved": (
        {"states": [NEW, DONE, {"name": "closed", "meaning": "closed"}],
         "moves": [END, {"act": "closed", "from": ["new"], "to": "closed"}]}, "move_from_unfit"),
    "that ends a ticket by a bare move": (
        {"states": [NEW, DONE], "moves": [END, {"act": "moved", "from": ["new"], "to": "done"}]},
        "move_to_unfit"),
    "whose waiting leads nowhere": (
        {"states": [NEW, DONE], "moves": [END, {"act": "suspended", "from": ["new"]}]}, "move_nowhere"),
    "in which the NOC’s time runs after the end": (
        {"states": [NEW, DONE | {"clock": "noc"}], "moves": [END]}, "clock_unfit"),
    "in which time stands still before the end": (
        {"states": [NEW, AT_WORK | {"clock": "stopped"}, DONE],
         "moves": [END, {"act": "taken", "from": ["new"], "to": "working"}]}, "clock_unfit"),
    "that asks for a timer where nobody waits": (
        {"states": [NEW | {"timer": "refuse"}, DONE], "moves": [END]}, "timer_unfit"),
    "that asks for a column there is not": (
        {"states": [NEW, DONE], "moves": [END | {"requires": ["colour"]}]}, "no_such_column"),
    "that asks for a right there is not": (
        {"states": [NEW, DONE], "moves": [END | {"right": "fly"}]}, "not_among"),
}  # fmt: skip


@pytest.mark.req("R9.5")
@pytest.mark.parametrize("what", WRONG)
def test_a_life_cycle_is_refused(what: str) -> None:
    body, code = WRONG[what]
    assert code in [each.code.removeprefix("configuration_") for each in cycles.problems_of(cycle(**body))]


@pytest.mark.req("R4.4", "R9.5")
def test_a_waiting_states_policy_is_a_word_or_how_long_the_timer_is() -> None:
    assert timer_length("4h")[0].total_seconds() == 4 * 3600
    assert timer_length("2 working hours")[1]
    for given in ("soon", "0h", "-2h", "2 working days", "900d"):
        with pytest.raises(Invalid) as refused:
            cycle(states=[{"name": "waits", "meaning": "waiting", "timer": given}])
        assert refused.value.code == "configuration_bad_timer"


@pytest.mark.req("R9.5")
def test_every_act_that_a_life_cycle_rules_over_leads_somewhere_from_somewhere() -> None:
    for rule in RULES.values():
        assert rule.origins
        assert rule.ends
