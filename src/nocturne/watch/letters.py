"""Writes the mail for a notice, in its recipient's language and with nothing in it that they may not read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.utils import translation

from nocturne.core.configuration import current
from nocturne.core.mailthread import clean_header
from nocturne.desk import clock, correspondence, setup
from nocturne.store.families import family_of
from nocturne.store.models import MailIn, Notice
from nocturne.watch import enclosures, wordings
from nocturne.watch.wordings import Unwanted

MOST_REFERENCES = 10
LONGEST_ID = 240

__all__ = ["Letter", "Unwanted", "Unwritable", "write"]


class Unwritable(Exception):
    """A notice that no mail can be made of: its recipient's address cannot be written to."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail and its envelope; the sender is empty for what no machine is to answer (RFC 3834)."""

    message: EmailMessage
    sender: str
    to: str
    enclosed: int = 0
    """Bytes of the files in it."""


def write(notice: Notice) -> Letter:
    """This will write a notice's mail. Every try bears the same Message-ID.

    :raises Unwanted: there is nothing left to say, or nothing the recipient may read.
    :raises Unwritable: the address cannot be written to.
    """
    language = notice.user.language if notice.user else current().site.language or settings.LANGUAGE_CODE
    with translation.override(language):
        subject, text = wordings.words(notice)
        files = enclosures.of(notice)
        if files.left:
            text = wordings.with_files_left(text, files.left, notice)
    is_automatic = notice.purpose != "reply"
    ours = _our_address(notice)
    to = _envelope_address(notice.address)
    message = EmailMessage()
    try:
        message["From"] = Address(clean_header(setup.installation().organisation), addr_spec=ours)
        message["To"] = Address(clean_header(notice.name), addr_spec=to)
        message["Subject"] = clean_header(subject)
    except (ValueError, MessageError, IndexError) as problem:
        raise Unwritable(f"the address cannot be written: {problem}") from problem
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = notice.message_id
    _thread(message, notice)
    message["X-Nocturne-Ticket"] = f"{setup.installation().name} #{notice.ticket_id}"
    if is_automatic:
        message["Auto-Submitted"] = (
            "auto-replied" if notice.purpose == "acknowledgement" else "auto-generated"
        )
        message["X-Auto-Response-Suppress"] = "All"
        message["Precedence"] = "bulk"
    message.set_content(text.replace("\r\n", "\n"), charset="utf-8")
    enclosures.enclose(message, files.carried)
    return Letter(message, "" if is_automatic else ours, to, sum(len(each.content) for each in files.carried))


def _our_address(notice: Notice) -> str:
    """Write from the queue, so that answers come back to it."""
    queue = notice.ticket.queue.correspond_address or setup.installation().correspond_address
    return queue or f"noc@{correspondence.mail_host()}"


def _envelope_address(address: str) -> str:
    local, _, domain = address.rpartition("@")
    try:
        local.encode("ascii")
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as problem:
        raise Unwritable("the address has letters that mail servers do not agree on") from problem


def _thread(message: EmailMessage, notice: Notice) -> None:
    """Hang the mail below what this recipient has sent us and got from us on this ticket."""
    ids = [each for _, each in sorted(_before(notice))]
    if not ids:
        return
    known = list(dict.fromkeys(ids))[-MOST_REFERENCES:]
    theirs = _caused_by(notice)
    message["In-Reply-To"] = theirs if theirs in known else known[-1]
    message["References"] = " ".join(known)


def _before(notice: Notice) -> Iterable[tuple[datetime, str]]:
    family = family_of(notice.ticket_id)
    earlier = Notice.objects.filter(ticket__in=family, address=notice.address, pk__lt=notice.pk, state="sent")
    for sent_at, message_id in earlier.order_by("-pk").values_list("sent_at", "message_id")[:MOST_REFERENCES]:
        yield sent_at or notice.run_at, message_id
    theirs = MailIn.objects.filter(ticket__in=family, sender=notice.address, state="filed").order_by(
        "-received_at"
    )
    for received_at, message_id in theirs.values_list("received_at", "message_id")[:MOST_REFERENCES]:
        if _is_sound(message_id):
            yield received_at, f"<{message_id}>"


def _caused_by(notice: Notice) -> str:
    found = MailIn.objects.filter(
        entry=notice.entry_id, ticket=notice.ticket_id, sender=notice.address, state="filed"
    )
    return f"<{found.values_list('message_id', flat=True).first()}>"


def _is_sound(message_id: str) -> bool:
    """A Message-ID that a stranger chose goes into our header only if it can be nothing else than one."""
    return (
        0 < len(message_id) <= LONGEST_ID
        and message_id.isascii()
        and message_id.isprintable()
        and not any(char in message_id for char in ' <>(),;\\"')
    )
