"""Holds streams open on the event loop, and ends them all as soon as the process is told to stop."""

from __future__ import annotations

import asyncio
import signal
from types import FrameType

from nocturne.config.bridge import TAKEN_WITHIN, Message, Receive, Send
from nocturne.watch.live import hub
from nocturne.watch.live.stream import Stream


async def hold(stream: Stream, receive: Receive, send: Send) -> None:
    """Send what a stream has to say until it is over, or its listener has gone, or takes nothing more."""
    stream.open()
    leaving = asyncio.ensure_future(_until_gone(receive))
    leaving.add_done_callback(lambda _: stream.end())
    try:
        while (piece := await stream.next()) is not None:
            async with asyncio.timeout(TAKEN_WITHIN):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except (TimeoutError, OSError, RuntimeError):
        pass  # the listener has gone
    finally:
        stream.is_over = True
        leaving.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def live(receive: Receive, send: Send) -> None:
    """Follow the server's own life: it waits for every answer to end before it stops, and streams end only if told."""
    while True:
        message: Message = await receive()
        if message["type"] == "lifespan.startup":
            for sign in (signal.SIGTERM, signal.SIGINT):
                # The loop hears of a signal by itself; this is called beside that.
                signal.signal(sign, _ending)
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            hub.end()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _ending(_sign: int, _frame: FrameType | None) -> None:
    hub.end()
