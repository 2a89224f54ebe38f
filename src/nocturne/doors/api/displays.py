"""The wall displays for programs: which are up, and taking one down."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from django.http import HttpResponse
from ninja import Path, Router

from nocturne.desk import roster
from nocturne.desk.administering import PEOPLE
from nocturne.doors.api import shapes_administration
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import HIGHEST

router = Router(tags=["administration"])
Row = Annotated[int, Path(ge=1, le=HIGHEST, description="Its number in the list.")]


@router.get("/displays", auth=Needs(PEOPLE), response=shapes_administration.Displays)
def list_displays(request: Request) -> HttpResponse:
    """List the wall displays that are up; the tokens in their addresses are kept nowhere."""
    found = [asdict(each) for each in roster.screens(by=request.auth)]
    return answer({"displays": found}, actor=request.auth)


@router.delete("/displays/{row}", auth=Needs(PEOPLE), response={204: None})
def take_display_down(request: Request, row: Row) -> HttpResponse:
    """Let a wall display show nothing any more, whoever put it up."""
    roster.take_down(row, by=request.auth, door=door(request))
    return HttpResponse(status=204)
