"""What a shift works with, as far as a reader may know of it: questions, what is pinned, takeovers, notes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Value

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.permits import Actor
from nocturne.store import lists, reach
from nocturne.store.models import Entry, Group, HandoverPin, Question, Ticket
from nocturne.store.readings import Reading, fixed


def on_readable_entries(actor: Actor, ticket: str = "ticket_id", entry: str = "entry__") -> Q:
    """Say which rows hang on an entry that an actor may read.

    :param ticket, entry: where the row says its ticket's number, and leads to its entry.
    """
    mine = permits.held(actor)
    known = current().class_words.keys()
    if mine.is_simple:
        return Q(**{f"{entry}shown_class__in": sorted(mine.sees & known)})
    conditions = []
    for number in sorted(permits.classes_somewhere(actor) & known):
        here = Q(**{f"{entry}shown_class": number})
        allowed = reach.visible(actor, number)
        if allowed is not None:
            here &= Q(Exists(Ticket.objects.filter(allowed, pk=OuterRef(ticket))))
        conditions.append(here)
    return reduce(or_, conditions, reach.NOTHING)


def asked_of(actor: Actor) -> Q:
    """Say which questions are for somebody: by their name, or by a group of theirs."""
    if actor.kind != "account" or actor.id is None:
        return reach.NOTHING
    groups = Group.objects.filter(name__in=sorted(actor.groups)).values("pk")
    return Q(user_id=actor.id) | Q(group_id__in=groups)


def asks_of(account: int) -> QuerySet[Question]:
    """Give the open questions for an account by their name or by a group of theirs, readable or not: for finding out
    cheaply that there is none, and for nothing else."""
    groups = Group.objects.filter(members=account).values("pk")
    return Question.objects.filter(Q(user_id=account) | Q(group_id__in=groups), state="open")


def open_questions(actor: Actor) -> QuerySet[Question]:
    """Give the open questions that somebody may read, the oldest first."""
    return Question.objects.filter(on_readable_entries(actor), state="open").order_by("at", "pk")


def count_asked(actor: Actor) -> int:
    """Count the questions that wait for somebody's answer, up to one more than the rail shows."""
    return len(fixed(("asked", actor), lambda: _asked(actor)))


def _asked(actor: Actor) -> QuerySet[Any, Any]:
    """Describe them from the questions on: joined to the entries, SQLite walks all of those, as it takes a table that
    it has not seen anything in yet for a large one."""
    readable = Entry.objects.filter(on_readable_entries(actor, entry=""), pk=OuterRef("entry_id"))
    open_ones = Question.objects.filter(asked_of(actor), Exists(readable), state="open")
    described: QuerySet[Any, Any] = open_ones.values("pk")
    return described[: lists.CAP + 1]


QUESTION = (
    "pk", "key", "ticket_id", "entry_id", "at", "author_id", "author", "asked", "user_id", "group_id", "state",
    "ended_at", "entry__address", "entry__shown_class", "entry__words__text",
)  # fmt: skip
PIN = ("ticket_id", "author", "at", "entry__address", "entry__words__text")


def pins(actor: Actor) -> QuerySet[HandoverPin]:
    """Give what is pinned for the handover, as far as somebody may read it, the newest first."""
    found = HandoverPin.objects.filter(on_readable_entries(actor), ticket__merged_into=None)
    return found.order_by("-at", "-pk")


def on_chart(numbers: Sequence[int], actor: Actor) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Read the open questions on some tickets, the oldest first, and what is pinned of them, in one query."""
    kept, key = current().resolved, ("on a chart", actor)
    reading = kept.get(key)
    if reading is None:
        reading = kept[key] = Reading(lambda listed: _on_chart(listed, actor))
    found = reading.rows(list(numbers))
    found.sort(key=lambda row: (row["at"], row["key"]))
    return [row for row in found if not row["is_pin"]], [row for row in found if row["is_pin"]]


def _on_chart(listed: list[int], actor: Actor) -> QuerySet[Any, Any]:
    nobody = Value(0, output_field=BigIntegerField())
    asks = open_questions(actor).filter(ticket_id__in=listed).order_by().annotate(is_pin=Value(0))
    of_pin = {
        "is_pin": Value(1),
        "key": Value(""),
        "asked": Value(""),
        "author_id": nobody,
        "user_id": nobody,
    }
    of_pin |= {"group_id": nobody}
    pinned = pins(actor).filter(ticket_id__in=listed).order_by().annotate(**of_pin)
    names = ("is_pin", "key", "ticket_id", "at", "author_id", "author", "asked", "user_id", "group_id",
             "entry__address", "entry__words__text")  # fmt: skip
    both: QuerySet[Any, Any] = asks.values(*names).union(pinned.values(*names), all=True)
    return both


def subjects(numbers: Sequence[int], actor: Actor) -> dict[int, str]:
    """Read what some tickets are about, as far as somebody may read that."""
    if not numbers:
        return {}
    rows = list(Ticket.objects.filter(pk__in=set(numbers)).values("subject", *reach.PLACE))
    asked = current().class_of("subject")
    return {
        row["number"]: row["subject"]
        for row, place in zip(rows, reach.places(rows, actor), strict=True)
        if asked in permits.classes(actor, place)
    }


__all__ = [
    "PIN",
    "QUESTION",
    "asked_of",
    "count_asked",
    "on_readable_entries",
    "open_questions",
    "pins",
    "subjects",
]
