"""Numbers set aside in advance, for whoever brings tickets with their own."""

from __future__ import annotations

from django.db import connection


def reserve(table: str, count: int, *, at_least: int = 1) -> int:
    """Set aside a run of numbers that nobody else will get, inside a running write; gives the first.

    :param at_least: the run begins here where no higher number has been given yet; the gap stays empty.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            first = max((int(row[0]) if row else 0) + 1, at_least)
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, first + count - 1]
            )
            return first
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, _KEYS[table]])
        name = cursor.fetchone()[0]
        # Others take numbers without waiting for this transaction: keep them out while the sequence is moved.
        cursor.execute(f"LOCK TABLE {connection.ops.quote_name(table)} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SELECT nextval(%s)", [name])
        first = max(int(cursor.fetchone()[0]), at_least)
        cursor.execute("SELECT setval(%s, %s)", [name, first + count - 1])
        return first


_KEYS = {"ticket": "number"}
