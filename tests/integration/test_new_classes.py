"""A class of data from its first hour: who makes it staffs it, and what is written in it is its readers' alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nocturne import desk
from nocturne.core import configuration
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, NotFound
from nocturne.desk import accounts, charts, configuring, membership
from nocturne.desk.terms import Opening
from nocturne.store import configured
from nocturne.store.models import User
from tests.cast import Cast
from tests.local_fields import configure
from tests.unit.test_configuration import SECURITY

WEB = Door.WEB
MINE = {("clearance", "mine"): {"group": "administrators", "sees": ["staff", "security"]}}


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    configuration.use(None)


@pytest.fixture
def csirt(cast: Cast, ada: Actor) -> Actor:
    """Kofi, whom ada has put into the group of those who read a class that she has just made."""
    configure(SECURITY, by=ada)
    for name in ("kofi", "mei"):
        membership.join(name, "csirt", by=ada, door=WEB)
    return accounts.actor_of(User.objects.get(name="kofi"))


@pytest.mark.req("R9.5", "R16.5", "S10")
def test_who_makes_a_class_puts_people_into_its_group_until_something_is_written_in_it(
    csirt: Actor, ada: Actor
) -> None:
    membership.leave("mei", "csirt", by=ada, door=WEB)
    desk.open(Opening(subject="Stolen laptop", queue="security"), by=csirt, door=WEB)
    for name in ("mei", "ada"):
        with pytest.raises(Forbidden, match="granting_unheld_class"):
            membership.join(name, "csirt", by=ada, door=WEB)


@pytest.mark.req("R9.5", "R16.5", "R16.6")
def test_an_administrator_comes_by_no_confidence_of_others_in_two_steps(csirt: Actor, ada: Actor) -> None:
    number = desk.open(Opening(subject="Stolen laptop", queue="security"), by=csirt, door=WEB).number
    queue = SECURITY["queue", "security"]
    opened = {("queue", "security"): {**queue, "class": "public"}}
    renamed = {
        ("queue", "security"): None,
        ("queue", "open"): {"type": "trouble", "formerly": ["security"]},
        ("clearance", "csirt"): {**SECURITY["clearance", "csirt"], "queues": ["open"]},
    }
    for changes in (opened, renamed, MINE):
        with pytest.raises(Forbidden, match="granting_unheld_class"):
            configuring.change(changes, by=ada, door=WEB)
    configure({("clearance", "csirt"): None}, by=ada)
    with pytest.raises(Forbidden, match="granting_unheld_class"):
        configuring.change(MINE, by=ada, door=WEB)
    configured.refresh()
    with pytest.raises(NotFound):
        charts.header(number, ada)


@pytest.mark.req("R9.5", "R16.6")
def test_a_field_of_every_ticket_is_not_opened_by_who_does_not_read_it(cast: Cast, ada: Actor) -> None:
    configure({**SECURITY, ("field", "circuit"): {"class": "security"}}, by=ada)
    with pytest.raises(Forbidden, match="granting_unheld_class"):
        configuring.change({("field", "circuit"): {"class": "staff"}}, by=ada, door=WEB)
