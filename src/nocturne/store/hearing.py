"""Hears from PostgreSQL that something was written: a connection of its own listens, and proves that it does.

Triggers call in the transaction of the write (migration `calling`), so that nobody is called before the commit. What is
called says nothing but that there is something to read. Whether calls come through is not believed: a connection may
be dead without a word, and a pooler in transaction mode lets LISTEN pass and every call get lost. So another connection
calls a word of this one's now and then; while that is not heard, this says that anything may have been written.
"""

from __future__ import annotations

import logging
import secrets
import time
from typing import Any

from django.db import connection

from nocturne.store.db import is_sqlite

CHANNEL = "nocturne"
PROVEN_EVERY, PROVEN_WITHIN = 15.0, 3.0
FIRST_REST, LONGEST_REST = 1.0, 15.0
"""Seconds until a connection that was lost is opened again: twice as long each time."""

log = logging.getLogger("nocturne.live")


class Ear:
    """One connection that listens. All of it belongs to one thread."""

    def __init__(self) -> None:
        self._line: Any = None
        self._word = ""
        """What was called to prove that calls come through, until it is heard."""
        self._called = self._due = 0.0
        self._rest = FIRST_REST
        self.is_sure = False
        """Whether calls come through."""

    def fileno(self) -> int:
        """Give what becomes readable when there is something to hear, while :attr:`is_sure`."""
        return int(self._line.fileno())

    def has_heard(self) -> bool:
        """Tell whether anything may have been written since this was asked last; where that is not known, it may."""
        if is_sqlite():
            return True
        now = time.monotonic()
        if self._line is None:
            if now >= self._due:
                self._open(now)
            return True
        was_sure = self.is_sure
        try:
            heard = self._listen()
            self._prove(now)
        except self._errors() as problem:
            self._lose(now, str(problem).strip())
            return True
        return heard or not (was_sure and self.is_sure)

    def close(self) -> None:
        """Listen no more, until asked again."""
        line, self._line = self._line, None
        self.is_sure, self._word, self._due = False, "", 0.0
        if line is not None:
            line.close()

    def _open(self, now: float) -> None:
        import psycopg

        # The wrapper's own settings: they name the database, and no pool.
        settings = connection.get_connection_params() | {"application_name": "nocturne live"}
        try:
            self._line = psycopg.connect(**settings, autocommit=True)
            self._line.execute(f"LISTEN {CHANNEL}")
            self._call(now)
        except psycopg.Error as problem:
            self._lose(now, str(problem).strip())

    def _listen(self) -> bool:
        """Take in what was called, without waiting."""
        line = self._line.pgconn
        line.consume_input()
        heard = False
        while (called := line.notifies()) is not None:
            word = bytes(called.extra).decode()
            if not word:
                heard = True
            elif word == self._word:
                self._word, self._rest = "", FIRST_REST
                if not self.is_sure:
                    log.info("live pages are called by the database")
                self.is_sure = True
        return heard

    def _prove(self, now: float) -> None:
        if self._word and now - self._called > PROVEN_WITHIN:
            self._lose(now, "calls do not come through")
        elif not self._word and now - self._called > PROVEN_EVERY:
            self._call(now)

    def _call(self, now: float) -> None:
        """Call a word on another connection: what one says oneself would be heard even through a pooler."""
        self._word, self._called = secrets.token_hex(8), now
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, self._word])

    def _lose(self, now: float, why: str) -> None:
        log.log(
            logging.WARNING if self.is_sure or self._rest == FIRST_REST else logging.INFO,
            "live pages look for themselves, and listen again in %.0f s: %s",
            self._rest,
            why,
        )
        rest = self._rest
        self.close()
        self._due, self._rest = now + rest, min(rest * 2, LONGEST_REST)

    @staticmethod
    def _errors() -> tuple[type[Exception], ...]:
        import psycopg

        return (psycopg.Error, OSError)
