"""Being sure who sits there: acts that matter ask for a proof again, if the last one is a while ago."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nocturne.core.refusals import Refusal
from nocturne.desk import factors, passkeys, signon, vouchers
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.coming import own
from nocturne.store.models import User

OURS = ("sure-password", "sure-code", "sure-passkey", "sure-state", "sure")

View = Callable[..., HttpResponse]


def sure(view: View) -> View:
    """Let a view be reached only by somebody who has proved lately who they are.

    A page leads to the question and back. A form that is sent is asked about on the spot: what was typed goes along,
    and with the right answer the act is done without being sent again.
    """

    @sensitive_post_parameters(*OURS)
    @wraps(view)
    def asked(request: Asked, *args: Any, **kwargs: Any) -> HttpResponse:
        if not signon.is_sure(request.session):
            if request.method not in ("POST", "PUT", "PATCH", "DELETE"):
                return redirect(f"{reverse('sure')}?{urlencode({'next': request.get_full_path()})}")
            if refused := _judged(request, to=request.path):
                return refused
        if request.method == "POST" and any(name in request.POST for name in OURS):
            rest = request.POST.copy()
            for name in OURS:
                rest.pop(name, None)
            request.POST = rest  # type: ignore[assignment]
        return view(request, *args, **kwargs)

    return cast("View", asked)


@sensitive_post_parameters(*OURS)
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: Asked) -> HttpResponse:
    """Ask for the proof that a page needs, and lead back to it."""
    back = own(request, request.POST.get("next") or request.GET.get("next") or "")
    if request.method != "POST":
        return _shown(request, to=reverse("sure"), kept=[("next", back)])
    return _judged(request, to=reverse("sure")) or redirect(back)


def _judged(request: Asked, *, to: str) -> HttpResponse | None:
    """Judge the proof that came with a form; None when it is right, else the page that asks for it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(
            _("Confirm that it is you."), status=403, content_type="text/plain; charset=utf-8"
        )
    kept = [(name, value) for name, values in request.POST.lists() if name not in OURS for value in values]
    kept = [(name, value) for name, value in kept if name != "csrfmiddlewaretoken"]
    if "sure" not in request.POST:
        return _shown(request, to=to, kept=kept, status=403)
    user = User.objects.get(pk=request.frame.user)
    given = {name: request.POST.get(f"sure-{name}", "") for name in ("password", "code", "passkey", "state")}
    try:
        signon.confirm(user, **given)
    except Refusal as refusal:
        return _shown(request, to=to, kept=kept, says=sentence(refusal), status=refusal.status)
    request.session.cycle_key()
    request.session[signon.SURE] = time.time()
    return None


def _shown(request: Asked, *, to: str, status: int = 200, **context: Any) -> HttpResponse:
    user = User.objects.get(pk=request.frame.user)
    kinds = factors.kinds(user)
    context |= {
        "to": to,
        "title": _("Confirm that it is you"),
        "kinds": kinds,
        "has_password": signon.has_password(user),
        "providers": [each for each in settings.NOCTURNE.oidc if each.id in dict(vouchers.of(user))],
        "back": dict(context.get("kept", [])).get("next") if to == reverse("sure") else reverse("board"),
        "question": passkeys.ask_for_proof(user) if factors.PASSKEY in kinds else None,
    }
    return page(request, "sure.html", context, status=status)
