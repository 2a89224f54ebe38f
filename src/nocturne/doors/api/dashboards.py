"""Dashboards for programs: those one has, keeping and changing them, and what their tiles show one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Path, Router
from pydantic import Field, StringConstraints

from nocturne.core.permits import Actor
from nocturne.desk import dashboards, homepage, setup, tiles
from nocturne.desk.dashboards import Dashboard, Wanted
from nocturne.desk.tiles import Shown
from nocturne.doors.api.acts import once
from nocturne.doors.api.answers import answer, row, tagged
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given import Given, Line
from nocturne.doors.api.given_views import CopyGiven
from nocturne.doors.api.shapes import Shape

router = Router(tags=["views"])

DashboardKey = Annotated[
    str, Path(min_length=1, max_length=24, pattern="^[A-Za-z0-9]+$", description="The dashboard's key.")
]
Key = Annotated[str, StringConstraints(max_length=24)]


class TileGiven(Given):
    """A tile: a view or a question, and how it is shown."""

    kind: Literal["view", "count", "chart"]
    title: Line = ""
    view: Key = Field("", description="The key of a view.")
    query: Annotated[str, StringConstraints(max_length=2_000)] = Field(
        "", description="Which tickets, where it is of no view; the open ones if empty."
    )
    rows: int = Field(6, ge=1, le=tiles.MOST_ROWS, description="How many tickets a view shows.")
    width: int = Field(1, ge=1, le=3, description="Of the page's three columns.")
    warn: int | None = Field(None, ge=0, le=1_000_000, description="The count from which it is many.")
    alarm: int | None = Field(None, ge=0, le=1_000_000, description="The count from which it is too many.")
    by: Line = Field(
        "queue", description="What a graph counts by: a column, or flow, opened, resolved for days."
    )
    graph: Literal["bars", "ring"] = "bars"
    days: int = Field(14, ge=1, le=tiles.MOST_DAYS)
    keep: int | None = Field(
        None,
        ge=0,
        lt=tiles.MOST_TILES,
        description="The place of a tile that asks for what you may not read: its question stays as it is.",
    )


TilesGiven = Annotated[list[TileGiven], Field(max_length=tiles.MOST_TILES)]


class DashboardGiven(Given):
    """A dashboard to be kept."""

    title: Line
    description: Line = ""
    tiles: TilesGiven = Field(default_factory=list)
    kind: Literal["person", "group", "site"] = Field("person", description="Whose it is.")
    group: Line = Field("", description="The group whose it is.")


class DashboardChanges(Given):
    """What is changed of a dashboard."""

    title: Line | None = None
    description: Line | None = None
    tiles: TilesGiven | None = None
    kind: Literal["person", "group", "site"] | None = None
    group: Line | None = None
    version: int | None = Field(None, description="The version that was looked at; another is refused.")


class HomeGiven(Given):
    """The key of the dashboard one begins with; empty for the board."""

    dashboard: Key


class DashboardRow(Shape):
    """A dashboard as its reader has it."""

    key: str
    title: str
    description: str
    kind: str = Field(description="built-in, person, group or site.")
    group: str
    made_by: str
    may_change: bool
    version: int
    tiles: list[dict[str, Any]]
    web_url: str


class Dashboards(Shape):
    dashboards: list[DashboardRow]


class Tiles(Shape):
    tiles: list[dict[str, Any]] = Field(description="In their order, each with what it shows its reader.")


class Home(Shape):
    dashboard: str = Field(description="The key of the dashboard one begins with; empty for the board.")


@router.get("/dashboards", auth=Needs(), response=Dashboards)
def list_dashboards(request: Request) -> HttpResponse:
    """List the dashboards one has: what comes with Nocturne, one's own, one's groups', the site's."""
    found = [spelt(each, request.auth) for each in dashboards.readable(request.auth)]
    return answer({"dashboards": found}, actor=request.auth)


@router.post("/dashboards", auth=Needs(), response={201: DashboardRow})
def create_dashboard(request: Request, given: DashboardGiven) -> HttpResponse:
    """Keep a dashboard."""
    wanted = Wanted(**given.model_dump())

    def do() -> dict[str, Any]:
        return spelt(dashboards.create(wanted, by=request.auth, door=door(request)), request.auth)

    return once(request, given, do, status=201)


@router.get("/dashboards/{key}", auth=Needs(), response=DashboardRow)
def read_dashboard(request: Request, key: DashboardKey) -> HttpResponse:
    """Read which tiles a dashboard has."""
    return answer(spelt(dashboards.named(key, request.auth), request.auth), actor=request.auth)


@router.patch("/dashboards/{key}", auth=Needs(), response=DashboardRow)
def change_dashboard(request: Request, key: DashboardKey, given: DashboardChanges) -> HttpResponse:
    """Change a dashboard, or give it to a group or the site."""
    sent = {name: value for name, value in given.model_dump(exclude_unset=True).items() if value is not None}
    version = sent.pop("version", None)

    def do() -> dict[str, Any]:
        return spelt(
            dashboards.change(key, sent, by=request.auth, door=door(request), version=version), request.auth
        )

    return once(request, given, do)


@router.delete("/dashboards/{key}", auth=Needs(), response={204: None})
def delete_dashboard(request: Request, key: DashboardKey) -> HttpResponse:
    """Delete a dashboard."""
    dashboards.delete(key, by=request.auth, door=door(request))
    return HttpResponse(status=204)


@router.post("/dashboards/{key}/copy", auth=Needs(), response={201: DashboardRow})
def copy_dashboard(request: Request, key: DashboardKey, given: CopyGiven) -> HttpResponse:
    """Make a copy of a dashboard that is one's own."""

    def do() -> dict[str, Any]:
        return spelt(
            dashboards.copy(key, by=request.auth, door=door(request), title=given.title), request.auth
        )

    return once(request, given, do, status=201)


@router.get("/dashboards/{key}/tiles", auth=Needs(), response=Tiles)
def read_tiles(request: Request, key: DashboardKey) -> HttpResponse:
    """Read what the tiles of a dashboard show: each is asked as whoever reads it."""
    now, actor = timezone.now(), request.auth
    found = [tiles.shown(each, actor, now=now) for each in dashboards.named(key, actor).tiles]
    return tagged(request, {"tiles": [shown(each) for each in found]}, "tiles", actor)


@router.get("/me/home", auth=Needs(), response=Home)
def own_home(request: Request) -> HttpResponse:
    """Say which dashboard one begins with."""
    return answer({"dashboard": homepage.home_of(request.auth)}, actor=request.auth)


@router.put("/me/home", auth=Needs(), response=Home)
def choose_own_home(request: Request, given: HomeGiven) -> HttpResponse:
    """Begin with a dashboard from now on, or with the board."""

    def do() -> dict[str, Any]:
        homepage.begin_with(given.dashboard, by=request.auth)
        return {"dashboard": homepage.home_of(request.auth)}

    return once(request, given, do)


def spelt(found: Dashboard, reader: Actor) -> dict[str, Any]:
    """This will spell a dashboard as programs get it."""
    names = ("key", "kind", "group", "made_by", "may_change", "version")
    return {
        **{name: getattr(found, name) for name in names},
        "title": str(found.title),
        "description": str(found.description),
        "tiles": [_told(found, place, reader) for place in range(len(found.tiles))],
        "web_url": f"{setup.base_url()}/dashboards/{found.key}",
    }


def _told(found: Dashboard, place: int, reader: Actor) -> dict[str, Any]:
    """Spell a tile; one whose question is not for its reader has its place with it, so that it can be sent back."""
    tile, now = found.tiles[place], timezone.now()
    if found.is_own or not tiles.is_hidden(tile, reader, now=now):
        return tiles.spelt(tile)
    return tiles.told(tile, reader, now=now) | ({"keep": place} if found.may_change else {})


def shown(found: Shown) -> dict[str, Any]:
    """This will spell what a tile shows."""
    told: dict[str, Any] = {"kind": found.tile.kind, "title": found.title, "query": found.query}
    if found.says:
        return told | {"refused": found.says}
    if found.tile.kind == "view":
        return told | {"tickets": [row(each) for each in found.rows], "has_more": found.has_more}
    if found.tile.kind == "count":
        return told | {"count": found.count, "is_exact": found.is_exact, "level": found.level}
    series = [
        {"label": each.label, "key": each.key, "value": each.value, "query": each.query}
        | ({} if each.second is None else {"second": each.second})
        for each in found.series
    ]
    return told | {"by": found.tile.by, "series": series, "is_cut": found.is_cut}
