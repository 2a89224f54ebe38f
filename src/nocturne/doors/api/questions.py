"""What a query means, and what could come next in it while somebody types."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router

from nocturne.desk import completing
from nocturne.doors.api import shapes_questions as shapes
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Needs, Request

router = Router(tags=["tickets"])

Text = Annotated[str, Query(max_length=2000, description="A query, in the language of the search box.")]


@router.get("/complete", auth=Needs(guests=True), response=shapes.Completions)
def complete(
    request: Request,
    q: Text = "",
    at: Annotated[
        int | None, Query(ge=0, le=2000, description="Where the cursor stands; its end else.")
    ] = None,
) -> HttpResponse:
    """List what could come next at a place in a query: each `text` stands in for what is from `start` to `end`."""
    found = completing.complete(q, len(q) if at is None else at, request.auth)
    return answer({"options": [asdict(each) for each in found]}, actor=request.auth)
