"""Letting a command line sign on, by a code that its user confirms here."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nocturne.core.refusals import Refusal
from nocturne.desk import tokens
from nocturne.doors.web.answers import Asked, page, sentence
from nocturne.doors.web.sure import sure
from nocturne.store.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@sure
def device(request: Asked) -> HttpResponse:
    """Ask for the code, and confirm it."""
    code = request.POST.get("code", "") or request.GET.get("code", "")
    code = code.strip()[:20]
    if request.method != "POST":
        return page(request, "device.html", {"code": code})
    try:
        label = tokens.confirm_code(code, User.objects.get(pk=request.frame.user))
    except Refusal as refusal:
        return page(request, "device.html", {"code": code, "says": sentence(refusal)}, status=refusal.status)
    done = _("%(label)s is signed on as you. You can revoke its token on your account’s page.") % {
        "label": label
    }
    return page(request, "device.html", {"done": done})
