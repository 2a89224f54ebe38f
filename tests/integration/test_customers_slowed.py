"""Customers write as much as somebody can who has something to say; a program that floods the house is slowed down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import TooMany
from nocturne.desk import accounts, outsiders
from nocturne.desk.terms import Opening
from nocturne.store.models import Entry, Ticket, User
from tests.caller import caller
from tests.cast import Cast, account
from tests.visitor import Visitor

pytestmark = pytest.mark.req("R16.7", "S10")


@pytest.fixture
def cleo_signed_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    monkeypatch.setattr(outsiders, "MOST", 3)
    account("cleo", contact=cast.cleo_contact)
    return Visitor("cleo")


def said(number: int) -> int:
    return Entry.objects.filter(ticket=number, kind="received").count()


def test_who_writes_too_fast_is_told_when_to_go_on_and_has_their_words_still(
    cleo_signed_on: Visitor, complaint: int
) -> None:
    cleo, start = cleo_signed_on, datetime.now(UTC)
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(3):
            cleo.act(complaint, "messages", text="Still down.")
        answer = cleo.send(f"/tickets/{complaint}/messages", text="And the phones as well.")
        page = answer.content.decode()
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "600"
        assert "send it again in 10 minutes" in page
        assert "And the phones as well." in page
        assert said(complaint) == 3
        opened = cleo.send("/tickets/open", subject="Phones are down", text="All of them.")
        assert opened.status_code == 429, "one bucket, whichever way it comes in"
        assert "Phones are down" in opened.content.decode()
        assert "All of them." in opened.content.decode()
        clock.shift(timedelta(minutes=10, seconds=1))
        cleo.act(complaint, "messages", text="And the phones as well.")
    assert said(complaint) == 4
    assert Ticket.objects.count() == 1


def test_what_is_refused_for_another_reason_and_what_is_sent_twice_counts_once_or_not(
    cleo_signed_on: Visitor, complaint: int
) -> None:
    cleo = cleo_signed_on
    for _ in range(5):
        assert cleo.send(f"/tickets/{complaint}/messages", text=" ").status_code == 422
    form = cleo.form(f"/tickets/{complaint}/messages")
    for _click in range(5):
        assert cleo.post(form.action, form.values | {"text": "Down."}).status_code == 302
    assert said(complaint) == 1
    for _ in range(2):
        cleo.act(complaint, "messages", text="Still down.")
    assert cleo.send(f"/tickets/{complaint}/messages", text="Hello?").status_code == 429


def test_a_program_of_a_customers_is_told_the_same(
    cast: Cast, cleo_signed_on: Visitor, complaint: int
) -> None:
    program = caller(_cleo())
    for _ in range(3):
        program.post(f"/tickets/{complaint}/entries", {"kind": "received", "text": "Down."})
        assert program.status == 201
    refused = program.post("/tickets", {"subject": "Phones", "text": "All of them."})
    assert (program.status, refused["code"]) == (429, "too_much_sent_in")
    assert 0 < int(program.header("Retry-After")) <= 600


def _cleo() -> Actor:
    return accounts.actor_of(User.objects.get(name="cleo"))


def test_the_staff_and_the_mail_are_not_counted(
    cast: Cast, cleo_signed_on: Visitor, complaint: int, anna: Actor, cleo: Actor
) -> None:
    for _ in range(5):
        desk.receive(complaint, "By mail.", by=cleo, door=Door.MAIL)
        desk.update(complaint, "Noted.", by=anna, door=Door.WEB)
    desk.receive(complaint, "On the page.", by=_cleo(), door=Door.WEB)
    for place in range(2):
        desk.open(Opening(subject=f"Trouble {place}", type="complaint"), by=_cleo(), door=Door.WEB)
    with pytest.raises(TooMany):
        desk.receive(complaint, "One more.", by=_cleo(), door=Door.API)
