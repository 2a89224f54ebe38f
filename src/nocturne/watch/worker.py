"""The worker: one process, a thread for each lane, that stops when it is told to and leaves nothing half done."""

from __future__ import annotations

import logging
import signal
import threading
import time

from django.db import DatabaseError, connection

from nocturne.core.refusals import Unavailable
from nocturne.store import deadlines, journal
from nocturne.store.db import is_sqlite
from nocturne.watch import (
    account_mail,
    alarms,
    followers,
    indexing,
    jobs,
    lanes,
    post,
    subscription_mail,
    timetable,
)
from nocturne.watch.lanes import Lane

POLL, QUIET_POLL = 0.2, 0.5
SOON_QUIET = 50
FIRST_REST, LONGEST_REST = 0.5, 15.0
STOPS_WITHIN = 6.0

log = logging.getLogger("nocturne.watch")


def own_lanes() -> list[Lane]:
    """This will make the lanes of this floor, and those that the floors above add."""
    dates = timetable.Timetable()
    return [
        Lane("timers", alarms.turn),
        Lane("followers", followers.turn),
        Lane("jobs", jobs.turn),
        Lane("post", post.turn, threads=2),
        Lane("account mail", account_mail.turn),
        Lane("subscriptions", subscription_mail.turn),
        Lane("timetable", dates.turn, watches=False),
        Lane("index", indexing.turn),
        *(make() for make in lanes.makers),
    ]


class Worker:
    """Walks all lanes side by side until it is stopped."""

    def __init__(self, chosen: list[Lane] | None = None) -> None:
        self.lanes = own_lanes() if chosen is None else chosen
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        for lane in self.lanes:
            for place in range(lane.threads):
                name = lane.name if lane.threads == 1 else f"{lane.name}-{place + 1}"
                thread = threading.Thread(target=self._walk, args=(lane,), name=name, daemon=True)
                thread.start()
                self._threads.append(thread)

    def stop(self) -> None:
        self._stop.set()

    def join(self) -> None:
        """This will give what is in hand a little time to be finished; the rest is for the next worker to find."""
        deadline = time.monotonic() + STOPS_WITHIN
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        for lane in self.lanes:
            lane.close()

    def _walk(self, lane: Lane) -> None:
        """Take turn after turn. A lane that fails rests, longer each time, and never ends before the worker does."""
        rest, quiet = FIRST_REST, 0
        try:
            while not self._stop.is_set():
                try:
                    mark = journal.change_mark() if lane.watches else None
                    pause = lane.turn()
                    rest, quiet = FIRST_REST, quiet + 1 if pause > 0 else 0
                    if pause > 0:
                        self._rest(lane, pause, mark, poll=POLL if quiet < SOON_QUIET else QUIET_POLL)
                except Exception as problem:
                    self._complain(lane, problem, rest)
                    connection.close()
                    self._stop.wait(rest)
                    rest = min(rest * 2, LONGEST_REST)
        finally:
            connection.close()

    def _rest(self, lane: Lane, pause: float, mark: int | None, *, poll: float) -> None:
        """Sleep until the pause is over, or until somebody has written something.

        SQLite tells that at almost no cost; on PostgreSQL the lane looks for itself, less often after a quiet while.
        """
        until = time.monotonic() + pause
        if not is_sqlite():
            connection.close()  # a lane at rest leaves its connection to the others
            self._stop.wait(min(pause, poll) if lane.watches else pause)
            return
        while (left := until - time.monotonic()) > 0 and not self._stop.wait(min(left, POLL)):
            if lane.watches and journal.change_mark() != mark:
                return

    @staticmethod
    def _complain(lane: Lane, problem: Exception, rest: float) -> None:
        if isinstance(problem, Unavailable | DatabaseError):
            log.warning("lane %s rests for %.1f s: %s", lane.name, rest, problem)
        else:
            log.error("lane %s failed and rests for %.1f s", lane.name, rest, exc_info=problem)


def run() -> None:
    """This will work until SIGTERM or SIGINT."""
    told: list[int] = []
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda number, _frame: told.append(number))
    deadlines.be_patient()
    worker = Worker()
    worker.start()
    while not told:
        time.sleep(POLL)
    worker.stop()
    worker.join()
    try:
        timetable.end()
    except Unavailable:
        log.warning("the worker's name could not be taken off the list")
    finally:
        connection.close()
