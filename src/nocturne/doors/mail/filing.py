"""Turns a letter into a ticket, an update, or a mark on a notice of ours: once, whatever happens on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext

from nocturne import desk
from nocturne.core import machinemail
from nocturne.core.entry import DataClass, Door
from nocturne.core.machinemail import Sign, Writer
from nocturne.core.mailthread import normalise_address, parse_subject
from nocturne.desk import Extra, Opening, Written, clock, correspondence, lookups
from nocturne.doors.mail import belonging, bounces, ledger
from nocturne.doors.mail.belonging import Match, Standing
from nocturne.doors.mail.letter import Letter
from nocturne.doors.mail.spool import Spooled
from nocturne.store import blobs, configured
from nocturne.store.blobs import File
from nocturne.store.db import writing
from nocturne.store.models import Contact, MailIn, Queue, Ticket

ACTIONS = ("correspond", "comment")
LONGEST_SUBJECT = 300
MOST_IN_AN_HOUR = 20
"""Mails of one sender on one ticket; what comes beyond is taken for two machines that answer each other."""
TRIES = 3


class Quarantine(Exception):
    """A mail that a person has to look at; the reason is a code."""


def file(letter: Letter, spooled: Spooled, row: MailIn, folder: Path) -> None:
    """This will give a mail its one effect and note it in the ledger, in one transaction.

    :raises Quarantine: it cannot be filed by itself.
    :raises Unavailable: disk or database are away; the mail stays in the spool.
    """
    files = _keep_files(letter, spooled, folder)
    for attempt in range(TRIES):
        try:
            with writing():
                configured.refresh()
                _Filing(letter, spooled, row, files).perform()
            return
        except IntegrityError:
            # Another worker has filed a copy of it in the same moment: now it can be seen.
            if attempt == TRIES - 1:
                raise


def _keep_files(letter: Letter, spooled: Spooled, folder: Path) -> list[File]:
    limit = settings.NOCTURNE.mail_limit + 1_000_000
    with open(spooled.path, "rb") as mail:
        mail.readline()
        original = blobs.keep(mail, limit=limit)
    files = [File("original.eml", "message/rfc822", original.size, original.sha256, "original")]
    for piece in letter.pieces:
        with open(folder / piece.place, "rb") as content:
            kept = blobs.keep(content, limit=limit)
        files.append(File(piece.name, piece.media_type, kept.size, kept.sha256, piece.purpose))
    return files


class _Filing:
    """One mail on its way to its ticket."""

    def __init__(self, letter: Letter, spooled: Spooled, row: MailIn, files: list[File]) -> None:
        self.letter = letter
        self.envelope = spooled.envelope
        self.row = row
        self.files = files
        self.name, self.address = letter.sender
        self.address = normalise_address(self.address) or ""
        self.flags = [*letter.flags, *(["odd_command_line"] if spooled.envelope.warnings else [])]
        self.sign = self._sign()
        self.body_hash = letter.body_hash if letter.message_id else _hash_without_id(letter)

    def perform(self) -> None:
        if self._is_ours() or self._is_report() or self._is_copy():
            return
        queue = self._queue()
        contact = self._contact()
        match, hinted = belonging.find(self.letter, contact=contact.pk, address=self.address)
        if match and self._goes_in_circles(match.ticket):
            self.sign = Sign(Writer.SOFT, "loop")
        written = self._update(match, contact) if match else self._open(queue, contact, hinted)
        self._note("filed", ticket_id=written.number, entry_id=written.entry)

    # --- what is no letter ------------------------------------------------------------------------------------

    def _sign(self) -> Sign:
        own = correspondence.own_addresses()
        if self.address and self.address in own:
            return Sign(Writer.HARD, "own_address")
        return machinemail.classify(
            [(name, value) for name, value in self.letter.headers],
            own_names=own | {correspondence.mail_host()},
            envelope_sender=self.envelope.sender,
        )

    def _is_ours(self) -> bool:
        token = self.letter.message_id.partition("@")[0]
        if self.sign.signal != "own" and correspondence.number_of_token(token) is None:
            return False
        self._note("dropped", reason="own_mail", ticket_id=correspondence.number_of_token(token))
        return True

    def _is_report(self) -> bool:
        if self.letter.report is None:
            return False
        if self.letter.report.kind == "disposition-notification":
            self._note("dropped", reason="receipt")
            return True
        notice = bounces.mark(self.letter.report)
        if notice is None:
            raise Quarantine("stray_bounce")
        self._note(
            "bounce", ticket_id=notice.ticket_id, entry_id=notice.entry_id, reason=self.letter.report.action
        )
        return True

    def _is_copy(self) -> bool:
        """Find the mail among those that are filed; a copy for another queue is named on the ticket."""
        same_id = MailIn.objects.filter(message_id=self.letter.message_id, state="filed").exclude(
            pk=self.row.pk
        )
        filed = same_id.filter(body_hash=self.body_hash).first()
        if filed is None:
            if self.letter.message_id and same_id.exists():
                self.flags.append("message_id_seen_before")
            return False
        if filed.ticket_id is not None and filed.queue.lower() != self.envelope.queue.lower():
            correspondence.also_addressed_to(filed.ticket_id, self.envelope.queue, door=Door.MAIL)
        self._note("duplicate", ticket_id=filed.ticket_id, entry_id=filed.entry_id)
        return True

    # --- who and where ----------------------------------------------------------------------------------------

    def _queue(self) -> Queue:
        if self.envelope.action.lower() not in ACTIONS:
            raise Quarantine("unknown_action")
        found = Queue.objects.filter(name__iexact=lookups.queue_name(self.envelope.queue)).first()
        if found is None:
            raise Quarantine("unknown_queue")
        if found.retired_at is not None:
            raise Quarantine("retired_queue")
        return found

    def _contact(self) -> Contact:
        """Find or make the contact of the sender's address; never an account, whoever's address it is.

        Whoever gives no address, or several, is a contact of their own, whom nobody can answer.
        """
        said = next((value for name, value in self.letter.headers if name == "from"), "")
        row = lookups.contact(name=self.name if self.address else said[:160], email=self.address)
        contact = Contact.objects.get(pk=row["id"])
        if self.name and not contact.name:
            contact.name = self.name
            contact.save(update_fields=["name"])
        return contact

    def _goes_in_circles(self, ticket: int) -> bool:
        since = clock.now() - timedelta(hours=1)
        recent = MailIn.objects.filter(
            ticket=ticket, sender=self.address, state="filed", received_at__gte=since
        )
        return bool(self.address) and recent.count() >= MOST_IN_AN_HOUR

    @property
    def _is_comment(self) -> bool:
        return self.envelope.action.lower() == "comment"

    # --- what is written --------------------------------------------------------------------------------------

    def _update(self, match: Match, contact: Contact) -> Written:
        """Put the words on the ticket: for outside readers too where their writer takes part, else for the staff."""
        is_shared = match.standing in (Standing.REPORTER, Standing.PARTY) and not self._is_comment
        facts: dict[str, Any] = {"matched": match.rule}
        return desk.receive(
            match.ticket,
            self.letter.text,
            by=correspondence.by_mail(contact, on=match.ticket),
            door=Door.MAIL,
            extra=self._extra(self._at(match.ticket), facts, pending=match.standing is Standing.STRANGER),
            moves=is_shared and match.standing is Standing.REPORTER and self.sign.writer.may_move_states,
            subject=self._subject()[:LONGEST_SUBJECT],
            data_class=DataClass.CUSTOMER if is_shared else DataClass.STAFF,
        )

    def _open(self, queue: Queue, contact: Contact, hinted: int | None) -> Written:
        subject, text, moved = self._subject(), self.letter.text, 0
        if len(subject) > LONGEST_SUBJECT:
            text, moved = f"{subject}\n\n{text}", len(subject) + 2
            subject = subject[: LONGEST_SUBJECT - 1] + "…"
        opening = Opening(
            subject=subject or gettext("(no subject)"), queue=queue.name, text=text, reporter_id=contact.pk
        )
        facts: dict[str, Any] = {"maybe": hinted} if hinted is not None else {}
        extra = self._extra(self._at(None), facts, moved=moved)
        return desk.open(opening, by=correspondence.by_mail(contact), door=Door.MAIL, extra=extra)

    def _subject(self) -> str:
        bare = parse_subject(correspondence.without_tag(self.letter.subject)).bare
        return " ".join("".join(char if char.isprintable() else " " for char in bare).split())

    def _at(self, ticket: int | None) -> datetime:
        """Date an entry by the receipt of its mail, unless the ticket's clock was switched after that."""
        at = min(datetime.fromtimestamp(self.envelope.received_at, UTC), clock.now())
        at = max(at, clock.EARLIEST)
        if ticket is not None:
            survivor = Ticket.objects.filter(pk=ticket).values_list("clock_since", flat=True).first()
            at = max(at, survivor) if survivor is not None and survivor <= clock.now() else at
        return at

    def _extra(self, at: datetime, facts: dict[str, Any], *, pending: bool = False, moved: int = 0) -> Extra:
        """Gather what goes with the words. Facts stay for ever, so there is nothing in them that is somebody's own."""
        mail = {
            "writer": self.sign.writer.value,
            "queue": self.envelope.queue,
            "action": self.envelope.action,
        } | facts
        if self.sign.signal:
            mail["signal"] = self.sign.signal
        if self.flags:
            mail["flags"] = sorted(set(self.flags))
        whole: dict[str, Any] = {"mail": mail}
        if pending:
            whole["pending"] = True
        if self.letter.tail is not None:
            whole["tail"] = self.letter.tail + moved
        return Extra(at=at, files=self.files, facts=whole)

    def _note(self, state: str, **what: Any) -> None:
        ledger.finish(
            self.row,
            state,
            message_id=self.letter.message_id,
            body_hash=self.body_hash,
            sender=self.address,
            subject=self.letter.subject,
            **what,
        )


def _hash_without_id(letter: Letter) -> str:
    """Tell mails without a Message-ID apart: by sender, date and body."""
    return desk.fingerprint(letter.senders, letter.claimed_at, letter.body_hash)


__all__ = ["Quarantine", "file"]
