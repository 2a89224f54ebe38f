"""My account: second factors are added, named and removed, and recovery codes made anew."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from nocturne.core.refusals import Refusal
from nocturne.desk import factors as desk
from nocturne.desk import signon
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.sure import sure
from nocturne.doors.web.times import Times
from nocturne.doors.web.views.second import add, offers
from nocturne.store.models import User


@sensitive_post_parameters("code", "passkey", "offer")
@require_http_methods(["GET", "HEAD", "POST"])
@sure
def factors(request: Asked) -> HttpResponse:
    """List one's second factors, and add one."""
    user = _person(request)
    if request.method != "POST":
        return _shown(request, user)
    try:
        kind = add(request, user)
    except Refusal as refusal:
        return _shown(request, user, says=sentence(refusal), status=refusal.status)
    signon.note("factor_added", user, kind=kind)
    request.session.cycle_key()
    codes = desk.codes_if_none(user)
    done = _("The passkey is added.") if kind == desk.PASSKEY else _("The app is set up.")
    return _shown(request, user, codes=codes, done=done)


@require_POST
@sure
def factor(request: Asked, number: int) -> HttpResponse:
    """Give a passkey another name, or remove a second factor."""
    user = _person(request)
    try:
        if request.POST.get("remove"):
            desk.remove(user, number, needed=signon.needs_second_factor(user))
            signon.note("factor_removed", user, number=number)
            request.session.cycle_key()
        else:
            desk.rename(user, number, request.POST.get("label", ""))
    except Refusal as refusal:
        return _shown(request, user, says=sentence(refusal), status=refusal.status)
    return redirect("factors")


@require_POST
@sure
def codes(request: Asked) -> HttpResponse:
    """Make new recovery codes; the ones before are worthless."""
    user = _person(request)
    if not desk.has_any(user):
        return redirect("factors")
    signon.note("recovery_codes_made", user)
    return _shown(request, user, codes=desk.new_codes(user))


def _person(request: Asked) -> User:
    return User.objects.get(pk=request.frame.user)


def _shown(request: Asked, user: User, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "factors": desk.of(user),
        "is_needed": signon.needs_second_factor(user),
        "times": Times(request.actor),
        **offers(request, user),
        **more,
    }
    return page(request, "factors.html", context, status=status)
