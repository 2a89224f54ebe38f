"""How the index of PostgreSQL is asked: GIN gives what it finds in no order, so a search goes window by window.

Each row has tokens for the windows its number lies in, of 4,096, 32,768 and 262,144 tickets, and a search walks until
its page is full: the planner, left to itself, reads all hits of a common word or the whole table
(`docs/decisions/021-full-text.md`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection

from nocturne.core.fulltext import All, AnyOf, But, Expression, Some

LONG = "~long"
WINDOWS = (("~wa", 12), ("~wb", 15), ("~wc", 18))
FIRST = 1 << WINDOWS[0][1]


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
PAGE, PEEPED = 200, 2_048
"""Several things that are asked for meet on many tickets or on few: for no more hits than a page wants, the rows of so
many tickets are read first."""
_SIFT = """
WITH near AS MATERIALIZED (SELECT ticket, terms FROM fulltext WHERE terms @@ %s::tsquery LIMIT %s)
SELECT (SELECT count(*) FROM near), ARRAY(
    SELECT ticket FROM near WHERE terms @@ %s::tsquery AND ticket > %s AND ticket < %s ORDER BY ticket {} LIMIT %s)"""
SIFTED, COMMON = 10_000, 8
"""Rows that are asked for a beginning where something else that is asked for has narrowed them, and one of how many
tickets has a word that begins so: what fewer have, GIN gathers sooner."""
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
        long = _Long(cursor, expression, low, high)
        is_begun = begins(expression)
        near = NEAR if is_begun else PEEPED if limit <= PAGE and not isinstance(expression, AnyOf) else 0
        exact, sift = _without_beginnings(expression) if is_begun else "", 0
        found: list[int] = []
        sql = _WALK.format("DESC" if descends else "ASC")
        span = FIRST if not near else FIRST // 8 if is_begun else PEEPED
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
                still, looked = limit - len(found) - len(here), end - start
                near = near - looked if len(here) * SPARSE > looked else 0
                if is_begun:
                    span = span * 4 if near > 0 else _WHOLE
                elif here and still * looked <= len(here) * PEEPED:
                    near, span = PEEPED, still * looked * 5 // (4 * len(here)) + 1
                else:
                    near, span = 0, FIRST
                if exact and still > 0 and (near <= 0 or still * looked > len(here) * FIRST):
                    if _are_common(cursor, expression, start, end):
                        near, sift, span = 0, SIFTED, FIRST
                    exact = exact if sift else ""
            elif sift > 0:
                cursor.execute(
                    _SIFT.format("DESC" if descends else "ASC"),
                    [
                        f"({exact}) & ({cover(start, end)}) & !'{LONG}'",
                        sift + 1,
                        query,
                        start - 1,
                        end,
                        limit - len(found),
                    ],
                )
                looked, here = cursor.fetchone()
                if looked > sift:
                    sift, span = 0, _WHOLE
                    continue
                sift -= looked
                span = max(FIRST, min(span * 8, span * sift // max(looked, 1))) if sift else _WHOLE
            else:
                whole = start <= oldest and end > newest
                asked = (
                    f"({query}) & !'{LONG}'" if whole else f"({query}) & ({cover(start, end)}) & !'{LONG}'"
                )
                cursor.execute(sql, [asked, start - 1, end, limit - len(found)])
                here = [row[0] for row in cursor.fetchall()]
                span = _next_span(end - start, len(here), limit - len(found))
            more = long.within(start, end)
            found += sorted({*here, *more}, reverse=descends) if more else here
            if descends:
                high = start
            else:
                low = end
    return found[:limit]


def _without_beginnings(expression: Expression) -> str:
    """Spell what is asked beside beginnings of words; empty where there is nothing."""
    parts = expression.parts if isinstance(expression, All) else ()
    known = tuple(part for part in parts if not begins(part))
    return spelt(All(known)) if known else ""


def _are_common(cursor: Any, expression: Expression, start: int, end: int) -> bool:
    """Tell whether many tickets between two numbers have words that begin as is asked."""
    parts = expression.parts if isinstance(expression, All) else (expression,)
    begun = spelt(All(tuple(part for part in parts if begins(part))))
    end = min(end, start + FIRST // 8)
    cursor.execute(_NEAR.format("ASC"), [start, end, begun, end - start])
    return len(cursor.fetchall()) * COMMON >= end - start


def begins(expression: Expression) -> bool:
    """Tell whether an expression asks for beginnings of words."""
    match expression:
        case AnyOf(_, prefixes):
            return bool(prefixes)
        case All(parts) | Some(parts):
            return any(begins(part) for part in parts)
        case But(whole, without):
            return begins(whole) or begins(without)
    return False


def _next_span(span: int, found: int, still: int) -> int:
    """Choose how far to look next: as far as what is still wanted may lie, eight times as far at most."""
    if found >= still:
        return span
    needed = span * 8 if not found else span * (still - found) * 3 // (2 * found)
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


def among(expression: Expression, tickets: Sequence[int]) -> set[int]:
    """Find which of some tickets an expression finds, each by its own row."""
    query = spelt(expression)
    if not query or not tickets:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_AMONG, [list(tickets), f"({query}) & !'{LONG}'"])
        found = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            "SELECT DISTINCT ticket FROM fulltext WHERE part > 0 AND ticket = ANY(%s)", [list(tickets)]
        )
        return found | _one_by_one(cursor, expression, [row[0] for row in cursor.fetchall()])


_AMONG = """
WITH near AS MATERIALIZED (SELECT ticket, terms FROM fulltext WHERE ticket = ANY(%s))
SELECT ticket FROM near WHERE terms @@ %s::tsquery"""


class _Long:
    """The long tickets between two numbers, whose words stand in several rows, as far as an expression finds them.

    Few are asked one by one, and only when a search comes to them; many are asked by their marks in the index.
    """

    def __init__(self, cursor: Any, expression: Expression, low: int, high: int) -> None:
        self.cursor, self.expression = cursor, expression
        cursor.execute(
            "SELECT DISTINCT ticket FROM fulltext WHERE part > 0 AND ticket >= %s AND ticket < %s LIMIT %s",
            [low, high, FEW_LONG + 1],
        )
        self.few: set[int] | None = {row[0] for row in cursor.fetchall()}
        if len(self.few) > FEW_LONG:
            self.few = None

    def within(self, start: int, end: int) -> set[int]:
        """Find those from a number up to another."""
        if self.few is None:
            return {
                each for each in _together(self.cursor, self.expression, start, end) if start <= each < end
            }
        return _one_by_one(self.cursor, self.expression, [each for each in self.few if start <= each < end])


FEW_LONG = 64
"""Long tickets up to which each is asked: the index would gather all that a common beginning finds for them."""
_ROWS = """
WITH rows AS MATERIALIZED (SELECT ticket, terms || ''::tsvector AS terms FROM fulltext WHERE ticket = ANY(%s))
SELECT ticket, {} FROM rows GROUP BY ticket"""


def _one_by_one(cursor: Any, expression: Expression, tickets: list[int]) -> set[int]:
    """Find among some tickets those whose rows, taken together, are what an expression looks for."""
    if not tickets:
        return set()
    asked = [spelt(each) for each in dict.fromkeys(_choices(expression))]
    asked = [each for each in asked if each]
    if not asked:
        return set()
    # What is stored packed is unpacked once, and not for each thing that is asked of it.
    holds = ", ".join("bool_or(terms @@ %s::tsquery)" for _ in asked)
    cursor.execute(_ROWS.format(holds), [tickets, *asked])
    return {
        ticket
        for ticket, *answers in cursor.fetchall()
        if _is_found(expression, dict(zip(asked, answers, strict=True)))
    }


def _choices(expression: Expression) -> Iterator[AnyOf]:
    """Give what an expression asks of single tokens."""
    match expression:
        case AnyOf():
            yield expression
        case All(parts) | Some(parts):
            for part in parts:
                yield from _choices(part)
        case But(whole, without):
            yield from _choices(whole)
            yield from _choices(without)


def _is_found(expression: Expression, holds: Mapping[str, bool]) -> bool:
    match expression:
        case AnyOf():
            return holds.get(spelt(expression), False)
        case All(parts):
            return all(_is_found(part, holds) for part in parts)
        case Some(parts):
            return any(_is_found(part, holds) for part in parts)
        case But(whole, without):
            return _is_found(whole, holds) and not _is_found(without, holds)
    raise TypeError("not an expression")


def _together(cursor: Any, expression: Expression, start: int, end: int) -> set[int]:
    """Find long tickets by the index: at least those in the windows of these numbers."""
    match expression:
        case AnyOf():
            query = spelt(expression)
            if not query:
                return set()
            cursor.execute(
                "SELECT DISTINCT ticket FROM fulltext WHERE terms @@ %s::tsquery",
                [f"({query}) & ({cover(start, end)}) & '{LONG}'"],
            )
            return {row[0] for row in cursor.fetchall()}
        case All(parts):
            found: set[int] | None = None
            for part in parts:
                here = _together(cursor, part, start, end)
                found = here if found is None else found & here
                if not found:
                    return set()
            return found or set()
        case Some(parts):
            return set().union(*(_together(cursor, part, start, end) for part in parts))
        case But(whole, without):
            return _together(cursor, whole, start, end) - _together(cursor, without, start, end)
    raise TypeError("not an expression")


def condition(expression: Expression) -> tuple[str, list[Any]]:
    """Give the numbers that an expression finds as a query of its own."""
    query = spelt(expression)
    if not query:
        return "SELECT 0::bigint WHERE false", []
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(ticket), min(ticket) FROM fulltext")
        newest, oldest = cursor.fetchone()
        if newest is None:
            return "SELECT 0::bigint WHERE false", []
        long = sorted(_Long(cursor, expression, oldest, newest + 1).within(oldest, newest + 1))
    return (
        "SELECT ticket FROM fulltext WHERE terms @@ %s::tsquery UNION ALL SELECT unnest(%s::bigint[])",
        [f"({query}) & !'{LONG}'", long],
    )
