"""One ticket, read and answered by somebody without an account: the link in their mail opens it, and nothing else."""

from __future__ import annotations

import secrets
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor, may
from nocturne.core.refusals import NotFound, Refusal
from nocturne.desk import charts, links
from nocturne.desk.charts import Chart, EntryView
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.doing import once
from nocturne.doors.web.entries import Entries
from nocturne.doors.web.given import Given
from nocturne.doors.web.public import public
from nocturne.doors.web.times import Times
from nocturne.doors.web.views import attachments

WINDOW = 100


@public
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """Show the ticket that a link opens, or take in a message about it."""
    actor = links.opened(token, source=_source(request))
    number = actor.only_ticket or 0
    if request.method != "POST":
        return _shown(request, token, actor)
    try:
        links.count_message(actor)
        once(request, "message by link", _message, _given(request, actor, number))
    except NotFound:
        raise
    except Refusal as refusal:
        return _shown(request, token, actor, refusal=refusal)
    return redirect(f"{reverse('link', args=[token])}?sent=1")


@public
@require_safe
def file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """Send a file of the ticket that a link opens."""
    actor = links.opened(token, source=_source(request))
    if not links.is_in_hand(actor.only_ticket or 0):
        raise NotFound("no_such_file")
    request.actor = actor  # type: ignore[attr-defined]
    return attachments.attachment(cast("Asked", request), name)


def _source(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _given(request: HttpRequest, actor: Actor, number: int) -> Given:
    request.actor = actor  # type: ignore[attr-defined]
    given = Given.of(request, number)
    given.files = []  # what is attached comes by mail, which has its own limits
    return given


def _message(given: Given) -> desk.Written:
    return desk.receive(given.number, given.text(), by=given.by, door=Door.WEB)


def _shown(request: HttpRequest, token: str, actor: Actor, *, refusal: Refusal | None = None) -> HttpResponse:
    number = actor.only_ticket or 0
    chart = charts.chart(number, actor)
    times = Times(actor)
    before = request.GET.get("before") if not refusal else None
    window = charts.entries(chart.number, actor, before=before, limit=WINDOW)
    is_in_hand = links.is_in_hand(number)
    made = Entries(chart.number, actor, times)
    made.files_base = reverse("link-file", args=[token, "-"])[:-1]
    shown = [_shareable(entry) for entry in window.entries if is_in_hand or not _came_unproven(entry)]
    context = {
        "address": reverse("link", args=[token]),
        "number": number,
        "chart": chart,
        "header": chart.header,
        "is_in_hand": is_in_hand,
        "title": _title(chart, number, is_in_hand),
        "entries": made.list(shown, whole=True),
        "earlier": window.earlier,
        "times": times,
        "may_write": may(actor, "received", chart.place),
        "sent": "sent" in request.GET and refusal is None,
        "says": sentence(refusal, actor) if refusal else "",
        "typed": request.POST.get("text", "") if refusal else "",
        "key": secrets.token_urlsafe(12),
    }
    return page(request, "link.html", context, status=refusal.status if refusal else 200)


def _title(chart: Chart, number: int, is_in_hand: bool) -> str:
    if is_in_hand:
        return str(chart.header.get("subject") or number)
    return _("Ticket %(number)s") % {"number": number}


def _came_unproven(entry: EntryView) -> bool:
    """Tell whether an entry came under somebody's name without any proof that it was they."""
    return entry.author_kind != "account" and entry.door == Door.MAIL


def _shareable(entry: EntryView) -> EntryView:
    """Leave out files that would have to be shown as pages: only what is sent as a file is sent here."""
    entry.files = [each for each in entry.files if each.purpose != "html"]
    return entry
