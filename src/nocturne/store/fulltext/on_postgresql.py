"""The index as a table of ready lexemes under a GIN index: a row per ticket, and more where a ticket grows long.

How it is asked stands in `nocturne.store.fulltext.windows`.

A row is written anew when something is added, so a long ticket begins another row, and all of its rows are marked:
words in different rows meet by their tickets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from nocturne.store.fulltext.windows import LONG, WINDOWS, among, begins, condition, spelt, walk

CREATE = (
    """CREATE TABLE IF NOT EXISTS fulltext (
        ticket bigint NOT NULL, part integer NOT NULL, terms tsvector NOT NULL, PRIMARY KEY (ticket, part))""",
    "CREATE INDEX IF NOT EXISTS fulltext_terms ON fulltext USING gin (terms) WITH (fastupdate = off)",
    "CREATE INDEX IF NOT EXISTS fulltext_long ON fulltext (ticket) WHERE part > 0",
    "ALTER TABLE fulltext ALTER COLUMN terms SET STORAGE EXTENDED",
)
PART = 1_500
"""Lexemes after which a ticket begins another row."""


def create() -> None:
    with connection.cursor() as cursor:
        for each in CREATE:
            cursor.execute(each)


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE fulltext")


def _windows(number: int) -> list[str]:
    return [f"{letter}{number >> bits}" for letter, bits in WINDOWS]


def fill(documents: Mapping[int, Iterable[str]]) -> None:
    """Write tickets anew, whatever stands there."""
    rows: list[tuple[int, int, list[str]]] = []
    for number, tokens in documents.items():
        known = sorted(tokens)
        pieces = [known[place : place + PART] for place in range(0, len(known), PART)]
        facets = [each for each in known if each.startswith("~")] if len(pieces) > 1 else []
        for part, piece in enumerate(pieces):
            marks = [*_windows(number), *([LONG] if len(pieces) > 1 else []), *(facets if not part else [])]
            rows.append((number, part, [*piece, *marks]))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM fulltext WHERE ticket = ANY(%s)", [list(documents)])
        cursor.executemany(
            "INSERT INTO fulltext(ticket, part, terms) VALUES (%s, %s, array_to_tsvector(%s::text[]))", rows
        )


def fill_empty(documents: Mapping[int, Iterable[str]]) -> None:
    """Write tickets of which nothing stands there."""
    fill(documents)


def change(number: int, gone: Iterable[str], new: Iterable[str]) -> None:
    """Take tokens away and put others: facets stand in the first row, words in the last or where they stood."""
    taken, given = list(gone), list(new)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT part, length(terms) FROM fulltext WHERE ticket = %s ORDER BY part DESC", [number]
        )
        parts = cursor.fetchall()
        if not parts:
            cursor.execute(
                "INSERT INTO fulltext(ticket, part, terms) VALUES (%s, 0, array_to_tsvector(%s::text[]))",
                [number, [*given, *_windows(number)]],
            )
            return
        last, length = parts[0]
        if last == 0 and length + len(given) <= PART:
            _rewrite(cursor, number, 0, taken, given)
            return
        facets = [each for each in given if each.startswith("~")]
        words = [each for each in given if not each.startswith("~")]
        if taken or facets or last == 0:
            _rewrite(cursor, number, 0, taken, [*facets, LONG])
        for part in range(1, last + 1 if taken else 0):
            _rewrite(cursor, number, part, taken, [])
        if words and last > 0 and length + len(words) <= PART:
            _rewrite(cursor, number, last, [], words)
        elif words:
            cursor.execute(
                "INSERT INTO fulltext(ticket, part, terms) VALUES (%s, %s, array_to_tsvector(%s::text[]))",
                [number, last + 1, [*words, LONG, *_windows(number)]],
            )


def _rewrite(cursor: Any, number: int, part: int, gone: list[str], new: list[str]) -> None:
    if gone:
        cursor.execute(
            "UPDATE fulltext SET terms = ts_delete(terms, %s::text[]) || array_to_tsvector(%s::text[])"
            " WHERE ticket = %s AND part = %s",
            [gone, new, number, part],
        )
    else:
        cursor.execute(
            "UPDATE fulltext SET terms = terms || array_to_tsvector(%s::text[]) WHERE ticket = %s AND part = %s",
            [new, number, part],
        )


def size() -> int:
    """Say how many bytes the index takes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('fulltext')")
        return int(cursor.fetchone()[0])


def is_small() -> bool:
    """Tell whether the index could be written together at once: here that needs a transaction of its own."""
    return False


def write_together() -> None:
    """Write the index together, so that what was taken away is nowhere in it; outside of any transaction."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM fulltext")
        cursor.execute("REINDEX INDEX CONCURRENTLY fulltext_terms")


def known(number: int) -> set[str]:
    """Give the tokens that a ticket has."""
    own = {LONG, *_windows(number)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(terms) FROM fulltext WHERE ticket = %s", [number])
        return {each for row in cursor.fetchall() for each in row[0]} - own


__all__ = [
    "among",
    "begins",
    "change",
    "clear",
    "condition",
    "create",
    "fill",
    "fill_empty",
    "is_small",
    "known",
    "size",
    "spelt",
    "walk",
    "write_together",
]
