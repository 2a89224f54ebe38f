"""Feeds for programs: one's own, made and revoked. They are read outside the API, by an address of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Path, Router
from pydantic import Field, StringConstraints

from nocturne.desk import feeds, savedviews, setup
from nocturne.doors.api.acts import KEY
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import HIGHEST, Given, Line
from nocturne.doors.api.shapes import Shape
from nocturne.store.models import Feed

router = Router(tags=["people"])
FeedNumber = Annotated[int, Path(ge=1, le=HIGHEST, description="Its number in the list.")]


class FeedGiven(Given):
    """A feed to be made: of a view, or of a question."""

    title: Line = ""
    view: Annotated[str, StringConstraints(max_length=24)] = Field("", description="The key of a view.")
    query: Annotated[str, StringConstraints(max_length=2_000)] = Field(
        "", description="Which tickets, where it is of no view."
    )
    days: int | None = Field(None, ge=0, le=36_500, description="0 for never, if the house allows that.")


class FeedRow(Shape):
    """A feed; what opens it is told once."""

    number: int
    title: str
    view: str
    query: str
    created_at: str
    last_used_at: str | None
    expires_at: str | None
    is_gone: bool = Field(
        description="Its view is gone, or is not for one: its address answers nothing any more."
    )


class Feeds(Shape):
    feeds: list[FeedRow]


class FeedMade(FeedRow):
    addresses: dict[str, str] = Field(description="By form: atom, json, ics. Told this once.")


@router.get("/me/feeds", auth=Needs(), response=Feeds)
def list_own_feeds(request: Request) -> HttpResponse:
    """List one's feeds that can still be read."""
    views = {each.key for each in savedviews.readable(request.auth)}
    rows = [
        _row(each) | {"is_gone": bool(each.view) and each.view not in views}
        for each in feeds.of(request.auth)
    ]
    return answer({"feeds": rows}, actor=request.auth)


@router.post("/me/feeds", auth=Needs(sure=True), response={201: FeedMade})
def make_own_feed(request: Request, given: FeedGiven) -> HttpResponse:
    """Make a feed. Its addresses are told this once; each opens this one list, with one's own rights."""
    lasts = None if given.days is None else timedelta(days=given.days)
    row, plain, again = feeds.create(
        given.title,
        view=given.view,
        query=given.query,
        lasts=lasts,
        by=request.auth,
        door=door(request),
        key=request.META.get(KEY, "").strip() or None,
    )
    base = f"{setup.base_url()}/feeds/{plain}"
    told = _row(row) | {"addresses": {form: f"{base}.{form}" for form in feeds.FORMS}}
    response = answer(told, status=201, actor=request.auth)
    if again:
        response.headers["Idempotent-Replayed"] = "true"
    return response


@router.delete("/me/feeds/{int:feed}", auth=Needs(), response={204: None})
def revoke_own_feed(request: Request, feed: FeedNumber) -> HttpResponse:
    """Let a feed of one's own be read no more."""
    feeds.revoke(feed, by=request.auth, door=door(request))
    return HttpResponse(status=204)


def _row(row: Feed) -> dict[str, Any]:
    names = ("title", "view", "query", "created_at", "last_used_at", "expires_at")
    return {"number": row.pk, **{name: getattr(row, name) for name in names}, "is_gone": False}
