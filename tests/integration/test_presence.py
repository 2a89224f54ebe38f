"""Who is before which ticket: told to those of the staff who may read it, and to nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from nocturne.core.entry import DataClass
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import accounts, displays, presence
from nocturne.store.models import Entry, Presence, User
from nocturne.watch.live.hub import Hub
from tests.caller import caller
from tests.cast import Cast, account
from tests.hearing import heard, listening, said_by
from tests.listener import Event
from tests.visitor import Visitor


def told(visitor: Visitor) -> dict[str, Any]:
    """Who is where, as a listener is told."""
    found: list[Event] = [event for event in heard(visitor) if event.name == "presence"]
    return found[0].data["tickets"] if found else {}


@pytest.mark.req("S17", "R16.1")
def test_two_at_one_ticket_see_each_other_and_who_writes(cast: Cast, trouble: int) -> None:
    kofi, anna = Visitor("kofi"), Visitor("anna")
    address = f"/tickets/{trouble}/presence"
    assert kofi.post(address, {"does": "reads"}).json() == {"people": []}
    assert anna.post(address, {"does": "writes"}).json() == {"people": [{"name": "kofi", "does": "reads"}]}
    assert kofi.post(address, {"does": "reads"}).json() == {"people": [{"name": "anna", "does": "writes"}]}
    assert told(kofi)[str(trouble)] == [{"name": "anna", "does": "writes"}, {"name": "kofi", "does": "reads"}]
    anna.post(address, {"does": "leaves"})
    assert told(kofi)[str(trouble)] == [{"name": "kofi", "does": "reads"}]
    assert Entry.objects.filter(ticket=trouble).count() == 1, "it is no history"


def test_who_says_nothing_more_is_gone_soon_and_has_stopped_writing_sooner(
    cast: Cast, trouble: int, kofi: Actor, anna: Actor
) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        presence.note(trouble, by=kofi, writes_in=DataClass.STAFF)
        assert presence.of(trouble, reader=anna) == [("kofi", "writes")]
        clock.shift(31)
        assert presence.of(trouble, reader=anna) == [("kofi", "reads")]
        clock.shift(45)
        assert presence.of(trouble, reader=anna) == []


def test_whose_browser_listens_stays_without_saying_so(
    cast: Cast, trouble: int, kofi: Actor, anna: Actor
) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        presence.note(trouble, by=kofi)
        for _ in range(8):
            clock.shift(60)
            presence.keep([kofi.id or 0])
        assert presence.of(trouble, reader=anna) == [("kofi", "reads")]
        clock.shift(presence.LONGEST + timedelta(seconds=80))
        presence.keep([kofi.id or 0])
        assert presence.of(trouble, reader=anna) == []
        clock.shift(presence.STALE)
        presence.keep([])
        assert not Presence.objects.exists()


@pytest.mark.req("R16.6")
def test_customers_learn_of_nobody_and_cannot_be_there(cast: Cast, complaint: int, kofi: Actor) -> None:
    account("cleo", contact=cast.cleo_contact)
    cleo = Visitor("cleo")
    before = [(event.name, event.data) for event in heard(cleo)]
    page = cleo.text(f"/tickets/{complaint}")
    presence.note(complaint, by=kofi, writes_in=DataClass.CUSTOMER)
    assert [(event.name, event.data) for event in heard(cleo)] == before
    assert "presence" not in page
    assert cleo.post(f"/tickets/{complaint}/presence", {"does": "reads"}).status_code == 404
    with pytest.raises(NotFound):
        presence.of(complaint, reader=cast.cleo)


@pytest.mark.req("R16.6", "S18")
def test_that_something_restricted_is_being_written_is_told_to_nobody_who_may_not_read_it(
    cast: Cast, trouble: int, mei: Actor, own_hub: Hub
) -> None:
    kofi, ada = listening(own_hub, Visitor("kofi")), listening(own_hub, Visitor("ada"))
    presence.note(trouble, by=mei)
    _turn(own_hub)
    assert _present(kofi) == _present(ada) == [{str(trouble): [{"name": "mei", "does": "reads"}]}]
    presence.note(trouble, by=mei, writes_in=DataClass.RESTRICTED)
    _turn(own_hub)
    assert _present(kofi) == [], "not even that there was something to tell"
    assert _present(ada) == [{str(trouble): [{"name": "mei", "does": "writes"}]}]


def _turn(hub: Hub) -> None:
    hub._mark = None
    hub.company._looked = 0
    hub.turn()


def _present(stream: Any) -> list[Any]:
    return [event.data["tickets"] for event in said_by(stream) if event.name == "presence"]


def test_programs_say_and_ask_it_too(cast: Cast, trouble: int, kofi: Actor, anna: Actor) -> None:
    program, other = caller(kofi), caller(anna)
    assert program.call("PUT", f"/tickets/{trouble}/presence", {"does": "writes"}) == {"people": []}
    assert other.get(f"/tickets/{trouble}/presence") == {"people": [{"name": "kofi", "does": "writes"}]}
    program.call("DELETE", f"/tickets/{trouble}/presence")
    assert program.status == 204
    assert other.get(f"/tickets/{trouble}/presence") == {"people": []}
    other.call("PUT", "/tickets/999999/presence", {})
    assert other.status == 404


def test_nobody_is_at_a_ticket_of_which_they_may_not_know(cast: Cast, trouble: int) -> None:
    account("nobody")
    with pytest.raises(NotFound):
        presence.note(trouble, by=accounts.actor_of(User.objects.get(name="nobody")))


@pytest.mark.req("S17", "S18")
def test_a_screen_on_a_wall_tells_nobody_who_is_where_and_keeps_nobody_there(
    cast: Cast, trouble: int, kofi: Actor, own_hub: Hub
) -> None:
    _row, secret = displays.create(User.objects.get(name="kofi"), "wall")
    screen = Visitor()
    screen.get(f"/display/{secret}")
    presence.note(trouble, by=cast.anna)
    assert [each.name for each in heard(screen, "/display/events")] == ["hello"]
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        stream = listening(own_hub, screen, "/display/events")
        presence.note(trouble, by=kofi)
        for _ in range(8):
            clock.shift(25)
            own_hub._beaten = own_hub.company._kept = 0
            own_hub._mark = None
            own_hub.turn()
        assert presence.of(trouble, reader=cast.anna) == []
        assert "presence" not in [each.name for each in said_by(stream)]
