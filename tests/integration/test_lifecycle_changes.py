"""Life cycles and types change while tickets go through them."""

from __future__ import annotations

from typing import Any

import pytest

from nocturne import desk
from nocturne.core import query
from nocturne.core.configuration import current
from nocturne.core.entry import Door, Kind
from nocturne.core.permits import Actor
from nocturne.desk import charts, clock, configuring, lifecycles
from nocturne.desk.terms import Extra, Opening
from nocturne.store import books, lists, search
from tests.cast import Cast
from tests.fieldwork import FIELD, put, refused, stands, ticket
from tests.visitor import Visitor, said

WEB = Door.WEB


# --- the life cycle itself changes ------------------------------------------------------------------------------------


def changed(**states: dict[str, Any] | None) -> dict[str, Any]:
    """This will give the life cycle with some of its states otherwise, or without them and their moves."""
    kept = [{**each, **(states.get(each["name"].replace("-", "_")) or {})} for each in FIELD["states"]]
    gone = {name.replace("_", "-") for name, each in states.items() if each is None}
    names = {each["name"]: new["name"] for each, new in zip(FIELD["states"], kept, strict=True)}
    moves = []
    for move in FIELD["moves"]:
        made = dict(move)
        if "from" in made:
            made["from"] = [names[each] for each in made["from"] if each not in gone]
        if made.get("to"):
            made["to"] = names[made["to"]]
        if made.get("from") != [] and made.get("to") not in gone:
            moves.append(made)
    return {**FIELD, "states": [each for each in kept if each["name"] not in gone], "moves": moves}


@pytest.mark.req("R9.5", "S1")
def test_a_state_in_use_goes_only_where_it_is_said_where_its_tickets_belong(
    visit: int, ada: Actor, anna: Actor
) -> None:
    desk.take(visit, by=anna, door=WEB)
    desk.change(visit, {"site": "Ann Arbor"}, machines=["cr1.aa"], by=anna, door=WEB)
    desk.move(visit, "on-site", by=anna, door=WEB, extra=Extra(text="Here."))
    lost = refused(
        "configuration_state_in_use", lambda: put({("lifecycle", "field"): changed(on_site=None)}, ada)
    )
    assert lost.params["given"] == "on-site"
    refused(
        "configuration_state_in_use",
        lambda: put({("lifecycle", "field"): changed(on_site={"meaning": "waiting"})}, ada),
    )
    assert "on-site" in [each.name for each in current().lifecycles["field"].states]
    put({("lifecycle", "field"): changed(on_site=None, working={"formerly": ["on-site"]})}, ada)
    assert stands(visit)[0] == "on-site", "no old ticket is touched"
    assert charts.header(visit, anna).header["state"] == "on-site"
    found = search.where(query.parse("state:working").tree, anna, now=clock.now())
    assert [row["number"] for row in lists.rows(anna, found).rows] == [visit]
    desk.suspend(visit, "customer", by=anna, door=WEB)
    assert stands(visit) == ("customer", "waiting", "customer")
    assert books.first_difference(visit) is None


@pytest.mark.req("R9.5", "S1")
def test_what_a_change_does_to_live_tickets_is_said_before_it_applies(
    visit: int, ada: Actor, anna: Actor
) -> None:
    other = desk.open(Opening(subject="No key", queue="field"), by=anna, door=WEB).number
    desk.take(other, by=anna, door=WEB)
    body = changed(working={"name": "at-work", "title": "at work", "formerly": ["working"]})
    body["moves"] = [each for each in body["moves"] if each["act"] != "given"]
    effect = lifecycles.effect_of({("lifecycle", "field"): body}, by=ada)
    assert (effect.live, effect.is_all) == (2, True)
    seen = {each.state.name: each for each in effect.states}
    assert seen["working"].becomes.title == "at work"
    assert [each.act for each in seen["working"].vanish] == ["given"]
    assert [each.act for each in seen["new"].vanish] == ["given"]
    assert not seen["working"].appear
    assert current().lifecycles["field"].find("at-work") is None, "nothing was changed"


@pytest.mark.req("R9.5", "S1")
def test_a_queue_that_gets_another_life_cycle_says_where_its_tickets_are_then(
    visit: int, ada: Actor, anna: Actor
) -> None:
    desk.take(visit, by=anna, door=WEB)
    standard = {("queue", "field"): {"title": "Field work", "calendar": "office"}}
    effect = lifecycles.effect_of(standard, by=ada)
    assert [(each.state.name, each.becomes.name, each.count) for each in effect.states] == [
        ("working", "open", 1)
    ]
    put(standard, ada)
    desk.resolve(visit, "Fixed", by=anna, door=WEB)
    assert stands(visit) == ("resolved", "resolved", "stopped")


@pytest.mark.req("R9.5")
def test_a_way_without_an_end_is_said_of_the_tickets_that_would_be_stuck(visit: int, anna: Actor) -> None:
    assert not lifecycles.effect_of({("lifecycle", "field"): FIELD}, by=anna)
    assert not lifecycles.effect_of({("site", "site"): {"organisation": "Lakenet"}}, by=anna)


@pytest.mark.req("R9.5")
def test_a_clearance_names_states_that_there_are(visit: int, ada: Actor) -> None:
    def clearance(state: str) -> configuring.Changes:
        return {("clearance", "crews"): {"group": "operators", "states": [state], "sees": ["staff"]}}

    put(clearance("on-site"), ada)
    put(clearance("waiting"), ada)
    lost = refused("configuration_no_such", lambda: put(clearance("on-sight"), ada))
    assert (lost.field, lost.params["given"]) == ("clearance/crews.states", "on-sight")


# --- types ------------------------------------------------------------------------------------------------------------

TYPES: configuring.Changes = {
    ("type", "workstation"): {
        "title": "Workstation", "behaves": "complaint", "priorities": {"1": 2}, "points_to": ["mainframe"],
    },
    ("type", "mainframe"): {"title": "Mainframe", "behaves": "trouble"},
    ("type", "window"): {"title": "Maintenance window", "behaves": "planned"},
}  # fmt: skip


@pytest.mark.req("R9.4", "R9.5")
def test_a_local_type_behaves_as_one_of_the_rfcs(cast: Cast, ada: Actor, anna: Actor, cleo: Actor) -> None:
    put(TYPES, ada)
    report = Opening(
        subject="Screen is black", type="Workstation", severity=1, reporter_id=cleo.contact, text="Since ten."
    )
    number = desk.open(report, by=anna, door=WEB).number
    assert (ticket(number).type, ticket(number).priority) == ("workstation", 2)
    assert charts.entries(number, cleo).entries, "whoever reported it reads what was opened for them"
    host = desk.open(Opening(subject="LPAR 3 is down", type="mainframe"), by=anna, door=WEB).number
    plain = desk.open(Opening(subject="Other"), by=anna, door=WEB).number
    refused("parent_of_wrong_type", lambda: desk.relate(number, "parent", plain, by=anna, door=WEB))
    desk.relate(number, "parent", host, by=anna, door=WEB)
    desk.resolve(host, "Restarted", by=anna, door=WEB)
    told = desk.tell(host, "It is up again.", by=anna, door=WEB)
    assert told.kind == Kind.TOLD
    window = desk.open(Opening(subject="IPL on Sunday", type="window"), by=anna, door=WEB).number
    assert ticket(window).clock == "scheduled"
    desk.take(window, by=anna, door=WEB)
    assert ticket(window).clock == "scheduled"
    desk.change(window, {"type": "mainframe"}, by=anna, door=WEB)
    assert ticket(window).clock == "noc"


@pytest.mark.req("R9.4")
def test_a_local_type_is_chosen_in_the_form_and_shown_by_its_title(cast: Cast, ada: Actor) -> None:
    put(TYPES, ada)
    at_desk = Visitor("anna")
    assert '<option value="mainframe">Mainframe' in at_desk.text("/tickets/open")
    answer = at_desk.send("/tickets/open", "/tickets/open", subject="LPAR 3 is down", type="mainframe")
    page = said(at_desk.get(answer.headers["Location"].partition("?")[0]))
    assert "Mainframe" in page


@pytest.mark.req("R9.4", "R9.5")
def test_a_type_may_have_a_life_cycle_of_its_own_whatever_its_queue(
    visit: int, ada: Actor, anna: Actor
) -> None:
    put({("type", "visit"): {"title": "Visit", "lifecycle": "field"}}, ada)
    number = desk.open(Opening(subject="Rack 5", type="visit"), by=anna, door=WEB).number
    desk.take(number, by=anna, door=WEB)
    assert stands(number)[0] == "working"
    desk.change(number, {"type": "trouble"}, by=anna, door=WEB)
    assert stands(number)[0] == "open"


@pytest.mark.req("R9.4", "R9.5")
def test_a_retired_type_is_kept_by_its_tickets_and_given_to_no_other(
    cast: Cast, ada: Actor, anna: Actor
) -> None:
    put(TYPES, ada)
    number = desk.open(Opening(subject="LPAR 3 is down", type="mainframe"), by=anna, door=WEB).number
    put({("type", "mainframe"): {"title": "Mainframe", "retired": True}}, ada)
    refused("retired_type", lambda: desk.open(Opening(subject="x", type="mainframe"), by=anna, door=WEB))
    desk.take(number, by=anna, door=WEB)
    assert charts.header(number, anna).header["type"] == "mainframe"


@pytest.mark.req("R9.4", "S8")
def test_a_queue_whose_type_was_retired_goes_on_taking_mail_and_its_tickets_can_be_split(
    cast: Cast, ada: Actor, anna: Actor, cleo: Actor
) -> None:
    put({**TYPES, ("queue", "desk"): {"type": "workstation"}}, ada)
    asks = Opening(subject="Screen is black", queue="desk", text="Since ten.", reporter_id=cleo.contact)
    number = desk.open(asks, by=cleo, door=Door.MAIL).number
    assert ticket(number).type == "workstation"
    put({("type", "workstation"): {"behaves": "complaint", "retired": True}}, ada)
    later = desk.open(asks, by=cleo, door=Door.MAIL).number
    assert ticket(later).type == "complaint"
    entry = charts.entries(number, anna).entries[0]
    half = desk.split(number, [entry.address], "And the mouse", by=anna, door=WEB).number
    assert ticket(half).type == "complaint"
