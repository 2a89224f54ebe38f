"""Carries mail to the configured mail server; never longer than ten seconds, whatever the server does."""

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


def carry(message: EmailMessage, *, sender: str, to: str) -> None:
    """This will hand one mail over.

    :raises Refused: the server said 5xx to this mail.
    :raises Postponed: it said 4xx, nothing, or is not there. It may have kept the mail all the same: the next try
        bears the same Message-ID.
    """
    content = as_bytes(message)
    server: smtplib.SMTP | None = None
    watchdog = threading.Timer(LONGEST, lambda: _cut(server))
    watchdog.daemon = True
    watchdog.start()
    try:
        server = _connect()
        server.sendmail(sender, [to], content)
    except smtplib.SMTPRecipientsRefused as refusal:
        raise _judged(*next(iter(refusal.recipients.values()))) from refusal
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refusal:
        raise _judged(refusal.smtp_code, refusal.smtp_error) from refusal
    except smtplib.SMTPException as problem:
        reason = f"{type(problem).__name__}: {problem}"
        raise Postponed(reason, is_server=server is None, is_silent=True) from problem
    except (OSError, ssl.SSLError, ValueError) as problem:
        reason = str(problem) or type(problem).__name__
        raise Postponed(reason, is_server=server is None, is_silent=True) from problem
    finally:
        watchdog.cancel()
        if server is not None:
            _leave(server)


def _connect() -> smtplib.SMTP:
    kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
    server = kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=LONGEST)
    try:
        if settings.EMAIL_USE_TLS:
            server.starttls(context=ssl.create_default_context())
        if settings.EMAIL_HOST_USER:
            server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except BaseException:
        server.close()
        raise
    return server


def _judged(code: int, said: bytes | str) -> Exception:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    reason = " ".join(f"{code} {text}".split())[:280]
    return Refused(reason) if 500 <= code < 600 else Postponed(reason)


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye without waiting long for the answer: the mail is through."""
    with suppress(OSError, smtplib.SMTPException):
        if server.sock:
            server.sock.settimeout(0.5)
        server.quit()
    server.close()


def _cut(server: smtplib.SMTP | None) -> None:
    """Close the line under a server that drips; a connection that is still being made has its own time limit."""
    if server is not None and server.sock:
        with suppress(OSError):
            server.sock.shutdown(socket.SHUT_RDWR)
