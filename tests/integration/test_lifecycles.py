"""A queue with a life cycle of its own: two ways to wait, a visit on site, a sign-off before the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from nocturne import desk
from nocturne.core import hours
from nocturne.core.configuration import current
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden
from nocturne.desk import clock, line
from nocturne.desk.terms import Alarm, Extra, Opening
from nocturne.store import books, lists
from nocturne.store.models import Entry
from tests.caller import caller
from tests.cast import Cast
from tests.fieldwork import put, refused, stands, ticket
from tests.visitor import Visitor, said

WEB = Door.WEB


# --- a ticket's way ---------------------------------------------------------------------------------------------------


@pytest.mark.req("S1", "R9.5", "R8.1")
def test_a_ticket_goes_the_way_of_its_queue(visit: int, anna: Actor, kofi: Actor, mei: Actor) -> None:
    desk.take(visit, by=anna, door=WEB)
    assert stands(visit) == ("working", "open", "noc")
    desk.suspend(visit, "customer", by=anna, door=WEB)
    assert stands(visit) == ("customer", "waiting", "customer")
    desk.resume(visit, by=anna, door=WEB)
    soon = Alarm(clock.now() + timedelta(hours=2), "ask")
    desk.refer(visit, "Norlink", by=anna, door=WEB, extra=Extra(alarm=soon))
    assert stands(visit) == ("vendor", "waiting", "vendor")
    desk.move(visit, "being worked on", by=anna, door=WEB)
    assert stands(visit) == ("working", "open", "noc")
    assert ticket(visit).referred_to is None
    arrived = Extra(text="Two of them.", fields={"site": "Ann Arbor"})
    desk.change(visit, {}, machines=["cr1.aa"], by=anna, door=WEB)
    desk.move(visit, "on-site", by=kofi, door=WEB, extra=arrived)
    assert stands(visit) == ("on-site", "open", "noc")
    desk.resolve(visit, "Replaced the fuse", cause="Fuse", by=kofi, door=WEB)
    assert stands(visit) == ("done", "resolved", "stopped")
    refused("cannot_closed_when_resolved", lambda: desk.close(visit, by=kofi, door=WEB))
    desk.check(visit, by=mei, door=WEB)
    assert stands(visit) == ("signed", "resolved", "stopped")
    desk.close(visit, by=kofi, door=WEB)
    assert stands(visit) == ("closed", "closed", "stopped")
    refused("cannot_reopened_when_closed", lambda: desk.reopen(visit, by=mei, door=WEB))
    assert books.first_difference(visit) is None


@pytest.mark.req("S1", "R9.5")
def test_a_move_says_what_it_needs_and_leaves_all_as_it_was(visit: int, anna: Actor, mei: Actor) -> None:
    desk.take(visit, by=anna, door=WEB)
    before = Entry.objects.filter(ticket=visit).count()
    bare = refused("move_requires", lambda: desk.move(visit, "on-site", by=anna, door=WEB))
    assert (bare.field, bare.params["fields"]) == ("site", ["site", "machine"])
    desk.change(visit, {"site": "Ann Arbor"}, machines=["cr1.aa"], by=anna, door=WEB)
    assert refused("move_needs_note", lambda: desk.move(visit, "on-site", by=anna, door=WEB)).field == "text"
    no_cause = refused("move_requires", lambda: desk.resolve(visit, "Fixed", by=anna, door=WEB))
    assert no_cause.field == "cause"
    assert refused("no_such_move", lambda: desk.move(visit, "closed", by=anna, door=WEB)).params["known"] == [
        "on-site"
    ]
    assert Entry.objects.filter(ticket=visit).count() == before + 1
    desk.resolve(visit, "Fixed", cause="Fuse", by=anna, door=WEB)
    with pytest.raises(Forbidden):
        desk.reopen(visit, by=anna, door=WEB)
    desk.reopen(visit, by=mei, door=WEB)
    assert stands(visit) == ("working", "open", "noc")


@pytest.mark.req("R4.4")
def test_where_a_site_says_so_nothing_waits_without_a_timer(visit: int, anna: Actor) -> None:
    assert refused("timer_needed", lambda: desk.suspend(visit, "vendor", by=anna, door=WEB)).field == "alarm"
    soon = Alarm(clock.now() + timedelta(hours=2), "ask")
    desk.suspend(visit, "vendor", by=anna, door=WEB, extra=Extra(alarm=soon))
    refused("timer_needed", lambda: desk.update(visit, by=anna, door=WEB, extra=Extra(alarm=desk.CLEAR)))
    assert ticket(visit).alarm_text == "ask"


@pytest.mark.req("R4.4")
def test_where_a_site_says_so_the_timer_comes_by_itself_in_working_time(visit: int, anna: Actor) -> None:
    with clock.as_of(datetime(2026, 11, 27, 15, 0, tzinfo=UTC)):  # a Friday, 16:00 in Berlin
        number = desk.open(Opening(subject="Key is missing", queue="field"), by=anna, door=WEB).number
        desk.suspend(number, "customer", by=anna, door=WEB)
    assert ticket(number).alarm_at == datetime(2026, 11, 30, 9, 0, tzinfo=UTC)  # Monday, 10:00 in Berlin


@pytest.mark.req("R4.4")
def test_where_a_site_says_so_whoever_lets_a_ticket_wait_is_warned(
    cast: Cast, ada: Actor, anna: Actor
) -> None:
    warns = [
        {**each, "timer": "warn"} if each["name"] == "waiting" else each
        for each in current().documents["lifecycle", "standard"]["states"]
    ]
    put({("lifecycle", "standard"): {**current().documents["lifecycle", "standard"], "states": warns}}, ada)
    number = desk.open(Opening(subject="No answer"), by=anna, door=WEB).number
    written = desk.suspend(number, by=anna, door=WEB)
    assert [each.code for each in written.warnings] == ["waits_without_timer"]
    timed = Extra(alarm=Alarm(clock.now() + timedelta(hours=1), ""))
    assert not desk.update(number, by=anna, door=WEB, extra=timed).warnings
    assert [row["number"] for row in lists.views(anna)["noalarm"].values("number")] == []


@pytest.mark.req("R4.1", "R9.5")
def test_a_timer_is_given_in_the_working_hours_of_the_queue(visit: int, cast: Cast, anna: Actor) -> None:
    expected = hours.after(current().calendars["office"], clock.now(), timedelta(hours=2))
    said_so = line.perform(
        f'{visit} timer:"2 working hours ask the crew"', by=anna, door=WEB, now=clock.now()
    )
    assert abs(ticket(visit).alarm_at - expected) < timedelta(minutes=1)
    assert ticket(visit).alarm_text == "ask the crew"
    assert "ask the crew" in dict(said_so.chips)["timer"]
    Visitor("anna").act(visit, "alarm", timer="next working day 10:30 ask again")
    due = ticket(visit).alarm_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert (due.hour, due.minute, due.weekday() < 5, ticket(visit).alarm_text) == (10, 30, True, "ask again")
    program = caller(cast.anna)
    program.call("PUT", f"/tickets/{visit}/alarm", {"when": "in 90 working minutes"})
    assert program.status == 200
    program.post("/line", {"act": "note", "words": [str(visit), "Asked", "timer:3 working days"]})
    assert ticket(visit).alarm_at > clock.now() + timedelta(days=2)
    plain = desk.open(Opening(subject="Elsewhere"), by=anna, door=WEB).number
    refusal = refused(
        "no_calendar",
        lambda: line.perform(f'{plain} timer:"2 working hours"', by=anna, door=WEB, now=clock.now()),
    )
    assert refusal.field == "timer"


@pytest.mark.req("R9.5", "S8")
def test_the_page_says_when_the_queue_works(visit: int, cast: Cast) -> None:
    page = said(Visitor("anna").get(f"/tickets/{visit}"))
    is_open = hours.is_open(current().calendars["office"], clock.now())
    assert ("office · until" if is_open else "office · closed until") in page


@pytest.mark.req("S1")
def test_whose_time_runs_is_the_states_to_say(visit: int, anna: Actor) -> None:
    soon = Extra(alarm=Alarm(clock.now() + timedelta(hours=2), ""))
    other = Extra(alarm=soon.alarm, state="vendor")
    clash = refused("clock_of_state", lambda: desk.suspend(visit, "customer", by=anna, door=WEB, extra=other))
    assert clash.params["clock"] == "vendor"
    desk.suspend(visit, by=anna, door=WEB, extra=other)
    assert stands(visit) == ("vendor", "waiting", "vendor")


# --- people outside, and other queues ---------------------------------------------------------------------------------


@pytest.mark.req("S2", "S1")
def test_the_reporters_words_end_a_wait_and_open_a_ticket_again(visit: int, cleo: Actor, anna: Actor) -> None:
    report = Opening(subject="Dark again", queue="field", type="complaint", reporter_id=cleo.contact)
    number = desk.open(report, by=anna, door=WEB).number
    desk.suspend(number, "customer", by=anna, door=WEB)
    desk.receive(number, "Here is the photo.", by=cleo, door=Door.MAIL)
    assert stands(number) == ("working", "open", "noc")
    desk.resolve(number, "Lamp", cause="Lamp", by=anna, door=WEB)
    desk.receive(number, "Still dark.", by=cleo, door=Door.MAIL)
    assert stands(number) == ("working", "open", "noc")


@pytest.mark.req("S2", "S1")
def test_where_a_life_cycle_is_final_late_words_open_a_new_ticket(
    visit: int, cleo: Actor, anna: Actor, mei: Actor
) -> None:
    report = Opening(subject="Dark again", queue="field", type="complaint", reporter_id=cleo.contact)
    number = desk.open(report, by=anna, door=WEB).number
    desk.resolve(number, "Lamp", cause="Lamp", by=anna, door=WEB)
    desk.check(number, by=mei, door=WEB)
    desk.close(number, by=anna, door=WEB)
    new = desk.receive(number, "And again.", by=cleo, door=Door.MAIL)
    assert new.number != number
    assert stands(number)[1] == "closed"


@pytest.mark.req("R8.1", "S1")
def test_silence_closes_no_complaint_that_somebody_has_to_sign_off(
    visit: int, cleo: Actor, anna: Actor, mei: Actor
) -> None:
    with clock.as_of(clock.now() - timedelta(days=9)):
        report = Opening(subject="Dark again", queue="field", type="complaint", reporter_id=cleo.contact)
        number = desk.open(report, by=anna, door=WEB).number
        desk.resolve(number, "Lamp", cause="Lamp", by=anna, door=WEB)
    assert desk.close_silent(number) is None
    desk.check(number, by=mei, door=WEB)
    assert desk.close_silent(number) is not None
    assert stands(number)[0] == "closed"


@pytest.mark.req("S1", "S8")
def test_a_ticket_that_changes_its_queue_is_where_it_was_by_name_or_meaning(visit: int, anna: Actor) -> None:
    desk.take(visit, by=anna, door=WEB)
    desk.change(visit, {"queue": "general"}, by=anna, door=WEB)
    assert stands(visit) == ("open", "open", "noc")
    assert "state being worked on → <b>open</b>" in said(Visitor("anna").get(f"/tickets/{visit}"))
    desk.suspend(visit, "vendor", by=anna, door=WEB)
    timed = Extra(alarm=Alarm(clock.now() + timedelta(hours=1), ""))
    desk.change(visit, {"queue": "field"}, by=anna, door=WEB, extra=timed)
    assert stands(visit) == ("customer", "waiting", "customer")
    assert books.first_difference(visit) is None


# --- every door -------------------------------------------------------------------------------------------------------


@pytest.mark.req("S1", "S3")
def test_one_line_brings_a_ticket_into_a_state_by_the_act_that_leads_there(
    visit: int, anna: Actor, mei: Actor
) -> None:
    def says(text: str, by: Actor = anna) -> Any:
        return line.perform(f"{visit} {text}", by=by, door=Door.CLI, now=clock.now())

    says("state:working")
    assert ticket(visit).owner.name == "anna"
    says("machine:cr1.aa")
    desk.change(visit, {"site": "Ann Arbor"}, by=anna, door=WEB)
    says('They are here state:"crew on site"')
    assert stands(visit)[0] == "on-site"
    says("state:working")
    says("state:vendor timer:2h")
    assert stands(visit) == ("vendor", "waiting", "vendor")
    desk.change(visit, {"cause": "Fuse"}, by=anna, door=WEB)
    says("New fuse state:done")
    says("state:signed", by=mei)
    says("state:closed")
    kinds = list(Entry.objects.filter(ticket=visit).order_by("seq").values_list("kind", flat=True))
    assert [each for each in kinds if each not in ("changed", "opened")] == [
        "taken", "moved", "moved", "suspended", "resolved", "checked", "closed",
    ]  # fmt: skip
    assert refused("unknown_state", lambda: says("state:parked")).params["known"][0] == "new"


@pytest.mark.req("S1", "S3")
def test_the_page_offers_the_moves_of_the_life_cycle_by_their_labels(visit: int, anna: Actor) -> None:
    at_desk = Visitor("anna")
    page = said(at_desk.get(f"/tickets/{visit}"))
    assert "Wait for the customer" in page
    assert "Wait for the vendor" in page
    assert "Crew has arrived" not in page
    desk.take(visit, by=anna, door=WEB)
    page = at_desk.text(f"/tickets/{visit}")
    assert f'href="/tickets/{visit}/move?state=on-site">Crew has arrived</a>' in page
    assert "being worked on" in said(at_desk.get(f"/tickets/{visit}"))
    assert "Reject" not in said(at_desk.get(f"/tickets/{visit}"))


@pytest.mark.req("S1", "S3")
def test_a_move_is_a_form_that_asks_for_what_the_move_needs(visit: int, anna: Actor) -> None:
    at_desk = Visitor("anna")
    desk.take(visit, by=anna, door=WEB)
    desk.change(visit, {}, machines=["cr1.aa"], by=anna, door=WEB)
    address = f"/tickets/{visit}/move?state=on-site"
    assert 'name="set-site"' in at_desk.text(address)
    answer = at_desk.send(address, f"/tickets/{visit}/move", text="They are here.")
    assert answer.status_code == 422
    assert "Crew has arrived" in said(answer)
    assert "They are here." in answer.content.decode()
    answer = at_desk.send(address, f"/tickets/{visit}/move", text="Here.", **{"set-site": "Ann Arbor"})
    assert answer.status_code == 302
    assert stands(visit)[0] == "on-site"
    assert "moved it to “crew on site”" in said(at_desk.get(f"/tickets/{visit}"))


@pytest.mark.req("S1", "S3")
def test_two_ways_of_one_act_are_a_choice_in_its_form(visit: int, anna: Actor) -> None:
    at_desk = Visitor("anna")
    form = at_desk.text(f"/tickets/{visit}/referral?state=vendor")
    assert '<option value="vendor" selected>waiting for vendor' in form
    answer = at_desk.send(
        f"/tickets/{visit}/referral", f"/tickets/{visit}/referral", state="vendor", clock="vendor", timer="2h"
    )
    assert answer.status_code == 302
    assert stands(visit) == ("vendor", "waiting", "vendor")


@pytest.mark.req("S1", "S3", "R15.9")
def test_a_program_moves_a_ticket_and_reads_titles(visit: int, cast: Cast) -> None:
    program = caller(cast.anna)
    program.post(f"/tickets/{visit}/owner", {"owner": "me"})
    refusal = program.post(f"/tickets/{visit}/move", {"state": "on-site"})
    assert (program.status, refusal["code"], refusal["field"]) == (422, "move_requires", "site")
    program.patch(f"/tickets/{visit}", {"machines": ["cr1.aa"]})
    done = program.post(
        f"/tickets/{visit}/move", {"state": "on-site", "text": "Here.", "fields": {"site": "Ann Arbor"}}
    )
    assert (done["ticket"]["state"], done["ticket"]["state_title"]) == ("on-site", "crew on site")
    assert done["ticket"]["type_title"] == "Trouble"
    listed = program.get('/tickets?q=state:"crew on site"')["tickets"]
    assert [(each["number"], each["state_title"]) for each in listed] == [(visit, "crew on site")]
    program.post("/line", {"act": "move", "words": [str(visit), "working", "All", "in", "place"]})
    assert stands(visit)[0] == "working"
