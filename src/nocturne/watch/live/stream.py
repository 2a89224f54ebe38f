"""One listener: what is to be sent to it waits here, and never more than it takes."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from nocturne.watch.live.readers import Reader

MOST_WAITING = 100
"""Messages that wait for one listener; whoever takes none for so long is let go, and finds the rest on coming back."""


@dataclass(eq=False, slots=True)
class Stream:
    """What the hub has to say to one listener. The hub puts in from its thread, the event loop takes out."""

    reader: Reader
    since: int
    """From when on (milliseconds) what has happened is told, again where need be."""
    scope: object = None
    born: float = field(default_factory=time.monotonic)
    is_open: bool = False
    is_over: bool = False
    _waiting: deque[bytes] = field(default_factory=deque)
    _wake: asyncio.Event | None = None
    _loop: asyncio.AbstractEventLoop | None = None

    def open(self) -> None:
        """Begin to be listened to; called on the loop that sends."""
        self._loop, self._wake = asyncio.get_running_loop(), asyncio.Event()
        self.is_open = True

    def put(self, message: bytes) -> None:
        """Leave a message; it goes out at the next :func:`wake`."""
        if len(self._waiting) >= MOST_WAITING:
            self.is_over = True
        self._waiting.append(message)

    def end(self) -> None:
        """Let the stream end, once what waits has been sent; the browser comes back by itself if it may."""
        self.is_over = True
        wake([self])

    async def next(self) -> bytes | None:
        """Wait for what comes next, all that has gathered of it; None at the end."""
        while not self._waiting:
            if self.is_over or self._wake is None:
                return None
            self._wake.clear()
            await self._wake.wait()
        if len(self._waiting) > MOST_WAITING:
            return None
        gathered = []
        while self._waiting:
            gathered.append(self._waiting.popleft())
        return b"".join(gathered)


def wake(streams: Iterable[Stream]) -> None:
    """Let the loop send what was left for these; one call into it for all of them."""
    together: dict[asyncio.AbstractEventLoop, list[asyncio.Event]] = {}
    for each in streams:
        if each._loop is not None and each._wake is not None:  # noqa: SLF001 - both are of this module
            together.setdefault(each._loop, []).append(each._wake)  # noqa: SLF001
    for loop, events in together.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_set, events)


def _set(events: list[asyncio.Event]) -> None:
    for each in events:
        each.set()
