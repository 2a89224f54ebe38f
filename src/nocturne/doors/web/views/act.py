"""Every act on a ticket: its form at its own address, and what it does when it is sent."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nocturne.core.permits import Actor, held, may
from nocturne.core.refusals import Forbidden, Invalid, NotFound, Refusal, TooLarge
from nocturne.desk import charts, questions, readers
from nocturne.desk.charts import Chart
from nocturne.desk.nearby import suggestions
from nocturne.doors.web import acts, drafts, localforms, said
from nocturne.doors.web.acts import Act, ways
from nocturne.doors.web.acts.facts import type_choices, wall
from nocturne.doors.web.acts.work import WAITS
from nocturne.doors.web.answers import Asked, answered, page, sentence
from nocturne.doors.web.doing import Done, once
from nocturne.doors.web.entries import Entries
from nocturne.doors.web.fields import Choices, bind
from nocturne.doors.web.given import Given
from nocturne.doors.web.middleware import is_fragment
from nocturne.doors.web.recipients import recipients
from nocturne.doors.web.times import Times
from nocturne.doors.web.views.ticket import chart_context, numbers_of

FIELD_OF = {"alarm": "timer", "alarm_at": "timer", "alarm_text": "timer", "outage_start": "start", "outage_end": "end",
            "entry": "text", "attachments": "files"}  # fmt: skip
"""Which field of a form a refusal means, where the desk calls it otherwise."""


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Asked, number: int, noun: str) -> HttpResponse:
    """Show the form of an act, or do it."""
    found = acts.BY_NOUN.get(noun)
    if found is None:
        raise NotFound("no_such_ticket")
    if not _may(request.actor, found.kind.value, number):
        raise Forbidden("not_permitted", act=found.kind.value)
    if request.method != "POST":
        return _form(request, charts.chart(number, request.actor), found)
    given = Given.of(request, number)
    try:
        done = once(request, noun, found.do, given)
    except Refusal as refusal:
        return _again(request, number, found, refusal)
    drafts.forget(request.actor, place(found, number), request.POST.get("place", ""))
    return finished(request, number, done)


def _may(actor: Actor, right: str, number: int) -> bool:
    """Tell whether somebody may do an act on a ticket, before what they sent is looked at.

    :raises NotFound: they may not know of the ticket.
    """
    if held(actor).is_simple and may(actor, right):
        return True
    return may(actor, right, charts.header(number, actor).place)


def place(found: Act, number: int) -> str:
    """Name where the draft of a form is kept."""
    words = {"notes": "note", "replies": "reply", "messages": "received"}
    return f"{words[found.noun]}:{number}" if found.noun in words else f"act:{found.noun}:{number}"


def _again(request: Asked, number: int, found: Act, refusal: Refusal) -> HttpResponse:
    """Show the form once more with all that was typed, and what is wrong with it.

    :raises NotFound: it is the ticket itself that is not there.
    """
    chart = charts.chart(number, request.actor)
    values = {name: values if len(values) > 1 else values[0] for name, values in request.POST.lists()}
    return _form(request, chart, found, values=values, refusal=refusal)


def _form(
    request: Asked,
    chart: Chart,
    found: Act,
    *,
    values: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    draft: dict[str, Any] = {}
    kept_at = place(found, chart.number)
    if values is None:
        zone = request.actor.zone
        begins = {
            name: wall(value, zone) if hasattr(value, "tzinfo") else value
            for name, value in found.starts(chart).items()
        }
        left = drafts.nearest(request.actor, [place(found, number) for number in numbers_of(chart)])
        kept_at, draft = left or (kept_at, {})
        asked = {
            name: request.GET[name]
            for name in (
                "key",
                "other",
                "kind",
                "gone",
                "name",
                "effect",
                "into",
                "entries",
                "state",
                "question",
            )
            if name in request.GET
        }
        values = begins | asked | draft
    field = FIELD_OF.get(refusal.field or "", refusal.field or "") if refusal else ""
    says = sentence(refusal, request.actor) if refusal else ""
    offered = _offered(request, chart, found) | {"data_class": readers.choices(request.actor, chart.place)}
    added = list(ways.fields(chart, request.actor, found, str(values.get("state", ""))))
    if found.noun == "fields":
        own_fields, stand = localforms.on_chart(chart, request.actor)
        added, values = [*added, *own_fields], {**stand, **values}
    if f"{ways.SETS}{field}" in {each.name for each in added}:
        field = f"{ways.SETS}{field}"
    errors = {field: says}
    shown = localforms.called((*found.fields, *added))
    own = bind(shown, values, errors=errors, keep_was=found.keep_was, offered=offered)
    localforms.explained(own, localforms.help_on(own, chart, request.actor))
    localforms.warned(own, chart.fields)
    if found.noun == "replies" and "to" not in values:
        own[0].value = [address for address, _label in offered.get("to", ())]
    if refusal is not None and found.keep_was:
        for each in own:  # what it was when the form was first shown, not what was typed then
            each.was = str(values.get(f"was-{each.field.name}", ""))
    context = {
        "act": found,
        "chart": chart,
        "header": chart.header,
        "address": reverse("act", args=[chart.number, found.noun]),
        "fields": own,
        "along": [
            each
            for each in bind(found.along, values, errors={field: says}, offered=offered)
            if each.field.name != "data_class" or each.options
        ],
        "refusal": refusal,
        "says": says,
        "too_long": isinstance(refusal, TooLarge) and refusal.code == "text_too_long",
        "place": kept_at,
        "draft": draft,
        "key": secrets.token_urlsafe(12),
        "near": suggestions({each.near for each in (*shown, *found.along) if each.near}, request.actor),
        "is_fragment": is_fragment(request),
        "title": f"{found.title} · {chart.number}",
        "back": reverse("ticket", args=[chart.number]),
    }
    template = "_act.html" if context["is_fragment"] else "act.html"
    return answered(page(request, template, context, status=refusal.status if refusal else 200), refusal)


def _offered(request: Asked, chart: Chart, found: Act) -> dict[str, Choices]:
    """List what can be chosen on this ticket: who is mailed, which updates are split off."""
    if found.noun == "replies":
        return {"to": [(each["address"], each["name"] or each["address"]) for each in recipients(chart)]}
    if found.noun in ("answer", "unasking"):
        return {"question": _questions(request, chart, mine=found.noun == "unasking")}
    if found.noun == "referral" and (fixed := ways.clocks(chart, request.actor, found)):
        return {
            "clock": [(name, label) for name, label in WAITS if name in fixed]
            or [("", _("as the state says"))]
        }
    if found.noun == "fields":
        return {"type": type_choices(chart)}
    if found.noun == "split":
        times = Times(request.actor)
        window = charts.entries(chart.number, request.actor, limit=200)
        return {
            "entries": [
                (each.address, f"{times.short(each.at)} {each.author}: {(each.text or '')[:80]}")
                for each in window.entries
                if each.text
            ]
        }
    return {}


def _questions(request: Asked, chart: Chart, *, mine: bool) -> Choices:
    """List the questions on a ticket that can be answered, or taken back by who has asked them."""
    times = Times(request.actor)
    listed, _pin = questions.on_chart([chart.number, *chart.absorbed], request.actor)
    return [
        (
            each.key,
            _("%(author)s asks %(asked)s, %(at)s: %(text)s")
            % {
                "author": each.author,
                "asked": each.asked,
                "at": times.short(each.at),
                "text": " ".join(each.text.split())[:200],
            },
        )
        for each in listed
        if each.is_mine or not mine
    ]


def finished(request: Asked, number: int, done: Done) -> HttpResponse:
    """Answer an act that was done: repaint what it has changed, or lead to where it shows."""
    address = f"{reverse('ticket', args=[done.number])}?did={done.entry}"
    if request.POST.get("back") == "board":
        return redirect("board")
    seen = request.POST.get("seen", "")
    # On the act's own page there is nothing to repaint.
    is_alone = urlsplit(request.headers.get("HX-Current-URL", "")).path == request.path
    if (
        not request.headers.get("HX-Request")
        or is_alone
        or done.number != number
        or not seen
        or request.POST.get("away")
    ):
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(f"{address}#e-{done.entry}")
    times = Times(request.actor)
    chart = charts.chart(number, request.actor)
    try:
        fresh = charts.entries(chart.number, request.actor, after=seen, limit=200)
    except (NotFound, Invalid):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    entry = charts.entry(chart.number, done.entry, request.actor)
    context = {
        **chart_context(request, chart, times),
        "entries": Entries(chart.number, request.actor, times).list(fresh.entries),
        "did": said.of(request, entry, chart, times),
        "noun": request.resolver_match.kwargs.get("noun", "") if request.resolver_match else "",
        "key": secrets.token_urlsafe(12),
        "draft": {},
    }
    return page(request, "_after.html", context)
