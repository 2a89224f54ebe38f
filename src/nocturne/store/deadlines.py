"""No question holds a worker for ever: what takes too long is given up, and its asker is told how to narrow it.

PostgreSQL gives up each statement by itself, SQLite is asked every few milliseconds whether there is time left. Both
are the last line of defence: what is asked all day has plans that take some milliseconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.db import DatabaseError, OperationalError, connection

from nocturne.core.refusals import TakesTooLong

QUESTION = 8.0
"""Seconds that a question may take which somebody waits for."""
PATIENT = 600.0
"""Seconds for what nobody waits for: what the worker asks, and each step of a file that is taken away."""
STEPS = 20_000
"""Steps of SQLite's machine after which it asks whether there is time left: about a millisecond."""
_least = 0.0


class _Now(threading.local):
    until: float | None = None


_now = _Now()


def be_patient() -> None:
    """Give every question of this process as long as what nobody waits for."""
    global _least
    _least = PATIENT


@contextmanager
def within(seconds: float | None = None) -> Iterator[None]:
    """Give up what is asked in this block when its time is over; inside of another block, that one's time counts.

    :param seconds: how long it may take; usually as long as somebody waits.
    :raises TakesTooLong: it has been given up.
    """
    if _now.until is not None:
        yield
        return
    seconds = max(QUESTION if seconds is None else seconds, _least)
    _now.until = time.monotonic() + seconds
    try:
        connection.ensure_connection()
        limited = _on_sqlite if connection.vendor == "sqlite" else _on_postgresql
        with connection.execute_wrapper(_in_time), limited(seconds):
            yield
    except OperationalError as error:
        if _was_given_up(error):
            raise _too_long(seconds) from error
        raise
    finally:
        _now.until = None


def _too_long(seconds: float) -> TakesTooLong:
    return TakesTooLong("takes_too_long", field="query", seconds=max(1, round(seconds)))


def _is_over() -> bool:
    return _now.until is not None and time.monotonic() > _now.until


def _in_time(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
    """Begin no statement when the time is over: a question may be many."""
    if _is_over():
        raise OperationalError("interrupted")
    return execute(sql, parameters, many, context)


@contextmanager
def _on_sqlite(_: float) -> Iterator[None]:
    held = connection.connection
    held.set_progress_handler(_is_over, STEPS)
    try:
        yield
    finally:
        held.set_progress_handler(None, 0)


@contextmanager
def _on_postgresql(seconds: float) -> Iterator[None]:
    """Limit each statement; in a transaction behind a savepoint, so that it can go on after one that was given up."""
    held = connection.connection
    inside = connection.in_atomic_block
    if inside:
        held.execute("SAVEPOINT question")
    held.execute(f"SET {'LOCAL ' if inside else ''}statement_timeout = {round(seconds * 1000)}")
    try:
        yield
    except DatabaseError:
        with suppress(psycopg.Error):
            held.execute("ROLLBACK TO SAVEPOINT question" if inside else "RESET statement_timeout")
        raise
    except BaseException:
        with suppress(psycopg.Error):
            held.execute(f"SET {'LOCAL ' if inside else ''}statement_timeout = DEFAULT")
        raise
    held.execute(f"SET {'LOCAL ' if inside else ''}statement_timeout = DEFAULT")
    if inside:
        held.execute("RELEASE SAVEPOINT question")


def _was_given_up(error: OperationalError) -> bool:
    return isinstance(error.__cause__, psycopg.errors.QueryCanceled) or "interrupted" in str(error)
