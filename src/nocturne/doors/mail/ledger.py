"""The list of all mail that came in, and what became of each."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.db.models import F

from nocturne.core.refusals import Conflict, NotFound, Unavailable, WrongState
from nocturne.desk import clock, troubles
from nocturne.doors.mail import spool
from nocturne.doors.mail.spool import Envelope, Spooled
from nocturne.store import blobs
from nocturne.store.db import writing
from nocturne.store.models import MailIn

DONE = frozenset({"filed", "duplicate", "bounce", "dropped", "quarantine"})
"""What a mail has become when nothing is left to do: a ticket or an update; a copy of one; a mark on a notice of ours;
a mail of our own that came back, or a receipt; and what a person has to look at."""

LONGEST = {"message_id": 500, "sender": 254, "subject": 300, "reason": 60}


def begin(spooled: Spooled) -> MailIn:
    """This will enter a mail, or find it entered, and count the attempt before anything touches its content."""
    received = datetime.fromtimestamp(spooled.envelope.received_at, UTC)
    with writing():
        row, _ = MailIn.objects.get_or_create(
            sha256=spooled.sha256,
            queue=spooled.envelope.queue[:60],
            action=spooled.envelope.action[:12],
            defaults={"received_at": min(received, clock.now())},
        )
        if row.state not in DONE:
            MailIn.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1)
            row.attempts += 1
    return row


def forgive(row: MailIn) -> None:
    """This will take the attempt back where it failed for a reason that is not the mail's."""
    with suppress(Unavailable), writing():
        MailIn.objects.filter(pk=row.pk, attempts__gt=0).update(attempts=F("attempts") - 1)


def finish(row: MailIn, state: str, **what: Any) -> None:
    """This will note what became of a mail; `what` are columns."""
    for name, longest in LONGEST.items():
        if name in what:
            what[name] = what[name][:longest]
    with writing():
        MailIn.objects.filter(pk=row.pk).update(state=state, done_at=clock.now(), **what)


def listed(*, state: str, limit: int) -> list[dict[str, Any]]:
    """This will list mails as plain values, the newest first."""
    rows = MailIn.objects.filter(state=state) if state else MailIn.objects.all()
    return [_plain(each) for each in rows.order_by("-received_at", "-pk")[:limit]]


def shown(number: int) -> dict[str, Any]:
    """This will tell what is known of one mail.

    :raises NotFound: there is none of this number.
    """
    row = _find(number)
    more = {"message_id": row.message_id, "sha256": row.sha256, "done_at": row.done_at or ""}
    return _plain(row) | more


def raw(number: int) -> bytes:
    """This will give a mail byte for byte as it came.

    :raises NotFound: there is none of this number, or its bytes were taken away by a redaction.
    """
    row = _find(number)
    if path := spool.find(_folder(), row.sha256):
        return spool.content(path)
    with blobs.open_blob(row.sha256) as kept:
        return kept.read()


def replay(number: int, *, queue: str = "", action: str = "") -> None:
    """This will put a mail that was not filed back into the spool, for another queue or action if one is given.

    :raises NotFound: there is no such mail.
    :raises WrongState: it has had its effect.
    :raises Conflict: the same mail came for that queue as well, and stands in the list by itself.
    """
    row = _find(number)
    if row.state not in ("quarantine", "dropped", "spooled", troubles.AGAIN):
        raise WrongState("mail_filed_already", number=number)
    content = raw(number)
    row.queue, row.action = (queue or row.queue)[:60], (action or row.action)[:12]
    row.state, row.reason, row.attempts, row.done_at = "spooled", "", 0, None
    try:
        with writing():
            row.save()
    except IntegrityError as copy:
        raise Conflict("mail_came_for_both", field="queue") from copy
    # The row first: a worker that found the file beside a finished row would take it away.
    old = spool.find(_folder(), row.sha256)
    new = spool.put(_folder(), content, Envelope(row.queue, row.action, row.received_at.timestamp()))
    if old and old != new:
        old.unlink(missing_ok=True)


def take_in_again() -> None:
    """This will put back into the spool what somebody wants taken in once more."""
    for number in MailIn.objects.filter(state=troubles.AGAIN).values_list("pk", flat=True)[:20]:
        try:
            replay(number)
        except (NotFound, Conflict) as refusal:
            finish(_find(number), "quarantine", reason=refusal.code)


def _folder() -> Path:
    return spool.folder_in(settings.NOCTURNE.home)


def _find(number: int) -> MailIn:
    row = MailIn.objects.filter(pk=number).first()
    if row is None:
        raise NotFound("no_such_mail", number=number)
    return row


def _plain(row: MailIn) -> dict[str, Any]:
    return {
        "number": row.pk,
        "received_at": row.received_at,
        "state": row.state,
        "reason": row.reason,
        "queue": row.queue,
        "action": row.action,
        "attempts": row.attempts,
        "sender": row.sender,
        "subject": row.subject,
        "ticket": row.ticket_id,
    }
