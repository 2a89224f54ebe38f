"""How many files are made at once: in a process never so many that pages wait, and of one person only a few anywhere.

A place is taken before the first byte is read, and given back when the file is done or nobody listens any more. What a
killed process had taken is free again when its time has run out.
"""

from __future__ import annotations

import secrets
import threading
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from nocturne.core.permits import Actor
from nocturne.core.refusals import TooMany, Unavailable
from nocturne.desk import clock
from nocturne.store.db import writing
from nocturne.store.models import FileSlot

EACH = 2
"""Files that one person takes away at once."""
LEASE, RENEWED_EVERY = timedelta(minutes=5), timedelta(seconds=30)
AGAIN = 30
"""Seconds after which it is worth to ask again."""


class Slot:
    """A place among the files that are being made. It is given back once, however often that is said."""

    def __init__(self, who: str, token: str, now: datetime) -> None:
        self._who, self._token, self._renewed = who, token, now
        self._is_held = True

    def renew(self) -> None:
        """Put off when the place is free by itself; most often there is nothing to do."""
        now = clock.now()
        if now - self._renewed >= RENEWED_EVERY:
            self._renewed = now
            with writing():
                FileSlot.objects.filter(token=self._token).update(kept_until=now + LEASE)

    def give_back(self) -> None:
        if self._is_held:
            self._is_held = False
            _here.give_back()
            with writing():
                FileSlot.objects.filter(token=self._token).delete()

    def __del__(self) -> None:
        """Whoever lets go of it without a word must not keep others from their files: its row runs out by itself."""
        if self._is_held:
            self._is_held = False
            _here.give_back()


class _Here:
    """How many files are being made in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0

    def take(self) -> None:
        with self._lock:
            if self._now >= max(1, settings.NOCTURNE.web_threads - 1):
                raise Unavailable("exports_busy")
            self._now += 1

    def give_back(self) -> None:
        with self._lock:
            self._now -= 1


_here = _Here()


def take(by: Actor) -> Slot:
    """Take a place for one more file.

    :raises Unavailable: so many are being made in this process that pages would have to wait.
    :raises TooMany: this person takes as many away already as one may.
    """
    _here.take()
    try:
        return _taken(f"{by.kind} {by.id or ''}".strip())
    except BaseException:
        _here.give_back()
        raise


def _taken(who: str) -> Slot:
    now, token = clock.now(), secrets.token_urlsafe(16)
    with writing():
        FileSlot.objects.filter(who=who, kept_until__lte=now).delete()
        held = set(FileSlot.objects.filter(who=who).values_list("place", flat=True))
        for place in sorted(set(range(EACH)) - held):
            try:
                with transaction.atomic():
                    FileSlot.objects.create(who=who, place=place, token=token, kept_until=now + LEASE)
            except IntegrityError:
                continue  # another of theirs, in another process, was faster
            return Slot(who, token, now)
    raise TooMany("too_many_files", limit=EACH, seconds=AGAIN)


__all__ = ["EACH", "Slot", "take"]
