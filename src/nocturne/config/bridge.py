"""Lets the WSGI application answer behind an asynchronous server: every request on one of a few lasting threads.

Threads that last keep their database connections; Django's own ASGI handler leaks them, and takes a third more
processor time for a page (docs/decisions/022). What a view holds open (an event stream) leaves its thread at once and
waits on the loop, so that two hundred of them cost no thread.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from nocturne.watch.live.listening import HOLD

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Hold = Callable[[Any, Receive, Send], Awaitable[None]]
Live = Callable[[Receive, Send], Awaitable[None]]

IN_MEMORY = 1_000_000
"""Bytes of a request that are kept in memory; what is more is written to a file without a name."""
LARGE_AT_ONCE = 8
"""How many large requests are taken in side by side: whoever sends many fills no disk with them."""
AT_ONCE = 65_536
TAKEN_WITHIN = 60.0
"""Seconds after which somebody who sends nothing more, or takes nothing more of an answer, is given up."""


class Gone(OSError):
    """Whoever asked is not there any more."""


class Bridge:
    """An ASGI application around a WSGI one.

    :param most: bytes of a request's body that are taken in at all.
    :param hold: keeps open what a view has left in the environment's `nocturne.hold`.
    :param live: follows the start and the end of the server.
    """

    def __init__(self, application: Application, *, threads: int, most: int, hold: Hold, live: Live) -> None:
        self.application, self.most, self.hold, self.live = application, most, hold, live
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="web")
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self.live(receive, send)
            return
        loop = asyncio.get_running_loop()
        length = _length(scope)
        if length > IN_MEMORY:
            async with self._large:
                body = await _taken(receive, length, self.most)
        else:
            body = await _taken(receive, length, self.most)
        if body is None:
            return
        environ = environ_of(scope, body)
        with body:
            given = await loop.run_in_executor(self.threads, self._begin, environ)
            try:
                await self._send(given, receive, send, loop, head=scope["method"] == "HEAD")
            except Gone:
                return
            finally:
                if given.rest is not None:
                    await loop.run_in_executor(self.threads, given.close)
        if given.held is not None:
            await self.hold(given.held, receive, send)

    def _begin(self, environ: Environ) -> _Given:
        """Let the application answer, on a thread of its own; an answer that is short is read here as a whole."""
        given = _Given()
        environ[HOLD] = given.take
        found = self.application(environ, given.start)
        try:
            if isinstance(found, list | tuple) or given.held is not None or _is_short(given.headers):
                given.body = b"".join(found)
        except BaseException:
            _close(found)
            raise
        if given.body is None:
            given.rest, given.whole = iter(found), found
        else:
            _close(found)
        return given

    async def _send(
        self, given: _Given, receive: Receive, send: Send, loop: asyncio.AbstractEventLoop, *, head: bool
    ) -> None:
        await send({"type": "http.response.start", "status": given.status, "headers": given.headers})
        if given.body is not None:
            await send(
                {"type": "http.response.body", "body": given.body, "more_body": given.held is not None}
            )
            return
        # What is sent to somebody who has gone is taken all the same: only asking tells that they have.
        gone = asyncio.ensure_future(_left(receive))
        try:
            while not head and (piece := await loop.run_in_executor(self.threads, given.next)):
                sent = send({"type": "http.response.body", "body": piece, "more_body": True})
                try:
                    await asyncio.wait_for(sent, TAKEN_WITHIN)
                except TimeoutError as slow:
                    raise Gone from slow
                if gone.done():
                    raise Gone
        finally:
            gone.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class _Given:
    """What the application has answered."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body: bytes | None = None
        self.rest: Iterator[bytes] | None = None
        self.whole: Any = None
        self.held: Any = None

    def start(self, status: str, headers: list[tuple[str, str]], _failed: Any = None) -> Callable[..., Any]:
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return _no_writing

    def take(self, held: Any) -> None:
        self.held = held

    def next(self) -> bytes:
        """Read on, up to a good piece; nothing at the end."""
        pieces: list[bytes] = []
        size = 0
        for piece in self.rest or ():
            pieces.append(piece)
            size += len(piece)
            if size >= AT_ONCE:
                break
        return b"".join(pieces)

    def close(self) -> None:
        _close(self.whole)


def environ_of(scope: Message, body: IO[bytes]) -> Environ:
    """Spell a request as a WSGI application reads it (PEP 3333)."""
    server, client = scope.get("server") or ("", 0), scope.get("client") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.get("raw_path") or scope["path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for given, value in scope["headers"]:
        if b"_" in given:
            continue  # it would be read as the one with a hyphen, which a proxy has set
        name = given.decode("latin-1").upper().replace("-", "_")
        if name not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            name = f"HTTP_{name}"
        said = value.decode("latin-1")
        if name in environ:
            said = f"{environ[name]}{'; ' if name == 'HTTP_COOKIE' else ','}{said}"
        environ[name] = said
    return environ


def _length(scope: Message) -> int:
    """Give the length of a request's body; without one that is a number it counts as having none, as in Django."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value[:20]) if value.isdigit() else 0
    return 0


async def _taken(receive: Receive, length: int, most: int) -> IO[bytes] | None:
    """Take a request's body in before a thread is spent on it: whoever sends slowly holds nobody up.

    One that is too large is not read at all, and refused further in. None where the sender has gone.
    """
    if not 0 < length <= most:
        return BytesIO()
    body: IO[bytes] = BytesIO() if length <= IN_MEMORY else SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    size = 0
    while True:
        try:
            async with asyncio.timeout(TAKEN_WITHIN):
                message = await receive()
        except TimeoutError:
            message = {"type": "http.disconnect"}
        if message["type"] == "http.disconnect":
            body.close()
            return None
        piece = message.get("body", b"")
        size += len(piece)
        if size <= length:
            body.write(piece)
        if not message.get("more_body"):
            body.seek(0)
            return body


async def _left(receive: Receive) -> None:
    """Wait until whoever asked has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _is_short(headers: list[tuple[bytes, bytes]]) -> bool:
    for name, value in headers:
        if name == b"content-length":
            return value.isdigit() and int(value) <= IN_MEMORY
    return False


def _close(found: Any) -> None:
    close = getattr(found, "close", None)
    if close is not None:
        with suppress(OSError):
            close()


def _no_writing(_data: bytes) -> None:
    raise NotImplementedError("answers are given, not written")
