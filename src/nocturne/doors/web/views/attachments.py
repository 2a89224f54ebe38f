"""Files of tickets. They are sent as files; nothing of them runs here."""

from __future__ import annotations

from urllib.parse import quote

import nh3
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from nocturne.core.refusals import NotFound
from nocturne.desk import files
from nocturne.doors.web.answers import Asked
from nocturne.doors.web.public import for_guests
from nocturne.store.blobs import open_blob

SANDBOX = "sandbox; default-src 'none'"
LARGEST_SHOWN = 2_000_000
_TAGS = (
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "li", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "u", "ul",
)  # fmt: skip


@for_guests
@require_safe
def attachment(request: Asked, token: str) -> HttpResponseBase:
    """Send a file to whoever may read the update that it belongs to."""
    found = files.find(token, request.actor)
    response = FileResponse(open_blob(found.sha256), content_type=_type(found.served_as))
    response.headers["Content-Length"] = str(found.size)
    response.headers["Content-Disposition"] = disposition(found.name)
    return _shut_in(response)


@for_guests
@require_safe
def formatted(request: Asked, token: str) -> HttpResponseBase:
    """Show a mail as it was formatted, with nothing left in it that runs, loads or looks like us."""
    found = files.find(token, request.actor)
    if found.media_type != "text/html":
        raise NotFound("no_such_file")
    with open_blob(found.sha256) as stream:
        raw = stream.read(LARGEST_SHOWN).decode("utf-8", "replace")
    # The tree is walked by a parser that browsers share; images are dropped, so that reading tells nobody.
    clean = nh3.clean(
        raw,
        tags=set(_TAGS),
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noreferrer noopener",
    )
    page = f'<!doctype html><meta charset=utf-8><meta name=color-scheme content="light dark"><title>—</title>{clean}'
    return _shut_in(HttpResponse(page, content_type="text/html; charset=utf-8"))


def _type(given: str) -> str:
    return "text/plain; charset=utf-8" if given == "text/plain" else given


def disposition(name: str) -> str:
    """Spell a file's name for the header, as RFC 6266 has it: plain letters, and the true name beside them."""
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\%;' else "_"
        for letter in name
    )
    exact = quote(name.encode("utf-8", "replace"), safe="")
    return f"attachment; filename=\"{plain[:150] or 'file'}\"; filename*=UTF-8''{exact}"


def _shut_in(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
