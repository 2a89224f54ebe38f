"""The roster in the browser: who has an account, found by name, group and state, and the making of a new one."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from nocturne.core.configuration import current
from nocturne.core.entry import Door
from nocturne.core.refusals import Refusal
from nocturne.desk import people, roster, setup
from nocturne.desk.administering import PEOPLE
from nocturne.doors.web.administration.places import administers, shown, sure_to_change
from nocturne.doors.web.answers import Asked, sentence
from nocturne.doors.web.fields import Field, bind
from nocturne.doors.web.times import Times
from nocturne.store.db import writing

HERE = "admin-people"
PAGE = 50
STATES = [
    ("active", _("who may sign on")),
    ("disabled", _("disabled")),
    ("machines", _("machines")),
    ("all", _("all")),
]
SEARCH = (
    Field("words", _("Name or mail"), help=_("or a part of it"), longest=120),
    Field("group", _("Group"), "choice"),
    Field("state", _("Accounts"), "choice", choices=STATES),
)
GROUPS = Field("groups", _("Groups"), "choices")
ABOUT = (
    Field("full_name", _("Full name"), longest=120),
    Field("email", _("Mail"), "mail", longest=254),
    Field("zone", _("Time zone"), help=_("such as Europe/Paris"), longest=60),
    Field("language", _("Language"), "choice", choices=list(settings.LANGUAGES)),
    Field("represents", _("Contact they are"), "mail", help=_("a customer’s mail address"), longest=254),
)
NEW = (
    Field("name", _("Sign-on name"), needed=True, longest=60, help=_("letters, digits and . _ - @")),
    *ABOUT,
    Field("is_service", _("A machine’s account: it has no password and signs on by tokens alone"), "check"),
    Field("send_link", _("Mail them a link by which they choose their password (good for an hour)"), "check"),
    GROUPS,
)


@require_safe
@administers(PEOPLE)
def everyone(request: Asked) -> HttpResponse:
    """List accounts, a page of them at a time."""
    given = {name: str(request.GET.get(name, "")).strip()[:120] for name in ("words", "group", "state")}
    found = roster.look(
        by=request.actor,
        words=given["words"],
        group=given["group"],
        state=given["state"] or "active",
        after=request.GET.get("after", "")[:60],
        limit=PAGE,
    )
    asked = {name: value for name, value in given.items() if value}
    groups = [("", _("any")), *roster.names(current().groups)]
    context = {
        "search": bind(SEARCH, given, offered={"group": groups}),
        "people": found.rows,
        "asked": asked,
        "more": f"{request.path}?{urlencode(asked | {'after': found.further})}" if found.further else "",
        "times": Times(request.actor),
    }
    return shown(request, "people.html", context, here=HERE)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@administers(PEOPLE)
@sure_to_change
def new(request: Asked) -> HttpResponse:
    """Make an account, or show the form for one."""
    if request.method != "POST":
        return _form(request, {"zone": setup.installation().zone, "send_link": True} | request.GET.dict())
    sent = request.POST
    try:
        name = _make(request)
    except Refusal as refusal:
        typed: dict[str, Any] = sent.dict() | {"groups": sent.getlist("groups")}
        wrong = {refusal.field or "": "wrong"}
        return _form(request, typed, says=sentence(refusal), errors=wrong, status=refusal.status)
    return redirect(f"{reverse('admin-person', args=[name])}?did=added")


def _make(request: Asked) -> str:
    """Make the account that a form describes; with a link to be mailed, it has a password nobody knows until then."""
    sent, by = request.POST, request.actor
    given = {name: sent.get(name, "").strip() for name in ("email", "full_name", "represents")}
    sends = bool(sent.get("send_link")) and not sent.get("is_service")
    with writing():
        user = people.add(
            sent.get("name", "").strip(),
            by=by,
            door=Door.WEB,
            groups=sent.getlist("groups"),
            password=secrets.token_urlsafe(24) if sends else None,
            zone=sent.get("zone", "").strip() or "UTC",
            language=sent.get("language", "en"),
            is_service=bool(sent.get("is_service")),
            **given,
        )
        if sends:
            roster.send_link(user.name, by=by, door=Door.WEB)
    return user.name


def _form(request: Asked, values: dict[str, Any], *, status: int = 200, **more: Any) -> HttpResponse:
    groups = roster.names(current().groups)
    fields = bind(NEW, values, errors=more.pop("errors", None), offered={"groups": groups})
    return shown(request, "person_new.html", {"fields": fields, **more}, here=HERE, status=status)
