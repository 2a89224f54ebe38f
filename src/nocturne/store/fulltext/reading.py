"""Reads what is said on tickets, as far as a reader may: to be sure of a phrase, and to show where words were found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Length, Substr

from nocturne.core import permits, tokens
from nocturne.core.configuration import current
from nocturne.core.configuration.grants import Numbers
from nocturne.core.entry import DataClass, Kind
from nocturne.core.permits import Actor
from nocturne.core.query.tree import And, Not, Or, Probe, Tree
from nocturne.store import reach
from nocturne.store.families import family_of
from nocturne.store.fulltext import asking, taken
from nocturne.store.models import Attachment, Entry, Ticket

LONGEST_HOLD = timedelta(minutes=5)
"""No reply can be taken back longer: only of younger ones it is asked how long."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words on a ticket: those of a column, of an entry, or of a file on one."""

    column: str
    text: str
    entry: str = ""
    at: datetime | None = None
    ticket: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of what is said is read, so that what one person writes at length is not a burden to all others.

    :param longest: letters of a text that are read; its end is left out.
    :param most: texts of entries, and as many of files, the newest first.
    :param beyond: letters above which a text is read at all.
    """

    longest: int
    most: int
    beyond: int = 0


def pieces(
    numbers: Sequence[int], actor: Actor, *, now: datetime, part: Part | None = None
) -> dict[int, list[Piece]]:
    """Read what is said on some tickets, as far as this reader may read it: the header first, then the newest.

    Who reads everything alike reads with a ticket what was said on those that were merged into it.

    :param part: how much of it; all where it does not say.
    """
    family = {number: [number] for number in numbers}
    if permits.held(actor).is_simple:
        merged = Ticket.objects.filter(merged_into_id__in=list(numbers)).values_list(
            "merged_into_id", flat=True
        )
        family |= {number: family_of(number) for number in set(merged)}
    everybody = sorted({each for members in family.values() for each in members})
    seen = _seen(everybody, actor)
    own = _headers(everybody, seen)
    for number, piece in _entries(everybody, seen, part, now=now):
        own[number].append(piece)
    return {
        number: [piece for each in members for piece in own.get(each, ())]
        for number, members in family.items()
    }


def _seen(numbers: Sequence[int], actor: Actor) -> dict[int, Numbers]:
    mine = permits.held(actor)
    if mine.is_simple:
        return dict.fromkeys(numbers, mine.sees)
    rows = list(Ticket.objects.filter(pk__in=numbers).values(*reach.PLACE))
    return {place["number"]: permits.classes(actor, place) for place in reach.places(rows, actor)}


def _headers(numbers: Sequence[int], seen: Mapping[int, Numbers]) -> dict[int, list[Piece]]:
    class_of = current().class_of
    found: dict[int, list[Piece]] = {}
    sets = taken.elements_of_many(numbers)
    for row in taken.rows(numbers):
        number = row["pk"]
        texts = [
            *taken.header_texts(row).items(),
            *taken.named(row),
            *taken.element_texts(sets.get(number, {})),
        ]
        found[number] = [
            Piece(column, text, ticket=number)
            for column, text in texts
            if class_of(column) in seen.get(number, ())
        ]
    return found


def _entries(
    numbers: Sequence[int], seen: Mapping[int, Numbers], part: Part | None, *, now: datetime
) -> Iterator[tuple[int, Piece]]:
    scope = Entry.objects.filter(_readable(numbers, seen), words__text__isnull=False).order_by("-pk")
    columns = ("ticket_id", "shown_class", "address", "at", "kind", "recorded_at", "pk")
    young = now - LONGEST_HOLD
    for *row, text in _read(scope, "words__text", columns, part):
        number, data_class, address, at, kind, recorded_at, key = row
        classes = seen.get(number, frozenset())
        if kind == Kind.REPLY.value and recorded_at > young and data_class < DataClass.STAFF:
            facts = Entry.objects.values_list("facts", flat=True).get(pk=key)
            data_class = taken.said_class(kind, data_class, facts, recorded_at, now)
        if data_class in classes:
            yield number, Piece("text", text, address, at, number)
    files = Attachment.objects.filter(_readable(numbers, seen, "entry__"), redacted=False, purpose=taken.SENT)
    of_files = ("ticket_id", "entry__shown_class", "entry__address", "entry__at", "name", "entry__kind",
                "entry__recorded_at", "entry__facts")  # fmt: skip
    for *row, text in _read(files.order_by("-pk"), "said__text", of_files, part):
        number, data_class, address, at, name, kind, recorded_at, facts = row
        data_class = taken.said_class(kind, data_class, facts, recorded_at, now)
        if data_class in seen.get(number, ()):
            yield number, Piece("file", name, address, at, number)
            yield number, Piece("file", text or "", address, at, number)


def _readable(numbers: Sequence[int], seen: Mapping[int, Numbers], entry: str = "") -> Q:
    """Say which entries of some tickets may be read: hidden ones take no place among those that are."""
    alike: dict[Numbers, list[int]] = {}
    for number in numbers:
        alike.setdefault(seen.get(number, frozenset()), []).append(number)
    found = (
        Q(ticket_id__in=there, **{f"{entry}shown_class__in": sorted(classes)})
        for classes, there in alike.items()
    )
    return reduce(or_, found, reach.NOTHING)


def _read(scope: QuerySet[Any], text: str, columns: Sequence[str], part: Part | None) -> Iterable[Any]:
    """Read columns of rows and, behind them, their text: what of it is not wanted does not leave the database."""
    if part is None:
        return scope.values_list(*columns, text)
    if part.beyond:
        scope = scope.annotate(letters=Length(text)).filter(letters__gt=part.beyond)
    return scope.values_list(*columns, Substr(text, 1, part.longest))[: part.most]


def holding(numbers: Sequence[int], trees: Iterable[Tree], actor: Actor, *, now: datetime) -> set[int]:
    """Keep those of some tickets on which all of some questions about words hold, by reading them.

    Most phrases stand in an entry, so entries are looked through first, as quickly as can be; what is not said there
    is read wholly.
    """
    asked = list(trees)
    found: set[int] = set()
    if not any(_turns_round(tree) for tree in asked):
        seen = _seen(numbers, actor)
        found = {
            number
            for number, said in _quickly(numbers, seen, now=now).items()
            if all(_holds(tree, said) for tree in asked)
        }
    left = [number for number in numbers if number not in found]
    if left:
        found |= {
            number
            for number, said in pieces(left, actor, now=now).items()
            if all(_holds(tree, said) for tree in asked)
        }
    return found


def _turns_round(tree: Tree) -> bool:
    match tree:
        case And(parts) | Or(parts):
            return any(_turns_round(part) for part in parts)
        case Not():
            return True
    return False


_QUICK = """
SELECT e.ticket_id, e.shown_class, t.text FROM entry e JOIN entry_text t ON t.entry_id = e.id
WHERE e.ticket_id IN ({}) AND t.text IS NOT NULL AND (e.kind <> 'reply' OR e.recorded_at < %s)"""


def _quickly(numbers: Sequence[int], seen: Mapping[int, Numbers], *, now: datetime) -> dict[int, list[Piece]]:
    """Read what the entries of some tickets say, but for replies that might still be taken back."""
    found: dict[int, list[Piece]] = {number: [] for number in numbers}
    if not numbers:
        return found
    marks = ", ".join(["%s"] * len(numbers))
    young = connection.ops.adapt_datetimefield_value(now - LONGEST_HOLD)
    with connection.cursor() as cursor:
        cursor.execute(_QUICK.format(marks), [*numbers, young])
        for number, data_class, text in cursor.fetchall():
            if data_class in seen.get(number, ()):
                found[number].append(Piece("text", text, ticket=number))
    return found


def _holds(tree: Tree, said: Sequence[Piece]) -> bool:
    match tree:
        case And(parts):
            return all(_holds(part, said) for part in parts)
        case Or(parts):
            return any(_holds(part, said) for part in parts)
        case Not(part):
            return not _holds(part, said)
        case Probe(column):
            texts = [each.text for each in said if column == "text" or each.column == column]
            return tokens.matches(texts, asking.needles(tree))
    raise TypeError("not a question about words")
