"""Who has what: counted by the database, given away from its page, and nobody learns of what they may not read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nocturne import desk
from nocturne.core import configuration
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden
from nocturne.desk import accounts, charts, clock, configuring, desks, onshift, presence, shifts, workload
from nocturne.desk.terms import Extra
from nocturne.doors.api.workload import WorkloadShape
from nocturne.store import configured
from nocturne.store.models import Notice, Ticket
from nocturne.watch import followers, holding
from tests.caller import caller
from tests.cast import Cast, account
from tests.visitor import Visitor, said

pytestmark = [
    pytest.mark.req("R2.2", "S3"),
    pytest.mark.django_db,
    pytest.mark.usefixtures("as_if_committed"),
]
WEB = Door.WEB


@pytest.fixture
def night(cast: Cast) -> list[int]:
    """Six tickets: three are kofi's, of which one waits and one rings, one is anna's, two are nobody's."""
    numbers = [
        desk.open(
            desk.Opening(subject=f"Link {place} down", network="Backbone"), by=cast.anna, door=WEB
        ).number
        for place in range(6)
    ]
    for number in numbers[:3]:
        desk.give(number, "kofi", by=cast.anna, door=WEB)
    desk.take(numbers[3], by=cast.anna, door=WEB, extra=Extra(worked=1800))
    desk.suspend(numbers[0], "vendor", by=cast.kofi, door=WEB, extra=Extra(worked=3600))
    desk.change(numbers[1], {"priority": 1}, by=cast.anna, door=WEB)
    Ticket.objects.filter(pk=numbers[1]).update(ringing_since=clock.now())
    desk.resolve(numbers[5], "Was none", by=cast.anna, door=WEB)
    return numbers


def test_people_queues_and_networks_are_counted_with_what_waits_and_what_was_worked(
    cast: Cast, night: list[int]
) -> None:
    found = workload.of(cast.anna, now=clock.now())
    people = {each.name: each for each in found.people}
    kofi = people["kofi"]
    assert (kofi.open, kofi.waiting, kofi.untimed, kofi.ringing, kofi.urgent) == (3, 1, 1, 1, 1)
    assert (kofi.today, kofi.week) == (3600, 3600)
    assert (people["anna"].open, people["anna"].week) == (1, 1800)
    assert people["mei"].open == 0, "somebody with nothing is who can be given"
    assert found.people[0].name == "kofi", "the busiest stands first"
    assert found.nobodys.open == 1
    assert [(each.name, each.open) for each in found.networks] == [("Backbone", 5)]
    assert found.queues[0].open == 5
    assert kofi.untouched_since is not None


def test_it_costs_the_same_whatever_there_is(cast: Cast, night: list[int]) -> None:
    with CaptureQueriesContext(connection) as few:
        workload.of(cast.anna, now=clock.now())
    for place in range(10):
        number = desk.open(desk.Opening(subject=f"More {place}"), by=cast.anna, door=WEB).number
        desk.give(number, "mei", by=cast.anna, door=WEB)
    with CaptureQueriesContext(connection) as more:
        workload.of(cast.anna, now=clock.now() + timedelta(seconds=1))
    assert len(more) == len(few) <= 8


def test_the_chosen_are_given_away_and_their_new_owner_gets_one_mail(cast: Cast, night: list[int]) -> None:
    anna = Visitor("anna")
    page = anna.text("/workload?owner=kofi")
    assert page.count("name=number value=") == 3
    for number in night[:3]:
        assert f"name=number value={number}" in page
    given = anna.send(
        "/workload?owner=kofi",
        "/batches/new",
        number=[str(each) for each in night[:3]],
        owner="mei",
        text="kofi goes home",
        step="run",
    )
    assert given.status_code == 302
    assert set(Ticket.objects.filter(pk__in=night[:3]).values_list("owner__name", flat=True)) == {"mei"}
    while followers.turn() == 0.0:
        pass
    notices = Notice.objects.filter(user__name="mei", purpose="owner")
    assert notices.count() == 3
    assert set(notices.values_list("state", flat=True)) == {"held"}, "they wait for each other"
    with time_machine.travel(clock.now() + timedelta(seconds=40)):
        holding.release()
    states = list(Notice.objects.filter(user__name="mei").values_list("state", flat=True))
    assert states.count("waiting") == 1, "of the tickets and the words on them, one mail carries all"
    assert set(states) == {"waiting", "carried"}


def test_somebody_is_called_in_at_once_with_words_that_stand_on_the_ticket(
    cast: Cast, night: list[int]
) -> None:
    anna = Visitor("anna")
    called = anna.send(
        "/workload", "/workload/calls", to="mei", number=str(night[4]), text="Two cuts, one of me"
    )
    assert called.status_code == 302
    entry = charts.entries(night[4], cast.anna).entries[-1]
    assert (entry.kind, entry.text) == ("dispatched", "Two cuts, one of me")
    while followers.turn() == 0.0:
        pass
    assert Notice.objects.filter(user__name="mei", ticket=night[4]).get().state == "waiting"
    wordless = anna.post("/workload/calls", {"to": "mei", "number": str(night[4]), "text": " "})
    assert wordless.status_code == 422
    assert "Say why they are called in" in said(wordless)
    assert 'value="mei"' in wordless.content.decode(), "what was typed is still there"


def test_nobody_is_called_in_who_could_not_be_told(cast: Cast, night: list[int]) -> None:
    anna = Visitor("anna")
    before = len(charts.entries(night[4], cast.anna).entries)
    mistyped = anna.post("/workload/calls", {"to": "meii", "number": str(night[4]), "text": "Two cuts"})
    assert mistyped.status_code == 422
    assert said(mistyped) == "There is no active account meii."
    page = mistyped.content.decode()
    assert 'value="meii"' in page and 'value="Two cuts"' in page, "what was typed is still there"
    assert len(charts.entries(night[4], cast.anna).entries) == before


def test_it_is_for_the_staff_and_the_same_over_the_api(cast: Cast, night: list[int]) -> None:
    anna = caller(cast.anna)
    found = anna.get("/workload")
    WorkloadShape.model_validate(found)
    assert found["people"][0]["name"] == "kofi"
    account("rowe", contact=cast.cleo_contact)
    rowe = Visitor("rowe")
    assert rowe.get("/workload").status_code == 403
    assert (
        rowe.post("/workload/calls", {"to": "mei", "number": str(night[0]), "text": "x"}).status_code == 403
    )
    with pytest.raises(Forbidden):
        workload.of(cast.cleo, now=clock.now())


# --- who is there ----------------------------------------------------------------------------------------------------


def test_who_leads_the_shift_and_who_has_a_ticket_open_is_marked(cast: Cast, night: list[int]) -> None:
    whole = desks.find(desks.WHOLE)
    shifts.take_over(whole, "Quiet", seen="", by=cast.kofi, door=WEB)
    presence.note(night[0], by=cast.mei)
    people = {each.name: each for each in workload.of(cast.anna, now=clock.now()).people}
    assert (people["kofi"].leads, people["kofi"].is_here) == ([desks.title(whole)], False)
    assert (people["mei"].leads, people["mei"].is_here) == ((), True)
    page = Visitor("anna").text("/workload")
    assert page.count("leads the shift") == page.count("has a ticket open just now") == 1
    told = caller(cast.anna).get("/workload")
    WorkloadShape.model_validate(told)
    assert {each["name"] for each in told["people"] if each["is_here"]} == {"mei"}
    presence.leave(night[0], by=cast.mei)
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        people = {each.name: each for each in workload.of(cast.anna, now=clock.now()).people}
        assert not people["kofi"].leads, "whoever took over yesterday is not taken to be there still"
        assert not people["mei"].is_here


def test_nobody_is_seen_before_a_ticket_that_the_reader_may_not_read(
    cast: Cast, night: list[int], ada: Actor
) -> None:
    documents = {("group", "peers"): {}, ("clearance", "peers-see"): {"group": "peers", "sees": ["customer"]}}
    configuring.change(documents, by=ada, door=WEB)
    configured.refresh()
    lars = accounts.actor_of(account("lars", "peers"))
    presence.note(night[0], by=cast.mei)
    now = clock.now()
    assert onshift.here(cast.anna, now=now) == {cast.mei.id}
    assert onshift.here(lars, now=now) == set(), "who reads what customers read is told of nobody"
    elsewhere = replace(cast.anna, only_queues=frozenset({0}))
    assert onshift.here(elsewhere, now=now) == set(), "nor whoever came with a token for another queue"
    configuration.use(None)


def test_what_was_given_from_the_workload_is_told_there_and_taken_back_there(
    cast: Cast, night: list[int]
) -> None:
    anna = Visitor("anna")
    chosen = [str(each) for each in night[:2]]
    given = anna.send("/workload?owner=kofi", "/batches/new", number=chosen, owner="mei", step="run")
    address = given.headers["Location"].partition("#")[0]
    assert address.startswith("/workload?owner=kofi&given=")
    page = anna.text(address)
    assert "2 tickets were given." in page
    key = address.rpartition("=")[2]
    form = anna.form(address, f"/batches/{key}/undo")
    back = [anna.post(form.action, form.values) for _click in range(2)]
    assert back[0].headers["Location"] == back[1].headers["Location"], (
        "a second click takes nothing back twice"
    )
    assert back[0].headers["Location"].startswith("/workload?owner=kofi")
    owners = set(Ticket.objects.filter(pk__in=night[:2]).values_list("owner__name", flat=True))
    assert owners == {"kofi"}
    assert "were given" not in Visitor("kofi").text(f"/workload?given={key}"), "it is told to its maker alone"


def test_a_name_is_where_tickets_are_dropped_and_the_form_does_the_same(cast: Cast, night: list[int]) -> None:
    page = Visitor("anna").text("/workload?owner=kofi")
    for name in ("kofi", "mei", "none"):
        assert f'data-person="{name}"' in page
    assert page.count("draggable=true") == 3
    assert "id=g-owner" in page
    forged = Visitor("anna").send(
        "/workload?owner=kofi",
        "/batches/new",
        number=str(night[0]),
        owner="mei",
        step="run",
        back="https://elsewhere.example/workload",
    )
    assert forged.headers["Location"].startswith("/batches/")
