"""Entries: read a ticket's story, add to it, put right what it says."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query, Router

from nocturne import desk
from nocturne.core.entry import Kind
from nocturne.core.refusals import Forbidden
from nocturne.desk import charts, readers
from nocturne.desk.terms import Extra, Written
from nocturne.doors.api import shapes, shapes_entries
from nocturne.doors.api.acts import act, extra
from nocturne.doors.api.answers import answer, entry
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import (
    Address,
    ClassGiven,
    CorrectionGiven,
    EntryGiven,
    Limit,
    Number,
    RedactionGiven,
)

router = Router(tags=["entries"])

Mark = Annotated[str, Query(max_length=60)]


@router.get("/tickets/{int:number}/entries", auth=Needs(guests=True), response=shapes_entries.Entries)
def list_entries(
    request: Request,
    number: Number,
    before: Annotated[
        str, Query(max_length=60, description="An entry's address: what stands before it.")
    ] = "",
    after: Annotated[
        str, Query(max_length=60, description="An entry's address or a ticket's version: what is newer.")
    ] = "",
    limit: Limit = 50,
    only: Literal["all", "people", "customer", "machine"] = "all",
) -> HttpResponse:
    """Read a window of a ticket's entries: the newest ones, oldest first."""
    version = after.strip('"').partition(".")[0]
    page = charts.entries(
        number, request.auth, before=before or None, after=version or None, limit=limit, only=only
    )
    return answer(
        {"entries": [entry(each) for each in page.entries], "earlier": page.earlier}, actor=request.auth
    )


@router.get(
    "/tickets/{int:number}/entries/{address}", auth=Needs(guests=True), response=shapes_entries.EntryShape
)
def read_entry(request: Request, number: Number, address: Address) -> HttpResponse:
    """Read one entry."""
    return answer(entry(charts.entry(number, address, request.auth)), actor=request.auth)


@router.post(
    "/tickets/{int:number}/entries",
    auth=Needs(Kind.NOTE, Kind.REPLY, Kind.RECEIVED),
    response={201: shapes.Done},
)
def add_entry(request: Request, number: Number, given: EntryGiven) -> HttpResponse:
    """Add a note, a reply to the customer, or what came from outside."""
    kind = given.kind or ("note" if request.auth.is_staff else "received")
    along = extra(request, given, text="")
    return act(request, given, lambda: add(request, number, kind, given, along), status=201, at=along.at)


def add(request: Request, number: int, kind: str, given: EntryGiven, along: Extra) -> Written:
    """Add words of one kind to a ticket."""
    by, through = request.auth, door(request)
    if kind == "reply":
        return desk.reply(number, given.text, to=given.to, by=by, door=through, extra=along)
    if kind == "received":
        return desk.receive(number, given.text, by=by, door=through, extra=along)
    return desk.update(
        number,
        given.text,
        by=by,
        door=through,
        extra=along,
        machines=given.machines,
        cc=given.cc,
        tags=given.tags,
    )


@router.post(
    "/tickets/{int:number}/entries/{address}/correction",
    auth=Needs(Kind.CORRECTED),
    response={201: shapes.Done},
)
def correct_entry(request: Request, number: Number, address: Address, given: CorrectionGiven) -> HttpResponse:
    """Put right what an entry says; the old words stay one key away."""

    def do() -> Written:
        return desk.correct(number, address, given.text, by=request.auth, door=door(request))

    return act(request, given, do, status=201)


@router.post(
    "/tickets/{int:number}/entries/{address}/redaction",
    auth=Needs(Kind.REDACTED),
    response={201: shapes.Done},
)
def redact_entry(request: Request, number: Number, address: Address, given: RedactionGiven) -> HttpResponse:
    """Take an entry's words and files away for good, and leave a tombstone with the reason."""

    def do() -> Written:
        return desk.redact(number, address, given.reason, by=request.auth, door=door(request))

    return act(request, given, do, status=201)


@router.post(
    "/tickets/{int:number}/entries/{address}/class",
    auth=Needs(Kind.RECLASSIFIED),
    response={201: shapes.Done},
)
def reclassify_entry(request: Request, number: Number, address: Address, given: ClassGiven) -> HttpResponse:
    """Let other readers read an entry, or keep them from it."""
    to = readers.chosen(given.data_class)

    def do() -> Written:
        return desk.reclassify(number, address, to, by=request.auth, door=door(request))

    return act(request, given, do, status=201)


@router.post(
    "/tickets/{int:number}/entries/{address}/withdrawal",
    auth=Needs(Kind.WITHDRAWN),
    response={201: shapes.Done},
)
def withdraw_entry(request: Request, number: Number, address: Address) -> HttpResponse:
    """Take back a reply of yours that has not been sent yet."""
    return act(
        request, None, lambda: desk.withdraw(number, address, by=request.auth, door=door(request)), status=201
    )


@router.api_operation(
    ["PUT", "PATCH", "DELETE"],
    "/tickets/{int:number}/entries/{address}",
    auth=Needs(),
    include_in_schema=False,
)
def refuse_to_tamper(request: Request, number: Number, address: Address) -> HttpResponse:  # noqa: ARG001
    """Refuse to change history: what is wrong is put right by a correction."""
    raise Forbidden("entries_stay")
