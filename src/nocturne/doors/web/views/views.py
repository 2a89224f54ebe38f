"""Keeping views: the page of all of them, saving a search as one, changing it, the order of the rail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.entry import Door
from nocturne.core.refusals import Refusal
from nocturne.desk import (
    belonging,
    clock,
    columns,
    feeds,
    looks,
    pins,
    savedviews,
    subscriptions,
    viewacts,
    viewchoices,
)
from nocturne.desk.belonging import CONFIGURING
from nocturne.desk.looks import WIDTH
from nocturne.desk.viewacts import LONGEST, Wanted
from nocturne.doors.web import headings
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.coming import own
from nocturne.doors.web.density import DENSITIES, density_cookie
from nocturne.doors.web.doing import made
from nocturne.doors.web.fields import Field, bind
from nocturne.doors.web.middleware import is_fragment
from nocturne.store import ordering

WEB = Door.WEB
TITLE = Field("title", _("Name"), needed=True, longest=LONGEST["title"], help=_("It stands in the rail."))
QUERY = Field(
    "query",
    _("Which tickets"),
    wide=True,
    longest=LONGEST["query"],
    asks=True,
    help=_("In the language of the search."),
)
ABOUT = Field("description", _("What it is for"), wide=True, longest=LONGEST["description"])
WHOSE = Field("whose", _("Whose it is"), "choice")
GROUPED = Field("grouped", _("Together by"), "choice")
ORDER = Field(
    "order", _("Order"), longest=LONGEST["order"], help=_("priority, newest, or columns: severity,-opened")
)
DENSITY = Field(
    "density", _("Rows"), "choice",
    choices=[("", _("as each reader likes")), ("comfortable", _("comfortable")), ("dense", _("dense"))],
)  # fmt: skip
PINNED = Field("is_pinned", _("Stands in the rail of everybody whose it is"), "check")
FIELDS = (TITLE, QUERY, ABOUT, WHOSE, GROUPED, ORDER, DENSITY, PINNED)


@require_GET
def everyone(request: Asked) -> HttpResponse:
    """List the views somebody has, and the order of their rail."""
    pinned = [each.view.key for each in request.frame.pins]
    views = savedviews.readable(request.actor)
    context = {
        "pinned": request.frame.pins,
        "others": [each for each in views if each.key not in pinned and each.key not in pins.ALWAYS],
        "always": [each for each in views if each.key in pins.ALWAYS],
        "nav": "views",
        "did": did(request),
    }
    return page(request, "views.html", context)


_SAID = {
    "kept": _("The view is kept."),
    "deleted": _("The view is deleted."),
    "copied": _("The copy is yours."),
}


def did(request: Asked) -> dict[str, Any] | None:
    """Say on the page that it leads to what was done with a view."""
    words = _SAID.get(request.GET.get("did", ""))
    return {"words": words} if words else None


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Asked) -> HttpResponse:
    """Keep a search as a view."""
    if request.method != "POST":
        asked = {name: request.GET.get(name, "") for name in ("title", "query", "order", "grouped")}
        columns_asked = ",".join(request.GET.getlist("columns"))
        return _form(request, {**asked, "columns": columns_asked}, address=reverse("view-new"))
    given = _given(request)

    def make() -> str:
        kept = viewacts.create(Wanted(**given), by=request.actor, door=WEB)
        if request.POST.get("pin"):
            pins.pin(kept.key, by=request.actor)
        return kept.key

    try:
        key = made(request, "view", make)
    except Refusal as refusal:
        return _form(request, request.POST.dict(), address=reverse("view-new"), refusal=refusal)
    return redirect(f"{reverse('view', args=[key])}?did=kept")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Asked, name: str) -> HttpResponse:
    """Change a view."""
    view = savedviews.named(name, request.actor)
    address = reverse("view-edit", args=[name])
    if request.method != "POST":
        values = {each.name: getattr(view, each.name, "") for each in FIELDS} | {
            "whose": f"group:{view.group}" if view.group else view.kind,
            "columns": ",".join(view.columns),
            "version": view.version,
        }
        return _form(request, values, address=address, view=view)
    given = _given(request)
    sent = request.POST.get("version", "")
    version = int(sent) if sent.isdecimal() and len(sent) < 9 else None
    try:
        made(
            request,
            "change of a view",
            lambda: viewacts.change(name, given, by=request.actor, door=WEB, version=version).key,
        )
    except Refusal as refusal:
        return _form(request, request.POST.dict(), address=address, view=view, refusal=refusal)
    return redirect(f"{reverse('view', args=[name])}?did=kept")


def _given(request: Asked) -> dict[str, Any]:
    """Read what a form says of a view."""
    sent = request.POST
    kind, _colon, group = sent.get("whose", "person").partition(":")
    given: dict[str, Any] = {
        name: sent.get(name, "").strip()
        for name in ("title", "query", "description", "grouped", "order", "density")
    }
    return given | {
        "kind": kind or "person",
        "group": group,
        "columns": [each for part in sent.getlist("columns") for each in part.split(",") if each],
        "is_pinned": bool(sent.get("is_pinned")),
    }


def _form(
    request: Asked,
    values: Mapping[str, Any],
    *,
    address: str,
    view: savedviews.View | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    says = sentence(refusal) if refusal else ""
    field = (
        {"kind": "whose", "group": "whose"}.get(refusal.field or "", refusal.field or "") if refusal else ""
    )
    if refusal is not None and refusal.code == "bad_query":
        field = "query"
    offered = {
        "whose": _whose(request),
        "grouped": [
            ("", "—"),
            *((name, columns.known()[name].title) for name in ordering.groups(request.actor)),
        ],
    }
    followers = subscriptions.following("view", view.key, request.actor) if view else []
    context = {
        "mailed": [
            {
                "title": subscriptions.told(each, request.actor)[0],
                "to": each.group.name if each.group else "",
            }
            for each in followers
        ],
        "fed": [each for each in feeds.of(request.actor) if each.view == view.key] if view else [],
        "view": view,
        "fields": bind(FIELDS, values, errors={field: says}, offered=offered),
        "columns": str(values.get("columns", "")),
        "version": values.get("version", ""),
        "address": address,
        "says": says,
        "is_new": view is None,
        "nav": "views",
        "did": did(request) if request.method != "POST" else None,
    }
    return page(request, "view_form.html", context, status=refusal.status if refusal else 200)


def _whose(request: Asked) -> list[tuple[str, Any]]:
    """List to whom somebody can give a view."""
    found: list[tuple[str, Any]] = [("person", _("mine"))]
    for name in sorted(belonging.groups_of(request.actor)):
        group = current().groups.get(name)
        found.append(
            (
                f"group:{name}",
                _("the group %(name)s") % {"name": group.title if group and group.title else name},
            )
        )
    if permits.may(request.actor, CONFIGURING):
        found.append(("site", _("everybody here")))
    return found


@require_POST
def delete(request: Asked, name: str) -> HttpResponse:
    """Delete a view."""
    viewacts.delete(name, by=request.actor, door=WEB)
    return redirect(f"{reverse('views')}?did=deleted")


@require_POST
def copy(request: Asked, name: str) -> HttpResponse:
    """Make a copy of a view that is one's own."""
    key = made(request, "copy of a view", lambda: viewacts.duplicate(name, by=request.actor, door=WEB).key)
    return redirect(f"{reverse('view-edit', args=[key])}?did=copied")


@require_POST
def pin(request: Asked, name: str) -> HttpResponse:
    """Put a view into the rail, take it out, or move it there."""
    act = request.POST.get("act", "pin")
    if act == "off":
        pins.unpin(name, by=request.actor)
    elif act in ("up", "down"):
        pins.move(name, -1 if act == "up" else 1, by=request.actor)
    else:
        pins.pin(name, by=request.actor)
    return _back(request)


@require_POST
def arrange(request: Asked) -> HttpResponse:
    """Put the rail into an order."""
    pins.arrange([each for each in request.POST.get("pins", "").split(",") if each], by=request.actor)
    return HttpResponse(status=204) if is_fragment(request) else _back(request)


@require_POST
def choose(request: Asked, name: str) -> HttpResponse:
    """Remember how somebody wants a view shown; whoever keeps it can let everybody have it so."""
    sent = request.POST
    chosen = _moved([each for each in sent.getlist("columns") if each], sent)
    grouped, order = sent.get("grouped", ""), headings.chosen(sent)
    if sent.get("reset"):
        viewchoices.forget(name, by=request.actor)
    elif sent.get("for_all"):
        told = {"columns": chosen, "grouped": grouped, "order": order}
        viewacts.change(name, told, by=request.actor, door=WEB)
        viewchoices.forget(name, by=request.actor)
    else:
        viewchoices.choose(name, chosen, grouped, order, by=request.actor)
    response = _back(request)
    if sent.get("density") in DENSITIES:
        response.set_cookie(
            density_cookie(), sent["density"], max_age=3600 * 24 * 365, path=settings.SESSION_COOKIE_PATH,
            samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


def _moved(chosen: list[str], sent: Mapping[str, Any]) -> list[str]:
    """Move one of the columns a place to the front or to the end, where that was asked for."""
    for name, step in ((sent.get("front", ""), -1), (sent.get("end", ""), 1)):
        if name in chosen:
            place = max(0, min(len(chosen) - 1, chosen.index(name) + step))
            chosen.remove(name)
            chosen.insert(place, name)
    return chosen


@require_POST
def look(request: Asked, name: str) -> HttpResponse:
    """Remember what was seen of a view: from now on, what happens to it is marked."""
    view = savedviews.named(name, request.actor)
    asked = savedviews.question(view, request.actor, now=clock.now())
    names = [each for each in request.POST.get("columns", "").split(",") if each][:60]
    shown: dict[int, str] = {}
    for each in request.POST.get("rows", "").split(",")[: looks.MOST_ROWS]:
        number, _colon, letters = each.partition(":")
        if number.isdecimal() and len(number) < 19 and len(letters) <= WIDTH * len(names):
            shown[int(number)] = letters
    looks.look(request.actor, name, asked, names, shown)
    return HttpResponse(status=204) if is_fragment(request) else _back(request)


def _back(request: Asked) -> HttpResponse:
    return redirect(own(request, request.POST.get("back", "") or reverse("views")))
