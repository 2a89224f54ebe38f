"""Makes the index of the past after an upgrade, the newest tickets first: some at a time, while everybody works.

How far it has come is written with each step: whoever goes on after a stop goes on from there. While a ticket is
not in it yet, writes to it leave it alone: it is made from all of its entries when its turn comes. Whoever writes has
locked the ticket before they ask whether it is in, and each step locks its tickets, so that none is forgotten between.
"""

from __future__ import annotations

from collections.abc import Callable

from nocturne.store import pasts
from nocturne.store.db import is_sqlite, writing
from nocturne.store.models import PastState, Ticket

STEP = 200
"""Tickets that the worker takes in one transaction: other writers wait no longer than that."""
AT_ONCE = 2_000
"""Tickets in one transaction where nobody else works."""


def step(size: int = STEP) -> int:
    """Put the next tickets into the index; gives how many they were, nought when all are."""
    with writing():
        states, tickets = PastState.objects.filter(pk=1), Ticket.objects.all()
        if not is_sqlite():
            states, tickets = states.select_for_update(), tickets.select_for_update(no_key=True)
        below = states.values_list("below", flat=True).first() or 0
        if below <= 0:
            return 0
        numbers = list(tickets.filter(pk__lt=below).order_by("-pk").values_list("pk", flat=True)[:size])
        pasts.rebuild(numbers)
        PastState.objects.filter(pk=1).update(below=numbers[-1] if len(numbers) == size else 0)
        return len(numbers)


def run(*, size: int = AT_ONCE, told: Callable[[int], None] | None = None) -> int:
    """Make the rest of it at once; gives how many tickets that were.

    :param told: is told after each step how many tickets have been put into it.
    """
    tickets = 0
    while done := step(size):
        tickets += done
        if told is not None:
            told(tickets)
    return tickets
