"""Where the thread that tells everybody waits between two turns: until it is called, or until it is time to look."""

from __future__ import annotations

import os
import select
from contextlib import suppress

from nocturne.store.hearing import Ear

POLL = 0.15
"""Seconds after which it looks for itself whether anything was written, where nobody calls."""
QUIET_POLL = 0.5
"""And where the database calls: then only for what ends by the clock, such as that somebody is writing."""


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

    def take(self, ear: Ear, *, is_behind: bool) -> None:
        """Wait until something is to be done.

        :param is_behind: what was written cannot all be read yet; when it can, nobody calls.
        """
        called = ear.is_sure and not is_behind
        waits = select.poll()  # select() itself knows no descriptors from 1,024 on
        waits.register(self._read, select.POLLIN)
        if called:
            waits.register(ear.fileno(), select.POLLIN)
        ready = dict(waits.poll(1000 * (QUIET_POLL if called else POLL)))
        if self._read in ready:
            os.read(self._read, 4096)
