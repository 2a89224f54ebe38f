"""Facts of the problem: when there was no service, and who is hit."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from nocturne import desk
from nocturne.core.entry import Kind
from nocturne.desk.terms import Affected, Outage, Written
from nocturne.doors.api import shapes
from nocturne.doors.api.acts import act
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import AffectedGiven, Given, Key, Number, OutageGiven
from nocturne.doors.api.tickets import affected, outage

router = Router(tags=["facts"])


@router.post("/tickets/{int:number}/outages", auth=Needs(Kind.OUTAGE), response=shapes.Done)
def add_outage(request: Request, number: Number, given: OutageGiven) -> HttpResponse:
    """Add a span without service."""
    return _outage(request, number, "", given, outage(given, request.auth))


@router.put("/tickets/{int:number}/outages/{key}", auth=Needs(Kind.OUTAGE), response=shapes.Done)
def change_outage(request: Request, number: Number, key: Key, given: OutageGiven) -> HttpResponse:
    """Change a span without service."""
    return _outage(request, number, key, given, outage(given, request.auth))


@router.delete("/tickets/{int:number}/outages/{key}", auth=Needs(Kind.OUTAGE), response=shapes.Done)
def remove_outage(request: Request, number: Number, key: Key) -> HttpResponse:
    """Take a span without service away."""
    return _outage(request, number, key, None, None)


def _outage(
    request: Request, number: int, key: str, given: Given | None, span: Outage | None
) -> HttpResponse:
    def do() -> Written:
        return desk.outage(number, span, key=key, by=request.auth, door=door(request))

    return act(request, given, do)


@router.post("/tickets/{int:number}/affected", auth=Needs(Kind.AFFECTED), response=shapes.Done)
def add_affected(request: Request, number: Number, given: AffectedGiven) -> HttpResponse:
    """Say who is hit, and how."""
    return _affected(request, number, "", given, affected(given, request.auth))


@router.put("/tickets/{int:number}/affected/{key}", auth=Needs(Kind.AFFECTED), response=shapes.Done)
def change_affected(request: Request, number: Number, key: Key, given: AffectedGiven) -> HttpResponse:
    """Change who is hit, or how."""
    return _affected(request, number, key, given, affected(given, request.auth))


@router.delete("/tickets/{int:number}/affected/{key}", auth=Needs(Kind.AFFECTED), response=shapes.Done)
def remove_affected(request: Request, number: Number, key: Key) -> HttpResponse:
    """Take away who was hit after all."""
    return _affected(request, number, key, None, None)


def _affected(
    request: Request, number: int, key: str, given: Given | None, hit: Affected | None
) -> HttpResponse:
    def do() -> Written:
        return desk.affected(number, hit, key=key, by=request.auth, door=door(request))

    return act(request, given, do)
