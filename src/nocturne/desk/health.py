"""The health of the house: every part in a line, and beside each that is not well what helps."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import django
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812
from django.utils.translation import ngettext

import nocturne
from nocturne.core.permits import Actor
from nocturne.core.spans import span_words
from nocturne.desk import clock, troubles
from nocturne.store import backup, readiness
from nocturne.store.models import Heartbeat, Job, MailIn, Notice

GOOD, WARN, BAD = "good", "warn", "bad"
LATE = timedelta(minutes=2)
BACKUP_LATE = timedelta(hours=26)
"""A daily backup that is two hours late is late."""
LITTLE_FREE = 5

READY: dict[str, tuple[str, str, str]] = {
    "database": (
        N_("Database"),
        N_("it answers"),
        N_("Look whether its server runs, and whether DATABASE_URL is right."),
    ),
    "migrations": (N_("Tables"), N_("they are those of this version"), N_("Run “nocturne migrate”.")),
    "triggers": (
        N_("Guards"),
        N_("what is written cannot be changed"),
        N_("Run “nocturne migrate”; then find out who took them away, and run “nocturne audit verify”."),
    ),
    "worker": (
        N_("Worker"),
        N_("it is at work"),
        N_(
            "Nobody is mailed and no timer rings. Start “nocturne worker”, or “nocturne serve”, and read its log."
        ),
    ),
    "spool": (
        N_("Mail spool"),
        N_("it can be written"),
        N_("Incoming mail is turned away for now. Look who owns the folder spool in the data directory."),
    ),
    "disk": (
        N_("Disk"),
        N_("there is room"),
        N_("Make room: nothing can be saved soon. Old backups and logs are the usual suspects."),
    ),
}
"""Per part that /readyz knows: its name, what is said when it is well, and what helps when it is not."""


@dataclass(frozen=True, slots=True)
class Line:
    """One part: how it is, in a few words, and what to do where it is not well."""

    name: str
    title: str
    state: str
    says: str
    remedy: str = ""


def look(*, by: Actor) -> list[Line]:
    """Look at every part, always in the same order.

    :raises Forbidden: this is not for the actor to read.
    """
    troubles.demand(by)
    ready = readiness.parts()
    lines = [_ready(name, state) for name, state in ready.items()]
    if ready["database"] == readiness.OK and ready["migrations"] == readiness.OK:
        lines += [line(by) for line in _FURTHER]
    return lines


def worst(lines: list[Line]) -> str:
    """Say how the house is: as the worst of its parts."""
    return max((line.state for line in lines), key=(GOOD, WARN, BAD).index, default=GOOD)


def versions() -> list[tuple[str, str]]:
    """Name the versions of what is running here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        database = str(cursor.fetchone()[0])
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    return [
        ("Nocturne", nocturne.__version__),
        (names.get(connection.vendor, connection.vendor), database),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
    ]


def _ready(name: str, state: str) -> Line:
    title, well, remedy = READY[name]
    if state != readiness.OK:
        return Line(name, _(title), BAD, _(_NOT_READY.get(state, state)), _(remedy))
    says = _(well)
    if name == "disk":
        says = _("%(free)s GB are free") % {"free": f"{readiness.free_bytes() / 1e9:.1f}"}
        if readiness.free_bytes() < LITTLE_FREE * readiness.LEAST_FREE_BYTES:
            return Line(name, _(title), WARN, says, _(remedy))
    if name == "worker":
        lately = clock.now() - readiness.WORKER_SILENT_FOR
        n = Heartbeat.objects.filter(at__gt=lately).count()
        says = ngettext("%(n)s is at work", "%(n)s are at work", n) % {"n": n}
    return Line(name, _(title), GOOD, says)


_NOT_READY: dict[str, str] = {
    "the database does not answer": N_("the database does not answer"),
    "the database is behind this version": N_("the database is behind this version"),
    "the books are not guarded": N_("the books are not guarded"),
    "no worker has been heard of lately": N_("no worker has been heard of lately"),
    "the mail spool cannot be written": N_("the mail spool cannot be written"),
    "the disk is nearly full": N_("the disk is nearly full"),
}


def _mail_in(by: Actor) -> Line:
    title = _("Mail in")
    waits = troubles.quarantined(by=by)
    if waits:
        says = ngettext("%(n)s mail waits for somebody to look at it", "%(n)s mails wait for somebody to look at them",
                        waits) % {"n": _capped(waits)}  # fmt: skip
        return Line("mail-in", title, WARN, says, _("Look at each below: take it in again, or drop it."))
    oldest = (
        MailIn.objects.filter(state="spooled")
        .order_by("received_at")
        .values_list("received_at", flat=True)
        .first()
    )
    if oldest is not None and clock.now() - oldest > LATE:
        says = _("mail waits since %(span)s") % {"span": span_words(clock.now() - oldest)}
        return Line("mail-in", title, BAD, says, _("The worker does not get to it. Read its log."))
    return Line("mail-in", title, GOOD, _("nothing waits"))


def _mail_out(by: Actor) -> Line:
    title, now = _("Mail out"), clock.now()
    if dead := troubles.dead_notices(by=by):
        says = ngettext("%(n)s mail could not be sent", "%(n)s mails could not be sent", dead) % {
            "n": _capped(dead)
        }
        return Line(
            "mail-out", title, BAD, says, _("Mend the address or the mail server, then send it again below.")
        )
    oldest = (
        Notice.objects.filter(state="waiting").order_by("run_at").values_list("run_at", flat=True).first()
    )
    if oldest is not None and now - oldest > LATE:
        says = _("mail waits since %(span)s") % {"span": span_words(now - oldest)}
        return Line(
            "mail-out",
            title,
            WARN,
            says,
            _("The mail server takes nothing, or the worker rests. Read its log."),
        )
    if not settings.NOCTURNE.smtp_url:
        says = _("no mail server is named: mail is left in the folder outbox")
        return Line("mail-out", title, WARN, says, _("Set NOCTURNE_SMTP_URL."))
    return Line("mail-out", title, GOOD, _("nothing waits"))


def _jobs(_by: Actor) -> Line:
    title, now = _("Follow-up work"), clock.now()
    if dead := troubles.dead_jobs():
        says = ngettext("%(n)s job failed for good", "%(n)s jobs failed for good", dead) % {
            "n": _capped(dead)
        }
        return Line("jobs", title, BAD, says, _("Read why below, mend it, and put it back."))
    oldest = Job.objects.filter(state="ready").order_by("run_at").values_list("run_at", flat=True).first()
    if oldest is not None and now - oldest > LATE:
        says = _("work waits since %(span)s") % {"span": span_words(now - oldest)}
        return Line(
            "jobs",
            title,
            WARN,
            says,
            _("The worker does not get to it: more workers help, or its log says why."),
        )
    return Line("jobs", title, GOOD, _("nothing waits"))


def _backup(_by: Actor) -> Line:
    title, remedy = (
        _("Backup"),
        _("Let a timer run “nocturne backup FOLDER”, and keep the folder on another machine."),
    )
    last = backup.last(settings.NOCTURNE.home)
    if last is None:
        return Line("backup", title, WARN, _("none has been made from here"), remedy)
    age = clock.now() - last
    says = _("the last is %(span)s old") % {"span": span_words(age)}
    return Line(
        "backup", title, WARN if age > BACKUP_LATE else GOOD, says, remedy if age > BACKUP_LATE else ""
    )


_FURTHER: tuple[Callable[[Actor], Line], ...] = (_mail_in, _mail_out, _jobs, _backup)


def _capped(number: int) -> str:
    return f"{troubles.COUNTED_TO}+" if number > troubles.COUNTED_TO else str(number)
