"""Streams of what happens, for open pages and for screens on a wall; a page without them asks now and then."""

from __future__ import annotations

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from nocturne.desk import displays
from nocturne.doors.web.answers import Asked
from nocturne.doors.web.public import for_guests, public
from nocturne.doors.web.views.display import as_screen, token_of
from nocturne.store.sessions import digest
from nocturne.watch.live import readers
from nocturne.watch.live.listening import HEADERS, listen
from nocturne.watch.live.readers import Reader


@for_guests
@require_GET
def events(request: Asked) -> StreamingHttpResponse:
    """Tell an open page of everything that changes for its reader."""
    if request.frame.is_guest:
        return _stream(request, Reader(request.actor, readers.GUEST, str(request.META["REMOTE_ADDR"])))
    key = digest(request.session.session_key or "")
    return _stream(request, Reader(request.actor, readers.SESSION, key))


@public
@require_GET
def screen(request: HttpRequest) -> StreamingHttpResponse:
    """Tell a screen on a wall of what changes."""
    asked = as_screen(request, counts=False)
    number = displays.number_of(token_of(request)) or 0
    return _stream(request, Reader(asked.actor, readers.DISPLAY, number))


def _stream(request: HttpRequest, reader: Reader) -> StreamingHttpResponse:
    after = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    begins = listen(request.META, reader, after=after[:64])
    return StreamingHttpResponse([begins], headers=HEADERS)
