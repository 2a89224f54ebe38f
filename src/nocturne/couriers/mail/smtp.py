"""Carries mail to the configured mail server; never longer than its size allows, whatever the server does."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from email.message import EmailMessage

from django.conf import settings

from nocturne.couriers.mail.outcome import Postponed, Refused
from nocturne.couriers.mail.wire import as_bytes

LONGEST = 10.0
"""Seconds for everything together: a server that drips its answers must not hold the lane."""
SLOWEST = 500_000
"""Bytes in a second: a mail with big files in it has so much longer."""


def patience(size: int) -> float:
    """This will say for how many seconds at the most a mail of this many bytes is in hand."""
    return LONGEST + size / SLOWEST


def carry(message: EmailMessage, *, sender: str, to: str) -> None:
    """This will hand one mail over.

    :raises Refused: the server said 5xx to this mail.
    :raises Postponed: it said 4xx, nothing, or is not there. It may have kept the mail all the same: the next try
        bears the same Message-ID.
    """
    content = as_bytes(message)
    line = _Line(patience(len(content)))
    watchdog = threading.Timer(line.patience, line.cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        line.open()
        line.server.sendmail(sender, [to], content)
    except smtplib.SMTPRecipientsRefused as refusal:
        raise _judged(*next(iter(refusal.recipients.values()))) from refusal
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refusal:
        raise _judged(refusal.smtp_code, refusal.smtp_error) from refusal
    except (OSError, ValueError) as problem:  # all that smtplib and ssl raise is an OSError, too
        reason = f"{type(problem).__name__}: {problem}"
        raise Postponed(reason, is_server=not line.is_open, is_silent=True) from problem
    finally:
        watchdog.cancel()
        line.leave()


class _Line:
    """One connection to the mail server, which another thread can cut at any moment."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._sockets: list[socket.socket] = []
        self.server: smtplib.SMTP
        self.is_open = False

    def open(self) -> None:
        sockets = self._sockets

        class Noted(smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP):  # type: ignore[misc]
            """Notes its socket as soon as there is one, so that waiting for the greeting can be cut short."""

            def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
                sockets.append(super()._get_socket(host, port, timeout))
                return sockets[-1]

        self.server = Noted(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=self.patience)
        if settings.EMAIL_USE_TLS:
            self.server.starttls(context=ssl.create_default_context())
            sockets.append(self.server.sock)
        if settings.EMAIL_HOST_USER:
            self.server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        self.is_open = True

    def cut(self) -> None:
        """This will end whatever is waited for on this line."""
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def leave(self) -> None:
        """This will say goodbye without waiting long for the answer: the mail is through, or will never be."""
        if not self._sockets:
            return
        with suppress(OSError):
            self._sockets[-1].settimeout(0.5)
            if self.is_open:
                self.server.quit()
        for each in self._sockets:
            each.close()


def _judged(code: int, said: bytes | str) -> Exception:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    reason = " ".join(f"{code} {text}".split())[:280]
    return Refused(reason) if 500 <= code < 600 else Postponed(reason)
