"""What clearances give: per group and part in a ticket, per queue, type and state, per class of data."""

from __future__ import annotations

import pytest

from nocturne.core import permits
from nocturne.core.entry import DataClass, Kind
from nocturne.core.permits import GUEST, Actor, SpeaksFor
from nocturne.core.refusals import Forbidden, NotFound
from tests.configured import in_force
from tests.unit.test_configuration import SECURITY

ANNA = Actor("account", 1, "anna", frozenset({"operators"}))
SAM = Actor("account", 2, "sam", frozenset({"csirt"}))
MEI = Actor("account", 3, "mei", frozenset({"supervisors"}))
QUEUES = {"general": 1, "security": 2}
GENERAL = {"queue": 1, "type": "trouble", "state": "open", "meaning": "open"}
HEADER = {"queue": 1, "type": "trouble", "state": {"name": "open", "meaning": "open"}}
SECRET = {"queue": 2, "type": "trouble", "state": "open", "meaning": "open"}


@pytest.mark.req("S8", "R16.6")
def test_a_queue_of_a_class_does_not_exist_for_who_is_not_cleared_for_it() -> None:
    with in_force({("queue", "general"): {}, **SECURITY}, queue_ids=QUEUES):
        assert permits.in_scope(SAM, SECRET)
        assert not permits.in_scope(SAM, GENERAL)
        assert not permits.in_scope(ANNA, SECRET), "operators work everywhere, but not there"
        assert not permits.in_scope(MEI, SECRET), "nor does the ladder's highest rung reach a class beside it"
        assert permits.in_scope(ANNA, GENERAL)
        with pytest.raises(NotFound):
            permits.demand(ANNA, Kind.NOTE, SECRET)
        permits.demand(SAM, Kind.NOTE, SECRET)


@pytest.mark.req("R16.5")
def test_signing_off_may_be_for_supervisors_after_resolution_only() -> None:
    supervising = {
        "group": "supervisors",
        "sees": ["restricted"],
        "changes": ["restricted"],
        "rights": ["work"],
    }
    checking = {"group": "supervisors", "states": ["resolved", "closed"], "rights": ["checked"]}
    with in_force({("clearance", "supervisors"): supervising, ("clearance", "sign-off"): checking}):
        assert not permits.may(MEI, "checked", GENERAL)
        assert permits.may(MEI, "checked", {**GENERAL, "state": "resolved", "meaning": "resolved"})
        assert permits.may(MEI, "checked"), "somewhere"


@pytest.mark.req("R16.7", "R16.5")
def test_a_field_may_be_given_to_other_readers() -> None:
    with in_force(
        {("field", "circuit"): {"class": "restricted"}, ("field", "next_action"): {"class": "customer"}}
    ):
        header = {**HEADER, "reporter": 9, "circuit": 3, "next_action": "splice"}
        cleo = Actor("contact", 9, "Cleo", contact=9, verified=False)
        assert "circuit" not in permits.project(ANNA, header)
        assert "circuit" in permits.project(MEI, header)
        assert permits.project(cleo, header)["next_action"] == "splice"


@pytest.mark.req("R5.2", "R15.8")
def test_a_representative_sees_the_tickets_of_their_networks_sites_and_machines() -> None:
    rita = Actor(
        "account", 5, "rita", speaks_for=SpeaksFor(networks=frozenset({7}), machines=frozenset({42}))
    )
    assert permits.in_scope(rita, {**GENERAL, "network": 7})
    assert permits.in_scope(rita, {**GENERAL, "machines": {42, 43}})
    assert not permits.in_scope(rita, {**GENERAL, "network": 8})
    assert permits.classes(rita, {**GENERAL, "network": 7}) == {0, 1}
    assert not permits.may(rita, "note", {**GENERAL, "network": 7})
    assert permits.may(rita, "received", {**GENERAL, "network": 7})
    with pytest.raises(Forbidden):
        permits.may_write(rita, ["severity"], DataClass.CUSTOMER, {**GENERAL, "network": 7})


def test_a_watcher_sees_what_a_clearance_for_watchers_says() -> None:
    watching = {"party": "watcher", "sees": ["customer"]}
    with in_force({("clearance", "watcher"): watching}):
        wim = Actor("account", 6, "wim")
        assert not permits.in_scope(wim, GENERAL)
        assert permits.classes(wim, {**GENERAL, "parts": {"watcher"}}) == {0, 1}


@pytest.mark.req("S4", "S18")
def test_guests_see_nothing_until_a_clearance_for_anybody_says_so() -> None:
    assert not permits.in_scope(GUEST, GENERAL)
    status = {("clearance", "status"): {"party": "anybody", "queues": ["general"], "sees": ["public"]},
              ("queue", "general"): {}, ("field", "subject"): {"class": "public"}}  # fmt: skip
    with in_force(status, queue_ids=QUEUES):
        header = {**HEADER, "subject": "Fibre cut", "priority": 1}
        assert permits.project(GUEST, header) == {"subject": "Fibre cut"}
        assert not permits.in_scope(GUEST, SECRET)
        assert not permits.may(GUEST, "received", header)


@pytest.mark.req("R16.5")
def test_a_token_narrowed_to_a_queue_knows_of_no_other() -> None:
    robot = Actor("account", 1, "anna", frozenset({"operators"}), only_queues=frozenset({2}))
    assert permits.in_scope(robot, SECRET)
    assert not permits.in_scope(robot, GENERAL)
    assert not permits.sees_all_tickets(robot)


def test_somebody_with_a_link_to_one_ticket_sees_that_one() -> None:
    reader = Actor("contact", 9, "Cleo", contact=9, only_ticket=4711)
    assert permits.in_scope(reader, {**GENERAL, "number": 4711, "reporter": 9})
    assert not permits.in_scope(reader, {**GENERAL, "number": 4712, "reporter": 9})
    assert not permits.in_scope(reader, {**GENERAL, "number": 4711, "reporter": 8})


def test_a_list_follows_only_what_its_reader_may_read_everywhere() -> None:
    beside = {"group": "operators", "queues": ["general"], "sees": ["customer"]}
    with in_force({("queue", "general"): {}, ("clearance", "operators"): beside}, queue_ids=QUEUES):
        assert not permits.sees_column_everywhere(ANNA, "priority")
        assert permits.sees_column_everywhere(ANNA, "severity")
