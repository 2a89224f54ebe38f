"""Makes the index anew, the newest tickets first: some at a time, so that the house goes on working meanwhile.

How far it has come is written with each step, so that whoever goes on after a stop goes on from there. While a ticket
is not in the index yet, writes to it leave the index alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, Max
from django.utils import timezone

from nocturne.core.tokens import EDITION
from nocturne.store.db import is_sqlite, writing
from nocturne.store.fulltext import taken
from nocturne.store.fulltext.engine import engine
from nocturne.store.fulltext.state import State, classes_now, state
from nocturne.store.fulltext.writing import FILES, leave, made_anew
from nocturne.store.models import Attachment, TextIndex, Ticket
from nocturne.store.projections import Projection, register

STEP = 200
"""Tickets that the worker takes in one transaction: other writers wait no longer than that."""
AT_ONCE = 2_000
"""Tickets in one transaction where nobody else works."""


PAGES = 500
"""Pages of the index that are written together in one step."""


@dataclass(frozen=True, slots=True)
class Built:
    """How an index was made: tickets, seconds, bytes."""

    tickets: int
    seconds: float
    size: int


def is_due() -> bool:
    """Tell whether the index is to be made, or made further."""
    found = state()
    return not found.is_whole or _is_of_another_time(found)


def _is_of_another_time(found: State) -> bool:
    """Tell whether the index was made by other rules than those of now; one that has never been begun does not know by
    which, and would not notice that a column's class is another one."""
    return found.edition != EDITION or not found.classes or bool(found.moved())


def begin() -> None:
    """Empty the index: from here on it is made anew. It waits for whoever writes, and they for it, which is short.

    Whoever opens a ticket meanwhile would have put it into an index that is emptied, or by its former rules.
    """
    with writing():
        if not is_sqlite():
            with connection.cursor() as cursor:
                cursor.execute(f'LOCK TABLE "{Ticket._meta.db_table}" IN SHARE MODE')
        _one_at_a_time()
        newest = Ticket.objects.aggregate(found=Max("number"))["found"] or 0
        engine().clear()
        TextIndex.objects.update_or_create(
            id=1,
            defaults={
                "edition": EDITION,
                "below": newest + 1 if newest else 0,
                "classes": classes_now(),
                "began_at": timezone.now(),
                "untidy_at": None,
                "ended_at": None if newest else timezone.now(),
                "tickets": 0,
            },
        )


def step(size: int = STEP) -> int:
    """Put the next tickets into the index; gives how many they were, nought when all are."""
    found = state()
    if _is_of_another_time(found):
        begin()
    with writing():
        _one_at_a_time()
        known = state()
        if known.is_whole:
            return 0
        tickets = Ticket.objects.filter(pk__lt=known.below).order_by("-pk")
        if not is_sqlite():
            tickets = tickets.select_for_update(no_key=True)
        numbers = list(tickets.values_list("pk", flat=True)[:size])
        now = timezone.now()
        engine().fill_empty(taken.whole(numbers, known, now=now))
        _leave_files(numbers, now)
        below = numbers[-1] if len(numbers) == size else 0
        TextIndex.objects.filter(pk=1).update(
            below=below, tickets=F("tickets") + len(numbers), ended_at=None if below else now
        )
        return len(numbers)


def _one_at_a_time() -> None:
    """Wait for whoever else makes the index just now: two would each write down how far they have come themselves."""
    if not is_sqlite():
        TextIndex.objects.select_for_update().filter(pk=1).first()


def _leave_files(numbers: list[int], now: datetime) -> None:
    """Leave it to the worker to read the files that have not been read yet."""
    files = Attachment.objects.filter(ticket_id__in=numbers, redacted=False, purpose=taken.SENT, said=None)
    leave(FILES, sorted(set(files.values_list("entry_id", flat=True))), run_at=now, now=now)


def tidy(begin: bool, pages: int = PAGES) -> bool:
    """Write the index together a step further, so that what was taken away lies nowhere in it any more.

    On PostgreSQL this must not run in a transaction, and one step is all.

    :param begin: whether this is the first step since something was taken away.
    :return: whether there is more to do.
    """
    untidy_at = TextIndex.objects.values_list("untidy_at", flat=True).get(pk=1)
    if is_sqlite():
        with writing():
            more: bool = engine().write_on(pages, begin=begin)
    else:
        engine().write_together()
        more = False
    if not more:
        TextIndex.objects.filter(pk=1, untidy_at=untidy_at).update(untidy_at=None)
    return more


def run(*, anew: bool = True, size: int = AT_ONCE, told: Callable[[int], None] | None = None) -> Built:
    """Make the index, from the beginning or from where it was left.

    :param told: is told after each step how many tickets have been put into it.
    """
    began = time.monotonic()
    if anew:
        begin()
    tickets = 0
    while done := step(size):
        tickets += done
        if told is not None:
            told(tickets)
    if is_sqlite():
        with writing():
            engine().write_together()
    else:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE fulltext")
    return Built(tickets, time.monotonic() - began, engine().size())


def differing(numbers: Sequence[int]) -> list[int]:
    """Name those of some tickets whose tokens are not what the books say."""
    known = state()
    wanted = taken.whole([each for each in numbers if each >= known.below], known, now=timezone.now())
    return [number for number, tokens in wanted.items() if engine().known(number) != tokens]


PROJECTION = register(Projection("words", made_anew, differing))
