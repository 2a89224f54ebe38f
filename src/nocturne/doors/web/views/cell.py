"""Changing a ticket in the cell of a list, without leaving the list."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nocturne.core.permits import may
from nocturne.core.refusals import Conflict, Forbidden, Refusal
from nocturne.desk import charts
from nocturne.desk.charts import Chart
from nocturne.desk.nearby import suggestions
from nocturne.doors.web import editing, said, stating
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.doing import once
from nocturne.doors.web.editing import Edit
from nocturne.doors.web.fields import bind
from nocturne.doors.web.given import Given
from nocturne.doors.web.middleware import is_fragment
from nocturne.doors.web.said import Said
from nocturne.doors.web.times import Times

STATE = "state"


@require_http_methods(["GET", "HEAD", "POST"])
def cell(request: Asked, number: int) -> HttpResponse:
    """Show what stands in a cell and can be changed there, or change it."""
    chart = charts.chart(number, request.actor)
    name = request.GET.get("edit", "")
    if name == STATE:
        return _state(request, chart)
    edit = editing.find(name, chart, request.actor)
    if not may(request.actor, edit.kind.value, chart.place):
        raise Forbidden("not_permitted", act=edit.kind.value)
    if request.method != "POST":
        if not is_fragment(request):
            return redirect("act", number=chart.number, noun=edit.noun)
        return _form(request, chart, name, edit)
    given = Given.of(request, chart.number)
    before = edit.stands(chart, request.actor)
    if given.line("value") == str(before).strip():
        return HttpResponse(status=204)
    try:
        done = once(request, f"cell {name}", lambda given: edit.do(given, chart), given)
    except Refusal as refusal:
        return _form(request, charts.chart(number, request.actor), name, edit, refusal=refusal)
    after = charts.chart(done.number, request.actor)
    if not is_fragment(request):
        return redirect(f"{reverse('ticket', args=[done.number])}?did={done.entry}")
    entry = charts.entry(after.number, done.entry, request.actor)
    told = said.of(request, entry, after, Times(request.actor))
    words = f"{after.number}: {told.words}"
    now = edit.stands(after, request.actor)
    back = (
        ("value", str(before)),
        ("was", str(now)),
        ("seen", after.version),
        ("key", secrets.token_urlsafe(12)),
    )
    shown = Said(words, entry.address, _address(after.number, name), back, back=_("Undo"))
    return page(request, "_said.html", {"did": shown})


def _address(number: int, name: str) -> str:
    return f"{reverse('cell', args=[number])}?{urlencode({'edit': name})}"


def _form(
    request: Asked, chart: Chart, name: str, edit: Edit, *, refusal: Refusal | None = None
) -> HttpResponse:
    stands = edit.stands(chart, request.actor)
    typed = request.POST.get("value", "") if refusal is not None else stands
    says = sentence(refusal, request.actor) if refusal else ""
    bound = bind([edit.control], {"value": typed}, errors={"value": says}, prefix=f"c{chart.number}")
    context: dict[str, Any] = {
        "chart": chart,
        "one": bound[0],
        "stands": stands,
        "address": _address(chart.number, name),
        "further": reverse("act", args=[chart.number, edit.noun]),
        "near": suggestions({edit.control.near}, request.actor) if edit.control.near else {},
        "says": says,
        "is_conflict": isinstance(refusal, Conflict),
        "key": secrets.token_urlsafe(12),
    }
    return page(request, "_cell.html", context, status=refusal.status if refusal else 200)


def _state(request: Asked, chart: Chart) -> HttpResponse:
    """Show the ways that a ticket's life cycle offers from where it stands, or go one of them."""
    if request.method != "POST":
        return _ways(request, chart) if is_fragment(request) else redirect("ticket", number=chart.number)
    given = Given.of(request, chart.number)
    try:
        done = once(request, "cell state", lambda given: stating.go(given, chart), given)
    except Refusal as refusal:
        return _ways(request, charts.chart(chart.number, request.actor), refusal)
    after = charts.chart(done.number, request.actor)
    if not is_fragment(request):
        return redirect(f"{reverse('ticket', args=[done.number])}?did={done.entry}")
    entry = charts.entry(after.number, done.entry, request.actor)
    told = said.of(request, entry, after, Times(request.actor))
    shown = Said(f"{after.number}: {told.words}", entry.address, then=told.then)
    if given.line("way") != stating.BACK:
        back = (
            ("way", stating.BACK),
            ("since", chart.version),
            ("seen", after.version),
            ("key", secrets.token_urlsafe(12)),
        )
        shown = replace(shown, undo=_address(after.number, STATE), fields=back, back=_("Undo"))
    return page(request, "_said.html", {"did": shown})


def _ways(request: Asked, chart: Chart, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "chart": chart,
        "ways": list(stating.ways_from(chart, request.actor)),
        "address": _address(chart.number, STATE),
        "says": sentence(refusal, request.actor) if refusal else "",
        "key": secrets.token_urlsafe(12),
    }
    return page(request, "_cell_ways.html", context, status=refusal.status if refusal else 200)
