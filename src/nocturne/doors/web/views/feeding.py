"""Feeds: read by programs at an address that carries its own key, and made and revoked on one's account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import http_date, parse_http_date_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nocturne.core.entry import Door
from nocturne.core.refusals import NotFound, Refusal
from nocturne.desk import feeds, savedviews, setup
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.doing import form_key
from nocturne.doors.web.fields import Field, bind
from nocturne.doors.web.public import public
from nocturne.doors.web.sure import sure
from nocturne.doors.web.times import Times
from nocturne.doors.web.views.display import inside

NEW = (
    Field("title", _("Name"), help=_("as the reader shows it"), longest=80),
    Field("view", _("View"), "choice"),
    Field(
        "query",
        _("or a question"),
        wide=True,
        longest=2_000,
        asks=True,
        help=_("in the language of the search box; counts where no view is chosen"),
    ),
    Field("days", _("For how many days"), "number", help=_("as long as tokens last here")),
)


@public
@require_safe
def feed(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """Give a feed to whoever has its address; in a word, where they have it already."""
    try:
        told = feeds.read(token, form)
    except NotFound as refusal:
        return _closed(HttpResponse(sentence(refusal), status=404, content_type="text/plain; charset=utf-8"))
    tag = f'"{told.tag}"'
    if _is_known(request, tag, told.since):
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(told.content, content_type=told.media_type)
    answer.headers["ETag"] = tag
    answer.headers["Last-Modified"] = http_date(told.since.timestamp())
    return _closed(answer)


def _closed(answer: HttpResponse) -> HttpResponse:
    """Keep the address, which is a key, out of what others get to see, and the content out of shared caches."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "private, no-cache" if answer.status_code < 400 else "no-store"
    return answer


def _is_known(request: HttpRequest, tag: str, since: datetime) -> bool:
    """Tell whether a reader has what a feed says already (RFC 9110: the tag goes before the date)."""
    if tags := request.headers.get("If-None-Match"):
        return tags.strip() == "*" or tag in (each.strip().removeprefix("W/") for each in tags.split(","))
    given = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return given is not None and int(since.timestamp()) <= given


@require_http_methods(["GET", "HEAD", "POST"])
@sure
def own_feeds(request: Asked) -> HttpResponse:
    """List one's feeds, and make another."""
    asked = request.POST if request.method == "POST" else request.GET
    given = {each.name: asked.get(each.name, "").strip() for each in NEW}
    given["query"] = given["query"] or asked.get("q", "").strip()
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            row, plain, _again = feeds.create(
                given["title"],
                view=given["view"],
                query=given["query"],
                lasts=_lasts(given["days"]),
                by=request.actor,
                door=Door.WEB,
                key=form_key(request),
            )
        except Refusal as refusal:
            context |= {"says": sentence(refusal)}
            status = refusal.status
        else:
            context |= {"made": row, "addresses": addresses(plain)}
            given = {}
    views: list[tuple[str, Any]] = [("", _("none of them"))]
    views += [
        (each.key, str(each.title)) for each in savedviews.readable(request.actor) if not each.is_hidden
    ]
    context |= {
        "feeds": _listed(request),
        "new": bind(NEW, given, offered={"view": views}),
        "times": Times(request.actor),
    }
    return page(request, "feeds.html", context, status=status)


def _listed(request: Asked) -> list[dict[str, Any]]:
    titles: dict[str, Any] = {each.key: each.title for each in savedviews.readable(request.actor)}
    gone = _("gone, or not for you: it says nothing any more")
    return [
        {"row": each, "what": titles.get(each.view, gone) if each.view else each.query}
        for each in feeds.of(request.actor)
    ]


def _lasts(given: str) -> timedelta | None:
    return timedelta(days=int(given)) if given.isdecimal() and len(given) < 6 else None


def addresses(plain: str) -> list[tuple[str, str]]:
    """Spell the addresses of a feed, one for each form."""
    names = {"atom": "Atom", "json": "JSON Feed", "ics": "iCalendar"}
    return [
        (names[form], setup.base_url() + inside(reverse("feed", args=[plain, form]))) for form in feeds.FORMS
    ]


@require_POST
@sure
def own_feed(request: Asked, number: int) -> HttpResponse:
    """Let one of one's feeds be read no more."""
    feeds.revoke(number, by=request.actor, door=Door.WEB)
    return redirect("feeds")


__all__ = ["addresses", "feed", "own_feed", "own_feeds"]
