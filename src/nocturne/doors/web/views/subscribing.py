"""Subscriptions on one's account: begun, tried out, ended; and left with one click from the mail itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from nocturne.core import permits
from nocturne.core.entry import Door
from nocturne.core.refusals import Forbidden, NotFound, Refusal
from nocturne.desk import accounts, dashboards, desks, savedviews, subscriptions, unsubscribing
from nocturne.desk.subscription_slots import HANDOVER
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.doing import made
from nocturne.doors.web.fields import Field, bind
from nocturne.doors.web.public import public
from nocturne.doors.web.times import Times
from nocturne.store.models import Group, Subscription

ONLY = (
    ("always", _("always")),
    ("filled", _("only when there is something in it")),
    ("changed", _("only when something has changed")),
)
FORM = (("both", _("page and text")), ("text", _("text alone")))
NEW = (
    Field("what", _("What"), "choice"),
    Field("query", _("or a question"), wide=True, longest=2_000, asks=True,
          help=_("in the language of the search box; counts where nothing is chosen")),
    Field("rhythm", _("When"), longest=700, help=_("weekdays 06:45, every 4 hours, first monday 08:00")),
    Field("only", _("Sent"), "choice", choices=ONLY),
    Field("form", pgettext_lazy("of a mail", "Form"), "choice", choices=FORM),
    Field("group", _("To"), "choice"),
)  # fmt: skip
TITLE = Field("title", _("Called"), longest=80)


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Asked) -> HttpResponse:
    """List what one is mailed, and begin another."""
    asked = request.POST if request.method == "POST" else request.GET
    given = {each.name: asked.get(each.name, "").strip() for each in NEW}
    given["query"] = given["query"] or asked.get("q", "").strip()
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        wanted = subscriptions.Wanted(**_wanted(given), group=given["group"])
        try:
            made(
                request,
                "subscription",
                lambda: subscriptions.create(wanted, by=request.actor, door=Door.WEB).key,
            )
        except Refusal as refusal:
            context = {"says": sentence(refusal)}
            status = refusal.status
        else:
            return redirect("subscriptions")
    times = Times(request.actor)
    found = subscriptions.of(request.actor)
    gone = subscriptions.gone(found, request.actor)
    rows = [
        {
            "row": each,
            "title": subscriptions.told(each, request.actor)[0],
            "rhythm": _rhythm(each),
            "is_gone": each in gone,
            "only": dict(ONLY).get(each.only, each.only),
            "may_change": subscriptions.may_change(each, request.actor),
            "may_end": subscriptions.may_end(each, request.actor),
        }
        for each in found
    ]
    offered = {"what": _offered(request), "group": _groups(request)}
    # Who may have nobody else mailed is not asked whom.
    fields = [each for each in NEW if each.name != "group" or len(offered["group"]) > 1]
    context |= {"subscriptions": rows, "new": bind(fields, given, offered=offered), "times": times}
    return page(request, "subscriptions.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Asked, name: str) -> HttpResponse:
    """Change a subscription: what is mailed, when and how; let it rest, and let it go on."""
    row = subscriptions.named(name, request.actor)
    if not subscriptions.may_change(row, request.actor):
        raise Forbidden("not_yours")
    before, (title, query) = subscriptions.kept(row), subscriptions.told(row, request.actor)
    stood = "" if before.kind == "query" else f"{before.kind}:{before.what}"
    given = {
        "what": stood,
        "query": query,
        "rhythm": "" if before.kind == HANDOVER else before.rhythm,
        "only": before.only,
        "form": before.form,
        "title": title,
    }
    says, status = "", 200
    if request.method == "POST":
        sent = {key: request.POST[key].strip() for key in given if key in request.POST}
        given |= sent
        wanted = _wanted(given) if sent else {}
        is_hidden = bool(row.query and not query) or stood not in dict(_offered(request))
        if is_hidden and not given["what"] and not given["query"]:
            # It is of what this reader may not read, and is not shown to them: they leave it as it is.
            wanted = {key: value for key, value in wanted.items() if key not in ("kind", "what", "query")}
        if "title" in sent and sent["title"] != title:
            wanted["title"] = sent["title"]
        rests = {"rest": True, "go on": False}.get(request.POST.get("does", ""))
        try:
            subscriptions.change(name, wanted, rests=rests, by=request.actor, door=Door.WEB)
        except Refusal as refusal:
            says, status = sentence(refusal), refusal.status
        else:
            return redirect("subscriptions")
    fields = [TITLE, *(each for each in NEW if each.name != "group")]
    context = {
        "row": row,
        "title": _("Change a subscription"),
        "to": row.group.name if row.group else "",
        "fields": bind(fields, given, offered={"what": _offered(request)}),
        "says": says,
    }
    return page(request, "subscription.html", context, status=status)


def _wanted(given: Mapping[str, str]) -> dict[str, Any]:
    """Read what a form asks for; of a view or a dashboard no question counts."""
    kind, _colon, what = given["what"].partition(":")
    return {
        "kind": kind or "query",
        "what": what,
        "query": "" if kind else given["query"],
        "rhythm": given["rhythm"],
        "only": given["only"] or "always",
        "form": given["form"] or "both",
    }


def _rhythm(row: Subscription) -> Any:
    return _("at each takeover") if row.kind == HANDOVER else subscriptions.spelt(row)


def _offered(request: Asked) -> list[tuple[str, Any]]:
    views = [
        (f"view:{each.key}", each.title) for each in savedviews.readable(request.actor) if not each.is_hidden
    ]
    boards = [
        (f"dashboard:{each.key}", _("Dashboard: %(title)s") % {"title": each.title})
        for each in dashboards.readable(request.actor)
    ]
    handovers = [
        (f"handover:{each.name}", _("Handover: %(desk)s") % {"desk": desks.title(each)})
        for each in (desks.every() if request.frame.is_staff else ())
    ]
    return [("", _("none of them")), *views, *boards, *handovers]


def _groups(request: Asked) -> list[tuple[str, Any]]:
    if not permits.may(request.actor, subscriptions.TO_GROUPS):
        return [("", _("me"))]
    names = Group.objects.order_by("name").values_list("name", flat=True)
    return [("", _("me")), *((name, name) for name in names)]


@require_POST
def ended(request: Asked, name: str) -> HttpResponse:
    """End a subscription, or leave one that is a group's."""
    subscriptions.end(name, by=request.actor, door=Door.WEB)
    return redirect("subscriptions")


@require_POST
def tried(request: Asked, name: str) -> HttpResponse:
    """Send one now, to see what it looks like."""

    def send() -> str:
        subscriptions.send_now(name, by=request.actor)
        return name

    made(request, "subscription tried", send)
    return redirect("subscriptions")


@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def left(request: HttpRequest, token: str) -> HttpResponse:
    """Leave a subscription by the word in its mail: asked first where a person looks, at once where a mail program
    sends what RFC 8058 says. Looking at the address does nothing: programs that check mail look at every one."""
    try:
        row, user = unsubscribing.marked(token)
    except NotFound as refusal:
        return page(request, "left.html", {"says": sentence(refusal), "title": _("Nothing here")}, status=404)
    # What it is called now may be more than stood in the mail: it is said to whoever may ask it, as everywhere.
    reader = accounts.actor_by_id(user.pk)
    title = subscriptions.told(row, reader)[0] if reader else _("Subscription")
    if request.method == "POST":
        unsubscribing.leave(row, user.pk)
        return page(request, "left.html", {"title": title, "is_done": True})
    return page(request, "left.html", {"title": title, "user": user.name})


__all__ = ["ended", "left", "one", "own", "tried"]
