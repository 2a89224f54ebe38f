"""Whether this installation can work: its database, its triggers, its worker, its spool, its disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from nocturne.store import guards
from nocturne.store.models import Heartbeat

WORKER_SILENT_FOR = timedelta(seconds=60)
LEAST_FREE_BYTES = 200_000_000
OK = "ok"
_seen_migrated = False


class NotReady(Exception):
    """Why a part is not ready, in a few words that tell a stranger nothing."""


def parts() -> dict[str, str]:
    """Ask every part how it is: `ok`, or why not."""
    return {name: _state(check) for name, check in PARTS.items()}


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as reason:
        return str(reason)
    except (DatabaseError, InterfaceError):
        return "the database does not answer"
    return OK


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    global _seen_migrated
    # Migrations do not vanish while the program runs: a yes stays, a no is asked again.
    if not _seen_migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise NotReady("the database is behind this version")
        _seen_migrated = True


def _triggers() -> None:
    try:
        guards.verify()
    except guards.Unguarded as gap:
        raise NotReady("the books are not guarded") from gap


def _worker() -> None:
    latest = Heartbeat.objects.order_by("-at").values_list("at", flat=True).first()
    if latest is None or timezone.now() - latest > WORKER_SILENT_FOR:
        raise NotReady("no worker has been heard of lately")


def _spool() -> None:
    spool = settings.NOCTURNE.home / "spool"
    if not os.access(spool if spool.exists() else settings.NOCTURNE.home, os.W_OK | os.X_OK):
        raise NotReady("the mail spool cannot be written")


def _disk() -> None:
    if free_bytes() < LEAST_FREE_BYTES:
        raise NotReady("the disk is nearly full")


def free_bytes() -> int:
    """Say how much the disk with the data directory has left."""
    return shutil.disk_usage(settings.NOCTURNE.home).free


PARTS: dict[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "triggers": _triggers,
    "worker": _worker,
    "spool": _spool,
    "disk": _disk,
}
