"""The web and the worker are killed fifty times under load: nothing that was acknowledged is lost, and everybody who is
to be told is told, under one name each."""

from __future__ import annotations

import random
import secrets
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

import pytest

from tests.house import Account, House
from tests.killing import Process, Reading, bare_house, in_the_house, until
from tests.post import mail

pytestmark = pytest.mark.long

KILLS = 50
SETTLES_WITHIN = 90.0

HOW_MANY_WAIT = """
from nocturne.store.models import Notice
print(json.dumps(Notice.objects.filter(state="waiting").count()))
"""

READ_THE_BOOKS = """
from nocturne.store import books
from nocturne.store.models import Entry, MailIn, Notice, Ticket
print(json.dumps({
    "tickets": dict(Ticket.objects.values_list("number", "subject")),
    "texts": list(Entry.objects.values_list("words__text", flat=True)),
    "mails": list(MailIn.objects.values_list("state", "reason", "subject", "ticket_id")),
    "notices": list(Notice.objects.values_list("state", "message_id", "address", "purpose")),
    "broken": [number for number in books.numbers() if books.broken_link(number) or books.first_difference(number)],
}))
"""


@dataclass
class Load:
    """People and machines who work all the while, and note down only what was acknowledged."""

    house: House
    by: Account
    opened: dict[int, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    mailed: list[str] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def call(self, path: str, body: dict[str, Any]) -> Any:
        """Call until there is an answer, with one key: what was done and not acknowledged is not done twice."""
        key = {"Idempotency-Key": secrets.token_hex(12)}
        while not self.done.is_set():
            try:
                answer = self.house.call("POST", f"/api/v1{path}", body, by=self.by, headers=key)
            except (OSError, HTTPException):
                time.sleep(0.05)
                continue
            if answer.status < 300:
                return answer.json
            assert answer.status >= 500, (answer.status, answer.body)
            time.sleep(0.05)
        return None

    def open_tickets(self) -> None:
        while not self.done.is_set():
            subject = f"opened {secrets.token_hex(8)}"
            reporter = {"name": "Somebody", "email": f"{secrets.token_hex(6)}@college.example"}
            answer = self.call(
                "/tickets", {"subject": subject, "text": "x", "type": "complaint", "reporter": reporter}
            )
            if answer:
                self.opened[answer["number"]] = subject

    def say_things(self) -> None:
        while not self.done.is_set():
            if not self.opened:
                time.sleep(0.05)
                continue
            number = random.choice(list(self.opened))
            text = f"said {secrets.token_hex(8)}"
            if self.call(
                f"/tickets/{number}/entries", {"kind": random.choice(["note", "reply"]), "text": text}
            ):
                self.said.append(text)

    def send_mail(self) -> None:
        while not self.done.is_set():
            subject = f"mailed {secrets.token_hex(8)}"
            raw = mail(sender=f"{secrets.token_hex(6)}@college.example", subject=subject)
            command = [sys.executable, "-m", "nocturne.doors.mail.gateway", "--queue", "general"]
            if subprocess.run(command, input=raw, env=self.house.environ, check=False).returncode == 0:
                self.mailed.append(subject)
            time.sleep(0.2)


@pytest.mark.timeout(400)
@pytest.mark.req("R15.5", "R8.1", "S2")
def test_fifty_kills_lose_nothing_and_everybody_is_told() -> None:
    with bare_house(NOCTURNE_WEB_PROCESSES="1") as house:
        books, load = kill_under_load(house)

        # Nothing that was acknowledged is lost, and nothing is there twice.
        tickets = {int(number): subject for number, subject in books["tickets"].items()}
        assert {number: tickets.get(number) for number in load.opened} == load.opened
        assert all(books["texts"].count(text) == 1 for text in load.said)
        filed = [subject for state, _, subject, _ in books["mails"] if state == "filed"]
        assert sorted(filed) == sorted(load.mailed), [each for each in books["mails"] if each[0] != "filed"]
        assert sum(subject.startswith("mailed ") for subject in tickets.values()) == len(load.mailed)
        assert books["broken"] == []
        # Everybody who was to be told has been told; who was told twice was told under one name.
        due = {(message_id, address) for state, message_id, address, _ in books["notices"] if state == "sent"}
        assert {state for state, *_ in books["notices"]} <= {"sent", "withdrawn"}
        got = {(str(each.message["Message-ID"]), each.recipients[0]) for each in house.smtp.letters}
        assert got == due
        assert len({message_id for message_id, _ in got}) == len(due)
        assert len(load.said) > 20
        assert len(load.mailed) > 10
        assert len(due) > 10


def kill_under_load(house: House) -> tuple[Any, Load]:
    """Let people work while the processes are killed; then wait until all that is left to do is done."""
    assert house.administrator
    web, worker = Process(house, "web"), Process(house, "worker")
    load = Load(house, house.administrator)
    workers = [load.open_tickets, load.say_things, load.say_things, load.send_mail]
    threads = [threading.Thread(target=each, daemon=True) for each in workers]
    try:
        for process in (web, worker):
            process.start()
        house.wait_until_answers()
        for thread in threads:
            thread.start()
        while web.kills + worker.kills < KILLS:
            # Some die at their start, most at work.
            time.sleep(random.uniform(0.5, 1.1) if worker.kills % 3 else 0.2)
            worker.kill()
            if worker.kills % 5 == 0:
                house.wait_until_answers()
                web.kill()
        house.wait_until_answers()
        load.done.set()
        for thread in threads:
            thread.join(30)

        with Reading(house, HOW_MANY_WAIT) as reading:

            def is_settled() -> bool:
                return not list((house.home / "spool").glob("*.mail")) and reading.now() == 0

            assert until(is_settled, SETTLES_WITHIN), (house.home / "worker.log").read_text()[-4000:]
    finally:
        load.done.set()
        worker.stop()
        web.stop()
    assert web.kills + worker.kills >= KILLS
    return in_the_house(house, READ_THE_BOOKS), load
