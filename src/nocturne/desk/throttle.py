"""Counts attempts in the database, so that tries in parallel share one count."""

from __future__ import annotations

from datetime import timedelta

from nocturne.core.refusals import TooMany
from nocturne.desk import clock
from nocturne.store.db import writing
from nocturne.store.models import Throttle


def count(what: str, *, most: int, window: timedelta) -> None:
    """Count one attempt at something, before it is tried.

    :raises TooMany: there were more than `most` within the window; `seconds` says how long to wait.
    """
    now = clock.now()
    with writing():
        Throttle.objects.get_or_create(what=what[:160], defaults={"window_ends_at": now + window})
        row = Throttle.objects.select_for_update().get(pk=what[:160])
        if row.window_ends_at <= now:
            row.window_ends_at, row.attempts = now + window, 0
        row.attempts += 1
        row.save(update_fields=["window_ends_at", "attempts"])
        over = row.attempts > most
    if over:
        raise TooMany("too_many_attempts", seconds=max(1, int((row.window_ends_at - now).total_seconds())))


def forgive(what: str) -> None:
    """Forget the attempts at something, after one that was right."""
    with writing():
        Throttle.objects.filter(pk=what[:160]).update(attempts=0)


def forget_old() -> int:
    """Delete the counts whose window is over."""
    return Throttle.objects.filter(window_ends_at__lte=clock.now() - timedelta(hours=1)).delete()[0]
