"""Whole stories through real doors: mail, the API and the command line of one running house, over real SMTP."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import pytest

from tests.house import Account, House, ready_made

WAIT = 30.0


@dataclass
class Noc:
    """The running house and its people."""

    house: House
    anna: Account
    kofi: Account
    mei: Account

    def ask(self, path: str, by: Account | None = None) -> Any:
        answer = self.house.call("GET", f"/api/v1{path}", by=by or self.mei)
        assert answer.status == 200, (path, answer.status, answer.body)
        return answer.json

    def act(self, path: str, body: object | None = None, *, by: Account, status: int = 0) -> Any:
        answer = self.house.call("POST", f"/api/v1{path}", {} if body is None else body, by=by)
        assert (answer.status == status) if status else (answer.status < 300), (
            path,
            answer.status,
            answer.body,
        )
        return answer.json if answer.body else None

    def ticket(self, number: int, by: Account | None = None) -> Any:
        return self.ask(f"/tickets/{number}", by)

    def entries(self, number: int, by: Account | None = None) -> list[Any]:
        found: list[Any] = self.ask(f"/tickets/{number}/entries", by)["entries"]
        return found

    def mail(self, message: EmailMessage, queue: str = "general", action: str = "correspond") -> None:
        said = self.house.cli("mail", "in", "--queue", queue, "--action", action, given=bytes(message))
        assert said.code == 0, said


def until(what: Callable[[], Any]) -> Any:
    """This will wait until something is true, and give it."""
    deadline = time.monotonic() + WAIT
    while True:
        if found := what():
            return found
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


def letter(sender: str, subject: str, text: str, reply_to: EmailMessage | None = None) -> EmailMessage:
    """A mail from outside; an answer to another names it, as mail programs do."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "noc@lakenet.example", subject
    message["Message-ID"] = make_msgid(domain="college.example")
    if reply_to is not None:
        message["In-Reply-To"] = message["References"] = str(reply_to["Message-ID"])
    message.set_content(text)
    return message


def somebody(name: str) -> str:
    return f"{name}.{secrets.token_hex(3)}@college.example"


@pytest.fixture(scope="module")
def noc() -> Any:
    """A house with two operators and a supervisor."""
    house = ready_made()
    try:
        house.start()
        people = [house.add_user(*who, email=f"{who[0]}@lakenet.example") for who in STAFF]
        yield Noc(house, *people)
    finally:
        house.remove()


STAFF = (("anna", "operators"), ("kofi", "operators"), ("mei", "supervisors"))


@pytest.mark.req("R1.1", "R8.1", "R15.5", "S2", "S3", "S11")
def test_a_mailed_problem_is_worked_on_two_shifts_and_its_reporter_is_told(noc: Noc) -> None:
    cleo = somebody("cleo")
    noc.mail(
        letter(
            f"Cleo Reyes <{cleo}>",
            "No route to the library",
            "Since 10:55 nothing loads.\n\n 1  cr1.aa  0.4 ms\n 2  * * *",
        )
    )
    [acknowledged] = noc.house.smtp.wait_for(cleo)
    number = until(
        lambda: [t["number"] for t in noc.ask("/tickets?q=library")["tickets"] if "library" in t["subject"]]
    )[-1]
    assert str(number) in str(acknowledged["Subject"]) + acknowledged.get_content()
    assert str(acknowledged["Auto-Submitted"]).startswith("auto-")

    noc.act(f"/tickets/{number}/owner", {"owner": "anna"}, by=noc.anna)
    noc.act(f"/tickets/{number}/entries", {"kind": "reply", "text": "We are looking into it."}, by=noc.anna)
    noc.act(
        f"/tickets/{number}/referral",
        {
            "to": "Norlink NOC",
            "reference": "00912233",
            "next_action": "Splice ETA?",
            "alarm": "in 2h Norlink: ETA?",
        },
        by=noc.anna,
    )
    waiting = noc.ticket(number)
    assert (waiting["state"], waiting["clock"], waiting["next_action"]) == (
        "waiting",
        "vendor",
        "Splice ETA?",
    )

    noc.act(f"/tickets/{number}/owner", {"owner": "kofi"}, by=noc.anna)
    noc.house.smtp.wait_for("kofi@lakenet.example")
    noc.act(f"/tickets/{number}/resumption", by=noc.kofi)
    noc.act(
        f"/tickets/{number}/suspension", {"clock": "customer", "text": "She is in a lecture"}, by=noc.kofi
    )
    replied = noc.house.smtp.wait_for(cleo, count=2)[-1]
    assert "We are looking into it." in replied.get_content()
    assert "lecture" not in replied.get_content()
    noc.mail(letter(cleo, f"Re: {replied['Subject']}", "I am back at my desk.", replied))
    until(lambda: noc.ticket(number)["state"] == "open")
    assert noc.ticket(number)["clock"] == "noc"

    noc.act(f"/tickets/{number}/restoration", by=noc.kofi)
    assert noc.ticket(number)["state"] == "open"
    noc.act(
        f"/tickets/{number}/resolution",
        {"line": "Fibre spliced at Jackson hut", "key_component": "NL-IC-3321"},
        by=noc.kofi,
    )
    resolved = noc.house.smtp.wait_for(cleo, count=3)[-1]
    assert "Fibre spliced at Jackson hut" in resolved.get_content()
    noc.act(f"/tickets/{number}/check", by=noc.kofi, status=403)
    noc.act(f"/tickets/{number}/check", by=noc.mei)
    noc.act(f"/tickets/{number}/closure", by=noc.mei)
    ended = noc.ticket(number)
    assert (ended["state"], ended["checked_by"]) == ("closed", "mei")
    kinds = [entry["kind"] for entry in noc.entries(number)]
    assert kinds[0] == "opened"
    assert [kind for kind in kinds if kind in ("referred", "restored", "resolved", "checked", "closed")] == [
        "referred",
        "restored",
        "resolved",
        "checked",
        "closed",
    ]
    assert noc.house.cli("refold", "--check").code == 0
    assert noc.house.cli("audit", "verify").code == 0


@pytest.mark.req("R13.1")
def test_three_complaints_on_one_trouble_are_answered_at_once_and_one_objects(noc: Noc) -> None:
    people = [somebody(name) for name in ("ola", "pia", "quentin")]
    trouble = noc.act("/tickets", {"subject": "Chicago 100G down", "type": "trouble"}, by=noc.anna)["number"]
    numbers = []
    for person in people:
        complaint = {
            "subject": "Video calls drop",
            "type": "complaint",
            "reporter": {"email": person},
            "text": "Again!",
        }
        numbers.append(noc.act("/tickets", complaint, by=noc.anna)["number"])
        noc.act(f"/tickets/{numbers[-1]}/relations", {"kind": "parent", "other": trouble}, by=noc.anna)
    noc.act(f"/tickets/{trouble}/resolution", {"line": "Optics replaced"}, by=noc.anna)
    noc.act(f"/tickets/{trouble}/complainers", {"text": "The line to Chicago is whole again."}, by=noc.anna)
    for person in people:
        told = noc.house.smtp.wait_for(person)[-1]
        assert "The line to Chicago is whole again." in told.get_content()
    until(lambda: {noc.ticket(each)["state"] for each in numbers} == {"resolved"})

    told = noc.house.smtp.to(people[0])[-1]
    noc.mail(letter(people[0], f"Re: {told['Subject']}", "Not for us, it still drops.", told))
    until(lambda: noc.ticket(trouble)["objected"])
    assert noc.ticket(numbers[0])["state"] == "open"
    assert noc.ticket(numbers[1])["state"] == "resolved"


@pytest.mark.req("S5")
def test_merged_tickets_take_updates_under_both_numbers_and_come_apart_again(noc: Noc) -> None:
    one, other = (
        noc.act("/tickets", {"subject": s, "text": s}, by=noc.anna)["number"] for s in ("Flap", "Flapping")
    )
    before = noc.ticket(other)
    noc.act(f"/tickets/{one}/merge", {"into": other}, by=noc.anna)
    assert noc.act(f"/tickets/{one}/entries", {"text": "to the first"}, by=noc.kofi)["number"] == other
    said = noc.house.noc(str(other), "to", "the", "second", by=noc.kofi)
    assert said.code == 0, said
    texts = [entry["text"] for entry in noc.entries(one)]
    assert texts == [entry["text"] for entry in noc.entries(other)]
    assert {"Flap", "Flapping", "to the first", "to the second"} <= set(texts)
    noc.act(f"/tickets/{one}/unmerge", by=noc.anna)
    assert noc.ticket(one)["subject"] == "Flap"
    changing = {"version", "updated_at", "etag", "touched_at", "clock_seconds"}
    after = noc.ticket(other)
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }
    ran = after["clock_seconds"]
    assert ran.keys() <= {"noc"}, "the merge has switched no other clock"
    assert 0 <= ran.get("noc", 0) - before["clock_seconds"].get("noc", 0) < 120, "it runs on, and no faster"
    assert [e["text"] for e in noc.entries(one) if e["text"]] == ["Flap"]
    assert noc.house.cli("refold", "--check").code == 0


@pytest.mark.req("R16.6", "R15.8")
def test_two_readers_of_one_ticket_never_learn_what_is_hidden_from_one_of_them(noc: Noc) -> None:
    dana = somebody("dana")
    number = noc.act(
        "/tickets",
        {
            "subject": "Slow uploads",
            "type": "complaint",
            "reporter": {"email": dana, "name": "Dana"},
            "text": "Slow.",
        },
        by=noc.anna,
    )["number"]
    reader = noc.house.add_user(f"dana-{secrets.token_hex(3)}", "", contact=dana)
    paths = (
        f"/api/v1/tickets/{number}",
        f"/api/v1/tickets/{number}/entries",
        "/api/v1/tickets",
        "/api/v1/me",
    )

    def seen() -> list[tuple[int, bytes, str | None]]:
        answers = [noc.house.call("GET", path, by=reader) for path in paths]
        return [(each.status, each.body, each.headers.get("etag")) for each in answers]

    before = seen()
    assert before[0][0] == 200
    noc.act(f"/tickets/{number}/entries", {"text": "Dana is difficult; see contract"}, by=noc.anna)
    noc.act(f"/tickets/{number}/entries", {"text": "Legal matter", "data_class": "restricted"}, by=noc.mei)
    noc.act(f"/tickets/{number}/entries", {"text": "Shaper?", "next_action": "Look at shaper"}, by=noc.anna)
    assert seen() == before
    hidden = noc.entries(number, noc.anna)[-1]["address"]
    unknown = "A" * len(hidden)
    answers = [noc.house.call("GET", f"{paths[1]}/{address}", by=reader) for address in (hidden, unknown)]
    assert [each.status for each in answers] == [404, 404]
    assert answers[0].body.replace(hidden.encode(), b"") == answers[1].body.replace(unknown.encode(), b"")
    anna_sees = str(noc.entries(number, noc.anna))
    assert "difficult" in anna_sees
    assert "Legal matter" not in anna_sees
    noc.act(f"/tickets/{number}/entries", {"kind": "reply", "text": "Please try now."}, by=noc.anna)
    mail = noc.house.smtp.wait_for(dana)[-1].as_string()
    assert "Please try now." in mail
    assert "difficult" not in mail
    assert "shaper" not in mail
