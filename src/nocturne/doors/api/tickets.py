"""Tickets: open one, list them, read one, change its header."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router

from nocturne import desk
from nocturne.core.entry import Kind, instant
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.core.values import level
from nocturne.desk import charts, clock, finding, highlights, similar, understanding
from nocturne.desk.terms import Affected, Opening, Outage, Reporter, Written
from nocturne.doors.api import cursors, shapes
from nocturne.doors.api.acts import TIMES, act, columns, extra, local, moment, moments
from nocturne.doors.api.answers import answer, row, tagged, ticket
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import AffectedGiven, Limit, Number, OpeningGiven, OutageGiven, Patch
from nocturne.store import lists, ordering
from nocturne.store.fulltext.state import share_built

router = Router(tags=["tickets"])

KINDS: dict[str, list[type]] = {
    "priority": [int, int, int, int],
    "newest": [int],
    "oldest": [int],
    "updated": [datetime, int],
    "relevance": [int, int],
}
OPEN = "is:open"
Order = Annotated[
    str,
    Query(
        max_length=80,
        description="priority, newest, oldest, updated, relevance, or columns: severity,-opened. Else that of the"
        " question, or the usual one: open work the most urgent first, what is looked up the newest first.",
    ),
]
ALL = 10**9
"""More tickets than there are."""
_NAMES = (
    "queue",
    "type",
    "owner",
    "network",
    "site",
    "circuit",
    "vendor",
    "user_address",
    "destination_address",
)


@router.post("/tickets", auth=Needs(Kind.OPENED), response={201: shapes.Done})
def open_ticket(request: Request, given: OpeningGiven) -> HttpResponse:
    """Open a ticket."""
    along = extra(request, given, text="")
    new = opening(given, request.auth)

    def do() -> Written:
        return desk.open(new, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, status=201, at=along.at)


def opening(given: OpeningGiven, actor: Actor) -> Opening:
    """Read a new ticket.

    :raises Invalid: a time cannot be read.
    """
    now = clock.now()
    times: dict[str, Any] = {
        name: moment(value, actor, now, field=name, ahead=name.startswith("planned"))
        for name in TIMES
        if (value := getattr(given, name))
    }
    reporter = Reporter(**given.reporter.model_dump()) if given.reporter is not None else None
    return Opening(
        subject=given.subject,
        text=given.text,
        severity=level("severity", given.severity) if given.severity is not None else None,
        priority=level("priority", given.priority) if given.priority is not None else None,
        reporter=reporter,
        machines=given.machines,
        outages=[outage(each, actor) for each in given.outages],
        affected=[affected(each, actor) for each in given.affected],
        cc=given.cc,
        parent=given.parent,
        fields=local(given.fields, actor),
        **{name: getattr(given, name) for name in _NAMES},
        **times,
    )


def outage(given: OutageGiven, actor: Actor) -> Outage:
    """Read a span without service.

    :raises Invalid: a time cannot be read.
    """
    found = moments(given, {"start": "outage_start", "end": "outage_end"}, actor)
    if found["start"] is None:
        raise Invalid("bad_time", field="start", given="")
    return Outage(found["start"], found["end"], given.effect)


def affected(given: AffectedGiven, actor: Actor) -> Affected:
    """Read who is hit, and how.

    :raises Invalid: a time cannot be read.
    """
    found = moments(given, {"start": "from", "end": "to"}, actor)
    return Affected(given.kind, given.name, given.effect, found["start"], found["end"])


@router.get("/tickets", auth=Needs(guests=True), response=shapes.Tickets)
def list_tickets(
    request: Request,
    q: Annotated[
        str, Query(max_length=2000, description="Which tickets, in the language of the search box.")
    ] = OPEN,
    order: Order = "",
    limit: Limit = 50,
    after: Annotated[str, Query(max_length=400, description="`after` of the page before.")] = "",
    marked: Annotated[
        bool, Query(description="Say with each ticket where the words that were asked for were found.")
    ] = False,
) -> HttpResponse:
    """List tickets, a page at a time. Whoever sends the ETag of a page back is told in a word that it is the same.

    A question about words looks back so far at a time: a page may be short of rows and have an `after` all the same.
    One that finds nothing is answered with the names in it that nothing bears, and with what its bare words are.
    """
    actor = request.auth
    asked = finding.ask(q, actor, now=clock.now())
    wanted = order or asked.order
    order = order_for(wanted, actor) if wanted else finding.order_of(asked, actor)
    order = finding.together(asked, order, actor)
    shown, cursor = cursors.counted(after) if asked.limit else (0, after)
    place = place_in(order, cursor, actor)
    found = finding.page(actor, asked, now=clock.now(), order=order, after=place, limit=limit, shown=shown)
    rows = [row(each) for each in found.rows]
    if marked:
        where = highlights.of(actor, asked, [each["number"] for each in rows], now=clock.now())
        rows = [each | {"found": _fragment(where.get(each["number"]))} for each in rows]
    finds_nothing = not (rows or after or found.after)
    told = {
        "tickets": rows,
        "after": cursors.write(order, found.after, shown=shown + len(rows) if asked.limit else None),
        "group": asked.group or None,
        "looked_back_to": instant(found.until) if found.until else None,
        "is_newest_only": found.newest_only,
        "is_index_building": found.building,
        "index_built": share_built() if found.building else 100,
        "doubts": [asdict(each) for each in understanding.doubts(asked, actor)] if finds_nothing else [],
        "meant": [asdict(each) for each in understanding.meant(asked, actor)] if finds_nothing else [],
    }
    return tagged(request, told, "list", actor)


@router.get("/tickets/count", auth=Needs(guests=True), response=shapes.Counted)
def count_tickets(
    request: Request,
    q: Annotated[
        str, Query(max_length=2000, description="Which tickets, in the language of the search box.")
    ] = OPEN,
    whole: Annotated[
        bool, Query(alias="all", description="Count on beyond 1,000, for as long as it takes.")
    ] = False,
) -> HttpResponse:
    """Count tickets: exactly up to 1,000, and then `is_exact` says that there are more."""
    actor, now = request.auth, clock.now()
    most = ALL if whole else finding.MOST
    found = finding.counted(actor, finding.ask(q, actor, now=now), now=now, most=most)
    return answer({"count": min(found, most), "is_exact": found <= most}, actor=actor)


def _fragment(found: highlights.Fragment | None) -> dict[str, Any] | None:
    if found is None:
        return None
    parts = [{"text": text, "is_marked": is_marked} for text, is_marked in found.parts]
    return {"in": found.column, "ticket": found.ticket, "entry": found.entry or None, "parts": parts}


@router.get("/tickets/{int:number}/similar", auth=Needs(), response=shapes.SimilarTickets)
def similar_to_ticket(request: Request, number: Number) -> HttpResponse:
    """List the few tickets that are most like this one: by words that few others have, by machines and site."""
    found = similar.to_ticket(number, request.auth, now=clock.now())
    return answer(_similar(found), actor=request.auth)


@router.get("/similar", auth=Needs(), response=shapes.SimilarTickets)
def similar_to_text(
    request: Request,
    text: Annotated[str, Query(max_length=4000, description="What somebody is about to write.")],
) -> HttpResponse:
    """List the few tickets that are most like a text, while it is being written."""
    return answer(_similar(similar.to_text(text, request.auth)), actor=request.auth)


def _similar(found: list[similar.Similar]) -> dict[str, Any]:
    return {
        "tickets": [
            row(each.row) | {"words": list(each.words), "things": list(each.things)} for each in found
        ]
    }


def place_in(order: str, after: str, actor: Actor) -> list[Any] | None:
    """Read where a page of a list begins; nothing for the first.

    :raises Invalid: it is no place in a list of this order.
    """
    if not after:
        return None
    if order in KINDS:
        return cursors.read(order, after, KINDS[order])
    place = ordering.place(ordering.read(order, actor) or [], cursors.values(order, after))
    if place is None:
        raise Invalid("bad_cursor", field="after")
    return ordering.spelt(place)


def order_for(given: str, actor: Actor) -> str:
    """Read an order that a program asks for.

    :raises Invalid: there is no such order, or it is not for them.
    """
    if not ordering.is_known(given, actor):
        known = lists.orders(actor) or ["newest"]  # who reads no column everywhere follows none
        raise Invalid("bad_order", field="order", given=given, known=known)
    return given


@router.get("/tickets/{int:number}", auth=Needs(guests=True), response=shapes.Ticket)
def read_ticket(request: Request, number: Number) -> HttpResponse:
    """Read a ticket with all its facts. Its ETag is what If-Match takes."""
    found = charts.chart(number, request.auth)
    return tagged(request, ticket(found, request.auth), found.version, request.auth)


@router.patch("/tickets/{int:number}", auth=Needs(Kind.CHANGED), response=shapes.Done)
def change_ticket(request: Request, number: Number, given: Patch) -> HttpResponse:
    """Change header fields. With If-Match, what somebody else has changed meanwhile is not overwritten."""
    along = extra(request, given)
    fields = columns(given, request.auth, clock.now()) | local(given.fields, request.auth)

    def do() -> Written:
        by, through = request.auth, door(request)
        if not fields and given.machines is None:
            return desk.update(number, given.text, by=by, door=through, extra=along)
        return desk.change(number, fields, machines=given.machines, by=by, door=through, extra=along)

    return act(request, given, do, at=along.at)
