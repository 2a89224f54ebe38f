"""What has happened so far in somebody's sight, as a word that tells nothing else: boards know their age by it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from nocturne.core import opaque, permits
from nocturne.core.configuration import current
from nocturne.core.entry import DataClass
from nocturne.core.permits import Actor
from nocturne.desk import versions
from nocturne.store import reach
from nocturne.store.models import Entry, Ticket
from nocturne.store.readings import STANDS_FOR, Reading, fixed


def of(actor: Actor) -> str:
    """Give the mark of somebody's board as it is now."""
    mine = permits.held(actor)
    if mine.is_simple:
        seen = sorted(mine.sees & current().class_words.keys())
        newest = _NEWEST.rows(seen) if seen else []
        return sealed(actor, newest[0]["pk"] if newest else 0)
    return sealed(actor, _last_in_queues(actor) if actor.is_staff else _last_of_own(actor))


_NEWEST = Reading(
    lambda classes: Entry.objects.filter(shown_class__in=classes).order_by("-pk").values("pk")[:1]
)


def sealed(actor: Actor, last: int) -> str:
    """Seal a mark.

    :param last: the newest entry that counts for this reader; for somebody outside, the last time (milliseconds) at
        which anything happened on the tickets they know of.
    """
    mine = permits.held(actor)
    who = versions.reader(mine.sees) if mine.is_simple else f"{actor.kind} {actor.id}"
    return opaque.seal(versions.key("board"), who, 0, last)


def _last_in_queues(actor: Actor) -> int:
    """Find the newest entry that somebody of the staff may read who may not read all. The journal is read backwards
    until there is one; what this process has found before need not be read again."""
    kept = current().resolved
    since: int = kept.get(("last", actor), 0)
    newest = fixed(("last", actor), lambda: _entries_of(actor), since)
    last = newest[0]["pk"] if newest else since
    kept["last", actor] = last
    return last


def _entries_of(actor: Actor) -> QuerySet[Entry, Any]:
    """Describe the newest entry of those that an actor may read, since one."""
    condition = Q()
    for number in sorted(permits.classes_somewhere(actor) & current().class_words.keys()):
        allowed = reach.visible(actor, number)
        here = Q(shown_class=number)
        if allowed is not None:
            here &= Q(Exists(Ticket.objects.filter(allowed, pk=OuterRef("ticket_id"))))
        condition |= here
    return Entry.objects.filter(condition, pk__gt=STANDS_FOR).order_by("-pk").values("pk")[:1]


def _last_of_own(actor: Actor) -> int:
    """Find when something last happened that somebody outside may read, on the few tickets on which they read what
    customers do. Where they are shown less, as guests can be, what customers hear of moves no mark of theirs."""
    told = reach.visible(actor, int(DataClass.CUSTOMER))
    tickets = Ticket.objects.all() if told is None else Ticket.objects.filter(told)
    last = tickets.aggregate(last=Max("touched_customer_at"))["last"]
    return int(last.timestamp() * 1000) if last else 0
