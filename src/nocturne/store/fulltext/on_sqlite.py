"""The index as an FTS5 table without contents: the ticket's number is its row, its tokens are the row's only words.

A row is added to by inserting it once more: FTS5 joins what stands in its segments, so a long ticket costs as little as
a short one. Taking a token away works where it was put there once, and FTS5 does not tell what a row has: beside the
index lies a ticket's list of tokens, packed, a part of it per some thousand (`docs/decisions/021-full-text.md`).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from nocturne.core.fulltext import All, AnyOf, But, Expression, Some

MARKS = "-./:@_+#&=~"
CREATE = (
    f"""CREATE VIRTUAL TABLE IF NOT EXISTS fulltext USING fts5(
        words, content='', columnsize=0, detail='none', prefix='3 4 5', tokenize="ascii tokenchars '{MARKS}'")""",
    """CREATE TABLE IF NOT EXISTS fulltext_list (
        ticket integer NOT NULL, part integer NOT NULL, tokens blob NOT NULL, PRIMARY KEY (ticket, part)
        ) WITHOUT ROWID""",
)
PART = 1_000
"""Tokens of a ticket that are packed together."""
SMALL = 500
"""Blocks up to which the whole index is written together at once."""


def create() -> None:
    with connection.cursor() as cursor:
        for each in CREATE:
            cursor.execute(each)


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS fulltext")
        cursor.execute("DROP TABLE IF EXISTS fulltext_list")
    create()


def fill(documents: Mapping[int, Iterable[str]]) -> None:
    """Make the tokens of tickets what they should be, whatever stands there."""
    with connection.cursor() as cursor:
        for number, tokens in sorted(documents.items()):
            wanted, known = set(tokens), set().union(*_parts(cursor, number))
            _write(cursor, number, known - wanted, wanted - known)


def fill_empty(documents: Mapping[int, Iterable[str]]) -> None:
    """Write tickets of which nothing stands there."""
    rows, lists = [], []
    for number, tokens in sorted(documents.items()):
        known = list(tokens)
        rows.append((number, " ".join(known)))
        for part, place in enumerate(range(0, len(known), PART)):
            lists.append((number, part, _packed(known[place : place + PART])))
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO fulltext(rowid, words) VALUES (%s, %s)", rows)
        cursor.executemany("INSERT INTO fulltext_list VALUES (%s, %s, %s)", lists)


def change(number: int, gone: Iterable[str], new: Iterable[str]) -> None:
    """Take tokens away from a ticket and put others, those that are there as well."""
    with connection.cursor() as cursor:
        _write(cursor, number, set(gone), set(new))


def _write(cursor: Any, number: int, gone: set[str], new: set[str]) -> None:
    parts = _parts(cursor, number)
    known = set().union(*parts)
    gone, new = (gone & known) - new, new - known
    if gone:
        taken = " ".join(gone)
        cursor.execute(
            "INSERT INTO fulltext(fulltext, rowid, words) VALUES ('delete', %s, %s)", [number, taken]
        )
    if gone or new:
        # FTS5 counts rows put there and rows taken away; what is taken away is always made up for.
        cursor.execute("INSERT INTO fulltext(rowid, words) VALUES (%s, %s)", [number, " ".join(new)])
    if new and parts and len(parts[-1]) + len(new) <= PART:
        parts[-1] |= new
    elif new:
        parts.append(set(new))
    for place, part in enumerate(parts):
        if not part.isdisjoint(gone) or not part.isdisjoint(new):
            cursor.execute(
                "INSERT INTO fulltext_list VALUES (%s, %s, %s)"
                " ON CONFLICT (ticket, part) DO UPDATE SET tokens = excluded.tokens",
                [number, place, _packed(part - gone)],
            )


def _parts(cursor: Any, number: int) -> list[set[str]]:
    cursor.execute("SELECT tokens FROM fulltext_list WHERE ticket = %s ORDER BY part", [number])
    return [set(zlib.decompress(row[0]).decode().split()) for row in cursor.fetchall()]


def _packed(tokens: Iterable[str]) -> bytes:
    return zlib.compress(" ".join(sorted(tokens)).encode(), 1)


def known(number: int) -> set[str]:
    """Give the tokens that a ticket has."""
    with connection.cursor() as cursor:
        return set().union(*_parts(cursor, number))


def size() -> int:
    """Say how many bytes the index takes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = 1 AND name LIKE 'fulltext%'"
        )
        return int(cursor.fetchone()[0])


def is_small() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT 1 FROM fulltext_data LIMIT %s)", [SMALL])
        return bool(cursor.fetchone()[0] < SMALL)


def write_together() -> None:
    """Write the whole index together, so that what was taken away is nowhere in it any more."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO fulltext(fulltext) VALUES ('optimize')")


def write_on(pages: int, *, begin: bool) -> bool:
    """Write the index together a little further.

    :param begin: whether this is the first step.
    :return: whether there is more to do.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT total_changes()")
        before = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO fulltext(fulltext, rank) VALUES ('merge', %s)", [-pages if begin else pages]
        )
        cursor.execute("SELECT total_changes()")
        return bool(cursor.fetchone()[0] - before >= 2)


def spelt(expression: Expression) -> str:
    """Spell an expression as FTS5 reads it; nothing where it can find nothing."""
    match expression:
        case AnyOf(tokens, prefixes):
            each = [_quoted(token) for token in tokens] + [f"{_quoted(prefix)}*" for prefix in prefixes]
            return f"({' OR '.join(each)})" if len(each) > 1 else "".join(each)
        case All(parts):
            found = [spelt(part) for part in parts]
            return f"({' AND '.join(found)})" if all(found) else ""
        case Some(parts):
            found = [one for part in parts if (one := spelt(part))]
            return f"({' OR '.join(found)})" if len(found) > 1 else "".join(found)
        case But(whole, without):
            first, second = spelt(whole), spelt(without)
            return f"({first} NOT {second})" if first and second else first
    raise TypeError("not an expression")


def _quoted(token: str) -> str:
    """Quote a token, so that nothing in it is syntax."""
    return '"' + token.replace('"', '""') + '"'


def walk(
    expression: Expression, *, below: int | None, above: int | None, limit: int, descends: bool
) -> list[int]:
    """List the first tickets that an expression finds between two numbers, both left out."""
    match = spelt(expression)
    if not match:
        return []
    sql, parameters = "SELECT rowid FROM fulltext WHERE fulltext MATCH %s", [match]
    sql, parameters = _bounded(sql, parameters, below, above)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY rowid {'DESC' if descends else 'ASC'} LIMIT %s", [*parameters, limit])
        return [row[0] for row in cursor.fetchall()]


def _bounded(sql: str, parameters: list[Any], below: int | None, above: int | None) -> tuple[str, list[Any]]:
    if below is not None:
        sql, parameters = f"{sql} AND rowid < %s", [*parameters, below]
    if above is not None:
        sql, parameters = f"{sql} AND rowid > %s", [*parameters, above]
    return sql, parameters


def condition(expression: Expression) -> tuple[str, list[Any]]:
    """Give the numbers that an expression finds as a query of its own."""
    match = spelt(expression)
    if not match:
        return "SELECT 0 WHERE 1 = 0", []
    return "SELECT rowid FROM fulltext WHERE fulltext MATCH %s", [match]


def begins(_: Expression) -> bool:
    """Tell whether an expression asks for beginnings of words that are costly: here they stand in an index."""
    return False
