"""Does the jobs that the desk has left: at least once each, once in effect, and what cannot be done is set aside."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

from django.db import connection
from django.db.models import F

from nocturne import desk
from nocturne.core.refusals import Refusal, Unavailable
from nocturne.desk import batch, clock
from nocturne.store.db import writing
from nocturne.store.fulltext import renaming
from nocturne.store.fulltext import writing as fulltext
from nocturne.store.models import Entry, Job
from nocturne.watch import followers, lanes

LEASE = timedelta(seconds=15)
BEAT = 5.0
AT_ONCE = 10
TRIES = 8
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)
PAUSE = 10.0
LANES = ("watch", "desk")

Handler = Callable[..., object]

log = logging.getLogger("nocturne.watch")


def _answer_complaint(complaint: int, cause: int) -> None:
    """Tell one complainer what their trouble was answered with, in the words of that answer."""
    told = Entry.objects.select_related("words").get(pk=cause)
    if told.words.text is None:
        raise GivenUp("the words have been redacted")
    desk.answer_complaint(complaint, told.words.text, cause=cause, label=told.author_label)


def _load_demo() -> None:
    """Tell some stories of the demonstration; the rest is left as the next job."""
    from nocturne.desk import demo

    demo.step()


class GivenUp(Exception):
    """A job that trying again cannot help."""


HANDLERS: dict[str, Handler] = {
    "answer_complaint": _answer_complaint,
    "load_demo": _load_demo,
    batch.JOB: batch.run,
    followers.AGAIN: followers.follow_again,
    fulltext.REPLIES: fulltext.say,
    renaming.JOB: renaming.follow,
}
"""Kinds of jobs. A handler writes to the database alone: its effect and the job's end are one transaction."""


def turn() -> float:
    """This will do the next jobs.

    :return: how many seconds the lane may rest.
    """
    jobs = next((claimed for lane in LANES if (claimed := claim(lane, clock.now()))), [])
    if jobs:
        with leased([each.pk for each in jobs]):
            for job in jobs:
                _do(job)
        return 0.0
    ready = (
        Job.objects.filter(state="ready", lane__in=LANES).order_by("run_at").values_list("run_at", flat=True)
    )
    return lanes.rest_until(ready.first(), most=PAUSE, least=0.0)


def holder() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def claim(lane: str, now: datetime) -> list[Job]:
    """Take jobs in hand: the attempt is counted before anything is tried. A dead worker's lease runs out."""
    dropped = Job.objects.filter(state="running", lane=lane, lease_until__lt=now).order_by("lease_until")
    ready = Job.objects.filter(state="ready", lane=lane, run_at__lte=now).order_by("run_at", "pk")
    for waiting in (dropped, ready):
        if not waiting.values_list("pk", flat=True)[:1]:
            continue
        with writing():
            if connection.features.has_select_for_update_skip_locked:
                waiting = waiting.select_for_update(skip_locked=True)
            # Work that kills whoever does it is not tried for ever: each try was counted before it began.
            deadly = Job.objects.filter(state="running", lane=lane, lease_until__lt=now, attempts__gte=TRIES)
            deadly.update(state="dead", lease_until=None, error="it ended the worker that did it")
            jobs = list(waiting[:AT_ONCE])
            Job.objects.filter(pk__in=[each.pk for each in jobs]).update(
                state="running", attempts=F("attempts") + 1, lease_until=now + LEASE, holder=holder()
            )
        return jobs
    return []


@contextmanager
def leased(numbers: list[int]) -> Iterator[None]:
    """Keep a lease on jobs as long as they take."""
    done = Event()

    def beat() -> None:
        try:
            while not done.wait(BEAT):
                with writing():
                    mine = Job.objects.filter(pk__in=numbers, state="running", holder=holder())
                    mine.update(lease_until=clock.now() + LEASE)
        except Unavailable:
            log.warning("a lease on jobs could not be kept")
        finally:
            connection.close()

    keeper = Thread(target=beat, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _do(job: Job) -> None:
    attempts = job.attempts + 1
    try:
        with writing():
            held = Job.objects.select_for_update().filter(pk=job.pk, state="running", holder=holder())
            if not held.exists():
                return
            _handler(job.kind)(**job.args)
            Job.objects.filter(pk=job.pk).update(state="done", lease_until=None, error="")
    except Unavailable:
        raise
    except Exception as problem:
        is_hopeless = isinstance(problem, GivenUp) or attempts >= TRIES
        log.log(
            logging.ERROR if is_hopeless else logging.WARNING, "job %s (%s): %r", job.pk, job.kind, problem
        )
        _put_back(job, attempts, problem, is_hopeless=is_hopeless)


def _handler(kind: str) -> Handler:
    if kind not in HANDLERS:
        raise GivenUp(f"there is no way to do {kind}")
    return HANDLERS[kind]


def _put_back(job: Job, attempts: int, problem: Exception, *, is_hopeless: bool) -> None:
    said = f"{type(problem).__name__}: {problem}" if not isinstance(problem, Refusal) else str(problem)
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    with writing():
        Job.objects.filter(pk=job.pk, state="running").update(
            state="dead" if is_hopeless else "ready",
            run_at=clock.now() + wait,
            lease_until=None,
            error=said[:2000],
        )
