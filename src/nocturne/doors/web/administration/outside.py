"""People outside in the browser: contacts, whom they speak for, and the links in their mails; and the screens."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nocturne.core.entry import Door
from nocturne.core.refusals import NotFound, Refusal
from nocturne.desk import links, people, representing, roster
from nocturne.desk.administering import PEOPLE
from nocturne.desk.nearby import suggestions
from nocturne.doors.web.administration.person_acts import SPEAKING
from nocturne.doors.web.administration.places import administers, shown, sure_to_change
from nocturne.doors.web.answers import Asked, sentence
from nocturne.doors.web.fields import Field, bind
from nocturne.doors.web.times import Times

CONTACTS, SPEAKERS, SCREENS = "admin-contacts", "admin-speakers", "admin-screens"
PAGE = 50
SEARCH = (Field("words", _("Name, organisation or mail"), help=_("or a part of it"), longest=120),)
NEW = (Field("who", _("Account or mail address"), needed=True, longest=254), *SPEAKING)


@require_safe
@administers(PEOPLE)
def contacts(request: Asked) -> HttpResponse:
    """List the contacts, a page of them at a time."""
    words = request.GET.get("words", "").strip()[:120]
    found = roster.contacts(
        by=request.actor, words=words, after=_number(request.GET.get("after", "")), limit=PAGE
    )
    asked = {"words": words} if words else {}
    context = {
        "search": bind(SEARCH, {"words": words}),
        "asked": asked,
        "contacts": found.rows,
        "more": f"{request.path}?{urlencode(asked | {'after': found.further})}" if found.further else "",
    }
    return shown(request, "contacts.html", context, here=CONTACTS)


@require_http_methods(["GET", "HEAD", "POST"])
@administers(PEOPLE)
@sure_to_change
def contact(request: Asked, number: int) -> HttpResponse:
    """Show one contact, or make the links in their mails worthless."""
    found, speaks_for = roster.contact(number, by=request.actor)
    done = False
    if request.method == "POST":
        links.revoke(by=request.actor, door=Door.WEB, contact=number)
        done = True
    context = {"contact": found, "speaks_for": speaks_for, "done": done, "times": Times(request.actor)}
    return shown(request, "contact.html", context, here=CONTACTS)


@require_http_methods(["GET", "HEAD", "POST"])
@administers(PEOPLE)
@sure_to_change
def speakers(request: Asked) -> HttpResponse:
    """List who speaks for which network, site or machine, or name somebody who does."""
    if request.method != "POST":
        return _speakers(request)
    sent = request.POST
    who = sent.get("who", "").strip()
    known = {"contact": who} if "@" in who and not _is_account(who) else {"account": who}
    try:
        representing.name(
            sent.get("kind", ""), sent.get("thing", "").strip(), by=request.actor, door=Door.WEB, **known
        )
    except Refusal as refusal:
        return _speakers(request, sent.dict(), says=sentence(refusal), status=max(refusal.status, 422))
    return redirect(SPEAKERS)


@require_POST
@administers(PEOPLE)
@sure_to_change
def speaker(request: Asked, number: int) -> HttpResponse:
    """Let somebody speak for something no longer."""
    representing.end(number, by=request.actor, door=Door.WEB)
    return redirect(SPEAKERS)


@require_safe
@administers(PEOPLE)
def screens(request: Asked) -> HttpResponse:
    """List the wall displays that are up."""
    context = {"screens": roster.screens(by=request.actor), "times": Times(request.actor)}
    return shown(request, "screens.html", context, here=SCREENS)


@require_POST
@administers(PEOPLE)
@sure_to_change
def screen(request: Asked, number: int) -> HttpResponse:
    """Take a wall display down."""
    roster.take_down(number, by=request.actor, door=Door.WEB)
    return redirect(SCREENS)


def _is_account(name: str) -> bool:
    """Tell whether there is an account of this name: a sign-on name may have an @ in it."""
    try:
        people.find(name)
    except NotFound:
        return False
    return True


def _speakers(
    request: Asked, values: dict[str, Any] | None = None, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "speakers": representing.everyone(),
        "new": bind(NEW, values or {}),
        "near": suggestions({"networks", "sites"}, request.actor),
        "times": Times(request.actor),
        **more,
    }
    return shown(request, "speakers.html", context, here=SPEAKERS, status=status)


def _number(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 19 else 0
