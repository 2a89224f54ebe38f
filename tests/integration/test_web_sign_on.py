"""Coming in, going out, and what was being typed meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from nocturne.core.permits import Actor
from nocturne.desk import accounts
from nocturne.store.models import Draft, Entry, Session, User
from nocturne.store.sessions import SessionStore, digest
from tests.cast import PASSWORD, Cast, account
from tests.visitor import Visitor, said


def key(visitor: Visitor) -> str:
    return visitor.client.cookies["nocturne-session"].value


@pytest.mark.req("R16.5")
def test_signing_on_gives_a_new_session_and_ends_the_one_before(cast: Cast) -> None:
    visitor = Visitor("anna")
    first = key(visitor)
    visitor.post("/sign-on", {"name": "kofi", "password": PASSWORD})
    assert key(visitor) != first
    assert not Session.objects.filter(digest=digest(first)).exists()
    row = Session.objects.get(digest=digest(key(visitor)))
    assert row.user is not None
    assert row.user.name == "kofi"


def test_a_wrong_password_and_an_unknown_name_are_told_apart_by_nobody(cast: Cast) -> None:
    answers = [
        Visitor().post("/sign-on", {"name": name, "password": "not-this-one"})
        for name in ("anna", "nobody-here")
    ]
    assert {answer.status_code for answer in answers} == {422}
    first, second = (answer.content.decode().replace("nobody-here", "anna") for answer in answers)
    assert said(answers[0]) == "Name and password do not fit. Check both and try again."
    assert _bare(first) == _bare(second)
    assert 'value="anna"' in first, "the name that was typed is kept"


def _bare(page: str) -> str:
    start, _mark, rest = page.partition('csrfmiddlewaretoken" value="')
    return start + rest[64:]


@pytest.mark.req("R16.5")
def test_too_many_tries_are_told_to_wait(cast: Cast) -> None:
    visitor = Visitor()
    answers = [visitor.post("/sign-on", {"name": "anna", "password": "wrong"}) for _ in range(11)]
    assert answers[-1].status_code == 429
    assert "Try again in" in said(answers[-1])
    assert visitor.post("/sign-on", {"name": "anna", "password": PASSWORD}).status_code == 429


@pytest.mark.req("R16.5")
@pytest.mark.parametrize(
    "to",
    [
        *(
            "//evil.example",
            r"\\evil.example",
            "https:evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
        ),
        *("/\\evil", "http:///evil.example", "tickets/1", "\t//evil.example"),
    ],
)
def test_signing_on_leads_nowhere_but_here(cast: Cast, to: str) -> None:
    answer = Visitor().post("/sign-on", {"name": "anna", "password": PASSWORD, "next": to})
    assert answer.headers["Location"] == "/"


def test_signing_on_leads_to_where_one_wanted_to_go(cast: Cast, trouble: int) -> None:
    stranger = Visitor()
    answer = stranger.get(f"/tickets/{trouble}?only=people")
    form = stranger.form(answer.headers["Location"], "/sign-on")
    done = stranger.post("/sign-on", form.values | {"name": "anna", "password": PASSWORD})
    assert done.headers["Location"] == f"/tickets/{trouble}?only=people"


@pytest.mark.req("R16.5")
def test_an_account_that_is_switched_off_is_out_at_the_next_request(anna: Actor) -> None:
    visitor = Visitor("anna")
    User.objects.filter(pk=anna.id).update(is_active=False)
    assert visitor.get("/").headers["Location"] == "/sign-on"


@pytest.mark.req("R16.5")
def test_a_session_ends_fourteen_hours_after_sign_on_however_busy_it_is(cast: Cast) -> None:
    begin = datetime.now(UTC)
    with time_machine.travel(begin, tick=False) as clock:
        visitor = Visitor("anna")
        for minutes in range(0, 14 * 60, 30):
            clock.move_to(begin + timedelta(minutes=minutes))
            assert visitor.get("/").status_code == 200
        clock.move_to(begin + timedelta(hours=13, minutes=59))
        assert visitor.get("/").status_code == 200
        clock.move_to(begin + timedelta(hours=14, seconds=1))
        assert visitor.get("/").headers["Location"] == "/sign-on"


@pytest.mark.req("R16.5")
def test_a_house_says_how_long_a_session_lasts(cast: Cast, settings: Any) -> None:
    settings.SESSION_COOKIE_AGE = 3600
    begin = datetime.now(UTC)
    with time_machine.travel(begin, tick=False) as clock:
        visitor = Visitor("anna")
        clock.move_to(begin + timedelta(minutes=59))
        assert visitor.get("/").status_code == 200
        clock.move_to(begin + timedelta(minutes=61))
        assert visitor.get("/").headers["Location"] == "/sign-on"


@pytest.mark.req("R16.5")
def test_a_new_password_makes_a_session_no_longer(cast: Cast) -> None:
    begin = datetime.now(UTC)
    with time_machine.travel(begin, tick=False) as clock:
        visitor = Visitor("anna")
        before, row = key(visitor), Session.objects.get()
        for hours in range(1, 11):
            clock.move_to(begin + timedelta(hours=hours))
            visitor.get("/")
        visitor.send("/account", "/account/password", old=PASSWORD, new="carrier-pigeon-7")

        after = Session.objects.get()
        assert key(visitor) != before
        assert after.digest == digest(key(visitor))
        assert (after.created_at, after.expires_at) == (row.created_at, row.expires_at)
        assert visitor.client.cookies["nocturne-session"]["max-age"] == 4 * 3600
        for hours in range(11, 15):
            clock.move_to(begin + timedelta(hours=hours, seconds=-1))
            assert visitor.get("/").status_code == 200
        clock.move_to(begin + timedelta(hours=14, seconds=1))
        assert visitor.get("/").headers["Location"] == "/sign-on"


@pytest.mark.req("R16.5")
def test_a_session_that_was_ended_meanwhile_gets_no_new_key(cast: Cast) -> None:
    visitor = Visitor("anna")
    store = SessionStore(key(visitor))
    assert store["_auth_user_id"]
    Session.objects.all().delete()

    store.cycle_key()
    store.save()

    assert not Session.objects.exclude(user=None).exists()


def test_that_a_browser_is_in_use_is_noted_every_five_minutes_at_most(cast: Cast) -> None:
    begin = datetime.now(UTC)
    with time_machine.travel(begin, tick=False) as clock:
        visitor = Visitor("anna")
        noted = set()
        for seconds in range(0, 22 * 60, 60):
            clock.move_to(begin + timedelta(seconds=seconds))
            visitor.get("/")
            noted.add(int((Session.objects.get().seen_at - begin).total_seconds()))
        assert sorted(noted) == [0, 6 * 60, 12 * 60, 18 * 60]


def test_signing_off_ends_the_session_on_the_server(cast: Cast) -> None:
    visitor = Visitor("anna")
    before = key(visitor)
    assert visitor.get("/sign-off").status_code == 405
    visitor.post("/sign-off", {})
    assert not Session.objects.filter(digest=digest(before)).exists()
    again = Client()
    again.cookies["nocturne-session"] = before
    assert again.get("/").headers["Location"] == "/sign-on"


def test_what_was_typed_when_the_session_ended_is_back_after_signing_on(anna: Actor, trouble: int) -> None:
    visitor = Visitor("anna")
    form = visitor.form(f"/tickets/{trouble}", f"/tickets/{trouble}/notes")
    Session.objects.all().delete()
    answer = visitor.post(form.action, form.values | {"text": "Half an hour of work", "next_action": "Call"})
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "What you typed is kept" in page
    assert not Entry.objects.filter(kind="note").exists()
    kept = page.partition('name=kept value="')[2].partition('"')[0]
    done = visitor.post("/sign-on", {"name": "anna", "password": PASSWORD, "kept": kept})
    assert done.headers["Location"] == f"/tickets/{trouble}"
    page = visitor.text(f"/tickets/{trouble}")
    assert "Half an hour of work" in page
    assert 'value="Call"' in page


@pytest.mark.parametrize("kept", ["", "x", "e30=", "eyJwbGFjZSI6ICJ4In0=", "A" * 5000])
def test_what_was_never_typed_does_no_harm(cast: Cast, kept: str) -> None:
    assert Visitor().post("/sign-on", {"name": "anna", "password": PASSWORD, "kept": kept}).status_code == 302
    assert not Draft.objects.exists()


def test_a_page_older_than_the_sign_on_gives_its_words_back(cast: Cast, trouble: int) -> None:
    visitor = Visitor(checks_csrf=True)
    answer = visitor.client.post(
        f"/tickets/{trouble}/notes",
        {"text": "Typed before", "csrfmiddlewaretoken": "x" * 64},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 403
    assert "Typed before" in answer.content.decode()
    foreign = visitor.client.post(
        f"/tickets/{trouble}/notes", {"text": "Planted"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert "Planted" not in foreign.content.decode()


def test_drafts_survive_signing_off_and_are_their_writers_alone(cast: Cast, trouble: int) -> None:
    visitor = Visitor("anna")
    visitor.post("/drafts", {"place": f"note:{trouble}", "text": "Half a thought", "key": "k", "seen": "s"})
    visitor.post("/sign-off", {})
    assert "Half a thought" in Visitor("anna").text(f"/tickets/{trouble}")
    assert "Half a thought" not in Visitor("kofi").text(f"/tickets/{trouble}")
    assert Draft.objects.get().content == {"text": "Half a thought"}


@pytest.mark.parametrize(
    "place", ["", "note:", "note:0", "elsewhere:1", "note:1;", "note:1\n", "act:../x:1", "x" * 100]
)
def test_a_draft_has_its_place(cast: Cast, place: str) -> None:
    assert Visitor("anna").post("/drafts", {"place": place, "text": "x"}).status_code == 422
    assert not Draft.objects.exists()


@pytest.mark.req("S9", "S10")
def test_the_set_up_page_works_once_and_only_by_its_link(db: None) -> None:
    from nocturne.desk import setup

    setup.forget_cached()
    link = setup.link()
    assert link is not None
    address = link.partition("//")[2].partition("/")[2]
    visitor = Visitor()
    assert visitor.get("/setup/not-the-link").status_code == 404
    values = {
        "organisation": "Lakenet", "name": "lakenet", "zone": "Europe/Oslo", "admin": "ada", "email": "ada@x.example",
        "base_url": "http://noc.example", "password": "carrier-pigeon-7", "again": "carrier-pigeon-7",
    }  # fmt: skip
    for wrong, says in (
        ({"again": "other"}, "not the same"),
        ({"password": "short", "again": "short"}, "too easy to guess"),
        ({"zone": "Nowhere"}, "time zone"),
        ({"correspond_address": "no-address"}, "not a mail address"),
    ):
        answer = visitor.post(f"/{address}", values | wrong)
        assert answer.status_code == 422
        assert says in said(answer)
        assert 'value="Lakenet"' in answer.content.decode()
        assert "carrier-pigeon" not in answer.content.decode()
    assert visitor.post(f"/{address}", values).headers["Location"] == "/"
    assert "Quiet night" in visitor.text("/")
    assert Visitor().get(f"/{address}").status_code == 410
    assert accounts.actor_of(User.objects.get(name="ada")).groups == {"administrators"}


@pytest.mark.req("S2")
def test_a_customers_account_opens_and_writes_and_reads_its_own(cast: Cast, complaint: int) -> None:
    account("cleo", contact=cast.cleo_contact)
    cleo = Visitor("cleo")
    assert (
        cleo.send(f"/tickets/{complaint}", f"/tickets/{complaint}/messages", text="Still dark.").status_code
        == 302
    )
    assert "Still dark." in cleo.text(f"/tickets/{complaint}")
    answer = cleo.send(
        "/tickets/open", subject="The printer too", text="It hums.", owner="anna", priority="1"
    )
    number = int(answer.headers["Location"].partition("?")[0].rpartition("/")[2])
    page = cleo.text(f"/tickets/{number}")
    assert "It hums." in page
    entry = Entry.objects.get(ticket=number)
    assert (entry.ticket.owner, entry.ticket.reporter_id, entry.ticket.type) == (
        None,
        cast.cleo_contact.pk,
        "complaint",
    )
