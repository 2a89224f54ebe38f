"""What a query means, and what could come next in it while somebody types."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router

from nocturne.desk import clock, completing, finding, understanding
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


@router.get("/query", auth=Needs(guests=True), response=shapes.Understood)
def understand(request: Request, q: Text = "") -> HttpResponse:
    """Say how a query is understood: in the one way to write it, as rows, and with the names that nothing bears.

    A query that is not understood is refused with `position`, `reason` and, where there is one, a `suggestion` for what
    stands at `span`.
    """
    found = understanding.understood(finding.ask(q, request.auth, now=clock.now()), request.auth)
    told = {
        "canonical": found.canonical,
        "rows": [asdict(row) for row in found.form.rows],
        "order": found.form.order,
        "group": found.form.group,
        "limit": found.form.limit,
        "is_plain": found.form.is_plain,
        "doubts": [asdict(doubt) for doubt in found.doubts],
        "meant": [asdict(each) for each in found.meant],
    }
    return answer(told, actor=request.auth)
