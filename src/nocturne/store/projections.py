"""What is derived from the books so that it can be asked quickly, and can be made from them anew at any time.

Each is brought up to date by `nocturne.store.append` in the transaction of its cause. `nocturne reindex` makes it anew,
some tickets at a time, and `nocturne refold` proves that it is what the books say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

STEP = 500
"""Tickets that are made anew in one transaction."""


@dataclass(frozen=True, slots=True)
class Projection:
    """One thing that is derived.

    :param rebuild: makes the rows of some tickets anew, inside the running transaction.
    :param differing: names those of some tickets whose rows are not what their entries say.
    """

    name: str
    rebuild: Callable[[Sequence[int]], None]
    differing: Callable[[Sequence[int]], list[int]]


_KNOWN: dict[str, Projection] = {}


def register(projection: Projection) -> Projection:
    """Make a projection known by its name; the module that keeps it calls this when it is read in."""
    _KNOWN[projection.name] = projection
    return projection


def known() -> Mapping[str, Projection]:
    """Give every projection by its name."""
    return dict(_KNOWN)


def rebuild(projection: Projection, *, after: int = 0) -> Iterator[int]:
    """Make a projection of all tickets anew, a step per transaction; gives the last number of each step.

    :param after: go on behind this ticket.
    """
    from nocturne.store.db import writing
    from nocturne.store.models import Ticket

    while True:
        tickets = Ticket.objects.filter(pk__gt=after).order_by("pk")
        numbers = list(tickets.values_list("pk", flat=True)[:STEP])
        if not numbers:
            return
        with writing():
            projection.rebuild(numbers)
        after = numbers[-1]
        yield after
