"""The stream of what happens, for programs: `noc watch`, a panel on a wall, a bot in a chat."""

from __future__ import annotations

from typing import Annotated

from django.http import StreamingHttpResponse
from ninja import Query, Router

from nocturne.desk import tokens
from nocturne.doors.api.asking import Needs, Request, address, is_by_cookie
from nocturne.store.sessions import digest
from nocturne.watch.live import readers
from nocturne.watch.live.listening import HEADERS, listen
from nocturne.watch.live.readers import Reader

router = Router(tags=["live"])
SENT = {200: None}
STREAM = {
    "responses": {
        200: {
            "description": "Server-sent events: hello, changed, presence, beat, again (docs/operators/live.md).",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    }
}
After = Annotated[
    str,
    Query(
        max_length=64,
        description="The id of the last event that came: what has happened since is told again.",
    ),
]


@router.get("/events", auth=Needs(guests=True), response=SENT, openapi_extra=STREAM)
def listen_to_events(request: Request, after: After = "") -> StreamingHttpResponse:
    """Tell of every ticket that changes, as server-sent events, for as long as the connection stays open."""
    since = request.headers.get("Last-Event-ID", "")[:64] or after
    return StreamingHttpResponse([listen(request.META, _reader(request), after=since)], headers=HEADERS)


def _reader(request: Request) -> Reader:
    actor = request.auth
    if actor.kind == "guest":
        return Reader(actor, readers.GUEST, address(request))
    if is_by_cookie(request):
        return Reader(actor, readers.SESSION, digest(request.session.session_key or ""))
    plain = request.META["HTTP_AUTHORIZATION"].partition(" ")[2].strip()
    return Reader(actor, readers.TOKEN, tokens.number_of(plain))
