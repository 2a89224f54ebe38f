"""Signing on by a provider: going there, and coming back."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nocturne.core.refusals import Forbidden, Refusal
from nocturne.desk import throttle
from nocturne.desk.signon import Way
from nocturne.doors.web import oidc
from nocturne.doors.web.answers import page, sentence
from nocturne.doors.web.coming import address, own
from nocturne.doors.web.public import public
from nocturne.doors.web.views import second

LONGEST_KEPT = 500_000
MOST, WINDOW = 100, timedelta(minutes=5)
"""How often one address may go to a provider: a whole office behind it signs on with it."""


@public
@require_POST
def leave(request: HttpRequest, name: str) -> HttpResponse:
    """Send somebody to a provider. They are led by a page, since a form of ours may lead nowhere else itself."""
    provider = oidc.find(name)
    kept = request.POST.get("kept", "")
    try:
        throttle.count(f"with from:{address(request)}", most=MOST, window=WINDOW)
        there = oidc.leave(
            request,
            provider,
            back=own(request, request.POST.get("next", "")),
            kept=kept if len(kept) <= LONGEST_KEPT else "",
            again=bool(request.POST.get("again")),
        )
    except Refusal as refusal:
        return _failed(request, refusal)
    context = {"title": provider.name, "address": there}
    response = page(request, "leaving.html", context)
    response.headers["Refresh"] = f"0; url={there}"
    return response


@public
@require_GET
def back(request: HttpRequest, name: str) -> HttpResponse:
    """Let in whoever a provider has sent back, if an account here is theirs."""
    provider = oidc.find(name)
    try:
        came = oidc.come_back(request, provider)
        before = request.session.get(SESSION_KEY)
        if came.state["again"] and str(came.user.pk) != str(before):
            raise Forbidden("somebody_else")
    except Refusal as refusal:
        return _failed(request, refusal)
    way: Way = "provider" if provider.asks_second_factor else "vouched"
    return second.go_on(
        request, came.user, way, back=own(request, came.state["next"]), kept=came.state["kept"]
    )


def _failed(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {"title": _("Not signed on"), "says": sentence(refusal)}
    return page(request, "vouched_failed.html", context, status=refusal.status)
