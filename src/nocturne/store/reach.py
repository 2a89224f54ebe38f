"""Which tickets somebody may know of, and which of their data, in SQL: the twin of `nocturne.core.permits`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import F, Q, Value
from django.db.models.lookups import In

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.configuration.clearances import ANYBODY
from nocturne.core.configuration.grants import Grant
from nocturne.core.permits import Actor

NOTHING = Q(pk__in=())
"""Not an empty Q: that one vanishes where it is joined to others."""


def visible(actor: Actor, data_class: int | None = None, *, aside: bool = False) -> Q | None:
    """Say which tickets an actor may know of, or on which they may read a class of data; None for all of them.

    :param aside: whether the queues are only to be looked at, not searched by: where a narrower index is there.
    """
    mine = permits.held(actor)
    if mine.is_simple:
        seen = bool(mine.sees) if data_class is None else data_class in mine.sees
        return None if seen else NOTHING
    grants = [
        grant for grant in mine.grants if (grant.sees if data_class is None else data_class in grant.sees)
    ]
    if any(grant.is_everywhere and grant.party in ("", ANYBODY) for grant in grants):
        condition: Q | None = None
    else:
        condition = reduce(or_, _reached(grants, actor, aside)) if grants else NOTHING
    return _narrowed(condition, actor, aside)


WIDE = 20_000
"""Tickets in the queues of a reader from which on their questions are not begun by going through those."""
KEPT_FOR = 600.0
"""Seconds for which is remembered how full queues are."""


def is_wide(actor: Actor) -> bool:
    """Tell whether somebody's queues are so full that any other index narrows a question better than they do."""
    from nocturne.store.models import Ticket

    if permits.held(actor).is_simple or actor.only_ticket is not None:
        return False
    queues: set[int] = set()
    for grant in permits.held(actor).grants:
        if grant.sees and grant.party in ("", ANYBODY):
            if grant.queues is None:
                return True
            queues |= grant.queues - grant.without
    if actor.only_queues is not None:
        queues &= actor.only_queues
    remembered, key = current().resolved, ("wide", tuple(sorted(queues)))
    known: tuple[float, bool] | None = remembered.get(key)
    if known is None or time.monotonic() - known[0] > KEPT_FOR:
        rows = Ticket.objects.filter(queue_id__in=sorted(queues)).order_by().values("pk")
        known = remembered[key] = (time.monotonic(), rows[: WIDE + 1].count() > WIDE)
    return known[1]


def holding(actor: Actor, right: str) -> Q | None:
    """Say on which tickets an actor holds a right that is not about writing; None for all they may know of.

    The SQL twin of `permits.may(actor, right, header)`.
    """
    mine = permits.held(actor)
    if mine.is_simple:
        return None if right in mine.rights_somewhere else NOTHING
    grants = [grant for grant in mine.grants if right in grant.rights]
    if any(grant.is_everywhere and grant.party in ("", ANYBODY) for grant in grants):
        condition: Q | None = None
    else:
        condition = reduce(or_, _reached(grants, actor, aside=False)) if grants else NOTHING
    return _narrowed(condition, actor, aside=False)


def _narrowed(condition: Q | None, actor: Actor, aside: bool) -> Q | None:
    """Keep a condition to the queues, or the one ticket, that somebody's token or link is for."""
    if actor.only_queues is not None:
        narrowed = in_queues(sorted(actor.only_queues), aside=aside)
        condition = narrowed if condition is None else narrowed & condition
    if actor.only_ticket is not None:
        narrowed = Q(pk=actor.only_ticket)
        condition = narrowed if condition is None else narrowed & condition
    return condition


def _reached(grants: Sequence[Grant], actor: Actor, aside: bool) -> Iterator[Q]:
    """Say which tickets grants reach: one condition for all that name queues and nothing else, one for each other."""
    queues: set[int] = set()
    for grant in grants:
        plain = grant.queues is not None and all(
            each is None for each in (grant.networks, grant.types, grant.states)
        )
        if plain and grant.party in ("", ANYBODY):
            queues |= (grant.queues or permits.NONE) - grant.without
        else:
            yield reached(grant, actor)
    if queues:
        yield in_queues(sorted(queues), aside=aside)
    yield NOTHING


def in_queues(numbers: Sequence[int], *, aside: bool) -> Q:
    """Say that a ticket is in one of some queues; said as a sum, SQLite chooses no index by it.

    PostgreSQL knows how full queues are, and would know nothing of a sum.
    """
    if not numbers:
        return NOTHING
    aside = aside and connection.vendor == "sqlite"
    return Q(In(F("queue_id") + Value(0), numbers)) if aside else Q(queue_id__in=numbers)


def whole_queues(actor: Actor, data_class: int) -> list[int] | None:
    """List the queues in which an actor may read a class of data, where these are whole queues and nothing else."""
    grants = [grant for grant in permits.held(actor).grants if data_class in grant.sees]
    found: set[int] = set()
    for grant in grants:
        limits = (grant.networks, grant.types, grant.states)
        if (
            grant.queues is None
            or grant.party not in ("", ANYBODY)
            or any(each is not None for each in limits)
        ):
            return None
        found |= grant.queues - grant.without
    if actor.only_ticket is not None:
        return None
    return sorted(found if actor.only_queues is None else found & actor.only_queues)


def reached(grant: Grant, actor: Actor) -> Q:
    """Say which tickets one grant reaches for an actor."""
    condition = Q()
    if grant.queues is not None:
        condition &= Q(queue_id__in=sorted(grant.queues - grant.without))
    elif grant.without:
        condition &= ~Q(queue_id__in=sorted(grant.without))
    if grant.networks is not None:
        condition &= Q(network_id__in=sorted(grant.networks))
    if grant.types is not None:
        condition &= Q(type__in=sorted(grant.types))
    if grant.states is not None:
        condition &= Q(state__in=sorted(grant.states)) | Q(meaning__in=sorted(grant.states))
    if grant.party and grant.party != ANYBODY:
        condition &= _party(grant.party, actor)
    return condition


def _party(party: str, actor: Actor) -> Q:
    from nocturne.store.models import Party, TicketMachine

    if party == "reporter":
        return Q(reporter_id=actor.contact)
    if party == "owner":
        return Q(owner_id=actor.id)
    if party == "representative":
        mine = actor.speaks_for
        condition = Q(network_id__in=sorted(mine.networks)) | Q(site_id__in=sorted(mine.sites))
        if mine.machines:
            theirs = TicketMachine.objects.filter(machine_id__in=sorted(mine.machines))
            condition |= Q(pk__in=theirs.values("ticket_id"))
        return condition
    return Q(pk__in=Party.objects.filter(key__in=_keys(party, actor)).values("ticket_id"))


def _keys(party: str, actor: Actor) -> list[str]:
    """Spell an actor as the parties of a ticket spell them."""
    keys = [f"{party}:account:{actor.id}"] if actor.kind == "account" else []
    return keys + ([f"{party}:contact:{actor.contact}"] if actor.contact is not None else [])


def places(rows: Iterable[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    """Spell rows of tickets as the permits ask of a ticket, with the parts that this actor has in each.

    :param rows: with the columns of :data:`PLACE`.
    """
    found = [place(row) for row in rows]
    if found and not permits.held(actor).is_simple:
        by_number = {each["number"]: each for each in found}
        for number, parts in parts_of(actor, list(by_number)).items():
            by_number[number].update(parts)
    return found


def place(row: Mapping[str, Any]) -> dict[str, Any]:
    """Spell a row with the columns of :data:`PLACE` as the permits ask of a ticket."""
    return {name.removesuffix("_id"): row[name] for name in PLACE}


PLACE = (
    "number", "queue_id", "network_id", "site_id", "type", "state", "meaning", "reporter_id", "owner_id",
)  # fmt: skip
"""The columns of a ticket that decide who reaches it."""


def parts_of(actor: Actor, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Find which parts an actor has in tickets that do not stand in the tickets' own rows."""
    from nocturne.store.models import Party, TicketMachine

    found: dict[int, dict[str, Any]] = {}
    parties = permits.held(actor).parties
    keys = [key for party in ("watcher", "expert") if party in parties for key in _keys(party, actor)]
    if keys:
        rows = Party.objects.filter(ticket_id__in=numbers, key__in=keys).values_list("ticket_id", "key")
        for number, key in rows:
            found.setdefault(number, {}).setdefault("parts", set()).add(key.partition(":")[0])
    if "representative" in parties and actor.speaks_for.machines:
        theirs = TicketMachine.objects.filter(
            ticket_id__in=numbers, machine_id__in=sorted(actor.speaks_for.machines)
        )
        for number, machine in theirs.values_list("ticket_id", "machine_id"):
            found.setdefault(number, {}).setdefault("machines", set()).add(machine)
    return found


@dataclass(frozen=True, slots=True)
class Parts:
    """Who has which part in some tickets, and which machines they name: read once, for all who are asked about."""

    parties: Mapping[int, frozenset[str]]
    machines: Mapping[int, frozenset[int]]

    @classmethod
    def read(cls, numbers: Iterable[int]) -> Parts:
        """Read them for some tickets."""
        from nocturne.store.models import Party, TicketMachine

        asked = sorted(numbers)
        parties: dict[int, set[str]] = {}
        for number, key in Party.objects.filter(ticket_id__in=asked).values_list("ticket_id", "key"):
            parties.setdefault(number, set()).add(key)
        machines: dict[int, set[int]] = {}
        named = TicketMachine.objects.filter(ticket_id__in=asked).values_list("ticket_id", "machine_id")
        for number, machine in named:
            machines.setdefault(number, set()).add(machine)
        return cls(
            {number: frozenset(keys) for number, keys in parties.items()},
            {number: frozenset(rows) for number, rows in machines.items()},
        )

    def of(self, actor: Actor, number: int) -> dict[str, Any]:
        """Spell an actor's parts in a ticket as the permits ask for them: the twin of :func:`parts_of`."""
        keys = self.parties.get(number, frozenset())
        parts = {party for party in ("watcher", "expert") if not keys.isdisjoint(_keys(party, actor))}
        return {"parts": parts, "machines": self.machines.get(number, frozenset())}
