"""Working a ticket: whose it is, whom it waits for, its timer."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from nocturne import desk
from nocturne.core.entry import Kind
from nocturne.core.refusals import Invalid
from nocturne.desk import clock
from nocturne.desk.terms import CLEAR, Extra, Written
from nocturne.doors.api import shapes
from nocturne.doors.api.acts import act, alarm, extra
from nocturne.doors.api.answers import seen
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import (
    Act,
    AlarmGiven,
    AlarmSet,
    MoveGiven,
    NamedGiven,
    Number,
    OwnerGiven,
    ReferralGiven,
    SuspensionGiven,
)

router = Router(tags=["work"])


@router.post("/tickets/{int:number}/owner", auth=Needs(Kind.TAKEN, Kind.GIVEN), response=shapes.Done)
def set_owner(request: Request, number: Number, given: OwnerGiven) -> HttpResponse:
    """Take the ticket, give it to somebody, who is told by mail, or put it back into its queue."""
    along = extra(request, given)
    owner = (given.owner or "").strip()

    def do() -> Written:
        if owner.lower() in ("me", request.auth.label.lower()):
            return desk.take(number, by=request.auth, door=door(request), extra=along)
        return desk.give(number, owner, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)


@router.post("/tickets/{int:number}/referral", auth=Needs(Kind.REFERRED), response=shapes.Done)
def refer(request: Request, number: Number, given: ReferralGiven) -> HttpResponse:
    """Hand it to a vendor, a site or another NOC: who, their number, whose time, timer and next action in one act."""
    along = extra(request, given)

    def do() -> Written:
        return desk.refer(
            number,
            given.to,
            reference=given.reference,
            clock=given.clock,
            by=request.auth,
            door=door(request),
            extra=along,
        )

    return act(request, given, do, at=along.at)


@router.post("/tickets/{int:number}/dispatch", auth=Needs(Kind.DISPATCHED), response=shapes.Done)
def dispatch(request: Request, number: Number, given: NamedGiven) -> HttpResponse:
    """Send somebody: an account is told by mail, anybody else is written down."""
    along = extra(request, given)

    def do() -> Written:
        return desk.dispatch(number, given.to, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)


@router.post("/tickets/{int:number}/escalation", auth=Needs(Kind.ESCALATED), response=shapes.Done)
def escalate(request: Request, number: Number, given: NamedGiven) -> HttpResponse:
    """Say that help from outside the NOC is needed, and whose."""
    along = extra(request, given)

    def do() -> Written:
        return desk.escalate(number, given.to, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)


@router.post("/tickets/{int:number}/suspension", auth=Needs(Kind.SUSPENDED), response=shapes.Done)
def suspend(request: Request, number: Number, given: SuspensionGiven = SuspensionGiven()) -> HttpResponse:  # noqa: B008
    """Let it wait: the customer's or the vendor's time runs."""
    along = extra(request, given)

    def do() -> Written:
        return desk.suspend(number, given.clock, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)


@router.post("/tickets/{int:number}/resumption", auth=Needs(Kind.RESUMED), response=shapes.Done)
def resume(request: Request, number: Number, given: Act = Act()) -> HttpResponse:  # noqa: B008
    """End the wait: the NOC's time runs again."""
    along = extra(request, given)
    return act(
        request,
        given,
        lambda: desk.resume(number, by=request.auth, door=door(request), extra=along),
        at=along.at,
    )


@router.post("/tickets/{int:number}/move", auth=Needs(Kind.MOVED), response=shapes.Done)
def move(request: Request, number: Number, given: MoveGiven) -> HttpResponse:
    """Bring it into another state by a move of its life cycle's own, which no other act stands for."""
    along = extra(request, given)

    def do() -> Written:
        return desk.move(number, given.state, by=request.auth, door=door(request), extra=along)

    return act(request, given, do, at=along.at)


@router.put("/tickets/{int:number}/alarm", auth=Needs(Kind.CHANGED), response=shapes.Done)
def set_alarm(request: Request, number: Number, given: AlarmSet) -> HttpResponse:
    """Set the timer."""
    if (given.when is None) == (given.at is None):
        raise Invalid("alarm_needs_one", field="when")
    wanted = given.when if given.when is not None else AlarmGiven(at=given.at or "", text=given.text)
    timer = Extra(alarm=alarm(wanted, request, clock.now()), seen=seen(request))

    def do() -> Written:
        return desk.update(number, by=request.auth, door=door(request), extra=timer)

    return act(request, given, do)


@router.delete("/tickets/{int:number}/alarm", auth=Needs(Kind.CHANGED), response=shapes.Done)
def clear_alarm(request: Request, number: Number) -> HttpResponse:
    """Take the timer away."""
    gone = Extra(alarm=CLEAR, seen=seen(request))
    return act(request, None, lambda: desk.update(number, by=request.auth, door=door(request), extra=gone))


@router.post(
    "/tickets/{int:number}/alarm/acknowledgement", auth=Needs(Kind.ACKNOWLEDGED), response=shapes.Done
)
def acknowledge_alarm(request: Request, number: Number, given: Act = Act()) -> HttpResponse:  # noqa: B008
    """Answer a timer that went off: it leaves the strip."""
    along = extra(request, given)
    return act(
        request,
        given,
        lambda: desk.acknowledge(number, by=request.auth, door=door(request), extra=along),
        at=along.at,
    )
