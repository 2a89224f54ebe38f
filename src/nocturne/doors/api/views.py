"""Views for programs: those one has, keeping and changing them, their tickets, and the order of one's rail."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router

from nocturne.desk import clock, feeds, finding, pins, savedviews, setup, subscriptions, viewacts
from nocturne.desk.savedviews import View
from nocturne.desk.viewacts import Wanted
from nocturne.doors.api import cursors, shapes
from nocturne.doors.api.acts import once
from nocturne.doors.api.answers import answer, row
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import Limit
from nocturne.doors.api.given_views import CopyGiven, PinsGiven, ViewChanges, ViewGiven, ViewKey
from nocturne.doors.api.shapes_views import Followers, Pins, ViewRow, Views
from nocturne.doors.api.tickets import place_in

router = Router(tags=["views"])


@router.get("/views", auth=Needs(), response=Views)
def list_views(request: Request) -> HttpResponse:
    """List the views one has: those that come with Nocturne, one's own, one's groups', the site's."""
    return answer({"views": [spelt(each) for each in savedviews.readable(request.auth)]}, actor=request.auth)


@router.post("/views", auth=Needs(), response={201: ViewRow})
def create_view(request: Request, given: ViewGiven) -> HttpResponse:
    """Keep a view."""
    wanted = Wanted(**given.model_dump())
    return once(
        request,
        given,
        lambda: spelt(viewacts.create(wanted, by=request.auth, door=door(request))),
        status=201,
    )


@router.get("/views/{key}", auth=Needs(), response=ViewRow)
def read_view(request: Request, key: ViewKey) -> HttpResponse:
    """Read a view."""
    return answer(spelt(savedviews.named(key, request.auth)), actor=request.auth)


@router.patch("/views/{key}", auth=Needs(), response=ViewRow)
def change_view(request: Request, key: ViewKey, given: ViewChanges) -> HttpResponse:
    """Change a view, or give it to a group or the site."""
    sent = {name: value for name, value in given.model_dump(exclude_unset=True).items() if value is not None}
    version = sent.pop("version", None)

    def do() -> dict[str, Any]:
        return spelt(viewacts.change(key, sent, by=request.auth, door=door(request), version=version))

    return once(request, given, do)


@router.get("/views/{key}/followers", auth=Needs(), response=Followers)
def list_view_followers(request: Request, key: ViewKey) -> HttpResponse:
    """List one's own subscriptions and feeds of a view, and one's groups': what would end with it.

    What others have mailed is theirs alone. Whoever has it mailed when it is deleted is told so once.
    """
    actor = request.auth
    view = savedviews.named(key, actor)
    mailed = [
        {
            "kind": "mail",
            "title": subscriptions.told(each, actor)[0],
            "group": each.group.name if each.group else "",
        }
        for each in subscriptions.following("view", view.key, actor)
    ]
    fed = [
        {"kind": "feed", "title": each.title, "group": ""}
        for each in feeds.of(actor)
        if each.view == view.key
    ]
    return answer({"followers": [*mailed, *fed]}, actor=actor)


@router.delete("/views/{key}", auth=Needs(), response={204: None})
def delete_view(request: Request, key: ViewKey) -> HttpResponse:
    """Delete a view; whoever has it mailed is told so once, and a feed of it says nothing any more."""
    viewacts.delete(key, by=request.auth, door=door(request))
    return HttpResponse(status=204)


@router.post("/views/{key}/copy", auth=Needs(), response={201: ViewRow})
def copy_view(request: Request, key: ViewKey, given: CopyGiven) -> HttpResponse:
    """Make a copy of a view that is one's own."""

    def do() -> dict[str, Any]:
        return spelt(viewacts.duplicate(key, by=request.auth, door=door(request), title=given.title))

    return once(request, given, do, status=201)


@router.get("/views/{key}/tickets", auth=Needs(), response=shapes.Tickets)
def list_view_tickets(
    request: Request,
    key: ViewKey,
    limit: Limit = 50,
    after: Annotated[str, Query(max_length=400, description="`after` of the page before.")] = "",
) -> HttpResponse:
    """List the tickets of a view, a page at a time. What it asks is asked as whoever reads it."""
    actor = request.auth
    asked = savedviews.question(savedviews.named(key, actor), actor, now=clock.now())
    order = finding.together(asked, finding.order_of(asked, actor), actor)
    shown, cursor = cursors.counted(after) if asked.limit else (0, after)
    place = place_in(order, cursor, actor)
    found = finding.page(actor, asked, now=clock.now(), order=order, after=place, limit=limit, shown=shown)
    rows = [row(each) for each in found.rows]
    further = cursors.write(order, found.after, shown=shown + len(rows) if asked.limit else None)
    return answer({"tickets": rows, "after": further, "group": asked.group or None}, actor=actor)


@router.get("/me/pins", auth=Needs(), response=Pins)
def list_own_pins(request: Request) -> HttpResponse:
    """List the views in one's rail."""
    return answer(_pinned(pins.rail(request.auth)), actor=request.auth)


@router.put("/me/pins", auth=Needs(), response=Pins)
def arrange_own_pins(request: Request, given: PinsGiven) -> HttpResponse:
    """Let exactly these views stand in one's rail, in this order."""
    return once(request, given, lambda: _pinned(pins.arrange(given.pins, by=request.auth)))


def _pinned(views: list[View]) -> dict[str, Any]:
    return {"pins": [each.key for each in views]}


def spelt(view: View) -> dict[str, Any]:
    """This will spell a view as programs get it."""
    names = (
        "key", "query", "kind", "grouped", "order", "density", "group", "made_by", "is_pinned", "may_change",
        "is_hidden", "version",
    )  # fmt: skip
    return {
        **{name: getattr(view, name) for name in names},
        "title": str(view.title),
        "description": str(view.description),
        "columns": list(view.columns),
        "web_url": f"{setup.base_url()}/views/{view.key}",
    }
