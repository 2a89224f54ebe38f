"""What somebody is refused, and what they are told of the table, names nothing that they may not know of."""

from __future__ import annotations

from typing import Any

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound, WrongState
from nocturne.desk import (
    accounts,
    admitting,
    charts,
    explaining,
    links,
    people,
    representing,
    tokens,
)
from nocturne.desk.terms import Opening
from nocturne.store.models import Circuit, User
from tests.caller import caller, reporter
from tests.cast import Cast, account
from tests.fieldwork import put
from tests.unit.test_configuration import SECURITY

ABSENT = 999_999


@pytest.fixture
def sam(cast: Cast, ada: Actor) -> Actor:
    """Of the incident response team, and an operator like others besides."""
    put(SECURITY, ada)
    return accounts.actor_of(account("sam", "csirt", "operators"))


@pytest.fixture
def stolen(sam: Actor) -> int:
    return desk.open(Opening(subject="Stolen laptop", queue="security"), by=sam, door=Door.WEB).number


@pytest.mark.req("R16.6")
def test_a_merge_of_a_hidden_ticket_is_taken_back_as_little_as_one_of_none(
    cast: Cast, sam: Actor, stolen: int
) -> None:
    calls = caller(cast.anna)
    other = desk.open(Opening(subject="Second", queue="security"), by=sam, door=Door.WEB).number
    said = []
    for number in (ABSENT, stolen):
        answer = calls.post(f"/tickets/{number}/unmerge")
        said.append((calls.status, {**answer, "instance": ""}))
    desk.merge(other, stolen, by=sam, door=Door.WEB)
    answer = calls.post(f"/tickets/{other}/unmerge")
    said.append((calls.status, {**answer, "instance": ""}))
    assert said[0][0] == 404
    assert said[1] == said[0]
    assert said[2] == said[0]


@pytest.mark.req("R16.6")
def test_no_hidden_ticket_holds_up_or_names_itself_to_who_closes(
    cast: Cast, sam: Actor, stolen: int, trouble: int
) -> None:
    desk.relate(trouble, "depends_on", stolen, by=sam, door=Door.WEB)
    desk.resolve(trouble, "Spliced", by=cast.anna, door=Door.WEB)
    with pytest.raises(WrongState, match="open_dependencies"):
        desk.close(trouble, by=sam, door=Door.WEB)
    desk.close(trouble, by=cast.anna, door=Door.WEB)
    assert charts.header(trouble, cast.anna).header["meaning"] == "closed"


@pytest.mark.req("R16.6")
def test_who_may_not_set_a_field_does_not_learn_what_could_stand_in_it(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    put({("field", "circuit"): {"class": "restricted"}}, ada)
    assert Circuit.objects.filter(name="NL-IC-3321").exists()
    calls = caller(cast.anna)
    said = []
    for name in ("NL-IC-3321", "NL-IC-9999"):
        answer = calls.patch(f"/tickets/{trouble}", {"circuit": name})
        said.append((calls.status, answer))
    assert said[0][0] == 403
    assert said[0] == said[1]


@pytest.mark.req("R16.6")
def test_a_field_that_somebody_reads_nowhere_is_refused_like_one_that_is_not_there(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    put(SECURITY | {("field", "cve"): {"kind": "text", "class": "security"}}, ada)
    calls = caller(cast.anna)

    def said(name: str) -> list[tuple[int, str]]:
        answers = [
            calls.get(f"/tickets?q={name}:x"),
            calls.get(f"/tickets?q={name}s:x"),
            calls.patch(f"/tickets/{trouble}", {"fields": {name: "x"}}),
            calls.post("/tickets", {"subject": "x", "fields": {name: "x"}}),
            calls.post(f"/tickets/{trouble}/entries", {"text": "x", "fields": {name: "x"}}),
        ]
        assert all(each["status"] == 422 for each in answers), answers
        return [(each["status"], str(each).replace(name, "…")) for each in answers]

    assert said("cve") == said("xqz")


@pytest.mark.req("R16.6")
def test_a_token_is_narrowed_to_no_queue_that_its_owner_may_not_know_of(cast: Cast, stolen: int) -> None:
    anna = User.objects.get(name="anna")
    with pytest.raises(Invalid, match="unknown_queue"):
        tokens.create_token(anna, "probe", queues=["security"])
    with pytest.raises(Invalid, match="unknown_queue"):
        tokens.create_token(anna, "probe", queues=["no-such"])


@pytest.mark.req("R16.6")
def test_who_asks_about_themselves_hears_of_no_account_queue_field_or_team_they_do_not_know(
    cast: Cast, ada: Actor, stolen: int, complaint: int
) -> None:
    theirs = {"party": "reporter", "queues": ["security"], "sees": ["customer"]}
    put(
        {
            ("clearance", "victims"): theirs,
            ("clearance", "night"): {"group": "operators", "queues": ["security"], "sees": ["public"]},
            ("field", "cve"): {"kind": "text", "class": "security"},
        },
        ada,
    )
    cleo = reporter("cleo", cast.cleo_contact)
    said = [cleo.get(f"/tickets/{complaint}/explanation?who={name}") for name in ("anna", "nobody-at-all")]
    assert said[0] == said[1]
    assert said[0]["status"] == 403
    told = [(who, who.get(f"/tickets/{complaint}/explanation")) for who in (cleo, caller(cast.anna))]
    for who, answer in told:
        assert answer["clearances"]
        for word in ("security", "victims", "csirt", "supervisors"):
            assert word not in str(answer)
        for word in ("cve", "security"):
            assert who.get(f"/tickets/{complaint}/explanation?what={word}")["code"] == "nothing_to_explain"


@pytest.mark.req("S10")
def test_links_are_made_worthless_by_those_alone_who_answer_on_that_ticket(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    put(
        {
            ("group", "readers"): {},
            ("queue", "peering"): {},
            ("clearance", "readers"): {"group": "readers", "sees": ["staff"]},
            ("clearance", "peers"): {
                "group": "readers",
                "queues": ["peering"],
                "sees": ["staff"],
                "appends": ["staff"],
                "rights": ["work"],
            },
        },
        ada,
    )
    rob = accounts.actor_of(account("rob", "readers"))
    with pytest.raises(Forbidden):
        links.revoke(by=rob, door=Door.WEB, ticket=trouble)
    links.revoke(by=cast.anna, door=Door.WEB, ticket=trouble)


@pytest.mark.req("S10", "R5.2")
def test_who_administers_people_alone_makes_nobody_a_reader_of_customers_tickets(
    cast: Cast, ada: Actor, complaint: int
) -> None:
    put({("group", "hr"): {}, ("clearance", "hr"): {"group": "hr", "rights": ["administer-people"]}}, ada)
    hal = accounts.actor_of(account("hal", "hr"))
    customer = account("cleo", contact=cast.cleo_contact)

    def attempts() -> list[Any]:
        about: dict[str, Any] = {"by": hal, "door": Door.WEB}
        return [
            lambda: representing.name("network", "Backbone", account="hal", **about),
            lambda: representing.name("network", "Backbone", contact="hal@home.example", **about),
            lambda: people.change("hal", {"represents": "cleo@college.example"}, **about),
            lambda: people.add("hal2", represents="cleo@college.example", **about),
            lambda: admitting.set_password(customer.name, "a-new-word-for-cleo-77", **about),
            lambda: people.change(customer.name, {"email": "hal@home.example"}, **about),
        ]

    for attempt in attempts():
        with pytest.raises(Forbidden):
            attempt()
    people.change("hal", {"full_name": "Hal"}, by=hal, door=Door.WEB)
    with pytest.raises(NotFound):
        charts.header(complaint, accounts.actor_of(User.objects.get(name="hal")))
    assert representing.name("network", "Backbone", account="hal", by=ada, door=Door.WEB).number


def test_administrators_are_told_of_every_clearance(cast: Cast, ada: Actor, trouble: int) -> None:
    said = explaining.explain("anna", trouble, "ticket", by=ada)
    assert "supervisors" in [name for name, _, _ in said.lines]
