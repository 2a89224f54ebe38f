"""Speaks HTTP: one request per connection, in as little as that needs (http.client costs a tenth of a second)."""

from __future__ import annotations

import socket

from noc.places import Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

CONNECTS_WITHIN, ANSWERS_WITHIN = 5.0, 20.0
LARGEST_ANSWER = 64_000_000


class Unreachable(Exception):
    """The server could not be asked, or its answer did not arrive: what was asked may or may not have been done."""


class Refused(Exception):
    """The server has said no to what was to come piece by piece."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def call(
    server: Server,
    method: str,
    path: str,
    body: bytes | None = None,
    *,
    accept: str = "application/json",
    key: str = "",
    at: str = "",
    tag: str = "",
    signed: bool = True,
) -> Answer:
    """Ask the server.

    :param key: the Idempotency-Key, which makes a repeat harmless.
    :param at: when it was typed, if it is sent later.
    :param tag: the ETag of what is known already; then the answer may be 304, without a body.
    :raises Unreachable: it cannot be asked, or does not answer in time.
    """
    more = {"Idempotency-Key": key, "Nocturne-At": at, "If-None-Match": tag}
    head = _head(server, method, path, accept, more, body, signed=signed)
    try:
        return _read(_exchange(server, head + (body or b"")))
    except OSError as error:
        raise Unreachable(_said(error)) from error


def _head(
    server: Server,
    method: str,
    path: str,
    accept: str,
    more: dict[str, str],
    body: bytes | None = None,
    *,
    signed: bool = True,
) -> bytes:
    is_usual = server.port == (443 if server.is_https else 80)
    host = f"[{server.host}]" if ":" in server.host else server.host
    lines = [
        f"{method} {server.path}/api/v1{path} HTTP/1.1",
        f"Host: {host}" if is_usual else f"Host: {host}:{server.port}",
        "User-Agent: noc/1",
        f"Accept: {accept}",
        "Connection: close",
    ]
    if signed:
        lines.append(f"Authorization: Bearer {server.token}")
    lines += [f"{name}: {value}" for name, value in more.items() if value]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode("ascii", "replace") + b"\r\n\r\n"


def opened(server: Server, path: str, *, accept: str) -> Any:
    """Ask for something that comes bit by bit, and give the connection that it comes on.

    :raises OSError: the server cannot be asked.
    """
    connection = _connected(server)
    try:
        connection.sendall(_head(server, "GET", path, accept, {}))
    except BaseException:
        connection.close()
        raise
    return connection


def pieces(server: Server, path: str) -> Iterator[bytes]:
    """Read something long as it comes: what is here has been handed on before the next of it is read.

    :raises Refused: the server says no.
    :raises Unreachable: it cannot be asked, or its answer was cut short.
    """
    try:
        connection = opened(server, path, accept="*/*")
        try:
            yield from _in_pieces(connection)
        finally:
            connection.close()
    except OSError as error:
        raise Unreachable(_said(error)) from error


def _in_pieces(connection: Any) -> Iterator[bytes]:
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = connection.recv(65_536)
        if not piece or len(raw) > 100_000:
            raise Unreachable("it does not speak HTTP")
        raw += piece
    head, _, raw = raw.partition(b"\r\n\r\n")
    status, headers = _headed(head)
    if status >= 400:
        while (piece := connection.recv(65_536)) and len(raw) < 1_000_000:
            raw += piece
        raise Refused(_read(head + b"\r\n\r\n" + raw))
    if headers.get("transfer-encoding", "").lower() == "chunked":
        yield from _from_chunks(connection, raw)
        return
    length = headers.get("content-length", "")
    left = int(length) if length.isdecimal() else -1
    while raw or (left and (raw := connection.recv(65_536))):
        yield raw
        left, raw = (left - len(raw) if left > 0 else left), b""
    if left > 0:
        raise Unreachable("its answer was cut short")


def _from_chunks(connection: Any, raw: bytes) -> Iterator[bytes]:
    """Give the chunks of an answer whose length nobody knew when it began."""

    def more() -> bytes:
        found = bytes(connection.recv(65_536))
        if not found:
            raise Unreachable("its answer was cut short")
        return found

    while True:
        while b"\r\n" not in raw:
            raw += more()
        size, _, raw = raw.partition(b"\r\n")
        try:
            left = int(size.partition(b";")[0], 16)
        except ValueError:
            raise Unreachable("its answer was cut short") from None
        if not left:
            return
        while left:
            raw = raw or more()
            piece, raw = raw[:left], raw[left:]
            left -= len(piece)
            yield piece
        while len(raw) < 2:
            raw += more()
        raw = raw[2:]


def _connected(server: Server) -> Any:
    # As bytes: a name that is text would load the codec of international names, for nothing.
    host: Any = server.host.encode("ascii") if server.host.isascii() else server.host
    connection = socket.create_connection((host, server.port), CONNECTS_WITHIN)
    try:
        connection.settimeout(ANSWERS_WITHIN)
        if server.is_https:
            import ssl

            connection = ssl.create_default_context().wrap_socket(connection, server_hostname=server.host)
    except BaseException:
        connection.close()
        raise
    return connection


def _exchange(server: Server, request: bytes) -> bytes:
    connection = _connected(server)
    try:
        connection.sendall(request)
        pieces, length = [], 0
        while piece := connection.recv(262_144):
            pieces.append(piece)
            length += len(piece)
            if length > LARGEST_ANSWER:
                raise Unreachable("the answer has no end")
        return b"".join(pieces)
    finally:
        connection.close()


def _read(raw: bytes) -> Answer:
    """Take an answer apart.

    :raises Unreachable: it is none, or is cut short.
    """
    head, gap, body = raw.partition(b"\r\n\r\n")
    if not gap:
        raise Unreachable("it does not speak HTTP")
    status, headers = _headed(head)
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = _unchunked(body)
    elif headers.get("content-length", str(len(body))) != str(len(body)):
        raise Unreachable("its answer was cut short")
    return Answer(status, headers, body)


def _headed(head: bytes) -> tuple[int, dict[str, str]]:
    """Read the status and the headers of an answer.

    :raises Unreachable: they are none.
    """
    status_line, *lines = head.decode("latin-1").split("\r\n")
    parts = status_line.split(" ", 2)
    if not parts[0].startswith("HTTP/1.") or len(parts) < 2 or not parts[1].isdecimal():
        raise Unreachable("it does not speak HTTP")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return int(parts[1]), headers


def _unchunked(raw: bytes) -> bytes:
    pieces: list[bytes] = []
    while True:
        size, gap, raw = raw.partition(b"\r\n")
        try:
            length = int(size.partition(b";")[0], 16)
        except ValueError:
            raise Unreachable("its answer was cut short") from None
        if not gap or len(raw) < length:
            raise Unreachable("its answer was cut short")
        if length == 0:
            return b"".join(pieces)
        pieces.append(raw[:length])
        raw = raw[length + 2 :]


def _said(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer in time"
    return (getattr(error, "verify_message", "") or error.strerror or str(error)).strip()
