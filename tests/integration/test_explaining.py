"""Why can anna see this? Administrators are told clearance by clearance; everybody else about themselves."""

from __future__ import annotations

import json

import pytest

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import configuring, explaining
from nocturne.store import configured
from tests.cast import Cast, account
from tests.command import Nocturne
from tests.unit.test_configuration import SECURITY


@pytest.mark.req("R16.5", "R16.6")
def test_a_grant_is_explained_by_the_clearance_that_gives_it(cast: Cast, ada: Actor, trouble: int) -> None:
    said = explaining.explain("anna", trouble, "circuit", by=ada)
    assert said.allowed
    assert said.answer == f"anna can read “Circuit” of {trouble}, which is for staff readers."
    assert said.lines[0] == ("operators", True, "gives it to the group operators.")
    assert ("supervisors", False, "is for the group supervisors.") in said.lines
    assert ("reporter", False, "is for the reporter of a ticket.") in said.lines


def test_a_refusal_is_explained_by_each_clearance_that_does_not_give_it(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    said = explaining.explain("anna", trouble, "check", by=ada)
    assert not said.allowed
    assert ("operators", False, "does not give it.") in said.lines
    assert not any(gives for _, gives, _ in said.lines)


@pytest.mark.req("S8")
def test_a_queue_of_a_class_is_explained_to_who_knows_of_it_and_to_nobody_else(
    cast: Cast, ada: Actor
) -> None:
    from nocturne import desk

    configuring.change(SECURITY, by=ada, door=Door.WEB)
    configured.refresh()
    from nocturne.desk import accounts

    sam = accounts.actor_of(account("sam", "csirt", "administrators"))
    number = desk.open(desk.Opening(subject="Stolen", queue="security"), by=sam, door=Door.WEB).number
    said = explaining.explain("anna", number, "ticket", by=sam)
    assert said.answer == f"For anna there is no ticket {number}."
    assert ("operators", False, "is not cleared for security, the class of the queue security.") in said.lines
    with pytest.raises(NotFound):
        explaining.explain("anna", number, "ticket", by=ada)
    assert explaining.who_can(number, "note", by=sam) == [("csirt", "csirt", ["sam"])]


def test_who_administers_nobody_asks_only_about_themselves(cast: Cast, trouble: int) -> None:
    assert explaining.explain("anna", trouble, "change:priority", by=cast.anna).allowed
    with pytest.raises(Forbidden):
        explaining.explain("kofi", trouble, "ticket", by=cast.anna)
    with pytest.raises(Forbidden):
        explaining.who_can(trouble, "ticket", by=cast.mei)
    with pytest.raises(Invalid):
        explaining.explain("anna", trouble, "no-such-field", by=cast.anna)


@pytest.mark.req("R15.9")
def test_the_command_line_explains_and_ends_accordingly(cast: Cast, trouble: int, nocturne: Nocturne) -> None:
    said = nocturne("explain", "anna", str(trouble), "circuit")
    assert (said.code, said.out.splitlines()[1]) == (0, "  + operators gives it to the group operators.")
    refused = nocturne("explain", "anna", str(trouble), "check_marks", "--json")
    assert refused.code == 1
    assert json.loads(refused.out)["allowed"] is False
