"""Passers-by: what the site shows to anybody is a clearance like any other; they read it, and write nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from nocturne import desk
from nocturne.core.configuration import use
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.desk import Extra, Opening, admitting, configuring
from nocturne.doors.web import acts
from nocturne.store.models import Entry, Ticket, User
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor

WEB = Door.WEB


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    use(None)


@pytest.fixture
def shown(cast: Cast, ada: Actor, anna: Actor, trouble: int) -> int:
    """A ticket in the queue `status`, whose tickets the site shows to anybody as customers see them."""
    configuring.change(
        {
            ("queue", "status"): {"title": "Status"},
            ("clearance", "guests"): {"party": "anybody", "queues": ["status"], "sees": ["customer"]},
        },
        by=ada,
        door=WEB,
    )
    number = desk.open(Opening(subject="Backbone works tonight", queue="status"), by=anna, door=WEB).number
    desk.update(number, "for the staff alone", by=anna, door=WEB, extra=Extra(next_action="call Norlink"))
    desk.update(number, "Two hours at most.", by=anna, door=WEB, extra=Extra(data_class=DataClass.CUSTOMER))
    return number


@pytest.mark.req("R16.5", "S4")
def test_where_no_clearance_says_otherwise_guests_are_asked_to_sign_on(cast: Cast, trouble: int) -> None:
    stranger = Visitor()
    for address in ("/", f"/tickets/{trouble}", "/views/all", "/search?q=down", f"/{trouble}"):
        answer = stranger.get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-on")


@pytest.mark.req("R15.8", "S4")
def test_what_a_clearance_shows_to_anybody_is_read_without_signing_on(shown: int, trouble: int) -> None:
    guest = Visitor()
    board = guest.text("/")
    assert "Backbone works tonight" in board
    assert "Ann Arbor" not in board
    assert "Sign on" in board
    page = guest.text(f"/tickets/{shown}")
    assert "Two hours at most." in page
    for word in (
        "for the staff alone",
        "Norlink",
        "textarea",
        "New ticket",
        "Sign off",
        "My account",
        "anna.noc",
    ):
        assert word not in page, word
    for address in (
        f"/tickets/{shown}/peek",
        f"/tickets/{shown}/print",
        f"/tickets/{shown}/entries",
        "/views/all",
    ):
        assert guest.get(address).status_code == 200, address
    assert "Backbone works" in guest.text("/search?q=backbone")
    assert "100G" not in guest.text("/search?q=chicago")
    assert guest.get(f"/{shown}").headers["Location"] == f"/tickets/{shown}"


@pytest.mark.req("R16.5", "R16.6")
def test_what_guests_may_not_see_leads_to_the_sign_on_whether_it_is_there_or_not(
    shown: int, trouble: int
) -> None:
    guest = Visitor()
    for number in (trouble, 999_999):
        for rest in ("", "/peek", "/print", "/entries", "/new"):
            answer = guest.get(f"/tickets/{number}{rest}")
            assert answer.status_code == 302, rest
            assert (
                answer.headers["Location"]
                .replace(str(number), "N")
                .startswith("/sign-on?next=%2Ftickets%2FN")
            )
    for view in ("mine", "untaken", "signoff", "nothing"):
        assert guest.get(f"/views/{view}").status_code == 302
    for address in ("/account", "/tickets/open", "/device", f"/tickets/{shown}/notes", "/administration"):
        assert guest.get(address).status_code == 302, address


@pytest.mark.req("R15.8")
def test_programs_ask_for_what_is_shown_to_anybody_without_a_token(shown: int, trouble: int) -> None:
    program = Client()
    found = program.get(f"/api/v1/tickets/{shown}")
    assert found.status_code == 200
    assert found.json()["subject"] == "Backbone works tonight"
    assert "next_action" not in found.json()
    assert [row["number"] for row in program.get("/api/v1/tickets").json()["tickets"]] == [shown]
    texts = [each["text"] for each in program.get(f"/api/v1/tickets/{shown}/entries").json()["entries"]]
    assert "Two hours at most." in texts
    assert "for the staff alone" not in texts
    hidden, missing = program.get(f"/api/v1/tickets/{trouble}"), program.get("/api/v1/tickets/999999")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    shown_of = [
        each.content.replace(f"/tickets/{number}".encode(), b"/tickets/N")
        for each, number in ((hidden, trouble), (missing, 999999))
    ]
    assert shown_of[0] == shown_of[1]
    for path in ("/me", "/people", "/queues", "/accounts", "/inventory/contacts", "/me/tokens"):
        assert program.get(f"/api/v1{path}").status_code == 401, path


@pytest.mark.req("R16.5")
def test_guests_write_nothing(shown: int) -> None:
    guest = Visitor()
    before = Entry.objects.count(), Ticket.objects.count()
    for noun in acts.BY_NOUN:
        answer = guest.post(f"/tickets/{shown}/{noun}", {"text": "x", "to": "x", "line": "x"})
        assert answer.status_code == 401, noun
    for address in ("/line", "/tickets/open", "/drafts", "/account/tokens"):
        assert (
            guest.post(address, {"line": f"{shown} x", "subject": "x", "place": "open"}).status_code == 401
        ), address
    api = Client()
    for method, path in (
        ("POST", f"/tickets/{shown}/entries"),
        ("PATCH", f"/tickets/{shown}"),
        ("POST", "/tickets"),
    ):
        answer = api.generic(method, f"/api/v1{path}", '{"text": "x"}', content_type="application/json")
        assert answer.status_code == 401, path
    assert (Entry.objects.count(), Ticket.objects.count()) == before


def test_a_clearance_for_anybody_lets_nobody_write(cast: Cast, ada: Actor) -> None:
    for more in ({"appends": ["public"]}, {"changes": ["public"]}, {"rights": ["received"]}):
        body = {"party": "anybody", "sees": ["customer"], **more}
        with pytest.raises(Invalid, match="anybody_writes"):
            configuring.change({("clearance", "guests"): body}, by=ada, door=WEB)


def test_when_the_clearance_goes_guests_see_nothing_at_their_next_request(shown: int, ada: Actor) -> None:
    guest = Visitor()
    assert guest.get(f"/tickets/{shown}").status_code == 200
    configuring.change({("clearance", "guests"): None}, by=ada, door=WEB)
    assert guest.get(f"/tickets/{shown}").status_code == 302
    assert guest.get("/").status_code == 302


def test_guests_who_see_a_tickets_number_and_no_more_see_a_page_all_the_same(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    body = {"party": "anybody", "sees": ["public"]}
    configuring.change({("clearance", "guests"): body}, by=ada, door=WEB)
    guest = Visitor()
    page = guest.text(f"/tickets/{trouble}") + guest.text(f"/tickets/{trouble}/print")
    assert str(trouble) in page
    for word in ("Ann Arbor", "cr1.aa", "general", "anna"):
        assert word not in page, word
    assert "Ann Arbor" not in guest.text("/")


# --- a password that has to be changed -------------------------------------------------------------------------------


@pytest.mark.req("S10")
def test_whoever_has_to_choose_a_new_password_is_led_there_and_nowhere_else(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    anna = Visitor("anna")
    admitting.demand_new_password("anna", by=ada, door=WEB)
    for address in ("/", f"/tickets/{trouble}", "/views/all", "/tickets/open"):
        answer = anna.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account"), address
    assert anna.post(f"/tickets/{trouble}/notes", {"text": "x"}).status_code == 403
    assert anna.get(f"/tickets/{trouble}/new", **{"HX-Request": "true"}).status_code == 403
    assert anna.get(f"/api/v1/tickets/{trouble}").status_code == 403
    assert "Choose a new password before anything else" in anna.text("/account")
    answer = anna.send("/account", "/account/password", old=PASSWORD, new="another-long-one-7")
    assert answer.status_code == 200
    assert anna.get("/").status_code == 200
    assert not User.objects.get(name="anna").must_change_password
