"""Packs pages for the way, where nobody else can have asked for them.

Whoever can make somebody's browser ask for pages with words of their choice, and sees how long the packed answers are,
can guess what else stands in them (BREACH). So a page is packed only where the browser says that the question came from
a page of ours or from the person themselves, and by how much it is shorter is blurred. Where nothing is encrypted,
nothing can be guessed that is not there to read.
"""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Callable
from io import BytesIO

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

LEAST = 1_400
"""Bytes below which an answer fits one packet anyhow."""
QUICKLY = 1
"""A page packs to a third in an eighth of a millisecond so; twice the time would save a twelfth of that more."""
BLUR = 100
OURS = ("same-origin", "none")


class Packed:
    """Packs the pages among the answers."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        patch_vary_headers(response, ("Accept-Encoding", "Sec-Fetch-Site"))
        if (
            len(response.content) >= LEAST
            and "gzip" in request.headers.get("Accept-Encoding", "")
            and "Content-Encoding" not in response.headers
            and is_ours(request)
        ):
            response.content = packed(response.content)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.content))
        return response


def is_ours(request: HttpRequest) -> bool:
    """Tell whether nobody but our own pages and the person who reads can have caused a request."""
    if settings.NOCTURNE.is_https or request.is_secure():
        return request.headers.get("Sec-Fetch-Site") in OURS
    return True


def packed(content: bytes) -> bytes:
    """Pack an answer, and make it longer by as much as chance says."""
    into = BytesIO()
    blur = "x" * secrets.randbelow(BLUR)
    with gzip.GzipFile(filename=blur, mode="wb", compresslevel=QUICKLY, fileobj=into, mtime=0) as file:
        file.write(content)
    return into.getvalue()
