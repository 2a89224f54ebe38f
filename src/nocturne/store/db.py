"""The way into a write: one transaction, and on SQLite a fair queue in front of it."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from nocturne.core.refusals import Unavailable

_local = threading.local()


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _queue_file() -> int | None:
    """Open this thread's own handle on the file that writers queue at; a database in memory has none."""
    name = str(connection.settings_dict["NAME"])
    if not is_sqlite() or ":memory:" in name or "mode=memory" in name:
        return None
    handle: tuple[str, int, int] | None = getattr(_local, "queue", None)
    if handle is None or handle[:2] != (name, os.getpid()):
        descriptor = os.open(Path(name).with_suffix(".queue"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        _local.queue = handle = (name, os.getpid(), descriptor)
    return handle[2]


@contextmanager
def writing() -> Iterator[None]:
    """Write all of what follows or nothing of it.

    SQLite lets one writer in at a time and makes the others poll, which starves some of them: a file lock before
    BEGIN lets them in one after another (at 16 writers the slowest hundredth waits a tenth as long).

    :raises Unavailable: the disk is full, or the database cannot be written just now.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    queue = _queue_file()
    try:
        if queue is not None:
            fcntl.flock(queue, fcntl.LOCK_EX)
        with transaction.atomic():
            yield
    except (OperationalError, InterfaceError) as error:
        raise unavailable(error) from error
    finally:
        if queue is not None:
            fcntl.flock(queue, fcntl.LOCK_UN)


@contextmanager
def passing() -> Iterator[None]:
    """Write what need not outlive a crash: nothing waits for the disk. The books are never written so.

    :raises Unavailable: the database cannot be written just now.
    """
    if connection.in_atomic_block:
        with writing():
            yield
        return
    if not is_sqlite():
        with writing():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit TO off")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        with writing():
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


def unavailable(error: DatabaseError | InterfaceError) -> Unavailable:
    """Turn a database's failure into a refusal that says what is the matter."""
    words = str(error).lower()
    if "full" in words or "no space" in words:
        return Unavailable("disk_full")
    return Unavailable("database_unavailable")


def learn() -> None:
    """Let SQLite look at how its tables are filled, so that it chooses the right index; a sample is enough."""
    if is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=1000")
            cursor.execute("ANALYZE")
