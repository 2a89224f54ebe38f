"""Asking somebody outside who somebody is: never for longer than ten seconds, and never by more than a few at once.

Only signing on asks. While a provider or a directory does not answer, it is left alone for a while, so that those who
wait for it take no place from those who work.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import requests
from django.db import connection

from nocturne.core.refusals import Unavailable

LONGEST = 10.0
RESTS = 20.0
AT_ONCE = 2
"""In each process: a process has three threads, and one is always left for the board."""
LARGEST = 1_000_000
CONNECT, READ = 3.0, 5.0

Given = TypeVar("Given")

_lock = threading.Lock()
_places: dict[str, threading.Semaphore] = {}
_rests_until: dict[str, float] = {}


def ask(whom: str, question: Callable[[], Given], *, gone: tuple[type[Exception], ...]) -> Given:
    """Ask somebody outside, in a thread of its own that can be left behind.

    :param gone: what `question` raises when there is no answer; everything else it raises comes back as it is.
    :raises Unavailable: there is no answer, there was none a moment ago, or too many are asking.
    """
    with _lock:
        place = _places.setdefault(whom, threading.Semaphore(AT_ONCE))
        if _rests_until.get(whom, 0.0) > time.monotonic():
            raise Unavailable("outside_silent", whom=whom)
    if not place.acquire(timeout=1.0):
        raise Unavailable("outside_busy", whom=whom)
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.extend((question(), None))
        except Exception as problem:
            outcome.extend((None, problem))
        finally:
            place.release()
            connection.close()

    thread = threading.Thread(
        target=contextvars.copy_context().run, args=(run,), name=f"asks {whom}", daemon=True
    )
    thread.start()
    thread.join(LONGEST)
    if not outcome or isinstance(outcome[1], gone):
        with _lock:
            _rests_until[whom] = time.monotonic() + RESTS
        raise Unavailable("outside_silent", whom=whom) from (outcome[1] if outcome else None)
    if outcome[1] is not None:
        raise outcome[1]
    answer: Given = outcome[0]
    return answer


def forget() -> None:
    """Forget who did not answer."""
    with _lock:
        _rests_until.clear()


class Session(requests.Session):
    """Goes where it is sent and no further, believes no proxy of the environment, and reads no more than a megabyte."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, method: Any, url: Any, **more: Any) -> requests.Response:  # type: ignore[override]
        more |= {"timeout": (CONNECT, READ), "allow_redirects": False, "stream": True}
        response = super().request(method, url, **more)
        body = response.raw.read(LARGEST + 1, decode_content=True)
        if len(body) > LARGEST:
            response.close()
            raise requests.RequestException("the answer is too large")
        response._content = body  # noqa: SLF001
        return response
