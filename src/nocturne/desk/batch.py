"""One act on many tickets: done once on each whatever happens on the way, and taken back again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, WrongState
from nocturne.desk import accounts, batch_doing, batch_keeping, clock, finding, jobs, together
from nocturne.desk.batch_reports import Outcome, Report, of
from nocturne.desk.batch_reports import named as mine
from nocturne.store.db import writing
from nocturne.store.models import Batch, BatchItem

MOST = 2_000
"""Tickets of one batch."""
FEW = 20
"""So many are done at once; more are done by the worker, a step at a time."""
STEP = 20
JOB = "run_batch"


def found(text: str, by: Actor, *, now: datetime, order: str = "") -> list[int]:
    """List the tickets that a question finds, in its order, or in that of the list that somebody has before them.

    :raises Invalid: there are too many, or the question is not understood.
    """
    asked = finding.ask(text, by, now=now)
    order = finding.order_of(asked, by, order) if order else ""
    return checked([row["number"] for row in finding.every(by, asked, now=now, order=order, limit=MOST + 1)])


def checked(numbers: Sequence[int]) -> list[int]:
    """Give the tickets of a batch, each once, in the order in which they were named.

    :raises Invalid: there are none, or more than a batch takes.
    """
    numbers = list(dict.fromkeys(numbers))
    if not numbers:
        raise Invalid("batch_empty", field="numbers")
    if len(numbers) > MOST:
        raise Invalid("batch_too_large", field="numbers", limit=MOST)
    return numbers


def demanded(words: Sequence[str], by: Actor) -> list[str]:
    """Refuse what is no act, and whoever is not of the NOC.

    :raises Refusal: with the reason.
    """
    if by.kind != "account" or by.id is None or not by.is_staff:
        raise Forbidden("not_permitted")
    found = [word for word in words if word.strip()]
    if not found:
        raise Invalid("nothing_said", field="words")
    return found


def make(
    words: Sequence[str],
    numbers: Sequence[int],
    *,
    by: Actor,
    door: Door,
    asked: str = "",
    seen: Mapping[int, str] | None = None,
) -> Report:
    """Ask for an act on many tickets. A few are done at once; the worker does the rest, and what a crash has left.

    :param seen: the versions of tickets that were looked at: what somebody else has changed since is not overwritten.
    :raises Invalid: nothing was asked for, or of too many.
    """
    words = demanded(words, by)
    numbers = checked(numbers)
    if len(numbers) > FEW:
        batch_keeping.refuse_too_many(by)
    looked = seen or {}
    with writing():
        batch = _made(words, by=by, door=door, asked=asked)
        BatchItem.objects.bulk_create(
            [
                BatchItem(batch=batch, number=number, place=place, seen=looked.get(number, "")[:40])
                for place, number in enumerate(numbers)
            ],
            batch_size=500,
        )
        _leave(batch, 0)
    return begin(batch)


def begin(batch: Batch) -> Report:
    """Do a small batch now; a large one is with the worker already."""
    if batch.items.count() <= FEW:
        step(batch.pk)
    return of(Batch.objects.get(pk=batch.pk))


def undo(key: str, *, by: Actor, door: Door) -> Report:
    """Take back what a batch has done, on each ticket that nobody has touched since.

    :raises NotFound: there is no such batch of this actor's.
    :raises WrongState: it is not done yet, has been taken back, or takes back another itself.
    """
    batch = mine(key, by)
    with writing():
        # Locked first, and only then looked at: in one statement who waited would see what was before they waited.
        Batch.objects.select_for_update().get(pk=batch.pk)
        batch = Batch.objects.select_related("undone_by").get(pk=batch.pk)
        report = of(batch)
        if not report.can_be_undone:
            raise WrongState("batch_cannot_be_undone")
        if report.counts.get("done", 0) > FEW:
            batch_keeping.refuse_too_many(by)
        back = _made([], by=by, door=door, asked="", undoes=batch)
        done = batch.items.filter(state="done").order_by("place")
        BatchItem.objects.bulk_create(
            [
                BatchItem(
                    batch=back, number=each.number, place=each.place, before=each.before, seen=each.after
                )
                for each in done
            ],
            batch_size=500,
        )
        _leave(back, 0)
    return begin(back)


def _made(words: Sequence[str], *, by: Actor, door: Door, asked: str, undoes: Batch | None = None) -> Batch:
    return Batch.objects.create(
        key=secrets.token_urlsafe(12),
        user_id=by.id or 0,
        words=list(words),
        asked=asked,
        door=door.value,
        scopes=sorted(by.scopes),
        only_queues=None if by.only_queues is None else sorted(by.only_queues),
        undoes=undoes,
        made_at=clock.now(),
    )


def _leave(batch: Batch, done: int) -> None:
    jobs.leave("desk", JOB, [({"batch": batch.pk}, f"batch:{batch.pk}:{done}")], now=clock.now())


# --- doing it ---------------------------------------------------------------------------------------------------------


def run(batch: int) -> None:
    """Do the next step of a batch in the worker, and leave the step after it: each is a transaction of its own."""
    if step(batch):
        done = BatchItem.objects.filter(batch=batch).exclude(state="waiting").count()
        _leave(Batch.objects.get(pk=batch), done)


def step(number: int) -> bool:
    """Do an act on the next tickets of a batch: what is done and what is written of it stay both, or neither.

    :return: whether more are left.
    """
    with writing():
        batch = Batch.objects.select_for_update(of=("self",)).select_related("undoes").get(pk=number)
        # In the order of their numbers: writers who lock several never wait for each other in a ring.
        items = list(batch.items.filter(state="waiting").order_by("number")[:STEP])
        by = _actor(batch) if items else None
        for item in items:
            _settle(batch, item, by)
        names = ("state", "before", "after", "entry", "code", "field", "facts")
        BatchItem.objects.bulk_update(items, names)
        is_left = batch.items.filter(state="waiting").exists()
        if not is_left and batch.done_at is None:
            Batch.objects.filter(pk=number).update(done_at=clock.now())
    return is_left


def _actor(batch: Batch) -> Actor | None:
    """Say who acts: the account as it is now, with no more than the token that asked."""
    found = accounts.actor_by_id(batch.user_id)
    if found is None:
        return None
    queues = None if batch.only_queues is None else frozenset(batch.only_queues)
    return replace(found, scopes=frozenset(batch.scopes), only_queues=queues)


def _settle(batch: Batch, item: BatchItem, by: Actor | None) -> None:
    """Do a batch's act on one ticket, and write down what became of it."""
    if by is None:
        outcome = Outcome(item.number, "refused", refusal=Forbidden("not_permitted"))
    else:
        door = Door(batch.door)
        with together.as_batch(batch.key):
            if batch.undoes is not None:
                outcome = batch_doing.undone(item.number, item.before, item.seen, by=by, door=door)
            else:
                outcome = batch_doing.done(
                    batch.words, item.number, by=by, door=door, now=batch.made_at, seen=item.seen
                )
    item.state, item.entry = outcome.state, outcome.entry
    if outcome.state == "done":
        item.before, item.after = outcome.version.split(" ")
    if (why := outcome.refusal) is not None:
        item.code, item.field, item.facts = batch_keeping.kept(why)
