"""Speaks HTTP: one request per connection, in as little as that needs (http.client costs a tenth of a second)."""

from __future__ import annotations

import socket

from noc.places import Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CONNECTS_WITHIN, ANSWERS_WITHIN = 5.0, 20.0
LARGEST_ANSWER = 64_000_000


class Unreachable(Exception):
    """The server could not be asked, or its answer did not arrive: what was asked may or may not have been done."""


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
    signed: bool = True,
) -> Answer:
    """Ask the server.

    :param key: the Idempotency-Key, which makes a repeat harmless.
    :param at: when it was typed, if it is sent later.
    :raises Unreachable: it cannot be asked, or does not answer in time.
    """
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
    if key:
        lines.append(f"Idempotency-Key: {key}")
    if at:
        lines.append(f"Nocturne-At: {at}")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    head = "\r\n".join(lines).encode("ascii", "replace") + b"\r\n\r\n"
    try:
        return _read(_exchange(server, head + (body or b"")))
    except OSError as error:
        raise Unreachable(_said(error)) from error


def _exchange(server: Server, request: bytes) -> bytes:
    # As bytes: a name that is text would load the codec of international names, for nothing.
    host: Any = server.host.encode("ascii") if server.host.isascii() else server.host
    connection = socket.create_connection((host, server.port), CONNECTS_WITHIN)
    try:
        connection.settimeout(ANSWERS_WITHIN)
        if server.is_https:
            import ssl

            connection = ssl.create_default_context().wrap_socket(connection, server_hostname=server.host)
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
    status_line, *lines = head.decode("latin-1").split("\r\n")
    parts = status_line.split(" ", 2)
    if not gap or not parts[0].startswith("HTTP/1.") or len(parts) < 2 or not parts[1].isdecimal():
        raise Unreachable("it does not speak HTTP")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = _unchunked(body)
    elif headers.get("content-length", str(len(body))) != str(len(body)):
        raise Unreachable("its answer was cut short")
    return Answer(int(parts[1]), headers, body)


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
