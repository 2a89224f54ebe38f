"""Which tokens a ticket has: of its row, of the names on it, of its entries and of the files with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from nocturne.core.chart import REDACTED
from nocturne.core.entry import DataClass, Kind
from nocturne.core.fulltext import (
    EVERYWHERE,
    FACETS,
    FILE,
    HEADER,
    MERGED,
    NAMES,
    SUBJECT,
    TEXT,
    facets,
    said,
)
from nocturne.store.families import family_of
from nocturne.store.fulltext.state import COLUMNS, State
from nocturne.store.headers import elements_of
from nocturne.store.models import (
    Affected,
    Attachment,
    Entry,
    FieldValue,
    Party,
    Ticket,
    TicketMachine,
)
from nocturne.store.readings import Reading

WORDS = COLUMNS[1 : COLUMNS.index("network")]
"""Columns of the header, beside the subject, whose words are found."""
_PLAIN = ("type", "meaning", "priority", "severity", "state")
ATTRIBUTES = {name: name if name in _PLAIN else f"{name}_id" for name in FACETS}
ROWS = ("network", "site", "circuit", "vendor", "reporter")
_NAMES = {
    **{name: (f"{name}__name",) for name in ("network", "site", "circuit", "vendor")},
    "reporter": ("reporter__name", "reporter__organisation", "reporter__phone", "reporter__email"),
}
_ROW = (
    "pk", "merged_into_id", "subject", *WORDS, *ATTRIBUTES.values(),
    *(path for each in _NAMES.values() for path in each),
)  # fmt: skip
SENT = "file"
"""The purpose of files whose names and words are found: not of a mail's original, whose words are the entry's."""
_SAID = frozenset({"machine", "party", "affected", "field"})
"""Sets on a chart whose words are found."""


def facet_values(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a ticket's facets are made of, but for its sets.

    :param row: the ticket's row, by the names of the model's attributes.
    """
    return {name: row[attribute] for name, attribute in ATTRIBUTES.items()} | {
        "merged_into": row["merged_into_id"]
    }


def header_texts(row: Mapping[str, Any]) -> dict[str, str]:
    """Give the words that stand in a ticket's own row, by column."""
    return {name: row[name] for name in ("subject", *WORDS) if row[name]}


def header_tokens(texts: Mapping[str, str], known: State) -> set[str]:
    found: set[str] = set()
    for name, text in texts.items():
        if text != REDACTED:
            found |= said(SUBJECT if name == "subject" else HEADER, known.class_of(name), text)
    return found


def named(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give the names of what a ticket's row points to: column and words."""
    return [
        (name, " ".join(str(row[path]) for path in paths))
        for name, paths in _NAMES.items()
        if row[f"{name}_id"] is not None
    ]


_NAMED = Reading(lambda number: Ticket.objects.filter(pk=number).values(*_ROW))


def names_on(number: int) -> list[tuple[str, str]]:
    """Read the names that stand on a ticket: those its row points to, and those in its sets."""
    rows = _NAMED.rows(number)
    return [*named(rows[0]), *element_texts(elements_of(number))] if rows else []


def element_texts(elements: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the words in a ticket's sets: column and words."""
    for name, value in elements.items():
        kind, _, _ = name.partition("/")
        if kind == "affected" and isinstance(value, Mapping):
            yield name, str(value.get("name", ""))
        elif kind in _SAID:
            yield name, " ".join(_leaves(value))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, str) and value != REDACTED:
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def name_tokens(texts: Iterable[tuple[str, str]], known: State) -> set[str]:
    found: set[str] = set()
    for name, text in texts:
        found |= said(NAMES, known.class_of(name), text)
    return found


def element_facets(elements: Iterable[str]) -> tuple[list[int], list[str]]:
    """Give the machines and the parties among a ticket's sets."""
    machines, parties = [], []
    for name in elements:
        kind, _, key = name.partition("/")
        if kind == "machine":
            machines.append(int(key))
        elif kind == "party":
            parties.append(key)
    return machines, parties


def said_class(
    kind: str, data_class: int, facts: Mapping[str, Any], recorded_at: datetime, now: datetime
) -> int:
    """Give whose words an entry's are now: a reply that can still be taken back is not said to anybody outside."""
    hold = facts.get("hold") if kind == Kind.REPLY.value else None
    if hold is not None and recorded_at + timedelta(seconds=hold) > now and data_class < DataClass.STAFF:
        return int(DataClass.STAFF)
    return data_class


def text_tokens(data_class: int, text: str | None, files: Iterable[str] = ()) -> set[str]:
    found = said(TEXT, data_class, text) if text else set()
    for file in filter(None, files):
        found |= said(TEXT, data_class, file) | said(FILE, data_class, file)
    return found


_ENTRIES = ("pk", "ticket_id", "kind", "shown_class", "facts", "recorded_at", "words__text")


def rows(numbers: Sequence[int]) -> Iterable[dict[str, Any]]:
    """Read the rows of some tickets with the names of what they point to."""
    found: Iterable[dict[str, Any]] = Ticket.objects.filter(pk__in=list(numbers)).values(*_ROW)
    return found


def whole(numbers: Sequence[int], known: State, *, now: datetime) -> dict[int, set[str]]:
    """Work out all the tokens of some tickets from what the database holds of them now."""
    by_number = {row["pk"]: row for row in rows(numbers)}
    found: dict[int, set[str]] = {}
    sets = elements_of_many(list(by_number))
    for number, row in by_number.items():
        elements = sets.get(number, {})
        tokens = facets(facet_values(row), *element_facets(elements))
        tokens |= header_tokens(header_texts(row), known)
        tokens |= name_tokens([*named(row), *element_texts(elements)], known)
        found[number] = tokens
    for number, tokens in texts_of(list(by_number), now=now):
        found[number] |= tokens
    merged = Ticket.objects.filter(merged_into_id__in=list(by_number)).values_list(
        "merged_into_id", flat=True
    )
    for number in set(merged):
        for gone in family_of(number)[1:]:
            found[number] |= merged_tokens(gone, known, now=now)
    return found


def elements_of_many(numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Read the sets of many tickets, as far as their words are found."""
    found: dict[int, dict[str, Any]] = {}
    machines = TicketMachine.objects.filter(ticket_id__in=numbers)
    for number, machine, name in machines.values_list("ticket_id", "machine_id", "machine__name"):
        found.setdefault(number, {})[f"machine/{machine}"] = name
    for kind, model in (("party", Party), ("affected", Affected), ("field", FieldValue)):
        rows = model.objects.filter(ticket_id__in=numbers).values_list("ticket_id", "key", "value")
        for number, key, value in rows:
            found.setdefault(number, {})[f"{kind}/{key}"] = value
    return found


def texts_of(numbers: Sequence[int], *, now: datetime) -> Iterator[tuple[int, set[str]]]:
    """Give what the entries of some tickets say, and the files with them, one by one."""
    entries = Entry.objects.filter(ticket_id__in=numbers, words__text__isnull=False)
    for row in entries.values(*_ENTRIES).iterator(chunk_size=2_000):
        data_class = said_class(row["kind"], row["shown_class"], row["facts"], row["recorded_at"], now)
        yield row["ticket_id"], text_tokens(data_class, row["words__text"])
    files = Attachment.objects.filter(ticket_id__in=numbers, redacted=False, purpose=SENT)
    columns = (
        "ticket_id",
        "entry__kind",
        "entry__shown_class",
        "entry__facts",
        "entry__recorded_at",
        "name",
        "said__text",
    )
    for number, kind, data_class, facts, recorded_at, name, text in files.values_list(*columns):
        now_class = said_class(kind, data_class, facts, recorded_at, now)
        yield number, text_tokens(now_class, None, [name, text or ""])


def merged_tokens(gone: int, known: State, *, now: datetime) -> set[str]:
    """Give a merged ticket's words as its survivor is found by them."""
    row = Ticket.objects.values(*_ROW).get(pk=gone)
    tokens = header_tokens(header_texts(row), known)
    tokens |= name_tokens([*named(row), *element_texts(elements_of(gone))], known)
    for _, each in texts_of([gone], now=now):
        tokens |= each
    return {MERGED + each[1:] for each in tokens if each[0] in EVERYWHERE}
