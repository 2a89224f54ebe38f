"""Workers are killed again and again while one act is done on many tickets: it is done once on each, and on all."""

from __future__ import annotations

import random
import time

import pytest

from tests.killing import Process, Reading, bare_house, in_the_house, until

pytestmark = pytest.mark.long

WORKERS, KILLS, TICKETS = 2, 8, 300

ASK_FOR_IT = f"""
from nocturne import desk
from nocturne.core.entry import Door
from nocturne.desk import Opening, accounts, batch
from nocturne.store.db import writing
from nocturne.store.models import User
by = accounts.actor_of(User.objects.get(name="ada"))
with writing():
    numbers = [desk.open(Opening(subject=f"Link {{place}} down"), by=by, door=Door.CLI).number
               for place in range({TICKETS})]
    desk.resolve(numbers[7], "Was none", by=by, door=Door.CLI)
report = batch.make(["resolve", "The cut is spliced"], numbers, by=by, door=Door.CLI)
print(json.dumps({{"key": report.key, "counts": report.counts}}))
"""

IS_IT_DONE = """
from nocturne.store.models import Batch
print(json.dumps(Batch.objects.get().done_at is not None))
"""

READ_THE_BOOKS = """
from collections import Counter
from nocturne.store import books
from nocturne.store.models import Batch, BatchItem, Entry
print(json.dumps({
    "resolved": Counter(Entry.objects.filter(kind="resolved").values_list("ticket", flat=True)).most_common(1)[0][1],
    "tickets": Entry.objects.filter(kind="resolved").values("ticket").distinct().count(),
    "states": Counter(BatchItem.objects.values_list("state", flat=True)),
    "is_done": Batch.objects.get().done_at is not None,
    "broken": [number for number in books.numbers() if books.broken_link(number) or books.first_difference(number)],
}))
"""


@pytest.mark.timeout(400)
@pytest.mark.req("R16.2", "S3")
def test_one_act_on_many_tickets_is_done_exactly_once_on_each_whatever_is_killed() -> None:
    with bare_house() as house:
        asked = in_the_house(house, ASK_FOR_IT)
        assert asked["counts"] == {"waiting": TICKETS}
        workers = [Process(house, "worker") for _ in range(WORKERS)]
        try:
            for worker in workers:
                worker.start()
            for _ in range(KILLS):
                time.sleep(random.uniform(0.3, 1.2))
                random.choice(workers).kill()
            with Reading(house, IS_IT_DONE) as reading:
                until(reading.now, 90)
        finally:
            for worker in workers:
                worker.stop()
        books = in_the_house(house, READ_THE_BOOKS)
        assert books["resolved"] == 1, "no ticket was resolved twice"
        assert books["tickets"] == TICKETS
        assert books["states"] == {"done": TICKETS - 1, "refused": 1}
        assert books["broken"] == []
