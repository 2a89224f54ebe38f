"""Groups in the browser: who is in them, which groups are part of them, and the making of new ones."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from nocturne.core.configuration import current
from nocturne.core.entry import Door
from nocturne.core.refusals import NotFound, Refusal
from nocturne.desk import groups, membership, roster
from nocturne.desk.administering import PEOPLE
from nocturne.desk.nearby import suggestions
from nocturne.doors.web.administration.places import administers, shown, sure_to_change
from nocturne.doors.web.answers import Asked, sentence
from nocturne.doors.web.fields import Field, bind

HERE = "admin-groups"
INCLUDES = Field("includes", _("Groups that are part of it: their members are its members"), "choices")
ABOUT = (
    Field("title", _("Title"), longest=120),
    Field("help", _("What it is for"), wide=True, longest=600),
    INCLUDES,
)
NEW = (Field("name", _("Name"), needed=True, longest=40, help=_("small letters, digits, - and _")), *ABOUT)
MEMBER = (Field("who", _("Account"), needed=True, near="people", longest=60),)


@require_http_methods(["GET", "HEAD", "POST"])
@administers(PEOPLE)
@sure_to_change
def everyone(request: Asked) -> HttpResponse:
    """List the groups, or make one."""
    if request.method != "POST":
        return _list(request)
    sent = request.POST
    try:
        made = groups.add(
            sent.get("name", "").strip(),
            by=request.actor,
            door=Door.WEB,
            title=sent.get("title", "").strip(),
            help_text=sent.get("help", "").strip(),
            includes=sent.getlist("includes"),
        )
    except Refusal as refusal:
        typed = sent.dict() | {"includes": sent.getlist("includes")}
        return _list(request, typed, says=sentence(refusal), status=refusal.status)
    return redirect("admin-group", who=made.name)


@require_http_methods(["GET", "HEAD", "POST"])
@administers(PEOPLE)
@sure_to_change
def group(request: Asked, who: str) -> HttpResponse:
    """Show one group, or change what it is called and which groups are part of it."""
    if request.method != "POST":
        return _one(request, who)
    sent = request.POST
    changes = {
        "title": sent.get("title", "").strip(),
        "help": sent.get("help", "").strip(),
        "includes": sorted(set(sent.getlist("includes"))),
    }
    return _done(request, who, lambda: groups.change(who, changes, by=request.actor, door=Door.WEB))


@require_POST
@administers(PEOPLE)
@sure_to_change
def members(request: Asked, who: str) -> HttpResponse:
    """Put somebody into a group, or take them out of it."""
    name, leaves = request.POST.get("who", "").strip(), bool(request.POST.get("leaves"))
    act = membership.leave if leaves else membership.join
    return _done(request, who, lambda: act(name, who, by=request.actor, door=Door.WEB))


@require_POST
@administers(PEOPLE)
@sure_to_change
def removal(request: Asked, who: str) -> HttpResponse:
    """Take a group away."""
    try:
        groups.remove(who, by=request.actor, door=Door.WEB)
    except NotFound:
        raise
    except Refusal as refusal:
        return _one(request, who, says=sentence(refusal), status=refusal.status)
    return redirect(HERE)


def _done(request: Asked, who: str, act: Any) -> HttpResponse:
    groups.find(who)
    try:
        act()
    except Refusal as refusal:
        return _one(request, who, says=sentence(refusal), status=refusal.status)
    return redirect(f"{reverse('admin-group', args=[who])}?did=changed")


def _list(
    request: Asked, values: dict[str, Any] | None = None, *, status: int = 200, **more: Any
) -> HttpResponse:
    found = groups.everyone()
    offered = {"includes": roster.names(each.name for each in found)}
    context = {"groups": found, "new": bind(NEW, values or {}, offered=offered), **more}
    return shown(request, "groups.html", context, here=HERE, status=status)


def _one(request: Asked, who: str, *, status: int = 200, **more: Any) -> HttpResponse:
    found = groups.find(who)
    values = {"title": found.title, "help": found.help, "includes": found.includes}
    if "title" in request.POST:
        values = {**request.POST.dict(), "includes": request.POST.getlist("includes")}
    others = roster.names(set(current().groups) - {who})
    context = {
        "group": found,
        "about": bind(ABOUT, values, offered={"includes": others}),
        "member": bind(MEMBER, {"who": request.POST.get("who", "")}, prefix="m"),
        "near": suggestions({"people"}, request.actor),
        "titles": dict(roster.names(current().groups)),
        "did": request.GET.get("did") == "changed",
        **more,
    }
    return shown(request, "group.html", context, here=HERE, status=status)
