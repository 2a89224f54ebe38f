"""Mails for tests: written as people and machines write them, handed to the gateway, and taken in by the worker."""

from __future__ import annotations

import atexit
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from nocturne.desk import correspondence
from nocturne.doors.mail import spool
from nocturne.doors.mail.intake import Intake
from nocturne.doors.mail.readers import Reader
from nocturne.doors.mail.spool import Envelope
from nocturne.store.models import Entry, MailIn, Notice, Ticket
from nocturne.watch import followers, post
from tests.sink import Sink

CLEO = "Cleo Reyes <cleo@college.example>"
_count = 0
_reader = Reader()
atexit.register(_reader.end)


def mail(
    text: str = "Nothing loads since this morning.\n",
    *,
    sender: str = CLEO,
    to: str = "noc@lakenet.example",
    subject: str = "Cannot reach the library",
    message_id: str | None = None,
    answers: str = "",
    **headers: str,
) -> bytes:
    """This will write a mail; `answers` is the Message-ID of the mail that it answers."""
    global _count
    _count += 1
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = message_id or f"<{_count}.{time.time_ns()}@college.example>"
    message["Date"] = "Mon, 16 Nov 2026 09:12:00 +0100"
    if answers:
        message["In-Reply-To"] = answers
        message["References"] = answers
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


@dataclass
class PostOffice:
    """The way of mail through the house, in one process and step by step."""

    folder: Path
    sink: Sink | None = None
    _intake: Intake | None = field(default=None)

    @property
    def intake(self) -> Intake:
        if self._intake is None:
            self._intake = Intake(self.folder)
            self._intake.reader = _reader
        return self._intake

    def receive(
        self,
        raw: bytes,
        *,
        queue: str = "general",
        action: str = "correspond",
        at: float | None = None,
        sender: str | None = None,
    ) -> MailIn:
        """This will spool a mail, take it in, and return what became of it."""
        envelope = Envelope(queue, action, time.time() if at is None else at, sender)
        path = spool.put(self.folder, raw, envelope)
        with open(path, "rb") as file:
            sha256 = spool.read(file, path).sha256
        self.take_in()
        return MailIn.objects.get(sha256=sha256, queue=queue[:60], action=action[:12])

    def take_in(self) -> None:
        while self.intake.turn() == 0.0:
            pass

    def follow(self) -> None:
        """This will let the followers draw up notices."""
        while followers.turn() == 0.0:
            pass

    def send(self) -> None:
        """This will send every notice, held ones too, without waiting for their time."""
        self.follow()
        Notice.objects.filter(state="waiting").update(run_at="2026-01-01T00:00:00Z")
        for _ in range(1000):
            if post.turn() > 0 and not Notice.objects.filter(state="waiting", attempts=0).exists():
                return


def entry_of(row: MailIn) -> Entry:
    """This will read the entry that a mail has become."""
    return Entry.objects.select_related("words", "ticket").get(pk=row.entry_id)


def ours(ticket: int, address: str = "cleo@college.example", purpose: str = "acknowledgement") -> str:
    """The Message-ID of a notice that somebody was sent on a ticket."""
    entry = Entry.objects.filter(ticket=ticket).latest("pk")
    notice = Notice.objects.create(
        ticket_id=ticket,
        entry=entry,
        purpose=purpose,
        address=address,
        message_id=correspondence.new_message_id(ticket),
        state="sent",
        run_at=datetime.now(UTC),
    )
    return notice.message_id


def everything(office: PostOffice, address: str) -> list[EmailMessage]:
    """This will send all that is due, and give what somebody got."""
    office.send()
    assert office.sink is not None
    return office.sink.to(address)


def sent(office: PostOffice, address: str) -> list[EmailMessage]:
    """This will send all that is due, and give what somebody got but for acknowledgements."""
    return [each for each in everything(office, address) if each["Auto-Submitted"] != "auto-replied"]


def state(number: int) -> tuple[str, str]:
    """How a ticket stands now, and whose time runs."""
    return Ticket.objects.values_list("state", "clock").get(pk=number)
