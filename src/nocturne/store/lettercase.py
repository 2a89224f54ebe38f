"""Compares names and lines in whatever letter case, beyond ASCII as well: the twin of `str.lower`.

SQLite's own LIKE knows the case of ASCII alone, and PostgreSQL's goes by the database's locale, which may be C. A text
that is ASCII is asked in their own way, which costs least; a name such as *Müller* is compared in small letters, by a
function of ours on SQLite, by ICU on PostgreSQL.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.db.models.lookups import Contains, Exact, StartsWith

NAME = "nocturne_lower"


class _Lowered(Func):
    function = NAME
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = 'lower(%(expressions)s COLLATE "und-x-icu")' if _has_icu() else "lower(%(expressions)s)"
        return super().as_sql(compiler, connection, template=template, **more)


@lru_cache(maxsize=1)
def _has_icu() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'")
        return cursor.fetchone() is not None


def prepare(connection: Any, **_: Any) -> None:
    """Let a new connection to SQLite know our small letters."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(NAME, 1, _lower, deterministic=True)


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def equals(column: str, text: str) -> Q:
    """Say that a column is this text."""
    return Q(**{f"{column}__iexact": text}) if text.isascii() else Q(Exact(_of(column), text.lower()))


def begins(column: str, text: str) -> Q:
    """Say that a column begins with this text."""
    return (
        Q(**{f"{column}__istartswith": text}) if text.isascii() else Q(StartsWith(_of(column), text.lower()))
    )


def holds(column: str, text: str) -> Q:
    """Say that this text stands in a column."""
    return Q(**{f"{column}__icontains": text}) if text.isascii() else Q(Contains(_of(column), text.lower()))


def _of(column: str) -> Any:
    """Give a column in small letters; nothing as an empty text, so that what is turned round holds for it too."""
    return _Lowered(Coalesce(KT(column) if column.startswith("value__") else F(column), Value("")))
