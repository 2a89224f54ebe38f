"""A client that costs next to nothing, so that what is measured is the server."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Mapping
from typing import Any, NamedTuple


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """One connection that is kept, as a browser keeps it."""

    def __init__(self, port: int, **headers: str) -> None:
        self.port = port
        sent = {"Host": f"127.0.0.1:{port}", "Accept-Encoding": "br, gzip", **headers}
        self.head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in sent.items())
        self.socket: socket.socket | None = None

    def get(self, path: str) -> Answer:
        return self.send(f"GET {path} HTTP/1.1\r\n{self.head}\r\n".encode())

    def post(self, path: str, body: object) -> Answer:
        raw = json.dumps(body).encode()
        about = f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n"
        return self.send(f"POST {path} HTTP/1.1\r\n{self.head}{about}\r\n".encode() + raw)

    def send(self, request: bytes) -> Answer:
        """This will send a request and read the whole answer.

        :raises ConnectionError: the server has gone away.
        """
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        first, *lines = data[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = data[end + 4 :]
        if headers.get("transfer-encoding") == "chunked":
            body = self._chunks(body)
        else:
            length = int(headers.get("content-length", 0))
            while len(body) < length:
                body += self._more()
        return Answer(int(first.split()[1]), headers, body)

    def _more(self) -> bytes:
        assert self.socket is not None
        piece = self.socket.recv(262144)
        if not piece:
            self.socket = None
            raise ConnectionError("the server closed the connection")
        return piece

    def _chunks(self, data: bytes) -> bytes:
        found = b""
        while True:
            while b"\r\n" not in data:
                data += self._more()
            size, _, data = data.partition(b"\r\n")
            length = int(size, 16)
            while len(data) < length + 2:
                data += self._more()
            found, data = found + data[:length], data[length + 2 :]
            if not length:
                return found


def rate(port: int, path: str, *, clients: int = 4, seconds: float = 4.0, **headers: str) -> float:
    """This will ask for one page with several clients at once, and give the answers per second."""
    answered: list[int] = []
    until = time.monotonic() + seconds

    def ask() -> None:
        wire, count = Wire(port, **headers), 0
        while time.monotonic() < until:
            assert wire.get(path).status == 200
            count += 1
        answered.append(count)

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answered) == clients, "a client did not get its answers"
    return sum(answered) / seconds
