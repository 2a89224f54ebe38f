"""One update: its own address, and what can be done with it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import may
from nocturne.core.refusals import NotFound, Refusal
from nocturne.desk import charts, readers
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.doing import once
from nocturne.doors.web.entries import Entries, can_be_held_back
from nocturne.doors.web.fields import Bound, Field, bind
from nocturne.doors.web.given import Do, Given
from nocturne.doors.web.middleware import is_fragment
from nocturne.doors.web.sure import sure
from nocturne.doors.web.times import Times
from nocturne.doors.web.views.act import finished


@dataclass(frozen=True, slots=True)
class Form:
    """A form under an update: where it is posted, what it is called, its fields."""

    noun: str
    title: Any
    address: str
    fields: list[Bound]
    key: str
    open: bool = False


FIELDS = {
    "correction": (Field("text", gettext_lazy("How it should read"), "text", needed=True, wide=True, rows=5),),
    "redaction": (
        Field("reason", gettext_lazy("Reason"), needed=True, wide=True, longest=300,
              help=gettext_lazy("It stays in place of what is taken away, for good.")),
    ),
    "class": (Field("data_class", gettext_lazy("Who reads it"), "choice"),),
    "withdrawal": (),
}  # fmt: skip


@require_GET
def entry(request: Asked, number: int, address: str) -> HttpResponse:
    """Show one update in full, with what can be done with it."""
    return _shown(request, number, address)


def _shown(
    request: Asked, number: int, address: str, *, refusal: Refusal | None = None, noun: str = ""
) -> HttpResponse:
    times = Times(request.actor)
    chart = charts.header(number, request.actor)
    found = charts.entry(chart.number, address, request.actor)
    makes = Entries(chart.number, request.actor, times)
    context = {
        "chart": chart,
        "header": chart.header,
        "entry": found,
        "made": makes.one(found, whole=True),
        "forms": _forms(request, chart, found, times, noun),
        "can_split": may(request.actor, "split", chart.place) and bool(found.text),
        "times": times,
        "back": f"{reverse('ticket', args=[chart.number])}#e-{address}",
        "whole": reverse("entry", args=[chart.number, address]),
        "is_whole": not is_fragment(request),
        "says": sentence(refusal, request.actor) if refusal else "",
        "title": f"{chart.number} · {_('update')}",
    }
    template = "_entry.html" if is_fragment(request) else "entry.html"
    return page(request, template, context, status=refusal.status if refusal else 200)


def _forms(
    request: Asked, chart: charts.Chart, found: charts.EntryView, times: Times, noun: str
) -> list[Form]:
    actor, number, place = request.actor, chart.number, chart.place
    classes = readers.offered(actor, place, least=DataClass.CUSTOMER)
    offered = {
        "withdrawal": (_("Do not send it"), can_be_held_back(found, actor, times) and found.author == actor.label),
        "correction": (
            _("Correct it"),
            may(actor, "corrected", place) and bool(found.text) and not found.redacted
            and found.author_kind != "contact" and found.kind in ("opened", "note", "reply"),
        ),
        "class": (
            _("Let others read it, or keep it from them"),
            may(actor, "reclassified", place) and not found.redacted,
        ),
        "redaction": (_("Redact it"), may(actor, "redacted", place) and not found.redacted),
    }  # fmt: skip
    offered_classes = {"data_class": [(word, readers.title(word)) for word in classes]}
    last = found.corrections[-1].text if found.corrections else found.text
    values = {"text": last or "", "data_class": found.data_class} | (
        {k: str(v) for k, v in request.POST.items()} if noun else {}
    )
    return [
        Form(
            name,
            title,
            reverse(name, args=[number, found.address]),
            bind(FIELDS[name], values, prefix=name, offered=offered_classes),
            secrets.token_urlsafe(12),
            name == noun,
        )
        for name, (title, possible) in offered.items()
        if possible
    ]


def _do(request: Asked, number: int, address: str, noun: str, do: Do) -> HttpResponse:
    try:
        done = once(request, f"{noun} {address}", do, Given.of(request, number))
    except NotFound:
        raise
    except Refusal as refusal:
        return _shown(request, number, address, refusal=refusal, noun=noun)
    return finished(request, number, done)


@require_POST
def correction(request: Asked, number: int, address: str) -> HttpResponse:
    """Correct what an update says."""
    return _do(
        request, number, address, "correction",
        lambda given: desk.correct(number, address, given.text(), by=given.by, door=Door.WEB),
    )  # fmt: skip


@require_POST
@sure
def redaction(request: Asked, number: int, address: str) -> HttpResponse:
    """Take an update's words away for good."""
    return _do(
        request, number, address, "redaction",
        lambda given: desk.redact(number, address, given.line("reason"), by=given.by, door=Door.WEB),
    )  # fmt: skip


@require_POST
def reclassification(request: Asked, number: int, address: str) -> HttpResponse:
    """Let other readers read an update, or keep it from them."""

    def do(given: Given) -> desk.Written:
        word = given.line("data_class")
        return desk.reclassify(number, address, readers.chosen(word), by=given.by, door=Door.WEB)

    return _do(request, number, address, "class", do)


@require_POST
def withdrawal(request: Asked, number: int, address: str) -> HttpResponse:
    """Hold a reply back before it is sent."""
    return _do(
        request, number, address, "withdrawal",
        lambda given: desk.withdraw(number, address, by=given.by, door=Door.WEB),
    )  # fmt: skip
