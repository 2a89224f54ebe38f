"""Why somebody may see or do something on a ticket."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja import Path, Query, Router

from nocturne.desk import explaining
from nocturne.doors.api import shapes_administration
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Needs, Request
from nocturne.doors.api.given import Number

router = Router(tags=["people"])

What = Annotated[
    str, Query(max_length=80, description="A field, `change:FIELD`, a data class, an act, or `ticket`.")
]

QueueName = Annotated[str, Path(min_length=1, max_length=60, pattern="^[A-Za-z0-9_-]+$")]


@router.get("/tickets/{int:number}/explanation", auth=Needs(), response=shapes_administration.Explanation)
def explain(
    request: Request,
    number: Number,
    who: Annotated[str, Query(max_length=60, description="An account; yourself without it.")] = "",
    what: What = "ticket",
) -> HttpResponse:
    """Say whether an account may see or do something on a ticket, and what each clearance says to that."""
    found = explaining.explain(who or request.auth.label, number, what, by=request.auth)
    lines = [{"clearance": name, "gives": gives, "says": says} for name, gives, says in found.lines]
    told = {"allowed": found.allowed, "answer": found.answer, "clearances": lines}
    return answer(told, actor=request.auth)


@router.get("/tickets/{int:number}/readers", auth=Needs(), response=shapes_administration.Readers)
def list_readers(request: Request, number: Number, what: What = "ticket") -> HttpResponse:
    """List the clearances that give something on a ticket, and the accounts that have them."""
    found = explaining.who_can(number, what, by=request.auth)
    told = [{"clearance": name, "who": who, "accounts": names} for name, who, names in found]
    return answer({"clearances": told}, actor=request.auth)


@router.get("/queues/{name}/explanation", auth=Needs(), response=shapes_administration.Explanation)
def explain_in_queue(
    request: Request,
    name: QueueName,
    who: Annotated[str, Query(max_length=60, description="An account; yourself without it.")] = "",
    what: What = "ticket",
) -> HttpResponse:
    """Say the same of a new ticket in a queue, in which nobody has a part yet."""
    found = explaining.explain(who or request.auth.label, 0, what, by=request.auth, queue=name)
    lines = [{"clearance": each, "gives": gives, "says": says} for each, gives, says in found.lines]
    told = {"allowed": found.allowed, "answer": found.answer, "clearances": lines}
    return answer(told, actor=request.auth)
