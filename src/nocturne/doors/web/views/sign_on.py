"""Signing on and off."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from nocturne.core.refusals import Refusal
from nocturne.desk import setup, signon
from nocturne.doors.web import drafts
from nocturne.doors.web.answers import page, sentence
from nocturne.doors.web.coming import LARGEST_KEPT, own
from nocturne.doors.web.public import public
from nocturne.doors.web.views import second


def ask(request: HttpRequest) -> HttpResponse:
    """Ask somebody who is not signed on to do so; what they have just typed is carried along."""
    if request.headers.get("HX-Request") or request.headers.get("X-Piece"):
        return HttpResponse(_("You are signed out."), status=401, content_type="text/plain; charset=utf-8")
    if request.method == "POST":
        return _shown(request, back=_page_of(request), kept=_packed(request), status=401)
    wanted = urlencode({"next": request.get_full_path()})
    return redirect(reverse("sign-on") + ("" if request.path == reverse("board") else f"?{wanted}"))


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_on(request: HttpRequest) -> HttpResponse:
    """Sign somebody on, and lead them to where they wanted to go."""
    back = own(request, request.POST.get("next") or request.GET.get("next") or "")
    if request.method != "POST":
        if getattr(request, "frame", None):
            return redirect(back)
        return _shown(request, back=back)
    name = request.POST.get("name", "")
    kept = request.POST.get("kept", "")[:LARGEST_KEPT]
    try:
        user, way = signon.by_password(
            name, request.POST.get("password", ""), address=request.META.get("REMOTE_ADDR", "")
        )
    except Refusal as refusal:
        return _shown(request, back=back, name=name, kept=kept, says=sentence(refusal), status=refusal.status)
    return second.go_on(request, user, way, back=back, kept=kept)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Refuse a form that does not come from a page of ours. A page of ours that is out of date gets its words back."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin" or request.headers.get("HX-Request"):
        return page(request, "forged.html", {"title": _("Not from here")}, status=403)
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "password", "old", "new", "again")
    ]
    return page(
        request, "forged.html", {"title": _("Send it again"), "kept": kept, "to": request.path}, status=403
    )


@require_POST
def sign_off(request: HttpRequest) -> HttpResponse:
    """End the session. Drafts stay."""
    request.session.flush()
    return redirect("sign-on")


def _shown(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    context |= {
        "organisation": setup.installation().organisation,
        "title": _("Sign on"),
        "providers": settings.NOCTURNE.oidc,
    }
    return page(request, "sign_on.html", context, status=status)


def _page_of(request: HttpRequest) -> str:
    """Name the page on which a form that was sent in vain stands."""
    match = request.resolver_match
    number = match.kwargs.get("number") if match else None
    return reverse("ticket", args=[number]) if number else reverse("board")


def _packed(request: HttpRequest) -> str:
    """Pack what a form held, so that it comes back after signing on again."""
    place = request.POST.get("place", "")
    if not drafts.PLACE.fullmatch(place):
        return ""
    form = {name: values for name, values in request.POST.lists() if name not in drafts.NEVER_KEPT}
    packed = base64.urlsafe_b64encode(json.dumps({"place": place, "form": form}).encode()).decode()
    return packed if len(packed) <= LARGEST_KEPT else ""
