"""After the password: the second factor, or setting one up where the house asks for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nocturne.core.refusals import Refusal
from nocturne.desk import factors, passkeys, signon
from nocturne.desk.signon import Way
from nocturne.doors.web import qr
from nocturne.doors.web.answers import page, sentence
from nocturne.doors.web.coming import LARGEST_KEPT, begin, lands, own, wait, waiting
from nocturne.doors.web.public import public
from nocturne.store.models import User


def go_on(request: HttpRequest, user: User, way: Way, *, back: str, kept: str = "") -> HttpResponse:
    """Lead somebody who has given the first proof on: in, to the second factor, or to setting one up."""
    step = signon.next_step(user, way)
    if step == "in":
        begin(request, user, way)
        return redirect(lands(kept, user, back))
    wait(request, user, way)
    show = _asked if step == "factor" else _offered
    return show(request, user, back=back, kept=kept)


@public
@sensitive_post_parameters("code", "passkey")
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor, and let in whoever has it."""
    who = waiting(request)
    if who is None:
        return redirect("sign-on")
    back, kept = _carried(request)
    if signon.next_step(who.user, who.way) == "enrol":
        return redirect("enrol")
    if request.method != "POST":
        return _asked(request, who.user, back=back)
    try:
        factors.check(
            who.user,
            code=request.POST.get("code", ""),
            state=request.POST.get("state", ""),
            passkey=request.POST.get("passkey", ""),
        )
    except Refusal as refusal:
        return _asked(request, who.user, back=back, kept=kept, says=sentence(refusal), status=refusal.status)
    begin(request, who.user, who.way)
    return redirect(lands(kept, who.user, back))


@public
@sensitive_post_parameters("code", "passkey", "offer")
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Let somebody of whom a second factor is asked set one up; until then nothing else is open to them."""
    who = waiting(request)
    if who is None:
        return redirect("sign-on")
    back, kept = _carried(request)
    if signon.next_step(who.user, who.way) == "factor":
        return redirect("second")  # whoever has a factor proves it, and is not asked to replace it
    if request.method != "POST":
        return _offered(request, who.user, back=back)
    try:
        kind = add(request, who.user)
    except Refusal as refusal:
        return _offered(
            request, who.user, back=back, kept=kept, says=sentence(refusal), status=refusal.status
        )
    signon.note("factor_added", who.user, kind=kind)
    codes = factors.codes_if_none(who.user)
    begin(request, who.user, who.way)
    context = {"codes": codes, "on": lands(kept, who.user, back), "title": _("Recovery codes")}
    return page(request, "codes.html", context)


def add(request: HttpRequest, user: User) -> str:
    """Take the second factor that a form of ours brings; gives its kind.

    :raises Refusal: it is not right.
    """
    if request.POST.get("passkey"):
        factors.add_passkey(
            user,
            request.POST.get("label", ""),
            request.POST.get("state", ""),
            request.POST.get("passkey", ""),
        )
        return factors.PASSKEY
    factors.add_app(user, request.POST.get("offer", ""), request.POST.get("code", ""))
    return factors.APP


def _carried(request: HttpRequest) -> tuple[str, str]:
    """Give where it leads and what was typed before, both carried along by the form."""
    return own(request, request.POST.get("next", "")), request.POST.get("kept", "")[:LARGEST_KEPT]


def _asked(request: HttpRequest, user: User, *, status: int = 200, **context: Any) -> HttpResponse:
    kinds = factors.kinds(user)
    context |= {
        "title": _("Second factor"),
        "kinds": kinds,
        "question": passkeys.ask_for_proof(user) if factors.PASSKEY in kinds else None,
    }
    return page(request, "second.html", context, status=status)


def _offered(request: HttpRequest, user: User, *, status: int = 200, **context: Any) -> HttpResponse:
    context |= {"title": _("Set up a second factor"), **offers(request, user)}
    return page(request, "enrol.html", context, status=status)


def offers(request: HttpRequest, user: User) -> dict[str, Any]:
    """Prepare what a page offers for setting up an app or a passkey."""
    offer = factors.offer_app(user, request.POST.get("offer", ""))
    return {
        "offer": offer,
        "qr": qr.path(offer.address),
        "question": passkeys.ask_for_new(user),
    }
