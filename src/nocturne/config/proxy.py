"""Tells the application who really asks, and how, when a reverse proxy stands in front of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]
# A browser must not be able to tell us any of these; only a proxy that is named in the options may.
HEARSAY = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
           "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_REMOTE_USER")  # fmt: skip


class BehindProxy:
    """A WSGI application that believes the trusted proxies, and nobody else, about address and scheme.

    It also takes the path that Nocturne lives under off the request, whether or not the proxy has done so.
    """

    def __init__(self, application: Application, *, trusted: Iterable[str], path: str) -> None:
        self.application = application
        self.trusted = frozenset(trusted)
        self.path = path

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        heard = {name: environ.pop(name) for name in HEARSAY if name in environ}
        if heard and environ.get("REMOTE_ADDR") in self.trusted:
            self._believe(environ, heard)
        if self.path and (given := environ.get("PATH_INFO", "")).startswith(self.path):
            rest = given[len(self.path) :]
            if not rest or rest.startswith("/"):
                environ["PATH_INFO"] = rest or "/"
        environ["SCRIPT_NAME"] = self.path
        return self.application(environ, start_response)

    def _believe(self, environ: Environ, heard: dict[str, str]) -> None:
        scheme = heard.get("HTTP_X_FORWARDED_PROTO", "").split(",")[-1].strip().lower()
        if scheme in {"http", "https"}:
            environ["wsgi.url_scheme"] = scheme
        hops = [hop.strip() for hop in heard.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        # From the nearest hop outwards: the first that is not one of our own proxies is the one that asked them.
        for hop in reversed(hops):
            if not _is_address(hop):
                break
            environ["REMOTE_ADDR"] = hop
            if hop not in self.trusted:
                break


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
