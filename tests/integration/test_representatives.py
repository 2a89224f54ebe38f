"""Rowe speaks for a site, Nia for a network, Max for a machine: they see its tickets as customers do, and no more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nocturne import desk
from nocturne.core.configuration import use
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import Extra, Opening, accounts, correspondence, people, representing, tokens
from nocturne.doors.web import acts
from nocturne.store.models import Contact, Entry, Machine, Network, Site, Ticket, User
from tests.caller import Caller, caller
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor

WEB = Door.WEB


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    use(None)


@pytest.fixture
def rowe(cast: Cast, ada: Actor) -> Actor:
    """Rowe speaks for Ann Arbor."""
    return speaker("rowe", ("site", "Ann Arbor"), ada)


def speaker(name: str, what: tuple[str, str], ada: Actor) -> Actor:
    people.add(name, email=f"{name}@site.example", password=PASSWORD, by=ada, door=WEB)
    representing.name(*what, account=name, by=ada, door=WEB)
    return accounts.actor_of(User.objects.get(name=name))


@pytest.fixture
def theirs(anna: Actor) -> int:
    """A trouble at Ann Arbor, with a note for the staff, one for customers, and one that is restricted."""
    new = Opening(subject="Ann Arbor without power", site="Ann Arbor", text="UPS is empty.")
    number = desk.open(new, by=anna, door=WEB).number
    along = Extra(next_action="call the crew")
    desk.update(number, "their caretaker is hopeless", by=anna, door=WEB, extra=along)
    desk.update(
        number, "A generator is on its way.", by=anna, door=WEB, extra=Extra(data_class=DataClass.CUSTOMER)
    )
    return number


@pytest.fixture
def elsewhere(anna: Actor) -> int:
    """A trouble that is none of theirs."""
    Site.objects.create(name="Chicago", network=Network.objects.create(name="Metro"))
    return desk.open(
        Opening(subject="Chicago is flooded", site="Chicago", network="Metro"), by=anna, door=WEB
    ).number


# --- seeing ----------------------------------------------------------------------------------------------------------


@pytest.mark.req("R5.2", "R15.8")
def test_rowe_signs_on_and_sees_the_tickets_of_the_site_as_a_customer_does(
    rowe: Actor, theirs: int, elsewhere: int
) -> None:
    page = Visitor("rowe")
    board = page.text("/")
    assert "Ann Arbor without power" in board
    assert "Chicago" not in board
    shown = page.text(f"/tickets/{theirs}")
    assert "A generator is on its way." in shown
    for word in ("hopeless", "call the crew", "Priority", "owner"):
        assert word not in shown, word
    for address in (f"/tickets/{elsewhere}", f"/tickets/{elsewhere}/peek", f"/tickets/{elsewhere}/print"):
        assert page.get(address).status_code == 404
    assert "Ann Arbor without power" in page.text("/views/all")


@pytest.mark.req("R5.2", "R15.8")
def test_nia_sees_a_networks_tickets_and_max_a_machines(
    cast: Cast, ada: Actor, trouble: int, elsewhere: int
) -> None:
    nia, maximilian = speaker("nia", ("network", "Metro"), ada), speaker("max", ("machine", "cr1.aa"), ada)
    assert numbers(nia) == [elsewhere]
    assert numbers(maximilian) == [trouble]
    assert caller(nia).get(f"/tickets/{elsewhere}")["subject"] == "Chicago is flooded"
    by_max = caller(maximilian)
    assert by_max.get(f"/tickets/{trouble}")["number"] == trouble
    by_max.get(f"/tickets/{elsewhere}")
    assert by_max.status == 404


def numbers(actor: Actor) -> list[int]:
    return sorted(row["number"] for row in caller(actor).get("/tickets")["tickets"])


@pytest.mark.req("R5.2", "R15.8")
def test_rowe_asks_by_number_over_the_api_and_searches_only_what_is_theirs(
    rowe: Actor, theirs: int, elsewhere: int
) -> None:
    api = caller(rowe)
    found = api.get(f"/tickets/{theirs}")
    assert found["site"] == "Ann Arbor"
    assert "next_action" not in found
    assert "priority" not in found
    entries = api.get(f"/tickets/{theirs}/entries")["entries"]
    assert "hopeless" not in str(entries)
    assert [row["number"] for row in api.get("/tickets?q=power")["tickets"]] == [theirs]
    for query in ("hopeless", "flooded", "Chicago", "caretaker", "site:Chicago"):
        found = api.get(f"/tickets?q={query}")
        assert found.get("tickets", []) == [], query
    page = Visitor("rowe").text("/search?q=flooded")
    assert "Chicago is flooded" not in page


def test_what_is_restricted_and_what_is_the_staffs_leaves_no_trace(
    rowe: Actor, theirs: int, mei: Actor
) -> None:
    api = caller(rowe)
    ways = (f"/tickets/{theirs}", f"/tickets/{theirs}/entries", "/tickets", "/tickets?q=generator")
    before = [api.get(way) for way in ways]
    desk.update(theirs, "home phone 555 0100", by=mei, door=WEB, extra=Extra(data_class=DataClass.RESTRICTED))
    desk.update(theirs, "bill goes to them", by=mei, door=WEB)
    assert [api.get(way) for way in ways] == before


# --- saying ----------------------------------------------------------------------------------------------------------


@pytest.mark.req("R5.2", "R15.8")
def test_rowe_comments_and_complains_and_does_nothing_more(rowe: Actor, theirs: int, elsewhere: int) -> None:
    page = Visitor("rowe")
    assert (
        page.send(
            f"/tickets/{theirs}", f"/tickets/{theirs}/messages", text="The doors are open now."
        ).status_code
        == 302
    )
    written = Entry.objects.select_related("words").latest("pk")
    assert (written.kind, written.author_label, written.words.text) == (
        "received",
        "rowe",
        "The doors are open now.",
    )
    for noun in set(acts.BY_NOUN) - {"messages"}:
        values = {"text": "x", "to": "anna", "line": "x", "reason": "x", "priority": "1", "was-priority": "4"}
        assert page.post(f"/tickets/{theirs}/{noun}", values).status_code == 403, noun
        assert page.post(f"/tickets/{elsewhere}/{noun}", values).status_code in (403, 404), noun
    assert page.post(f"/tickets/{elsewhere}/messages", {"text": "x"}).status_code == 404
    api = caller(rowe)
    for path, body in (
        ("owner", {"owner": "anna"}),
        ("resolution", {"line": "x"}),
        ("rejection", {"reason": "x"}),
    ):
        api.post(f"/tickets/{theirs}/{path}", body)
        assert api.status == 403, path
    api.patch(f"/tickets/{theirs}", {"severity": 1})
    assert api.status == 403
    assert Ticket.objects.get(pk=theirs).severity == 3


@pytest.mark.req("R15.8")
def test_rowes_complaint_names_which_of_theirs_it_is_about(rowe: Actor, elsewhere: int) -> None:
    page = Visitor("rowe")
    answer = page.send("/tickets/open", subject="Still no power", text="Since noon.", about="site/Ann Arbor")
    assert answer.status_code == 302
    made = Ticket.objects.select_related("site", "reporter").latest("pk")
    assert (made.type, made.site and made.site.name) == ("complaint", "Ann Arbor")
    assert made.reporter is not None
    assert made.reporter.email == "rowe@site.example"
    # What they do not speak for is not taken from the form.
    page.send("/tickets/open", subject="Elsewhere", text="x", about="site/Chicago")
    assert Ticket.objects.latest("pk").site is None


@pytest.mark.req("R16.7")
def test_nobody_outside_names_another_as_the_reporter_to_be_mailed(rowe: Actor) -> None:
    api = caller(rowe)
    api.post("/tickets", {"subject": "x", "reporter": {"email": "victim@else.example", "name": "V"}})
    assert not Ticket.objects.filter(reporter__email="victim@else.example").exists()
    assert not Contact.objects.filter(email="victim@else.example").exists()


# --- how one becomes and ceases to be one ----------------------------------------------------------------------------


def test_from_the_next_request_on_whoever_speaks_for_it_no_longer_sees_nothing(
    rowe: Actor, theirs: int, ada: Actor
) -> None:
    page, api = Visitor("rowe"), caller(rowe)
    assert page.get(f"/tickets/{theirs}").status_code == 200
    [line] = representing.everyone(account="rowe")
    representing.end(line.number, by=ada, door=WEB)
    assert page.get(f"/tickets/{theirs}").status_code == 404
    api.get(f"/tickets/{theirs}")
    assert api.status == 404
    with pytest.raises(NotFound):
        representing.end(line.number, by=ada, door=WEB)


def test_a_contact_who_speaks_for_a_site_does_so_by_their_account_and_not_by_a_from_line(
    cast: Cast, ada: Actor, theirs: int
) -> None:
    representing.name("site", "Ann Arbor", contact="dean@site.example", by=ada, door=WEB)
    dean = Contact.objects.get(email="dean@site.example")
    assert not correspondence.by_mail(dean).speaks_for, "anybody can write in dean's name"
    people.add("dean", represents="dean@site.example", by=ada, door=WEB)
    assert numbers(accounts.actor_of(User.objects.get(name="dean"))) == [theirs]


@pytest.mark.parametrize(
    ("kind", "name", "who", "code"),
    [
        ("site", "Nowhere", {"account": "kofi"}, "unknown_site"),
        ("vendor", "Norlink", {"account": "kofi"}, "unknown_represented"),
        ("site", "Ann Arbor", {}, "account_or_contact"),
        ("site", "Ann Arbor", {"account": "kofi", "contact": "a@b.example"}, "account_or_contact"),
        ("site", "Ann Arbor", {"contact": "nobody"}, "bad_address"),
    ],
)
def test_what_nobody_can_speak_for_is_refused(
    cast: Cast, ada: Actor, kind: str, name: str, who: dict[str, str], code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        representing.name(kind, name, by=ada, door=WEB, **who)
    assert representing.everyone() == []


def test_who_does_not_administer_people_names_no_representatives(cast: Cast) -> None:
    for by in (cast.anna, cast.mei, cast.cleo):
        with pytest.raises(Forbidden):
            representing.name("site", "Ann Arbor", account="anna", by=by, door=WEB)


def test_an_operator_who_speaks_for_a_site_is_an_operator_all_the_same(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    representing.name("site", "Ann Arbor", account="anna", by=ada, door=WEB)
    anna = accounts.actor_of(User.objects.get(name="anna"))
    assert anna.is_staff
    assert anna.contact is None
    assert anna.speaks_for.sites


@pytest.mark.req("R5.2")
def test_whoever_asks_is_known_in_one_query_however_much_they_speak_for(rowe: Actor, ada: Actor) -> None:
    _, plain = tokens.create_token(User.objects.get(name="rowe"), "x")
    accounts.actor_by_token(plain)
    for number in range(30):
        Machine.objects.create(name=f"ar{number}")
        representing.name("machine", f"ar{number}", account="rowe", by=ada, door=WEB)
        representing.name("machine", f"ar{number}", contact="rowe@site.example", by=ada, door=WEB)
    for ask in (lambda: accounts.actor_by_id(rowe.id or 0), lambda: accounts.actor_by_token(plain)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            actor = ask()
        assert len(queries) == 1
        assert actor is not None
        assert (len(actor.speaks_for.machines), len(actor.speaks_for.sites)) == (30, 1)


def test_the_api_says_what_one_speaks_for(rowe: Actor) -> None:
    assert Caller.get(caller(rowe), "/me")["speaks_for"] == [{"kind": "site", "name": "Ann Arbor"}]


@pytest.mark.req("R5.2", "R15.8")
def test_a_line_of_rowes_is_words_to_the_noc_and_moves_nothing(rowe: Actor, theirs: int) -> None:
    api = caller(rowe)
    assert api.post("/line", {"line": f"{theirs} the doors are open"})["kind"] == "received"
    before = Entry.objects.count()
    for more in (
        "next:later",
        "timer:2h",
        "owner:rowe",
        "state:closed",
        "clock:noc",
        "machine:cr1.aa",
        "severity:1",
    ):
        api.post("/line", {"line": f"{theirs} and {more}"})
        assert api.status == 403, more
    assert Entry.objects.count() == before
