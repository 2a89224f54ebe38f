"""The demonstration: sixty days of Lakenet, a regional network that does not exist.

It is played through the desk's own verbs, each act as of its time, so that its charts are what charts are. Nobody is
mailed: what is written as of another time is quiet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from nocturne.core.entry import from_instant, instant
from nocturne.core.permits import Actor
from nocturne.core.refusals import WrongState
from nocturne.desk import clock, jobs, setup
from nocturne.desk.demo import crew, handing, inventory, programme
from nocturne.desk.demo.programme import Telling
from nocturne.desk.demo.stage import Key, Stage
from nocturne.desk.demo.stories import tonight
from nocturne.store import sequence
from nocturne.store.db import writing
from nocturne.store.models import Contact, Machine, Receipt

JOB = "load_demo"
"""The kind of the worker's job that loads it piece by piece."""
LANE = "desk"
SEED = "lakenet"
MAIN_NUMBER = 4711
"""In an empty database the ticket of the night gets the number that the documents speak of."""
AT_ONCE = 12
"""Stories that are told before somebody else may write."""
_PLAN = "demonstration"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is being loaded: when its sixty days end, its first ticket number, and how many stories are told already."""

    now: datetime
    first: int
    done: int

    @property
    def tellings(self) -> list[Telling]:
        return _tellings(self.now)

    @property
    def is_done(self) -> bool:
        return self.done >= len(self.tellings)

    @property
    def main(self) -> int:
        """The number of the ticket of the night."""
        return self.first + _keys(self.now).index(tonight.MAIN)


def load(progress: Progress = lambda _done, _of: None, *, password: str | None = None) -> Plan:
    """Load the demonstration, or what is missing of it, story by story.

    :param progress: told how many stories are done, and of how many.
    :param password: what the crew sign on with; without it nobody can, until they are given one.
    :raises WrongState: it has been loaded before.
    """
    plan = begin(password=password)
    while not plan.is_done:
        plan = go_on()
        progress(plan.done, len(plan.tellings))
    return plan


def leave() -> None:
    """Leave the loading to the worker."""
    jobs.leave(LANE, JOB, [({}, f"{JOB}:0")], now=clock.now())


def step() -> None:
    """Do the worker's job: tell some stories, and leave the rest to the next job."""
    if standing() is None and is_loaded():
        return
    plan = go_on() if standing() else begin()
    if not plan.is_done:
        jobs.leave(LANE, JOB, [({}, f"{JOB}:{plan.done + 1}")], now=clock.now())


def is_loaded() -> bool:
    """Tell whether Lakenet is in the books already, in part at least."""
    return Machine.objects.filter(name="oob1.mqt", site__name="Marquette").exists()


def standing() -> Plan | None:
    """Say how far the loading has come; None before it began, and some days after its end."""
    kept = Receipt.objects.filter(pk=_PLAN).values_list("answer", flat=True).first()
    return Plan(from_instant(kept["now"]), kept["first"], kept["done"]) if kept else None


def begin(*, password: str | None = None, now: datetime | None = None) -> Plan:
    """Make the house that the stories happen in, and set their numbers aside; what was begun goes on.

    :raises WrongState: it has been loaded before.
    """
    with writing():
        plan = standing()
        if plan is None and not is_loaded():
            plan = _new_plan((now or clock.now()).replace(microsecond=0))
            _furnish(password)
            return plan
    if plan is None or plan.is_done:
        raise WrongState("demo_already")
    return plan


def _new_plan(now: datetime) -> Plan:
    keys = _keys(now)
    first = sequence.reserve("ticket", len(keys), at_least=MAIN_NUMBER - keys.index(tonight.MAIN))
    answer = {"now": instant(now), "first": first, "done": 0}
    Receipt.objects.create(pk=_PLAN, fingerprint=SEED, answer=answer, created_at=clock.now())
    return Plan(now, first, 0)


def go_on() -> Plan:
    """Tell the next stories of a plan, each whole: whoever looks meanwhile sees no timer of the past."""
    with writing():
        kept = Receipt.objects.select_for_update().get(pk=_PLAN).answer or {}
        plan = Plan(from_instant(kept["now"]), kept["first"], kept["done"])
        numbers = {key: plan.first + place for place, key in enumerate(_keys(plan.now))}
        stage = Stage(plan.now, crew.actors(), _callers(), numbers)
        for telling in plan.tellings[plan.done : plan.done + AT_ONCE]:
            telling.story.tell(telling.scene(stage, SEED))
        done = min(plan.done + AT_ONCE, len(plan.tellings))
        if done == len(plan.tellings):
            handing.leave(plan.main, stage.actors, now=plan.now)
        Receipt.objects.filter(pk=_PLAN).update(answer=kept | {"done": done})
    return Plan(plan.now, plan.first, done)


@lru_cache(maxsize=2)
def _tellings(now: datetime) -> list[Telling]:
    return programme.tellings(now, SEED)


@lru_cache(maxsize=2)
def _keys(now: datetime) -> list[Key]:
    return rehearse(_tellings(now), now, SEED)


def rehearse(told: list[Telling], now: datetime, seed: str) -> list[Key]:
    """Tell all stories without writing anything: gives the tickets in the order in which they are opened."""
    stage = Stage(now)
    for telling in told:
        telling.story.tell(telling.scene(stage, seed))
    return [key for _, key in sorted(stage.opened)]


def _furnish(password: str | None) -> None:
    """Make the house that the stories happen in: inventory, crew, queues."""
    setup.furnish()
    inventory.make()
    crew.hire(password=password)
    crew.seat()


def _callers() -> dict[str, Actor]:
    """Say who the customers' contacts are to the permits, by mail address."""
    contacts = Contact.objects.filter(email__in=[customer.email for customer in inventory.CUSTOMERS])
    return {
        contact.email: Actor("contact", contact.pk, str(contact), contact=contact.pk, verified=False)
        for contact in contacts
        if contact.email
    }
