"""What stopped and waits for somebody: mail in quarantine, mail that could not be sent, jobs that failed for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import QuerySet

from nocturne.core import permits
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Conflict, Forbidden, Invalid, NotFound, WrongState
from nocturne.desk import audit, clock
from nocturne.store import reach
from nocturne.store.db import writing
from nocturne.store.models import Job, MailIn, Notice, Queue, Ticket

RIGHTS = ("administer-configuration", "administer-queues")
COUNTED_TO = 99
SHOWN = 20
REMEMBERED = timedelta(days=7)
"""What failed longer ago is history: it stands on its ticket, or in the log."""
AGAIN = "again"
"""The state of a mail that somebody wants taken in once more; the worker does it."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that nobody could file by rule."""

    number: int
    received_at: datetime
    sender: str
    subject: str
    queue: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """A mail of ours that its server refused for good."""

    number: int
    ticket: int
    address: str
    purpose: str
    tried_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """A job that was given up."""

    number: int
    kind: str
    tried_at: datetime
    attempts: int
    error: str


def demand(by: Actor) -> None:
    """Refuse whoever does not look after the house.

    :raises Forbidden: they do not.
    """
    if not any(permits.may(by, right) for right in RIGHTS):
        raise Forbidden("not_permitted", act=RIGHTS[0])


def quarantined(*, by: Actor) -> int:
    """Count the mails that wait for somebody, up to a point."""
    return _mails(by).values("pk")[: COUNTED_TO + 1].count()


def dead_notices(*, by: Actor) -> int:
    """Count the mails that could not be sent lately, up to a point."""
    return _dead_notices(by).values("pk")[: COUNTED_TO + 1].count()


def dead_jobs() -> int:
    """Count the jobs that failed for good lately, up to a point."""
    return _dead_jobs().values("pk")[: COUNTED_TO + 1].count()


def mails(*, by: Actor) -> list[Mail]:
    """List the mails in quarantine, those that wait longest first."""
    demand(by)
    rows = _mails(by).order_by("received_at")[:SHOWN]
    return [Mail(row.pk, row.received_at, row.sender, row.subject, row.queue, row.reason) for row in rows]


def unsent(*, by: Actor) -> list[Unsent]:
    """List the mails that could not be sent lately, the newest first."""
    demand(by)
    rows = _dead_notices(by).order_by("-run_at")[:SHOWN]
    return [Unsent(row.pk, row.ticket_id, row.address, row.purpose, row.run_at, row.error) for row in rows]


def stopped(*, by: Actor) -> list[Stopped]:
    """List the jobs that failed for good lately, the newest first."""
    demand(by)
    rows = _dead_jobs().order_by("-run_at")[:SHOWN]
    return [Stopped(row.pk, row.kind, row.run_at, row.attempts, row.error[:300]) for row in rows]


def take_in_again(number: int, *, by: Actor, door: Door, queue: str = "") -> None:
    """Let the worker take a mail in once more, for another queue if one is named; its time of receipt stays.

    :raises NotFound: there is no such mail that waits.
    :raises Invalid: there is no such queue.
    :raises Conflict: the same mail came for that queue as well.
    """
    demand(by)
    if queue and not Queue.objects.filter(name=queue, retired_at=None).exists():
        raise Invalid("unknown_queue", field="queue", given=queue)
    row = _mail(number, by)
    try:
        with writing():
            MailIn.objects.filter(pk=row.pk).update(state=AGAIN, queue=(queue or row.queue)[:60])
            audit.note(
                "mail_replayed",
                by=by,
                door=door,
                subject=("mail", str(number)),
                facts={"queue": queue or row.queue},
            )
    except IntegrityError as copy:
        raise Conflict("mail_came_for_both", field="queue") from copy


def drop(number: int, *, by: Actor, door: Door) -> None:
    """Leave a mail unfiled for good; its bytes stay, and it can still be taken in by its number.

    :raises NotFound: there is no such mail that waits.
    """
    demand(by)
    with writing():
        row = _mail(number, by)
        MailIn.objects.filter(pk=row.pk).update(state="dropped", done_at=clock.now())
        audit.note(
            "mail_dropped", by=by, door=door, subject=("mail", str(number)), facts={"reason": row.reason}
        )


def send_again(number: int, *, by: Actor, door: Door) -> None:
    """Try a mail once more that could not be sent; it bears the same Message-ID.

    :raises NotFound: there is no such mail that was given up.
    """
    demand(by)
    with writing():
        if not _dead_notices(by).filter(pk=number).update(state="waiting", attempts=0, run_at=clock.now()):
            raise NotFound("no_such_notice")
        audit.note("notice_sent_again", by=by, door=door, subject=("notice", str(number)))


def put_back(number: int, *, by: Actor, door: Door) -> None:
    """Let a job be tried once more that failed for good.

    :raises NotFound: there is no such job that was given up.
    """
    demand(by)
    with writing():
        if not _dead_jobs().filter(pk=number).update(state="ready", attempts=0, run_at=clock.now(), error=""):
            raise NotFound("no_such_job")
        audit.note("job_put_back", by=by, door=door, subject=("job", str(number)))


def _mail(number: int, by: Actor) -> MailIn:
    row = MailIn.objects.filter(pk=number).exclude(queue__in=_hidden(by)).first()
    if row is None:
        raise NotFound("no_such_mail", number=number)
    if row.state != "quarantine":
        raise WrongState("mail_filed_already", number=number)
    return row


def _mails(by: Actor) -> QuerySet[MailIn]:
    return MailIn.objects.filter(state="quarantine").exclude(queue__in=_hidden(by))


def _hidden(by: Actor) -> list[str]:
    """Name the queues that somebody may not know of: mail for them does not exist either."""
    return [name for key, name in Queue.objects.values_list("pk", "name") if not permits.knows_queue(by, key)]


def _dead_notices(by: Actor) -> QuerySet[Notice]:
    """Find the mails given up lately, on tickets that the reader may know of."""
    rows = Notice.objects.filter(state="dead", run_at__gt=clock.now() - REMEMBERED)
    allowed = reach.visible(by)
    return rows if allowed is None else rows.filter(ticket__in=Ticket.objects.filter(allowed))


def _dead_jobs() -> QuerySet[Job]:
    return Job.objects.filter(state="dead", run_at__gt=clock.now() - REMEMBERED)
