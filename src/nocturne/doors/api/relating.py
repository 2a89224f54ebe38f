"""Tickets that point to each other, are one problem, or two; and a trouble that answers its complaints."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja import Path, Router

from nocturne import desk
from nocturne.core.entry import Kind
from nocturne.desk.terms import Written
from nocturne.doors.api import shapes
from nocturne.doors.api.acts import act, extra
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import Act, MergeGiven, Number, RelationGiven, SplitGiven, TellingGiven

router = Router(tags=["relations"])

RelationKind = Annotated[
    str, Path(max_length=20, pattern="^[a-z_]+$", description="parent, depends_on or refers_to.")
]


@router.post("/tickets/{int:number}/relations", auth=Needs(Kind.RELATED), response=shapes.Done)
def relate(request: Request, number: Number, given: RelationGiven) -> HttpResponse:
    """Let it point to another ticket: its parent, what it depends on, or what it refers to."""
    along = extra(request, given)

    def do() -> Written:
        return desk.relate(number, given.kind, given.other, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)


@router.delete(
    "/tickets/{int:number}/relations/{kind}/{int:other}", auth=Needs(Kind.UNRELATED), response=shapes.Done
)
def unrelate(request: Request, number: Number, kind: RelationKind, other: Number) -> HttpResponse:
    """Take a pointer away."""
    return act(request, None, lambda: desk.unrelate(number, kind, other, by=request.auth, door=door(request)))


@router.post("/tickets/{int:number}/merge", auth=Needs(Kind.MERGED), response=shapes.Done)
def merge(request: Request, number: Number, given: MergeGiven) -> HttpResponse:
    """Merge it into another: both numbers then lead to that one, whose story is the union of both."""
    along = extra(request, given)

    def do() -> Written:
        return desk.merge(number, given.into, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)


@router.post("/tickets/{int:number}/unmerge", auth=Needs(Kind.UNMERGED), response=shapes.Done)
def unmerge(request: Request, number: Number, given: Act = Act()) -> HttpResponse:  # noqa: B008
    """Take a merge back."""
    along = extra(request, given)

    def do() -> Written:
        return desk.unmerge(number, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)


@router.post("/tickets/{int:number}/split", auth=Needs(Kind.SPLIT), response={201: shapes.Done})
def split(request: Request, number: Number, given: SplitGiven) -> HttpResponse:
    """Open a new ticket with copies of some entries."""
    along = extra(request, given)

    def do() -> Written:
        return desk.split(
            number, given.entries, given.subject, by=request.auth, door=door(request), extra=along
        )

    return act(request, given, do, status=201)


@router.post("/tickets/{int:number}/complainers", auth=Needs(Kind.TOLD), response=shapes.Done)
def tell_complainers(request: Request, number: Number, given: TellingGiven) -> HttpResponse:
    """Tell every complainer that the trouble is resolved; each complaint then waits for its complainer's word."""
    along = extra(request, given, text="")

    def do() -> Written:
        return desk.tell(number, given.text, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)
