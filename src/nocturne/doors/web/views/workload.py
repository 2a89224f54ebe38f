"""The workload page: who has what, giving tickets away from it, and calling somebody in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nocturne import desk
from nocturne.core.entry import Door, Kind
from nocturne.core.permits import may
from nocturne.core.refusals import Invalid, NotFound, Refusal
from nocturne.desk import batch_reports, lookups
from nocturne.desk import workload as loads
from nocturne.desk.batch_reports import Report
from nocturne.desk.nearby import suggestions
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.times import Times

WAYS = ("owner", "queue", "network")


@require_GET
def workload(request: Asked) -> HttpResponse:
    """Show who has what; of one that is chosen, the tickets, to be given to somebody else."""
    return _shown(request)


def _shown(request: Asked, refusal: Refusal | None = None) -> HttpResponse:
    found = loads.of(request.actor, now=timezone.now())
    by = next((each for each in WAYS if each in request.GET), "")
    name = request.GET.get(by, "")[:160]
    here = f"{reverse('workload')}?{urlencode({by: name})}" if by else reverse("workload")
    context = {
        "title": _("Workload"),
        "nav": "workload",
        "load": found,
        "by": by,
        "name": name,
        "here": here,
        "given": _given(request),
        "rows": loads.tickets(request.actor, by, name) if by else [],
        "most": max((each.open for each in found.people), default=0) or 1,
        "may_give": may(request.actor, Kind.GIVEN.value),
        "may_call": may(request.actor, Kind.DISPATCHED.value),
        "near": suggestions(["people"], request.actor),
        "times": Times(request.actor),
        "says": sentence(refusal, request.actor) if refusal else "",
        "typed": request.POST,
    }
    return page(request, "workload.html", context, status=refusal.status if refusal else 200)


def _given(request: Asked) -> Report | None:
    """Say what became of tickets that were given from here."""
    key = request.GET.get("given", "")[:24]
    try:
        return batch_reports.report(key, request.actor) if key else None
    except NotFound:
        return None


@require_POST
def call(request: Asked) -> HttpResponse:
    """Call somebody in to a ticket: they are told at once, with the words why, which stand on the ticket."""
    loads.demand(request.actor)
    sent = request.POST
    number = sent.get("number", "").strip().removeprefix("#")
    try:
        if not number.isdecimal() or len(number) > 18:
            raise Invalid("bad_number", field="number", given=number)
        if not sent.get("text", "").strip():
            raise Invalid("call_needs_words", field="text")
        # Whoever is only written down, as one may who is sent out, would never hear that they are called.
        lookups.person(sent.get("to", "").strip(), field="to")
        key = sent.get("key")

        def act() -> tuple[int, dict[str, object]]:
            written = desk.dispatch(
                int(number),
                sent.get("to", ""),
                by=request.actor,
                door=Door.WEB,
                extra=desk.Extra(text=sent.get("text", "").replace("\r\n", "\n")),
            )
            return 200, {"number": written.number, "entry": written.address}

        content = desk.fingerprint("call", number, sent.get("to", ""), sent.get("text", ""))
        _status, done, _again = desk.once(request.actor, key and f"web:{key[:40]}", content, act)
    except Refusal as refusal:
        return _shown(request, refusal)
    return redirect(f"{reverse('ticket', args=[done['number']])}?did={done['entry']}")
