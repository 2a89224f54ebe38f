"""What a load balancer or a monitoring system asks: is it alive, and is it ready to work?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nocturne.store import guards
from nocturne.store.models import Heartbeat

WORKER_SILENT_FOR = timedelta(seconds=60)
LEAST_FREE_BYTES = 200_000_000
_seen_migrated = False


class NotReady(Exception):
    """Why a part is not ready, in a few words that tell a stranger nothing."""


@never_cache
@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """This will answer as long as this process can: it asks nothing of the database."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """This will answer 200 when every part is ready for work, else 503, and name each part's state."""
    parts = {name: _state(check) for name, check in PARTS.items()}
    is_ready = all(state == "ok" for state in parts.values())
    return JsonResponse({"ready": is_ready, "parts": parts}, status=200 if is_ready else 503)


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as reason:
        return str(reason)
    except (DatabaseError, InterfaceError):
        return "the database does not answer"
    return "ok"


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
    if shutil.disk_usage(settings.NOCTURNE.home).free < LEAST_FREE_BYTES:
        raise NotReady("the disk is nearly full")


PARTS: dict[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "triggers": _triggers,
    "worker": _worker,
    "spool": _spool,
    "disk": _disk,
}
