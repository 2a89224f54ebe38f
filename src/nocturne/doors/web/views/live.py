"""Streams of what happens, for open pages and for screens on a wall; a page without them asks now and then."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET, require_POST

from nocturne.core.entry import DataClass
from nocturne.desk import presence as desk
from nocturne.doors.web.answers import Asked
from nocturne.doors.web.public import by_itself, for_guests, public
from nocturne.doors.web.views.display import as_screen
from nocturne.store.sessions import digest
from nocturne.watch.live import readers
from nocturne.watch.live.listening import HEADERS, listen
from nocturne.watch.live.readers import Reader


@by_itself
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
    return _stream(request, Reader(asked.actor, readers.DISPLAY, asked.screen.pk))


def _stream(request: HttpRequest, reader: Reader) -> StreamingHttpResponse:
    after = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    begins = listen(request.META, reader, after=after[:64])
    return StreamingHttpResponse([begins], headers=HEADERS)


@require_POST
def presence(request: Asked, number: int) -> HttpResponse:
    """Say that one has a ticket before one, is writing on it, or has gone; what comes back is who else is there."""
    does = request.POST.get("does")
    if does == "leaves":
        desk.leave(number, by=request.actor)
        return HttpResponse(status=204)
    writes_in = _class_of(request.POST.get("data_class", "")) if does == desk.WRITES else None
    desk.note(number, by=request.actor, writes_in=writes_in)
    there = desk.of(number, reader=request.actor)
    return JsonResponse({"people": [{"name": name, "does": what} for name, what in there]})


def _class_of(word: str) -> DataClass:
    """Read in which class something is being written; the staff's, where it is not said."""
    try:
        return DataClass.named(word)
    except KeyError:
        return DataClass.STAFF
