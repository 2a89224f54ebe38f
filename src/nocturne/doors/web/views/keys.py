"""The keys: what each does, as a page and as a piece of one, and how somebody has them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from nocturne.desk import keychoice
from nocturne.doors.web import keymap
from nocturne.doors.web.answers import Asked, page
from nocturne.doors.web.middleware import is_fragment

CALLED = {
    "bare": gettext_lazy("Bare letters"),
    "alt": gettext_lazy("Letters with Alt"),
    "off": gettext_lazy("No letters: only keys such as Enter, Esc, F6 and those with Ctrl"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: Asked) -> HttpResponse:
    """List the keys, or choose how one has them."""
    if request.method == "POST":
        keychoice.choose(request.frame.user, request.POST.get("keys", ""))
        return redirect(f"{reverse('keys')}?done=1")
    context = {
        "title": _("Keys"),
        "groups": keymap.shown(is_staff=request.frame.is_staff),
        "hows": [(how, words, how == request.frame.keys) for how, words in CALLED.items()],
        "how": request.frame.keys,
        "done": "done" in request.GET,
    }
    return page(request, "_keys.html" if is_fragment(request) else "keys.html", context)
