"""Statements for the one hot path, written once: the ORM builds its SQL anew each time, which costs a write more
than the database does. Values are converted by the models' own fields, so both databases stay the same code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

Converter = Callable[[Any, Any, Any], Any]
Conversion = tuple[int, Any, Converter]
Row = TypeVar("Row", bound=models.Model)


@lru_cache
def _fields(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(model._meta.concrete_fields)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


@lru_cache
def _reading(model: type[models.Model], vendor: str) -> tuple[str, tuple[str, ...], tuple[Conversion, ...]]:
    """Write the SELECT of all of a model's columns, and what turns the database's values into Python's."""
    fields = _fields(model)
    columns = [field.get_col(model._meta.db_table) for field in fields]
    converters = [
        (place, column, converter)
        for place, column in enumerate(columns)
        for converter in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection))
    ]
    lock = " FOR NO KEY UPDATE" if vendor == "postgresql" else ""
    key = model._meta.pk.column if model._meta.pk else "id"
    sql = f'SELECT {_quoted(f.column for f in fields)} FROM "{model._meta.db_table}" WHERE "{key}" = %s{lock}'  # noqa: S608
    return sql, tuple(field.attname for field in fields), tuple(converters)


def lock_row(model: type[Row], key: int) -> Row | None:
    """Read one row by its key and lock it (on SQLite the running transaction has locked everything)."""
    sql, names, converters = _reading(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, [key])
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    for place, column, converter in converters:
        values[place] = converter(values[place], column, connection)
    return model.from_db(connection.alias, names, values)


@lru_cache
def _writing(model: type[models.Model], with_key: bool) -> tuple[str, tuple[Any, ...]]:
    """Write the INSERT of a model's row; what the database fills in by itself is left out."""
    fields = tuple(
        field
        for field in _fields(model)
        if not field.has_db_default() and not field.generated and (with_key or not field.primary_key)
    )
    marks = ", ".join(["%s"] * len(fields))
    sql = f'INSERT INTO "{model._meta.db_table}" ({_quoted(f.column for f in fields)}) VALUES ({marks})'  # noqa: S608
    if not with_key:
        sql += f' RETURNING "{_fields(model)[0].column}"'
    return sql, fields


def insert(row: models.Model) -> None:
    """Insert a row; a key that the database chose is put on it."""
    model = type(row)
    with_key = row.pk is not None
    sql, fields = _writing(model, with_key)
    database = connections[DEFAULT_DB_ALIAS]
    values = _spelt(row, fields, database)
    with database.cursor() as cursor:
        cursor.execute(sql, values)
        if not with_key:
            row.pk = cursor.fetchone()[0]
    row._state.adding = False


@lru_cache(maxsize=512)
def _updating(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    fields = tuple(field for field in _fields(model) if field.attname in names)
    sets = ", ".join(f'"{field.column}" = %s' for field in fields)
    key = _fields(model)[0].column
    return f'UPDATE "{model._meta.db_table}" SET {sets} WHERE "{key}" = %s', fields  # noqa: S608


def update(row: models.Model, names: Sequence[str]) -> None:
    """Write some of a row's columns (named as the model's attributes), sorted by name."""
    sql, fields = _updating(type(row), tuple(names))
    database = connections[DEFAULT_DB_ALIAS]
    values = _spelt(row, fields, database)
    with database.cursor() as cursor:
        cursor.execute(sql, [*values, row.pk])


def _spelt(row: models.Model, fields: Iterable[Any], database: Any) -> list[Any]:
    """Spell a row's values as the database takes them; nothing, and a text that is one, are spelt so already."""
    values = []
    for field in fields:
        value = getattr(row, field.attname)
        is_spelt = value is None or (value.__class__ is str and field.__class__ in _TEXTS)
        values.append(value if is_spelt else field.get_db_prep_save(value, database))
    return values


_TEXTS = (models.CharField, models.TextField)
