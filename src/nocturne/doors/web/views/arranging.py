"""How a dashboard is arranged: every act is a button of a form, so that it is done by keyboard and without scripts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nocturne.core.entry import Door
from nocturne.core.refusals import Forbidden, Invalid, Refusal
from nocturne.desk import belonging, dashboards, savedviews, tiles
from nocturne.desk.dashboards import Dashboard
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.doing import made
from nocturne.doors.web.fields import Bound, Field, bind

OWNERS = (("person", _("Mine")), ("group", _("A group’s")), ("site", _("The site’s")))
ABOUT = (
    Field("title", _("Name"), needed=True, longest=80),
    Field("kind", _("Whose it is"), "choice", choices=OWNERS),
    Field("group", _("Which group"), "choice"),
    Field("description", _("What it is for"), wide=True, longest=400),
)
TILE = (
    Field("kind", _("Shows"), "choice",
          choices=(("view", _("Tickets")), ("count", _("A count")), ("chart", _("A graph")))),
    Field("title", _("Title"), help=_("as the view or the question"), longest=80),
    Field("width", _("Width"), "choice", choices=(("1", _("a third")), ("2", _("two thirds")), ("3", _("all of it")))),
    Field("view", _("View"), "choice"),
    Field("query", _("or a question"), wide=True, longest=2_000, asks=True,
          help=_("in the language of the search box; counts where no view is chosen")),
)  # fmt: skip
OF_KIND = {
    "view": (Field("rows", _("How many tickets"), "number"),),
    "count": (
        Field("warn", _("Many from"), "number", help=_("never")),
        Field("alarm", _("Too many from"), "number", help=_("never")),
    ),
    "chart": (
        Field(
            "by",
            _("Counted by"),
            "choice",
            choices=(
                ("queue", _("queue")), ("owner", _("owner")), ("severity", _("severity")), ("priority", _("priority")),
                ("state", _("state")), ("type", _("type")), ("network", _("network")), ("site", _("site")),
                ("clock", _("clock")), ("vendor", _("vendor")), ("flow", _("day, opened and resolved")),
                ("opened", _("day, opened")), ("resolved", _("day, resolved")),
            ),
        ),
        Field("graph", _("Drawn as"), "choice", choices=(("bars", _("bars")), ("ring", _("a ring")))),
        Field("days", _("How many days"), "number"),
    ),
}  # fmt: skip
NAMES = tuple(each.name for part in (TILE, *OF_KIND.values()) for each in part)


def arranged(request: Asked, name: str) -> HttpResponse:
    """Show how a dashboard is arranged, or do what one of its buttons says.

    :raises Forbidden: it is not theirs to change.
    """
    found = dashboards.named(name, request.actor)
    if not found.may_change:
        raise Forbidden("built_in_dashboard" if found.kind == "built-in" else "not_permitted")
    if request.method != "POST":
        return _page(request, found)
    act, _blank, place = request.POST.get("act", "").partition(" ")
    is_there = place.isdecimal() and len(place) < 4 and int(place) < len(found.tiles)
    number = int(place) if is_there else None
    try:
        where = made(request, "arranging", lambda: _do(request, found, act, number))
    except Refusal as refusal:
        return _page(request, found, refusal=refusal, act=act, number=number)
    return redirect(f"{reverse('dashboard-arranging', args=[name])}{where}")


def _do(request: Asked, found: Dashboard, act: str, number: int | None) -> str:
    """Do what a button says, and give the place on the page to go on at."""
    kept: list[dict[str, Any]] = [{"keep": place} for place in range(len(found.tiles))]
    if act == "about":
        told = {each.name: request.POST.get(each.name, "") for each in ABOUT}
        _change(request, found, told)
        return ""
    if act == "add":
        _change(request, found, {"tiles": [*kept, _given(request)]})
        return f"#tile-{len(kept)}"
    if number is None:
        raise Invalid("unknown_choice", field="act", given=act[:40], known=["about", "add"])
    goes_to = {"up": number - 1, "down": number + 1}.get(act, number)
    if act == "save":
        kept[number] |= _given(request)
    elif act == "remove":
        kept.pop(number)
    elif act in ("up", "down") and 0 <= goes_to < len(kept):
        kept.insert(goes_to, kept.pop(number))
    _change(request, found, {"tiles": kept})
    return f"#tile-{min(max(goes_to, 0), max(len(kept) - 1, 0))}"


def _change(request: Asked, found: Dashboard, told: dict[str, Any]) -> None:
    given = request.POST.get("version", "")
    version = int(given) if given.isdecimal() and len(given) < 9 else None
    dashboards.change(found.key, told, by=request.actor, door=Door.WEB, version=version)


def _given(request: Asked) -> dict[str, Any]:
    return {name: request.POST.get(name, "").strip() for name in NAMES}


def _page(
    request: Asked,
    found: Dashboard,
    *,
    refusal: Refusal | None = None,
    act: str = "",
    number: int | None = None,
) -> HttpResponse:
    """Show the page; what was typed when something was refused still stands where it was typed."""
    about = {
        "title": str(found.title),
        "kind": found.kind,
        "group": found.group,
        "description": str(found.description),
    }
    if act == "about":
        about = {each.name: request.POST.get(each.name, "") for each in ABOUT}
    groups = [("", "—"), *((name, name) for name in sorted(belonging.groups_of(request.actor)))]
    error = {refusal.field or "": "wrong"} if refusal else {}
    shown = [
        _tile(
            request,
            place,
            _given(request) if act == "save" and place == number else each,
            error if act == "save" and place == number else {},
            str(each["title"] or each["view"] or each["query"] or _unsaid(found.tiles[place])),
        )
        for place, each in enumerate(_told(request, found))
    ]
    context = {
        "dashboard": found,
        "about": bind(ABOUT, about, offered={"group": groups}, errors=error if act == "about" else {}),
        "tiles": shown,
        "new": _tile(
            request, len(shown), _given(request) if act == "add" else {}, error if act == "add" else {}, ""
        ),
        "last": len(shown) - 1,
        "says": sentence(refusal) if refusal else "",
        "wrong": (act, number) if refusal else None,
        "nav": "dashboards",
    }
    return page(request, "arranging.html", context, status=refusal.status if refusal else 200)


def _told(request: Asked, found: Dashboard) -> list[dict[str, Any]]:
    """Spell the tiles, to whoever has not made them without what they may not ask."""
    if found.is_own:
        return [tiles.spelt(each) for each in found.tiles]
    return [tiles.told(each, request.actor, now=timezone.now()) for each in found.tiles]


def _unsaid(tile: tiles.Tile) -> Any:
    """Name a tile of which nothing can be said to its reader."""
    return _("Not for you") if tile.view or tile.query else ""


def _tile(
    request: Asked, place: int, values: dict[str, Any], errors: dict[str, str], title: str
) -> dict[str, Any]:
    views: list[tuple[str, Any]] = [("", _("none of them"))]
    views += [(each.key, each.title) for each in savedviews.readable(request.actor) if not each.is_hidden]
    told = {name: "" if value is None else str(value) for name, value in values.items()}
    told.setdefault("width", "1")

    def bound(fields: tuple[Field, ...]) -> list[Bound]:
        return bind(fields, told, offered={"view": views}, errors=errors, prefix=f"t{place}")

    kinds = [(kind, bound(fields)) for kind, fields in OF_KIND.items()]
    named = dict(views).get(title, title)
    return {"place": place, "title": named, "fields": bound(TILE), "kinds": kinds, "is_open": bool(errors)}


__all__ = ["arranged"]
