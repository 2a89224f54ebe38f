"""Workers are killed again and again while subscriptions come due: one mail for each slot, and none is forgotten."""

from __future__ import annotations

import random
import time

import pytest

from tests.killing import Process, Reading, bare_house, in_the_house, until

pytestmark = pytest.mark.long

WORKERS, KILLS, SUBSCRIPTIONS = 2, 10, 40

SUBSCRIBE = f"""
from datetime import timedelta
from nocturne import desk
from nocturne.core.entry import Door
from nocturne.desk import Opening, accounts, clock, subscriptions
from nocturne.desk.subscriptions import Wanted
from nocturne.store.models import Subscription, User
by = accounts.actor_of(User.objects.get(name="ada"))
desk.open(Opening(subject="Line down"), by=by, door=Door.CLI)
for number in range({SUBSCRIPTIONS}):
    subscriptions.create(
        Wanted("query", query=f"is:open -parent:{{number + 1000}}", rhythm="monthly 1 00:00"), by=by, door=Door.CLI
    )
start = clock.now() + timedelta(seconds=3)
for place, row in enumerate(Subscription.objects.order_by("pk")):
    Subscription.objects.filter(pk=row.pk).update(next_at=start + timedelta(milliseconds=150 * place))
"""

READ = """
from nocturne.desk import clock
from nocturne.store.models import Subscription, SubscriptionMail
print(json.dumps({
    "due": Subscription.objects.filter(next_at__lte=clock.now()).count(),
    "mails": list(SubscriptionMail.objects.values_list("subscription", "state")),
    "ids": list(SubscriptionMail.objects.values_list("message_id", flat=True)),
}))
"""


@pytest.mark.timeout(400)
@pytest.mark.req("R15.8")
def test_every_slot_makes_one_mail_whatever_is_killed() -> None:
    with bare_house() as house:
        in_the_house(house, SUBSCRIBE)
        workers = [Process(house, "worker") for _ in range(WORKERS)]
        try:
            for worker in workers:
                worker.start()
            for _ in range(KILLS):
                time.sleep(random.uniform(0.5, 1.0))
                random.choice(workers).kill()

            with Reading(house, READ) as reading:

                def is_done() -> bool:
                    mails = reading.now()["mails"]
                    return len(mails) == SUBSCRIPTIONS and {state for _, state in mails} == {"sent"}

                assert until(is_done, 120), reading.now()
        finally:
            for worker in workers:
                worker.stop()
        found = in_the_house(house, READ)
        letters = house.smtp.to("ada@noc.example")

    assert len({number for number, _ in found["mails"]}) == SUBSCRIPTIONS, "one for each, in the books"
    assert found["due"] == 0
    arrived = [str(each["Message-ID"]) for each in letters]
    assert set(arrived) == set(found["ids"]), "each has arrived"
    # Whoever is killed between handing a mail over and writing that down sends it once more, under the same id.
    assert len(arrived) - len(set(arrived)) <= KILLS
