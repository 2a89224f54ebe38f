"""Who has how many tickets, how long they have worked, and what waits for nobody."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from nocturne.desk import clock, workload
from nocturne.desk.workload import Load
from nocturne.doors.api import shapes
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Needs, Request

router = Router(tags=["workload"])


class LoadShape(shapes.Shape):
    """What one person, queue or network has of the open tickets."""

    name: str
    title: str = Field(description="A person's full name.")
    open: int
    waiting: int
    ringing: int = Field(description="Timers that have gone off and wait for an answer.")
    urgent: int = Field(description="Of priority 1.")
    untimed: int = Field(description="Waiting, and nobody will be reminded.")
    untouched_since: str | None = Field(description="When the longest left alone was last touched.")
    next_at: str | None = Field(description="When the next timer goes off.")
    today: int = Field(description="Seconds a person has worked today, in the reader's zone.")
    week: int = Field(description="And since Monday.")
    leads: list[str] = Field([], description="The desks whose present shift a person has taken over.")
    is_here: bool = Field(
        False, description="Whether they have a ticket before them just now that you may read."
    )


class WorkloadShape(shapes.Shape):
    """The workload; tickets without a network are under an empty name, those without an owner are nobody's."""

    people: list[LoadShape]
    queues: list[LoadShape]
    networks: list[LoadShape]
    nobodys: LoadShape


@router.get("/workload", auth=Needs(staff=True), response=WorkloadShape)
def get_workload(request: Request) -> HttpResponse:
    """Say who has what. Tickets are given with `POST /batches`, somebody is called in with a ticket's `dispatch`."""
    found = workload.of(request.auth, now=clock.now())
    told: dict[str, Any] = {
        "people": [_load(each) for each in found.people],
        "queues": [_load(each) for each in found.queues],
        "networks": [_load(each) for each in found.networks],
        "nobodys": _load(found.nobodys),
    }
    return answer(told, actor=request.auth)


def _load(found: Load) -> dict[str, Any]:
    return asdict(found)
