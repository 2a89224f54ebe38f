"""Dashboards: looked at, put on a wall, arranged, and chosen to begin with."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header, urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nocturne.core import cells, permits
from nocturne.core.entry import Door
from nocturne.core.refusals import NotFound, Refusal
from nocturne.desk import dashboards, displays, exports, homepage, setup, tiles
from nocturne.desk.dashboards import Dashboard
from nocturne.desk.graphs import heads
from nocturne.desk.tiles import Shown
from nocturne.doors.web import graphs
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.doing import made
from nocturne.doors.web.public import public
from nocturne.doors.web.times import Times
from nocturne.doors.web.views import arranging
from nocturne.doors.web.views.display import as_screen, go_on, nothing
from nocturne.store.figures import MOST as LOOKED_AT

LONGEST_TURN = 3_600


@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: Asked) -> HttpResponse:
    """List the dashboards one has, and keep another."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        wanted = dashboards.Wanted(
            request.POST.get("title", ""), tiles=[{"kind": "count", "query": "is:open"}]
        )
        try:
            key = made(
                request,
                "dashboard",
                lambda: dashboards.create(wanted, by=request.actor, door=Door.WEB).key,
            )
        except Refusal as refusal:
            context = {"says": sentence(refusal), "given": request.POST.get("title", "")}
        else:
            return redirect("dashboard-arranging", key)
    context |= {
        "dashboards": dashboards.readable(request.actor),
        "home": homepage.home_of(request.actor),
        "nav": "dashboards",
    }
    return page(request, "dashboards.html", context, status=422 if "says" in context else 200)


@require_GET
def dashboard(request: Asked, name: str) -> HttpResponse:
    """Show a dashboard; with `wall` large and with nothing to click, with `with` in turns with others."""
    found = dashboards.named(name, request.actor)
    shown = [_tile(request, found, number) for number in range(len(found.tiles))]
    context = {
        "dashboard": found,
        "tiles": shown,
        "is_home": homepage.home_of(request.actor) == found.key,
        "wall": "wall" in request.GET,
        "nav": "dashboards",
        "times": Times(request.actor),
    }
    answer = page(request, "dashboard.html", context)
    if "wall" in request.GET:
        _let_turn(request, found, answer)
    return answer


@public
@require_GET
def on_screen(request: HttpRequest, name: str) -> HttpResponse:
    """Show a dashboard on a screen that nobody is signed on at, with the rights of whoever put it up."""
    asked = as_screen(request)
    if asked.actor.language != translation.get_language():
        translation.activate(asked.actor.language)
    place = f"{displays.DASHBOARD}:{name}"
    if not displays.shows(asked.screen, place) or not displays.there([place], asked.actor):
        return nothing(asked)
    found = dashboards.named(name, asked.actor)
    context = {
        "dashboard": found,
        "tiles": [_tile(asked, found, number) for number in range(len(found.tiles))],
        "organisation": setup.installation().organisation,
    }
    answer = page(asked, "display_dashboard.html", context)
    turn = request.GET.get("turn", "")
    if turn.isdecimal() and len(turn) < 6 and len(displays.places_of(asked.screen)) > 1:
        go_on(asked, answer, int(turn))
    else:
        shown = displays.places_of(asked.screen)
        _let_turn(asked, found, answer, route="display-dashboard", among=shown)
    return answer


def _let_turn(
    request: Asked,
    found: Dashboard,
    answer: HttpResponse,
    *,
    route: str = "dashboard",
    among: list[str] | None = None,
) -> None:
    """Lead a wall on to the next dashboard after a while, or to this one made anew: no script is needed for it."""
    others = [each for each in request.GET.get("with", "").split(",") if each.isalnum()][:20]
    if among is not None:
        others = [each for each in others if f"{displays.DASHBOARD}:{each}" in among]
    given = request.GET.get("every", "")
    every = min(max(int(given), 5), LONGEST_TURN) if given.isdecimal() and len(given) < 6 else 60
    following = others[0] if others else found.key
    asked = {"wall": "1", "every": str(every)}
    if others:
        asked["with"] = ",".join([*others[1:], found.key])
    answer.headers["Refresh"] = f"{every}; url={reverse(route, args=[following])}?{urlencode(asked)}"


@require_GET
def tile(request: Asked, name: str, number: int) -> HttpResponse:
    """Give one tile anew; nothing where it still is as it was."""
    found = _tile(request, dashboards.named(name, request.actor), number)
    if request.GET.get("mark") == found["mark"]:
        return HttpResponse(status=204)
    return HttpResponse(found["html"])


@require_GET
def figures(request: Asked, name: str, number: int) -> HttpResponse:
    """Send the figures of a graph, or a count, as a table for a spreadsheet.

    :raises Forbidden: its reader may take nothing away.
    """
    exports.demand(request.actor)
    found = _shown(request, dashboards.named(name, request.actor), number)
    if found.tile.kind == "count":
        table: list[list[Any]] = [[found.title], [found.count]]
    else:
        table = [list(heads(found.tile.by))]
        table += [
            [each.key or each.label, each.value, *([] if each.second is None else [each.second])]
            for each in found.series
        ]
    answer = HttpResponse("".join(cells.row(line) for line in table), content_type="text/csv; charset=utf-8")
    title = f"{slugify(found.title) or 'graph'}-{timezone.now():%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = content_disposition_header(True, title) or "attachment"
    return answer


def _shown(request: Asked, found: Dashboard, number: int) -> Shown:
    if not 0 <= number < len(found.tiles):
        raise NotFound("no_such_dashboard")
    return tiles.shown(found.tiles[number], request.actor, now=timezone.now())


def _tile(request: Asked, found: Dashboard, number: int) -> dict[str, Any]:
    """Make one tile: its markup, and a mark that changes with it."""
    shown = _shown(request, found, number)
    context = {
        "shown": shown,
        "tile": shown.tile,
        "address": graphs.address(shown.query) if shown.query else "",
        "graph": graphs.graph(shown) if shown.tile.kind == "chart" else "",
        "heads": heads(shown.tile.by) if shown.tile.kind == "chart" else (),
        "table": [(each, graphs.address(each.query) if each.query else "") for each in shown.series],
        "rows": shown.rows,
        "parts": tiles.parts(shown),
        "times": Times(request.actor),
        "most": LOOKED_AT,
        "download": reverse("dashboard-figures", args=[found.key, number])
        if shown.tile.kind == "chart"
        else "",
        "may_take": permits.may(request.actor, exports.RIGHT),
        "key": found.key,
        "number": number,
    }
    html = render_to_string("web/_tile.html", context, request)
    mark = hashlib.sha256(html.encode()).hexdigest()[:16]
    return {"html": html, "mark": mark, "number": number, "tile": shown.tile, "level": shown.level}


# --- kept, given away, begun with ------------------------------------------------------------------------------------


@require_POST
def copied(request: Asked, name: str) -> HttpResponse:
    """Make a copy that is one's own, and lead to where it is arranged."""
    key = made(
        request,
        "copy of a dashboard",
        lambda: dashboards.copy(name, by=request.actor, door=Door.WEB).key,
    )
    return redirect("dashboard-arranging", key)


@require_POST
def removed(request: Asked, name: str) -> HttpResponse:
    """Delete a dashboard."""
    dashboards.delete(name, by=request.actor, door=Door.WEB)
    return redirect("dashboards")


@require_POST
def begun_with(request: Asked) -> HttpResponse:
    """Begin with a dashboard from now on, or with the board again."""
    key = request.POST.get("dashboard", "")[:24]
    homepage.begin_with(key, by=request.actor)
    return redirect("dashboard", key) if key else redirect("dashboards")


@require_GET
def home(request: Asked) -> HttpResponse:
    """Lead to what one begins with: a dashboard of one's choice, or the board."""
    key = homepage.home_of(request.actor)
    return redirect("dashboard", key) if key else redirect("board")


@require_http_methods(["GET", "HEAD", "POST"])
def arranged(request: Asked, name: str) -> HttpResponse:
    """Arrange a dashboard: its name, whose it is, and its tiles, one after the other."""
    return arranging.arranged(request, name)


__all__ = [
    "arranged", "begun_with", "copied", "dashboard", "figures", "home", "listed", "on_screen", "removed", "tile",
]  # fmt: skip
