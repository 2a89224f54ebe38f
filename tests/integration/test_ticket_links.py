"""Cleo has no account: the link in her mail opens her ticket to her, for a while, and nothing else to anybody."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden
from nocturne.desk import Extra, Opening, admitting, correspondence, links
from nocturne.store.models import Audit, Contact, Entry, Throttle
from tests.cast import Cast, account
from tests.post import PostOffice, mail
from tests.visitor import Visitor, said

pytestmark = pytest.mark.usefixtures("as_if_committed", "sink")

CLEO = "cleo@college.example"
LINK = re.compile(r"http://noc\.lakenet\.example(/t/[A-Za-z0-9_-]{56})\s")


def mailed(office: PostOffice, address: str = CLEO) -> str:
    """This will send what is to be sent, and take the link out of the last mail to somebody."""
    office.send()
    assert office.sink is not None
    text = office.sink.to(address)[-1].get_body().get_content()  # type: ignore[union-attr]
    found = LINK.search(text)
    assert found, text
    return found[1]


def link(ticket: int, contact: int) -> str:
    return links.address(ticket, contact, at=datetime.now(UTC)).removeprefix("http://noc.lakenet.example")


def once_sent() -> Any:
    """This will wait until a reply cannot be taken back any more: before, nobody outside sees it."""
    return time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True)


@pytest.fixture
def opened(complaint: int, anna: Actor, cleo_contact: Contact) -> str:
    """The link to cleo's complaint, which anna has taken."""
    desk.take(complaint, by=anna, door=Door.WEB)
    return link(complaint, cleo_contact.pk)


# --- reading and answering -------------------------------------------------------------------------------------------


@pytest.mark.req("R5.2", "R15.8")
def test_cleo_reads_her_ticket_from_her_mail_and_answers_on_it(office: PostOffice, anna: Actor) -> None:
    row = office.receive(mail("Nothing loads.", subject="Cannot reach the library"))
    number = row.ticket_id or 0
    desk.take(number, by=anna, door=Door.WEB)
    desk.update(number, "she sounds confused", by=anna, door=Door.WEB)
    desk.reply(number, "We are looking into it.", by=anna, door=Door.WEB)
    address = mailed(office)

    cleo = Visitor()
    with once_sent():
        page = cleo.text(address)
    for word in ("Cannot reach the library", "Nothing loads.", "We are looking into it.", str(number)):
        assert word in page
    for word in ("confused", "Priority", "owner", "/tickets/"):
        assert word not in page, word
    answer = cleo.send(address, text="It works on the phone.")
    assert answer.status_code == 302
    assert "is with the NOC" in cleo.text(answer.headers["Location"])
    written = Entry.objects.select_related("words").latest("pk")
    assert (written.ticket_id, written.kind, written.author_kind) == (number, "received", "contact")
    assert (written.author_label, written.words.text) == ("Cleo Reyes", "It works on the phone.")
    assert "It works on the phone." in cleo.text(address)


def test_the_answer_moves_the_ticket_as_a_mail_of_hers_would(
    opened: str, complaint: int, anna: Actor
) -> None:
    desk.suspend(complaint, "customer", by=anna, door=Door.WEB)
    Visitor().send(opened, text="Here is the address you asked for.")
    assert desk.charts.header(complaint, anna).header["meaning"] == "open"


def test_sent_twice_it_is_written_once(opened: str) -> None:
    cleo = Visitor()
    form = cleo.form(opened)
    for _ in range(2):
        assert cleo.post(opened, form.values | {"text": "Still down."}).status_code == 302
    assert Entry.objects.filter(kind="received").count() == 1


def test_an_empty_message_says_so_and_what_was_typed_is_still_there(opened: str) -> None:
    cleo = Visitor()
    answer = cleo.send(opened, text="  ")
    assert answer.status_code == 422
    assert "nothing to save" in said(answer)
    typed = "x" * 2_100_000
    answer = cleo.send(opened, text=typed)
    assert answer.status_code == 413
    assert typed in answer.content.decode()


def test_a_file_of_the_ticket_is_sent_and_a_file_of_another_is_not(
    opened: str, complaint: int, anna: Actor, trouble: int
) -> None:
    from nocturne.store import blobs
    from nocturne.store.blobs import File

    kept = blobs.keep(iter([b"trace"]), limit=100)
    files = [File("trace.txt", "text/plain", kept.size, kept.sha256)]
    desk.reply(complaint, "See the trace.", by=anna, door=Door.WEB, extra=Extra(files=files))
    desk.update(trouble, "mine", by=anna, door=Door.WEB, extra=Extra(files=files))
    cleo = Visitor()
    with once_sent():
        [address] = re.findall(rf'href="({opened}/files/[^"]+)"', cleo.text(opened))
        answer = cleo.get(address)
    assert b"".join(answer.streaming_content) == b"trace"  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    [other] = [each.token for each in desk.charts.entries(trouble, anna).entries[-1].files]
    assert cleo.get(f"{opened}/files/{other}").status_code == 404


# --- what a forged sender gets out of it -----------------------------------------------------------------------------


@pytest.mark.req("R16.7")
def test_the_page_carries_no_strangers_words_to_whose_name_they_used(office: PostOffice, anna: Actor) -> None:
    """Somebody writes in cleo's name. She gets a number and a link, and on our page nothing of what they wrote."""
    row = office.receive(mail("Your account ends today: https://evil.example", subject="URGENT pay now"))
    number = row.ticket_id or 0
    address = mailed(office)
    cleo = Visitor()
    page = cleo.text(address)
    assert str(number) in page
    for word in ("evil.example", "URGENT", "account ends"):
        assert word not in page, word
    # Nor once it has been turned away.
    desk.reject(number, "spam", by=anna, door=Door.WEB)
    page = cleo.text(address)
    assert "evil.example" not in page
    assert "URGENT" not in page


def test_what_cleo_says_through_her_link_is_hers_to_see_at_once(office: PostOffice) -> None:
    office.receive(mail("Nothing loads."))
    address = mailed(office)
    cleo = Visitor()
    assert "Nothing loads." not in cleo.text(address)
    cleo.send(address, text="That was me, by the way.")
    page = cleo.text(address)
    assert "That was me" in page
    assert "Nothing loads." not in page


# --- what opens nothing ----------------------------------------------------------------------------------------------


@pytest.mark.req("R16.5", "R16.6")
def test_wrong_ended_revoked_and_foreign_links_look_all_alike(
    opened: str, complaint: int, trouble: int, cast: Cast, ada: Actor
) -> None:
    stranger = Contact.objects.create(email="stranger@else.example")
    Contact.objects.filter(pk=stranger.pk).update(name="Stranger")
    raw = opened.removeprefix("/t/")
    wrong = {
        "a ticket's number": f"/t/{complaint}",
        "nothing like a link": "/t/hello",
        "too short": opened[:-1],
        "too long": f"{opened}A",
        "changed": f"/t/{'B' if raw[0] != 'B' else 'C'}{raw[1:]}",
        "of a ticket that is not theirs": link(trouble, cast.cleo_contact.pk),
        "of somebody who is not on it": link(complaint, stranger.pk),
        "of a ticket that is not there": link(999_999, cast.cleo_contact.pk),
        "of a contact that is not there": link(complaint, 999_999),
    }
    cleo = Visitor()
    answers = {name: cleo.get(address) for name, address in wrong.items()}
    with time_machine.travel(datetime.now(UTC) + timedelta(days=32), tick=True):
        answers["ended"] = cleo.get(opened)
    links.revoke(ticket=complaint, by=ada, door=Door.WEB)
    answers["revoked"] = cleo.get(opened)
    missing = cleo.get("/t/")
    assert {answer.status_code for answer in answers.values()} == {404}
    pages = {_bare(answer.content.decode()) for answer in answers.values()}
    assert pages == {_bare(missing.content.decode())}, "no page tells why"
    assert {answer.status_code for answer in (cleo.post(each, {"text": "x"}) for each in wrong.values())} == {
        404
    }
    assert not Entry.objects.filter(kind="received").exists()


def _bare(page: str) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", re.sub(r"/t/[A-Za-z0-9_-]*", "/t/", page))


@pytest.mark.req("R16.5")
def test_a_link_opens_one_ticket_and_signs_nobody_on(opened: str, trouble: int, complaint: int) -> None:
    cleo = Visitor()
    cleo.text(opened)
    for address in ("/", f"/tickets/{complaint}", f"/tickets/{trouble}", "/views/all", "/account"):
        assert cleo.get(address).status_code == 302, address
    assert cleo.get(f"/api/v1/tickets/{complaint}").status_code == 401


@pytest.mark.req("R16.7")
def test_who_guesses_links_is_slowed_and_who_has_one_is_not(opened: str, complaint: int) -> None:
    guesser = Visitor()
    answers = [guesser.get(f"/t/{number}").status_code for number in range(complaint, complaint + 200)]
    assert set(answers[: links.WRONG_TRIES]) == {404}
    assert set(answers[links.WRONG_TRIES :]) == {429}
    assert guesser.get(opened).status_code == 200


def test_through_one_link_only_so_much_is_written(opened: str) -> None:
    cleo = Visitor()
    for number in range(links.MESSAGES):
        assert cleo.send(opened, text=f"again {number}").status_code == 302
    answer = cleo.send(opened, text="and again")
    assert answer.status_code == 429
    assert "and again" in answer.content.decode()
    assert Entry.objects.filter(kind="received").count() == links.MESSAGES


def test_reading_writes_nothing_and_is_kept_nowhere(opened: str) -> None:
    entries = Entry.objects.count()
    answer = Visitor().get(opened)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), (
        "no other house learns the address"
    )
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert Entry.objects.count() == entries
    assert not Throttle.objects.exists()


# --- making links worthless ------------------------------------------------------------------------------------------


def test_a_contacts_links_end_with_the_account_that_is_theirs(opened: str, cast: Cast, ada: Actor) -> None:
    account("cleo", contact=cast.cleo_contact)
    cleo = Visitor()
    assert cleo.get(opened).status_code == 200
    admitting.disable("cleo", by=ada, door=Door.WEB)
    assert cleo.get(opened).status_code == 404


def test_links_to_one_ticket_end_and_those_to_another_stay(cast: Cast, complaint: int, anna: Actor) -> None:
    by = correspondence.by_mail(cast.cleo_contact)
    other = desk.open(
        Opening(subject="Another", text="x", reporter_id=by.contact), by=by, door=Door.MAIL
    ).number
    one, two = link(complaint, cast.cleo_contact.pk), link(other, cast.cleo_contact.pk)
    links.revoke(ticket=complaint, by=anna, door=Door.WEB)
    cleo = Visitor()
    assert (cleo.get(one).status_code, cleo.get(two).status_code) == (404, 200)
    assert cleo.get(link(complaint, cast.cleo_contact.pk)).status_code == 200, "the next mail has a good one"
    assert Audit.objects.get(act="links_revoked").subject == str(complaint)


def test_whoever_may_not_answer_customers_ends_no_links(cast: Cast, complaint: int) -> None:
    with pytest.raises(Forbidden):
        links.revoke(ticket=complaint, by=cast.cleo, door=Door.WEB)
    with pytest.raises(Forbidden):
        links.revoke(contact=cast.cleo_contact.pk, by=cast.anna, door=Door.WEB)


# --- who gets a link -------------------------------------------------------------------------------------------------


def test_a_mail_to_somebody_whose_ticket_it_is_not_has_no_link(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    desk.update(complaint, by=anna, door=Door.WEB, cc=["dean@college.example"])
    desk.reply(complaint, "We are on it.", by=anna, door=Door.WEB)
    office.send()
    assert office.sink is not None
    [letter] = office.sink.to("dean@college.example")
    assert "/t/" not in letter.as_string()
    assert LINK.search(mailed_text(office, CLEO))


def mailed_text(office: PostOffice, address: str) -> str:
    assert office.sink is not None
    return str(office.sink.to(address)[-1].get_body().get_content())  # type: ignore[union-attr]


def test_a_note_for_customers_shows_and_one_that_is_taken_back_does_not(
    opened: str, complaint: int, anna: Actor, ada: Actor
) -> None:
    note = desk.update(complaint, "Line card is on its way.", by=anna, door=Door.WEB,
                       extra=Extra(data_class=DataClass.CUSTOMER))  # fmt: skip
    cleo = Visitor()
    assert "Line card" in cleo.text(opened)
    desk.reclassify(complaint, note.address, DataClass.STAFF, by=ada, door=Door.WEB)
    assert "Line card" not in cleo.text(opened)


def test_a_ticket_merged_into_a_strangers_shows_its_own_words_and_how_it_goes_on(
    cast: Cast, opened: str, complaint: int, anna: Actor
) -> None:
    survivor = desk.open(Opening(subject="Border router down, secret"), by=anna, door=Door.WEB).number
    desk.merge(complaint, survivor, by=anna, door=Door.WEB)
    desk.resolve(survivor, "Router replaced", by=anna, door=Door.WEB)
    page = Visitor().text(opened)
    assert "Cannot reach the library" in page
    assert "Router replaced" in page
    assert "secret" not in page
