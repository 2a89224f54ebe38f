"""Refuses requests that are too large to be anything but a mistake or an attack, before a byte of them is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nocturne.config.proxy import Application, Environ


class Bounded:
    """A WSGI application that takes at most `most` bytes in one request.

    One attachment that is too large is refused further in, by name and with what was typed kept. This is for what no
    form of ours would send: without it, a stranger could fill the disk before anybody asks who it is.
    """

    def __init__(self, application: Application, *, most: int) -> None:
        self.application = application
        self.most = most

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length[:20]) <= self.most:
            return self.application(environ, start_response)
        says = f"This is more than can be taken at once, {self.most // 1_000_000} MB.\n".encode()
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(says)))]
        start_response(
            "413 Content Too Large", [*headers, ("Connection", "close"), ("Cache-Control", "no-store")]
        )
        return [says]
