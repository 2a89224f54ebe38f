"""A forgotten password: asking for a link, and choosing a new one by it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nocturne.core.refusals import NotFound, Refusal
from nocturne.desk import reset
from nocturne.doors.web.answers import page, sentence
from nocturne.doors.web.coming import address
from nocturne.doors.web.fields import Field, bind
from nocturne.doors.web.public import public

NEW = (
    Field("new", gettext_lazy("New password"), "password", needed=True, complete="new-password",
          help=gettext_lazy("ten letters at least")),
    Field("again", gettext_lazy("Password once more"), "password", needed=True, complete="new-password"),
)  # fmt: skip


@public
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask who has forgotten their password. The answer is the same for everybody, known or not."""
    asked = request.POST.get("asked", "").strip()[:254]
    context: dict[str, Any] = {"title": _("Forgotten password"), "asked": asked}
    if request.method != "POST" or not asked:
        return page(request, "forgotten.html", context)
    try:
        reset.ask(asked, address=address(request))
    except Refusal as refusal:
        return page(request, "forgotten.html", context | {"says": sentence(refusal)}, status=refusal.status)
    return page(request, "forgotten.html", context | {"is_asked": True})


@public
@sensitive_post_parameters("new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest, secret: str) -> HttpResponse:
    """Let whoever holds the link choose a new password, once."""
    try:
        user = reset.fits(secret)
        if request.method != "POST":
            return _shown(request, name=user.name)
        if request.POST.get("new", "") != request.POST.get("again", ""):
            says = _("The two passwords are not the same.")
            return _shown(request, name=user.name, says=says, errors={"again": says}, status=422)
        reset.change(secret, request.POST.get("new", ""))
    except NotFound as refusal:
        return _shown(request, is_gone=True, says=sentence(refusal), status=404)
    except Refusal as refusal:
        says = sentence(refusal)
        return _shown(request, name=user.name, says=says, errors={"new": says}, status=refusal.status)
    return _shown(request, is_done=True)


def _shown(
    request: HttpRequest, *, status: int = 200, errors: dict[str, str] | None = None, **context: Any
) -> HttpResponse:
    context |= {"title": _("New password"), "fields": bind(NEW, {}, errors=errors)}
    response = page(request, "new_password.html", context, status=status)
    # The secret stands in the address: what this page loads and links to is told the host at most.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
