"""The courier for mail: over SMTP, or into a folder where no mail server is configured."""

from __future__ import annotations

from email.message import EmailMessage

from django.conf import settings

from nocturne.couriers.mail import outbox, smtp
from nocturne.couriers.mail.outcome import Postponed, Refused
from nocturne.couriers.mail.smtp import SLOWEST

__all__ = ["SLOWEST", "Postponed", "Refused", "carry", "has_server"]


def has_server() -> bool:
    return bool(settings.EMAIL_HOST)


def carry(message: EmailMessage, *, sender: str, to: str) -> None:
    """This will carry one mail to one address.

    :param sender: for the envelope; empty for mail that nobody is to answer by machine.
    :raises Refused: it will not be taken, now or later.
    :raises Postponed: it was not taken; trying again later is right.
    """
    if has_server():
        smtp.carry(message, sender=sender, to=to)
    else:
        outbox.carry(message, folder=settings.NOCTURNE.home / "outbox")
