"""The end of a problem: service restored, resolved, checked, closed; and the way back."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from nocturne import desk
from nocturne.core.entry import Kind
from nocturne.desk.terms import Written
from nocturne.doors.api import shapes
from nocturne.doors.api.acts import act, extra
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import Act, ClosureGiven, Number, RejectionGiven, ResolutionGiven

router = Router(tags=["end"])


@router.post("/tickets/{int:number}/restoration", auth=Needs(Kind.RESTORED), response=shapes.Done)
def restore(request: Request, number: Number, given: Act = Act()) -> HttpResponse:  # noqa: B008
    """Say that service is back, now or at `at`; the ticket stays open and is watched."""
    along = extra(request, given)

    def do() -> Written:
        return desk.restore(number, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)


@router.post("/tickets/{int:number}/resolution", auth=Needs(Kind.RESOLVED), response=shapes.Done)
def resolve(request: Request, number: Number, given: ResolutionGiven) -> HttpResponse:
    """Resolve it: one line for the reports, the key component, the cause. The reporter is told."""
    along = extra(request, given)

    def do() -> Written:
        return desk.resolve(
            number,
            given.line,
            key_component=given.key_component,
            cause=given.cause,
            tell=given.tell,
            by=request.auth,
            door=door(request),
            extra=along,
        )

    return act(request, given, do, at=along.at)


@router.post("/tickets/{int:number}/check", auth=Needs(Kind.CHECKED), response=shapes.Done)
def check(request: Request, number: Number, given: Act = Act()) -> HttpResponse:  # noqa: B008
    """Sign a resolved ticket off: a supervisor other than the one who resolved it."""
    along = extra(request, given)

    def do() -> Written:
        return desk.check(number, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)


@router.post("/tickets/{int:number}/closure", auth=Needs(Kind.CLOSED), response=shapes.Done)
def close(request: Request, number: Number, given: ClosureGiven = ClosureGiven()) -> HttpResponse:  # noqa: B008
    """Close a resolved ticket."""
    along = extra(request, given)

    def do() -> Written:
        return desk.close(number, over_open=given.over_open, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)


@router.post("/tickets/{int:number}/reopening", auth=Needs(Kind.REOPENED), response=shapes.Done)
def reopen(request: Request, number: Number, given: Act = Act()) -> HttpResponse:  # noqa: B008
    """Open an ended ticket again."""
    along = extra(request, given)

    def do() -> Written:
        return desk.reopen(number, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)


@router.post("/tickets/{int:number}/rejection", auth=Needs(Kind.REJECTED), response=shapes.Done)
def reject(request: Request, number: Number, given: RejectionGiven) -> HttpResponse:
    """Turn it away, with a reason for the staff; nobody is mailed."""
    along = extra(request, given)

    def do() -> Written:
        return desk.reject(number, given.reason, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)
