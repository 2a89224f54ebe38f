"""The stream of what happens, for programs: `noc watch`, a panel on a wall, a bot in a chat."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpResponse, StreamingHttpResponse
from ninja import Field, Query, Router

from nocturne.desk import presence, tokens
from nocturne.desk import readers as classes
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Needs, Request, address, is_by_cookie
from nocturne.doors.api.given import DataClassWord, Given, Number
from nocturne.doors.api.shapes import Shape
from nocturne.store.sessions import digest
from nocturne.watch.live import readers
from nocturne.watch.live.listening import HEADERS, listen
from nocturne.watch.live.readers import Reader

router = Router(tags=["live"])
SENT = {200: None}
GONE = {204: None}
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


class PresenceGiven(Given):
    """What somebody does at a ticket."""

    does: Literal["reads", "writes"] = "reads"
    data_class: DataClassWord = Field(
        "staff", description="The class of what is being written: who may not read it is not told that it is."
    )


class Person(Shape):
    name: str
    does: Literal["reads", "writes"]


class Present(Shape):
    people: list[Person]


@router.get("/events", auth=Needs(guests=True), response=SENT, openapi_extra=STREAM)
def listen_to_events(request: Request, after: After = "") -> StreamingHttpResponse:
    """Tell of every ticket that changes, as server-sent events, for as long as the connection stays open."""
    since = request.headers.get("Last-Event-ID", "")[:64] or after
    return StreamingHttpResponse([listen(request.META, _reader(request), after=since)], headers=HEADERS)


@router.get("/tickets/{int:number}/presence", auth=Needs(staff=True), response=Present)
def list_present(request: Request, number: Number) -> HttpResponse:
    """List who else of the staff has this ticket before them just now, and whether they are writing on it."""
    return answer(_present(number, request), actor=request.auth)


@router.put("/tickets/{int:number}/presence", auth=Needs(staff=True), response=Present)
def be_present(request: Request, number: Number, given: PresenceGiven) -> HttpResponse:
    """Say that you have this ticket before you; it holds for 75 seconds, and for 30 that you are writing."""
    writes_in = classes.chosen(given.data_class) if given.does == presence.WRITES else None
    presence.note(number, by=request.auth, writes_in=writes_in)
    return answer(_present(number, request), actor=request.auth)


@router.delete("/tickets/{int:number}/presence", auth=Needs(staff=True), response=GONE)
def be_gone(request: Request, number: Number) -> HttpResponse:
    """Say that you have left it."""
    presence.leave(number, by=request.auth)
    return HttpResponse(status=204)


def _present(number: int, request: Request) -> dict[str, list[dict[str, str]]]:
    there = presence.of(number, reader=request.auth)
    return {"people": [{"name": name, "does": does} for name, does in there]}


def _reader(request: Request) -> Reader:
    actor = request.auth
    if actor.kind == "guest":
        return Reader(actor, readers.GUEST, address(request))
    if is_by_cookie(request):
        return Reader(actor, readers.SESSION, digest(request.session.session_key or ""))
    plain = request.META["HTTP_AUTHORIZATION"].partition(" ")[2].strip()
    return Reader(actor, readers.TOKEN, tokens.number_of(plain))
