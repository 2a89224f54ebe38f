"""A mail server that keeps what it is given, and can be told to misbehave."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

logging.getLogger("mail.log").setLevel(logging.WARNING)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Letter:
    """One mail as it was handed over: who it was for on the envelope, and what it says."""

    sender: str
    recipients: list[str]
    message: EmailMessage


@dataclass
class Sink:
    """An SMTP server on this machine. `answer`, if set, gives the reply to each mail; only 250 keeps it."""

    letters: list[Letter] = field(default_factory=list)
    answer: Callable[[Envelope], str] | None = None
    port: int = field(default_factory=free_port)
    _controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> Sink:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        reply = self.answer(envelope) if self.answer else "250 kept"
        if reply.startswith("250"):
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            message = message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.letters.append(Letter(envelope.mail_from or "", list(envelope.rcpt_tos), message))
        return reply

    def to(self, address: str) -> list[EmailMessage]:
        """This will return what has come for an address so far, oldest first."""
        return [letter.message for letter in self.letters if address in letter.recipients]

    def wait_for(self, address: str, *, count: int = 1, seconds: float = 30.0) -> list[EmailMessage]:
        """This will wait until `count` mails have come for an address, and return all that have.

        :raises AssertionError: they do not come in time; the message tells what came instead.
        """
        deadline = time.monotonic() + seconds
        while len(self.to(address)) < count:
            came = [(letter.recipients, str(letter.message["Subject"])) for letter in self.letters]
            assert time.monotonic() < deadline, f"no mail number {count} for {address}; what came: {came}"
            time.sleep(0.05)
        return self.to(address)
