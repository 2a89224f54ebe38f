"""Tickets that were merged into each other: where a number leads, and which numbers read as one chart."""

from __future__ import annotations

from typing import Any

from django.db import connection

from nocturne.store.reach import PLACE

_SURVIVOR = """
WITH RECURSIVE above(number, into_number) AS (
    SELECT number, merged_into_id FROM ticket WHERE number = %s
    UNION SELECT t.number, t.merged_into_id FROM ticket t JOIN above a ON t.number = a.into_number)
SELECT number FROM above WHERE into_number IS NULL"""
_FAMILY = """
WITH RECURSIVE family(number) AS (
    SELECT number FROM ticket WHERE number = %s
    UNION SELECT t.number FROM ticket t JOIN family f ON t.merged_into_id = f.number)
SELECT {} FROM family f CROSS JOIN ticket t WHERE t.number = f.number ORDER BY t.number"""
"""The order of the tables is said (SQLite keeps that of a cross join): until SQLite knows how its tables are filled it
would walk all tickets, since those are in order already, and look each up in the family."""


def survivor_of(number: int) -> int | None:
    """Follow a number through all merges to the ticket it leads to now; None where there is no such ticket."""
    with connection.cursor() as cursor:
        cursor.execute(_SURVIVOR, [number])
        row = cursor.fetchone()
    return row[0] if row else None


def members_of(number: int) -> dict[int, int | None]:
    """List a ticket and all that were merged into it, directly or through others, each with its reporter's number."""
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY.format("t.number, t.reporter_id"), [number])
        return dict(cursor.fetchall())


def places_of(number: int) -> list[dict[str, Any]]:
    """List a ticket and all that were merged into it, with the columns that decide who reaches them."""
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY.format(", ".join(f"t.{name}" for name in PLACE)), [number])
        return [dict(zip(PLACE, row, strict=True)) for row in cursor.fetchall()]


def family_of(number: int) -> list[int]:
    """List a ticket and all that were merged into it, itself first."""
    return [number, *(each for each in members_of(number) if each != number)]
