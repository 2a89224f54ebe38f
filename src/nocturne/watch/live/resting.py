"""Where the thread that tells everybody waits between two turns: until it is called, or until it is time to look."""

from __future__ import annotations

import os
import select
import time
from contextlib import suppress

from nocturne.store.hearing import Ear

POLL = 0.15
"""Seconds after which it looks for itself whether anything was written, where nobody calls."""
QUIET_POLL = 0.5
"""And where the database calls: then only for what ends by the clock, such as that somebody is writing."""
SOON_POLL, SOON = 0.02, 1.0
"""And where it has called, but a transaction from before runs still: for so many seconds it is expected to end."""


class Rest:
    """A place to wait that others can wake one from, signal handlers too."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def __del__(self) -> None:
        os.close(self._read)
        os.close(self._write)

    def end(self) -> None:
        """Let whoever waits go on at once, now or when they come to wait."""
        with suppress(BlockingIOError):  # it is full of such
            os.write(self._write, b".")

    def take(self, ear: Ear, *, behind_since: float | None) -> None:
        """Wait until something is to be done.

        :param behind_since: since when (monotonic) something is written that cannot be read yet; when it can, nobody
            calls.
        """
        wait, waits = POLL, select.poll()  # select() itself knows no descriptors from 1,024 on
        waits.register(self._read, select.POLLIN)
        if ear.is_sure and behind_since is None:
            wait = QUIET_POLL
            waits.register(ear.fileno(), select.POLLIN)
        elif ear.is_sure and behind_since is not None and time.monotonic() - behind_since < SOON:
            wait = SOON_POLL
        if self._read in dict(waits.poll(1000 * wait)):
            os.read(self._read, 4096)
