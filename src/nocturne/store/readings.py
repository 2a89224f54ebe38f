"""Queries of the hot pages, described by the ORM and built once.

Building the SQL of a list takes the ORM longer than the database takes to answer it. A :class:`Reading` builds it the
first time and keeps it; later calls only put their values in. What it reads are plain rows.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.models import QuerySet

from nocturne.core.configuration import current

_FIRST_MARK, _LAST_MARK = 30_000, 32_767
"""Marks stand for values while a query is built. They fit the smallest integer column, because Django drops a
condition that no row can meet; a description has no number of its own in this range."""

_TEXT_MARK = "\x01mark "
"""Begins the mark of a text; nothing that anybody looks for begins so."""


@dataclass(frozen=True, slots=True)
class _Built:
    sql: str
    parameters: tuple[Any, ...]
    names: tuple[str, ...]
    converters: tuple[tuple[int, Any, Any], ...]
    instants: tuple[int, ...] = ()
    """Places where SQLite gives instants without their zone."""

    def read(self, database: Any, parameters: Sequence[Any]) -> list[dict[str, Any]]:
        with database.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            found = cursor.fetchall()
        if not self.converters and not self.instants:
            return [dict(zip(self.names, row, strict=True)) for row in found]
        return [dict(zip(self.names, self._converted(row, database), strict=True)) for row in found]

    def _converted(self, row: Sequence[Any], database: Any) -> list[Any]:
        values = list(row)
        for place in self.instants:
            value = values[place]
            if value is not None:
                values[place] = _in_utc(value)
        for place, column, convert in self.converters:
            values[place] = convert(values[place], column, database)
        return values


_OF_SQLITE = SQLite.ops_class.convert_datetimefield_value


def _in_utc(value: Any) -> datetime:
    """Read an instant as SQLite keeps it. It does what Django's own conversion does, whose questions about the zone
    take longer than the rest of a row."""
    return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).replace(tzinfo=UTC)


_NO_ROWS = _Built("", (), (), ())
"""Stands for a query that no row can meet: Django does not even write it."""


class Reading:
    """A query that is built once per shape: `describe` gets a mark for each value, and gives a queryset's values()."""

    def __init__(self, describe: Callable[..., QuerySet[Any, Any]]) -> None:
        self.describe = describe
        self._built: dict[Hashable, _Built] = {}

    def rows(self, *values: Any, shape: tuple[Hashable, ...] = ()) -> list[dict[str, Any]]:
        """Read the rows.

        :param values: integers, texts or lists of integers, put where `describe` was given their marks.
        :param shape: what else `describe` is told (a limit, a flag): another shape is another statement.
        """
        lengths = tuple(_length(value) for value in values)
        database = connections[DEFAULT_DB_ALIAS]
        key = (database.vendor, lengths, shape)
        built = self._built.get(key)
        if built is None:
            built = self._built[key] = self._build(lengths, shape)
        flat = [each for value in values for each in (value if isinstance(value, list | tuple) else (value,))]
        return built.read(database, [_put(each, flat) for each in built.parameters])

    def _build(self, lengths: Sequence[int | str | None], shape: tuple[Hashable, ...]) -> _Built:
        marks: list[Any] = []
        mark = _FIRST_MARK
        for length in lengths:
            if length is None:
                marks.append(mark)
                mark += 1
            elif isinstance(length, str):
                marks.append(f"{_TEXT_MARK}{mark}")
                mark += 1
            else:
                marks.append(list(range(mark, mark + length)))
                mark += length
        if mark > _LAST_MARK + 1:
            raise ValueError("more values than there are marks")
        return _compiled(self.describe(*marks, *shape), _with_constants)


def _compiled(
    described: QuerySet[Any, Any], write: Callable[[str, Any], tuple[str, tuple[Any, ...]]]
) -> _Built:
    query = described.query
    compiler = query.get_compiler(connection=connection)
    sql, parameters = write(*compiler.as_sql())
    converters = [
        (place, column, each)
        for place, (all_of, column) in compiler.get_converters(
            [column for column, *_ in compiler.select]
        ).items()
        for each in all_of
    ]
    instants = [place for place, _, each in converters if getattr(each, "__func__", None) is _OF_SQLITE]
    return _Built(
        sql,
        parameters,
        tuple(query.selected or ()),
        tuple(each for each in converters if getattr(each[2], "__func__", None) is not _OF_SQLITE),
        tuple(instants),
    )


STANDS_FOR = 2**62 + 47
"""What a fixed query is described with where its one value that changes will stand: no key is ever that large."""


def fixed(
    name: Hashable, describe: Callable[[], QuerySet[Any, Any]], changing: int | None = None
) -> list[dict[str, Any]]:
    """Read the rows of a query whose values are always the same under one configuration, such as those of one
    reader's scope; its statement is built once, and thrown away with the configuration.

    :param name: tells it from all other queries: what it is for, and whose it is.
    :param changing: the value that :data:`STANDS_FOR` stands for this time.
    """
    kept = current().resolved
    key = ("statement", connection.vendor, name)
    built = kept.get(key)
    if built is None:
        try:
            built = _compiled(describe(), _with_constants)
        except EmptyResultSet:
            built = _NO_ROWS
        kept[key] = built
    if built is _NO_ROWS:
        return []
    return built.read(
        connections[DEFAULT_DB_ALIAS],
        [changing if each == STANDS_FOR else each for each in built.parameters],
    )


def _length(value: Any) -> int | str | None:
    """Say what stands for a value while a query is built: several marks, the mark of a text, or one of a number."""
    if isinstance(value, list | tuple):
        return len(value)
    return "text" if isinstance(value, str) else None


def _put(parameter: Any, values: Sequence[Any]) -> Any:
    """Give the value that a mark stands for; a constant stays."""
    if _is_mark(parameter):
        return values[parameter - _FIRST_MARK]
    if _is_text_mark(parameter):
        return values[int(parameter.removeprefix(_TEXT_MARK)) - _FIRST_MARK]
    return parameter


def _is_text_mark(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_TEXT_MARK)


def _is_mark(value: Any) -> bool:
    """Tell a mark from a constant. On PostgreSQL it comes back as an integer of psycopg's own kinds."""
    return isinstance(value, int) and not isinstance(value, bool) and _FIRST_MARK <= value <= _LAST_MARK


def _with_constants(sql: str, parameters: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    """Write a description's own texts and numbers into the statement: SQLite finds a partial index by them alone."""
    parts = sql.split("%s")
    written, kept = [parts[0]], []
    for part, value in zip(parts[1:], parameters, strict=True):
        if isinstance(value, str) and not _is_text_mark(value):
            written.append("'" + value.replace("'", "''").replace("%", "%%") + "'")
        elif type(value) is int and not _is_mark(value) and value != STANDS_FOR:
            written.append(str(value))
        else:
            written.append("%s")
            kept.append(value)
        written.append(part)
    return "".join(written), tuple(kept)


def padded(numbers: Sequence[int], length: int) -> list[int]:
    """Fill a list of keys up to a length with one that no row has, so that lists of any length share a statement."""
    return [*numbers, *[0] * (length - len(numbers))]
