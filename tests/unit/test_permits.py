"""Who may see and do what is decided in one place."""

from __future__ import annotations

import pytest

from nocturne.core import permits
from nocturne.core.chart import COLUMNS
from nocturne.core.entry import DataClass, Kind
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, NotFound

ANNA = Actor("account", 1, "anna", frozenset({"operators"}))
MEI = Actor("account", 2, "mei", frozenset({"supervisors"}))
ADA = Actor("account", 3, "ada", frozenset({"administrators"}))
CLEO = Actor("contact", 9, "Cleo", contact=9, verified=False)
GUEST = Actor("account", 4, "guest")


@pytest.mark.req("R16.6")
def test_each_class_of_people_reads_up_to_its_rung() -> None:
    assert [permits.rung(actor) for actor in (ADA, MEI, ANNA, CLEO, GUEST)] == [
        DataClass.RESTRICTED,
        DataClass.RESTRICTED,
        DataClass.STAFF,
        DataClass.CUSTOMER,
        DataClass.PUBLIC,
    ]


@pytest.mark.req("R16.7")
def test_circuit_numbers_are_not_for_customers_nor_check_marks_for_operators() -> None:
    header = {"subject": "Down", "circuit": 3, "check_marks": "audit 7", "reporter": 9}
    assert permits.project(MEI, header) == header
    assert permits.project(ANNA, header) == {"subject": "Down", "circuit": 3, "reporter": 9}
    assert permits.project(CLEO, header) == {"subject": "Down", "reporter": 9}
    assert permits.project(GUEST, header) == {}


def test_a_reporter_knows_of_their_own_tickets_and_of_no_others() -> None:
    assert permits.in_scope(CLEO, {"reporter": 9})
    assert not permits.in_scope(CLEO, {"reporter": 8})
    assert not permits.in_scope(GUEST, {"reporter": 9})
    with pytest.raises(NotFound):
        permits.demand(CLEO, Kind.RECEIVED, {"reporter": 8})


def test_a_vouched_outsider_writes_on_that_ticket_alone() -> None:
    watcher = Actor("contact", 5, "Boss", contact=5, verified=False, vouched=4711)
    permits.demand(watcher, Kind.RECEIVED, {"reporter": 9}, number=4711)
    with pytest.raises(NotFound):
        permits.demand(watcher, Kind.RECEIVED, {"reporter": 9}, number=4712)
    with pytest.raises(Forbidden):
        permits.demand(watcher, Kind.RESOLVED, {"reporter": 9}, number=4711)


@pytest.mark.req("S10")
def test_only_supervisors_sign_off_and_only_administrators_redact() -> None:
    assert [permits.may(actor, "checked") for actor in (ADA, MEI, ANNA, CLEO)] == [True, True, False, False]
    assert [permits.may(actor, "redacted") for actor in (ADA, MEI, ANNA, CLEO)] == [True, False, False, False]


def test_a_token_that_may_only_read_writes_nothing() -> None:
    reading = Actor("account", 1, "anna", frozenset({"operators"}), scopes=frozenset({"read"}))
    with pytest.raises(Forbidden):
        permits.demand(reading, Kind.NOTE, {})


def test_nobody_writes_above_their_rung() -> None:
    with pytest.raises(Forbidden):
        permits.may_write(ANNA, [], DataClass.RESTRICTED, {})
    with pytest.raises(Forbidden):
        permits.may_write(CLEO, ["next_action"], DataClass.CUSTOMER, {"reporter": 9})
    permits.may_write(MEI, COLUMNS, DataClass.RESTRICTED, {})
