"""The index as a table of ready lexemes under a GIN index: a row per ticket, and more where a ticket grows long.

GIN gives what it finds in no order. So each row has tokens for the windows its number lies in, of 4,096, 32,768 and
262,144 tickets, and a search walks window by window until its page is full: the planner, left to itself, reads all hits
of a common word or the whole table (`docs/decisions/021-full-text.md`).

A row is written anew when something is added, so a long ticket begins another row, and all of its rows are marked:
words in different rows meet by their tickets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from nocturne.core.fulltext import All, AnyOf, But, Expression, Some

CREATE = (
    """CREATE TABLE IF NOT EXISTS fulltext (
        ticket bigint NOT NULL, part integer NOT NULL, terms tsvector NOT NULL, PRIMARY KEY (ticket, part))""",
    "CREATE INDEX IF NOT EXISTS fulltext_terms ON fulltext USING gin (terms) WITH (fastupdate = off)",
    "CREATE INDEX IF NOT EXISTS fulltext_long ON fulltext (ticket) WHERE part > 0",
    "ALTER TABLE fulltext ALTER COLUMN terms SET STORAGE EXTENDED",
)
LONG = "~long"
PART = 1_500
"""Lexemes after which a ticket begins another row."""
WINDOWS = (("~wa", 12), ("~wb", 15), ("~wc", 18))
FIRST = 1 << WINDOWS[0][1]


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


def spelt(expression: Expression) -> str:
    """Spell an expression as a tsquery; nothing where it can find nothing."""
    match expression:
        case AnyOf(tokens, prefixes):
            each = [_quoted(token) for token in tokens] + [f"{_quoted(prefix)}:*" for prefix in prefixes]
            return f"({' | '.join(each)})" if len(each) > 1 else "".join(each)
        case All(parts):
            found = [spelt(part) for part in parts]
            return f"({' & '.join(found)})" if all(found) else ""
        case Some(parts):
            found = [one for part in parts if (one := spelt(part))]
            return f"({' | '.join(found)})" if len(found) > 1 else "".join(found)
        case But(whole, without):
            first, second = spelt(whole), spelt(without)
            return f"({first} & !{second})" if first and second else first
    raise TypeError("not an expression")


def _quoted(token: str) -> str:
    """Quote a token, so that nothing in it is syntax."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


_WALK = """
WITH hits AS MATERIALIZED (SELECT ticket FROM fulltext WHERE terms @@ %s::tsquery)
SELECT ticket FROM hits WHERE ticket > %s AND ticket < %s ORDER BY ticket {} LIMIT %s"""
_NEAR = """
WITH near AS MATERIALIZED (SELECT ticket, terms FROM fulltext WHERE ticket >= %s AND ticket < %s)
SELECT ticket FROM near WHERE terms @@ %s::tsquery ORDER BY ticket {} LIMIT %s"""
NEAR, SPARSE = 16_384, 400
"""A beginning that many words have is looked for row by row: GIN would gather all that have it first. Up to so many
tickets, and while one in so many is found."""
_WHOLE = 2**40


def walk(
    expression: Expression, *, below: int | None, above: int | None, limit: int, descends: bool
) -> list[int]:
    """List the first tickets that an expression finds between two numbers, both left out.

    The next window is chosen by how many were found in the ones before it.
    """
    query = spelt(expression)
    if not query:
        return []
    low = (above or 0) + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(ticket), min(ticket) FROM fulltext")
        newest, oldest = cursor.fetchone()
        if newest is None:
            return []
        high = min(newest + 1, below if below is not None else newest + 1)
        low = max(low, oldest)
        long = _long(cursor, expression)
        near = NEAR if _begins(expression) else 0
        found: list[int] = []
        sql = _WALK.format("DESC" if descends else "ASC")
        span = FIRST if not near else FIRST // 8
        while high > low and len(found) < limit:
            if near > 0:
                start, end = (max(low, high - span), high) if descends else (low, min(high, low + span))
            elif descends:
                start, end = max(low, (high - span) >> WINDOWS[0][1] << WINDOWS[0][1]), high
            else:
                start, end = low, min(high, ((low + span) >> WINDOWS[0][1] << WINDOWS[0][1]) or low + 1)
                end = max(end, low + 1)
            if near > 0:
                cursor.execute(
                    _NEAR.format("DESC" if descends else "ASC"),
                    [start, end, f"({query}) & !'{LONG}'", limit - len(found)],
                )
                here = [row[0] for row in cursor.fetchall()]
                near = near - (end - start) if len(here) * SPARSE > end - start else 0
                span = span * 4 if near > 0 else _WHOLE
            else:
                whole = start <= oldest and end > newest
                asked = (
                    f"({query}) & !'{LONG}'" if whole else f"({query}) & ({cover(start, end)}) & !'{LONG}'"
                )
                cursor.execute(sql, [asked, start - 1, end, limit - len(found)])
                here = [row[0] for row in cursor.fetchall()]
                span = _next_span(span, len(here), limit - len(found))
            if long:
                here = sorted({*here, *(each for each in long if start <= each < end)}, reverse=descends)
            found += here
            if descends:
                high = start
            else:
                low = end
    return found[:limit]


def _begins(expression: Expression) -> bool:
    """Tell whether an expression asks for beginnings of words."""
    match expression:
        case AnyOf(_, prefixes):
            return bool(prefixes)
        case All(parts) | Some(parts):
            return any(_begins(part) for part in parts)
        case But(whole, without):
            return _begins(whole) or _begins(without)
    return False


def _next_span(span: int, found: int, still: int) -> int:
    """Choose how far to look next: as far as what is still wanted may lie, eight times as far at most."""
    if found >= still:
        return span
    needed = span * 8 if not found else span * (still - found) * 2 // found
    return max(FIRST, min(needed, span * 8))


def cover(start: int, end: int) -> str:
    """Spell the windows that numbers from start up to end lie in, the widest that fit."""
    found: list[str] = []
    place = start
    while place < end:
        for letter, bits in reversed(WINDOWS):
            width = 1 << bits
            if bits == WINDOWS[0][1] or (place % width == 0 and place + width <= end):
                found.append(f"'{letter}{place >> bits}'")
                place = ((place >> bits) + 1) << bits
                break
    return " | ".join(found)


def _long(cursor: Any, expression: Expression) -> set[int]:
    """Find the long tickets that an expression finds, whose words stand in several rows."""
    cursor.execute("SELECT EXISTS (SELECT 1 FROM fulltext WHERE part > 0)")
    if not cursor.fetchone()[0]:
        return set()
    return _together(cursor, expression)


def _together(cursor: Any, expression: Expression) -> set[int]:
    match expression:
        case AnyOf():
            query = spelt(expression)
            if not query:
                return set()
            cursor.execute(
                "SELECT DISTINCT ticket FROM fulltext WHERE terms @@ %s::tsquery", [f"({query}) & '{LONG}'"]
            )
            return {row[0] for row in cursor.fetchall()}
        case All(parts):
            found: set[int] | None = None
            for part in parts:
                here = _together(cursor, part)
                found = here if found is None else found & here
                if not found:
                    return set()
            return found or set()
        case Some(parts):
            return set().union(*(_together(cursor, part) for part in parts))
        case But(whole, without):
            return _together(cursor, whole) - _together(cursor, without)
    raise TypeError("not an expression")


def condition(expression: Expression) -> tuple[str, list[Any]]:
    """Give the numbers that an expression finds as a query of its own."""
    query = spelt(expression)
    if not query:
        return "SELECT 0::bigint WHERE false", []
    with connection.cursor() as cursor:
        long = sorted(_long(cursor, expression))
    return (
        "SELECT ticket FROM fulltext WHERE terms @@ %s::tsquery UNION ALL SELECT unnest(%s::bigint[])",
        [f"({query}) & !'{LONG}'", long],
    )


def known(number: int) -> set[str]:
    """Give the tokens that a ticket has."""
    own = {LONG, *_windows(number)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(terms) FROM fulltext WHERE ticket = %s", [number])
        return {each for row in cursor.fetchall() for each in row[0]} - own
