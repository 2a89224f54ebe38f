"""A long answer ends when whoever asked for it has gone, and what made it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from nocturne.config.bridge import Bridge


class Endless:
    """An application whose answer never ends by itself."""

    def __init__(self) -> None:
        self.pieces = 0
        self.is_closed = False

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/csv")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.pieces += 1
            yield b"x" * 70_000

    def close(self) -> None:
        self.is_closed = True


async def _nobody(*_: Any) -> None:
    """Nothing is held open, and nothing follows the server's life."""


@pytest.mark.req("R16.1")
def test_a_file_is_made_no_further_when_nobody_is_there_to_take_it() -> None:
    made, sent = Endless(), []

    async def ask() -> None:
        gone = asyncio.Event()

        async def receive() -> dict[str, Any]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)
            if len(sent) == 4:
                gone.set()

        bridge = Bridge(made, threads=1, most=1000, hold=_nobody, live=_nobody)
        scope = {
            "type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], "scheme": "http",
            "http_version": "1.1",
        }  # fmt: skip
        await asyncio.wait_for(bridge(scope, receive, send), 20)

    asyncio.run(ask())
    assert made.is_closed
    assert made.pieces <= 6
