"""Slows down strangers: how often one address may try what needs no sign-on, and guess tokens.

The counts live in this process's memory and cost no write, so that a flood of strangers never slows the operators.
Whoever shows a good token is not counted, and cannot be locked out by a neighbour behind the same address.
"""

from __future__ import annotations

import threading
import time

from nocturne.core.refusals import TooMany

MOST_ADDRESSES = 10_000


class Limit:
    """At most so many tries from one address within a window of seconds."""

    def __init__(self, most: int, seconds: int) -> None:
        self.most, self.seconds = most, seconds
        self._counts: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def count(self, address: str, *, now: float | None = None) -> None:
        """Count one try.

        :raises TooMany: there were more than are allowed; `seconds` says how long to wait.
        """
        now = time.monotonic() if now is None else now
        with self._lock:
            ends, tries = self._counts.get(address, (0.0, 0))
            if ends <= now:
                if len(self._counts) >= MOST_ADDRESSES:
                    self._forget_old(now)
                ends, tries = now + self.seconds, 0
            self._counts[address] = ends, tries + 1
        if tries + 1 > self.most:
            raise TooMany("too_many_attempts", seconds=max(1, int(ends - now)))

    def _forget_old(self, now: float) -> None:
        kept = {address: count for address, count in self._counts.items() if count[0] > now}
        # When even the fresh ones are too many, somebody has many addresses: begin anew rather than grow.
        self._counts = kept if len(kept) < MOST_ADDRESSES else {}

    def forget(self) -> None:
        """Forget every count."""
        self._counts = {}


BAD_TOKENS = Limit(30, 60)
CODES = Limit(20, 600)
POLLS = Limit(120, 60)
