"""The lane for outgoing mail: every notice leaves at least once, in order for each recipient, and no dead target
delays another."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q, QuerySet

from nocturne.core.entry import Kind
from nocturne.core.refusals import Refusal, Unavailable
from nocturne.couriers import mail
from nocturne.desk import clock
from nocturne.store import configured
from nocturne.store.db import is_sqlite, writing
from nocturne.store.models import Entry, Notice, Ticket
from nocturne.watch import enclosures, letters

LEASE = timedelta(seconds=15)
"""Longer than a courier takes: whoever is killed while sending leaves the notice to another after this."""
TRIES = 30
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
TARGET_RESTS = 20.0
SERVER_RESTS_FIRST, SERVER_RESTS_LONGEST = 0.5, 30.0
AT_ONCE = 20
PAUSE = 15.0

log = logging.getLogger("nocturne.watch")


class Targets:
    """Which mail domains are being sent to and which rest because they did not answer; shared by the lane's threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in_hand: set[str] = set()
        self._resting: dict[str, float] = {}
        self._server_until = 0.0
        self._server_rests = SERVER_RESTS_FIRST

    def shut(self) -> list[str]:
        now = time.monotonic()
        with self._lock:
            self._resting = {name: until for name, until in self._resting.items() if until > now}
            return [*self._in_hand, *self._resting]

    def server_rests(self) -> float:
        """This will say for how many seconds more the mail server itself is left alone."""
        return max(0.0, self._server_until - time.monotonic())

    @contextmanager
    def held(self, domain: str) -> Iterator[bool]:
        with self._lock:
            is_free = domain not in self._in_hand
            self._in_hand.add(domain)
        try:
            yield is_free
        finally:
            if is_free:
                with self._lock:
                    self._in_hand.discard(domain)

    def failed(self, domain: str, *, is_server: bool) -> None:
        with self._lock:
            if is_server:
                self._server_until = time.monotonic() + self._server_rests
                self._server_rests = min(self._server_rests * 2, SERVER_RESTS_LONGEST)
            else:
                self._resting[domain] = time.monotonic() + TARGET_RESTS

    def answered(self) -> None:
        with self._lock:
            self._server_rests = SERVER_RESTS_FIRST


_targets = Targets()


def turn() -> float:
    """This will send one notice that is due.

    :return: how many seconds the lane may rest.
    """
    if rest := _targets.server_rests():
        return rest
    configured.refresh()
    candidates = [*_some(_left_behind(), "lease_until"), *_some(_due(), "run_at")]
    for number, ticket, address in candidates:
        domain = address.rpartition("@")[2]
        with _targets.held(domain) as is_free:
            if is_free and (notice := _claim(number, ticket)):
                _send(notice, domain)
                return 0.0
    if candidates:
        return 0.05
    following = [
        Notice.objects.filter(state=state).order_by(name).values_list(name, flat=True).first()
        for state, name in (("waiting", "run_at"), ("sending", "lease_until"))
    ]
    waits = [(each - clock.now()).total_seconds() for each in following if each is not None]
    return min(PAUSE, max(min(waits, default=PAUSE), 0.2))


def _some(notices: QuerySet[Notice], order: str) -> list[tuple[int, int, str]]:
    if shut := _targets.shut():
        notices = notices.exclude(reduce(or_, (Q(address__endswith=f"@{domain}") for domain in shut[:50])))
    return list(notices.order_by(order, "pk").values_list("pk", "ticket_id", "address")[:AT_ONCE])


def _due() -> QuerySet[Notice]:
    return Notice.objects.filter(state="waiting", run_at__lte=clock.now())


def _left_behind() -> QuerySet[Notice]:
    """What somebody took in hand who has died since."""
    return Notice.objects.filter(state="sending", lease_until__lte=clock.now())


def _claim(number: int, ticket: int) -> Notice | None:
    """Take a notice in hand under its ticket's lock: from then on nobody can say that it was taken back."""
    with writing():
        if not is_sqlite():
            Ticket.objects.select_for_update(no_key=True).filter(pk=ticket).values_list("pk").first()
        now = clock.now()
        notice = (_due() | _left_behind()).filter(pk=number).first()
        if notice is None:
            return None
        if Entry.objects.filter(corrects=notice.entry_id, kind__in=[Kind.WITHDRAWN, Kind.REDACTED]).exists():
            Notice.objects.filter(pk=number).update(state="withdrawn")
            return None
        earlier = Notice.objects.filter(
            ticket=ticket, address=notice.address, state__in=["waiting", "sending"], pk__lt=number
        )
        before = earlier.order_by("-run_at").values_list("run_at", flat=True).first()
        if before is not None:
            # What was said first arrives first: a resolution does not overtake the reply before it.
            Notice.objects.filter(pk=number).update(run_at=max(before, now) + timedelta(milliseconds=200))
            return None
        notice.attempts += 1
        notice.lease_until = now + LEASE
        Notice.objects.filter(pk=number).update(
            state="sending",
            attempts=notice.attempts,
            lease_until=notice.lease_until,
            run_at=notice.lease_until,
        )
    return notice


def _send(notice: Notice, domain: str) -> None:
    try:
        letter = letters.write(notice)
    except (letters.Unwanted, Refusal) as reason:
        if isinstance(reason, Unavailable):
            raise
        _settle(notice, "withdrawn", error=str(reason))
        return
    except letters.Unwritable as problem:
        _settle(notice, "failed", error=str(problem))
        return
    except Exception as problem:
        log.exception("notice %s cannot be written", notice.pk)
        _postpone(notice, repr(problem))
        return
    if letter.enclosed:
        _keep_in_hand(notice, letter.enclosed)
    if not is_sqlite() and not connection.in_atomic_block:
        connection.close()  # back into the pool while the mail server takes its time
    try:
        mail.carry(letter.message, sender=letter.sender, to=letter.to)
    except mail.Refused as refusal:
        _targets.answered()
        _settle(notice, "failed", error=str(refusal))
    except mail.Postponed as delay:
        if delay.is_server or delay.is_silent:
            _targets.failed(domain, is_server=delay.is_server)
        _postpone(notice, str(delay))
    else:
        _targets.answered()
        _settle(notice, "sent", error="")


def _keep_in_hand(notice: Notice, size: int) -> None:
    """Hold a mail with files for as long as its courier may take."""
    until = clock.now() + LEASE + timedelta(seconds=size * enclosures.SPELT / mail.SLOWEST)
    with writing():
        Notice.objects.filter(pk=notice.pk, state="sending").update(lease_until=until)


def _settle(notice: Notice, state: str, *, error: str) -> None:
    now = clock.now()
    with writing():
        Notice.objects.filter(pk=notice.pk, state="sending").update(
            state=state, error=error[:300], sent_at=now if state == "sent" else None, lease_until=None
        )


def _postpone(notice: Notice, error: str) -> None:
    """Try again later, at growing distances; in the end somebody has to look at it."""
    if notice.attempts >= TRIES:
        log.error("notice %s is given up: %s", notice.pk, error)
        _settle(notice, "dead", error=error)
        return
    wait = min(FIRST_WAIT * 2 ** (notice.attempts - 1), LONGEST_WAIT)
    with writing():
        # Only one's own: another who took it up meanwhile may be sending it right now.
        Notice.objects.filter(pk=notice.pk, state="sending", attempts=notice.attempts).update(
            state="waiting", run_at=clock.now() + wait, lease_until=None, error=error[:300]
        )
