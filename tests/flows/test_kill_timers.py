"""Three workers are killed again and again while timers go off: each goes off once, and none is forgotten."""

from __future__ import annotations

import random
import time

import pytest

from tests.killing import Process, Reading, bare_house, in_the_house, until

pytestmark = pytest.mark.long

WORKERS, KILLS, TIMERS = 3, 20, 240

SET_THE_TIMERS = f"""
from datetime import timedelta
from nocturne import desk
from nocturne.core.entry import Door
from nocturne.desk import Alarm, Extra, Opening, accounts, clock
from nocturne.store.db import writing
from nocturne.store.models import User
by = accounts.actor_of(User.objects.get(name="ada"))
start = clock.now() + timedelta(seconds=4)
with writing():
    for number in range({TIMERS}):
        when = start + timedelta(milliseconds=40 * number)
        opened = desk.open(Opening(subject=f"Timer {{number}}"), by=by, door=Door.CLI).number
        desk.update(opened, by=by, door=Door.CLI, extra=Extra(alarm=Alarm(when, "call")))
"""

HOW_MANY_ARE_SET = """
from nocturne.store.models import Ticket
print(json.dumps(Ticket.objects.filter(alarm_at__isnull=False).count()))
"""

READ_THE_BOOKS = """
from nocturne.store import books
from nocturne.store.models import Entry, Ticket
print(json.dumps({
    "set": Ticket.objects.filter(alarm_at__isnull=False).count(),
    "rang": sorted(Entry.objects.filter(kind="rang").values_list("ticket", flat=True)),
    "ringing": Ticket.objects.filter(ringing_since__isnull=False).count(),
    "broken": [number for number in books.numbers() if books.broken_link(number) or books.first_difference(number)],
}))
"""


@pytest.mark.timeout(400)
@pytest.mark.req("R4.1")
def test_every_timer_goes_off_exactly_once_whatever_is_killed() -> None:
    with bare_house() as house:
        in_the_house(house, SET_THE_TIMERS)
        workers = [Process(house, "worker") for _ in range(WORKERS)]
        try:
            for worker in workers:
                worker.start()
            for _ in range(KILLS):
                time.sleep(random.uniform(0.3, 0.7))
                random.choice(workers).kill()
            with Reading(house, HOW_MANY_ARE_SET) as reading:
                assert until(lambda: reading.now() == 0, 60)
        finally:
            for worker in workers:
                worker.stop()
        books = in_the_house(house, READ_THE_BOOKS)

    assert len(books["rang"]) == TIMERS
    assert len(set(books["rang"])) == TIMERS
    assert books["ringing"] == TIMERS
    assert books["broken"] == []
