"""What happens when its time has come: silent complaints close, old receipts go, the worker says that it lives."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from nocturne import desk
from nocturne.core.refusals import Unavailable
from nocturne.desk import batch_keeping, clock, reset, subscription_slots, throttle
from nocturne.store import configured
from nocturne.store.db import learn, writing
from nocturne.store.models import DeviceCode, Heartbeat, Job, Notice, Queue, Receipt, Session, Ticket
from nocturne.watch import holding
from nocturne.watch.jobs import holder

BEAT = 10.0
AT_ONCE = 200
DONE_JOBS_STAY = timedelta(days=7)
LONGEST_HOLD = timedelta(minutes=5)
"""No notice is held back longer: one that is due later was dated by a clock that has been put back since."""

log = logging.getLogger("nocturne.watch")


@dataclass(slots=True)
class Appointment:
    """Something that is done again and again, `every` so many seconds."""

    act: Callable[[], None]
    every: float
    next_at: float = 0.0


def close_silent_complaints() -> None:
    """This will close resolved complaints whose complainer has said nothing for the queue's days of silence."""
    reported = configured.refresh().reported_types
    for queue, days in Queue.objects.values_list("pk", "silence_days"):
        silent = Ticket.objects.filter(
            meaning="resolved",
            merged_into=None,
            queue=queue,
            type__in=reported,
            resolved_at__lte=clock.now() - timedelta(days=days),
        )
        for number in silent.order_by("resolved_at").values_list("pk", flat=True)[:AT_ONCE]:
            try:
                desk.close_silent(number)
            except Unavailable:
                raise
            except Exception:
                log.exception("ticket %s could not be closed after its days of silence", number)


def forget_old() -> None:
    """This will delete what nobody needs any more: receipts, sessions, codes, counts and finished jobs."""
    now = clock.now()
    old = (
        Receipt.objects.filter(created_at__lt=now - timedelta(days=settings.NOCTURNE.idempotency_days)),
        Session.objects.filter(expires_at__lt=now),
        DeviceCode.objects.filter(expires_at__lt=now),
        Heartbeat.objects.filter(at__lt=now - timedelta(days=1)),
        Job.objects.filter(state="done", created_at__lt=now - DONE_JOBS_STAY),
    )
    for each in old:
        if each.values_list("pk", flat=True)[:1]:
            with writing():
                each.delete()
    throttle.forget_old()
    reset.forget_old()
    subscription_slots.forget_old()
    batch_keeping.forget_old()


def mend_dates() -> None:
    """This will bring forward what was dated by a clock that ran ahead."""
    ahead = Notice.objects.filter(state="waiting", attempts=0, run_at__gt=clock.now() + LONGEST_HOLD)
    if ahead.values_list("pk", flat=True)[:1]:
        with writing():
            ahead.update(run_at=clock.now())
    in_hand = Notice.objects.filter(state="sending", lease_until__gt=clock.now() + LONGEST_HOLD)
    if in_hand.values_list("pk", flat=True)[:1]:
        with writing():
            in_hand.update(lease_until=clock.now())


def beat() -> None:
    """This will say that this worker lives."""
    with writing():
        Heartbeat.objects.update_or_create(name=f"worker {holder()}"[:60], defaults={"at": clock.now()})


def end() -> None:
    """This will take this worker's name off the list: it stops on purpose."""
    with writing():
        Heartbeat.objects.filter(name=f"worker {holder()}"[:60]).delete()


class Timetable:
    """All appointments of one worker."""

    def __init__(self) -> None:
        self.appointments = [
            Appointment(beat, BEAT),
            Appointment(mend_dates, 30.0),
            Appointment(holding.release, 30.0),
            Appointment(close_silent_complaints, 60.0),
            Appointment(forget_old, 600.0),
            Appointment(learn, 6 * 3600.0),
        ]

    def turn(self) -> float:
        """This will keep every appointment that is due.

        :return: how many seconds until the next one.
        """
        for each in self.appointments:
            if each.next_at <= time.monotonic():
                each.act()
                each.next_at = time.monotonic() + each.every
        return max(0.05, min(each.next_at for each in self.appointments) - time.monotonic())
