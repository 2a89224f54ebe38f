"""What every request to the console passes: who asks, and what a browser may do with the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import translation

from nocturne.core.refusals import Forbidden, Refusal
from nocturne.doors.web import answers, frame
from nocturne.doors.web.views import sign_on

VIEWS = "nocturne.doors.web."

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""What a page may load, run and send: from here, to here, and nothing written into the page itself."""
PANE_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
Answer = Callable[[HttpRequest], HttpResponse]


class Headers:
    """Puts the content policy on every answer, and keeps pages out of every cache."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        headers = response.headers
        if is_pane(request):
            # Half of a page of ours: no other may frame it.
            headers.setdefault("Content-Security-Policy", PANE_POLICY)
            headers["X-Frame-Options"] = "SAMEORIGIN"
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        headers.setdefault("X-Robots-Tag", "noindex")
        return response


class SignedOn:
    """Lets only people who are signed on reach the console's views, unless a view says that it is public."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponse | None:
        """This will read who asks, before any view of this door runs."""
        if not view.__module__.startswith(VIEWS):
            return None
        drop_nul(request)
        by_itself = getattr(view, "comes_by_itself", False)
        counts = request.method == "GET" and not is_fragment(request) and not by_itself
        found = frame.of(request, counts=counts, by_itself=by_itself)
        request.frame = found  # type: ignore[attr-defined]
        request.is_pane = is_pane(request)  # type: ignore[attr-defined]
        if found is None and getattr(view, "is_public", False):
            return None
        if found is None and request.method in ("GET", "HEAD") and getattr(view, "is_for_guests", False):
            found = request.frame = frame.of_guest()  # type: ignore[attr-defined]
        if found is None:
            return HttpResponse(status=204) if is_stream(request) else sign_on.ask(request)
        request.actor = found.actor  # type: ignore[attr-defined]
        if found.must_change_password and (led := _to_new_password(request)):
            return led
        if found.actor.language != translation.get_language():
            translation.activate(found.actor.language)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """This will turn a refusal that no view has answered into its page."""
        match = request.resolver_match
        if isinstance(exception, Refusal) and match is not None and match.func.__module__.startswith(VIEWS):
            found = getattr(request, "frame", None)
            if found is not None and found.is_guest and exception.status in (403, 404):
                # What a guest may not see may be theirs once they are signed on, whether it is there or not.
                return sign_on.ask(request)
            return answers.refused(request, exception)
        return None


CHANGING_PASSWORD = frozenset({"account", "password", "sure", "theme", "sign-off"})
"""What is open to somebody who has to choose a new password first."""


def _to_new_password(request: HttpRequest) -> HttpResponse | None:
    """Lead somebody who has to choose a new password to where they do; None for whoever is there."""
    match = request.resolver_match
    if match is not None and match.url_name in CHANGING_PASSWORD:
        return None
    if is_stream(request):
        return HttpResponse(status=204)
    if request.method in ("GET", "HEAD") and not is_fragment(request):
        return redirect("account")
    return answers.refused(request, Forbidden("password_must_change"))


def drop_nul(request: HttpRequest) -> None:
    """Take NUL out of what was sent: nobody types it, no database keeps it, and the words around it stay."""
    for name in ("GET", "POST"):
        sent: QueryDict = getattr(request, name)
        if any("\0" in word for key, values in sent.lists() for word in (key, *values)):
            clean = QueryDict(mutable=True)
            for key, values in sent.lists():
                clean.setlist(key.replace("\0", ""), [value.replace("\0", "") for value in values])
            setattr(request, name, clean)


def is_stream(request: HttpRequest) -> bool:
    """Tell whether a page wants to hear of what happens: it can do nothing with a page, and asks no more on a 204."""
    return request.headers.get("Accept", "").startswith("text/event-stream")


def is_fragment(request: HttpRequest) -> bool:
    """Tell whether a piece of a page is asked for, not a whole one."""
    return bool(request.headers.get("HX-Request") or request.headers.get("X-Piece"))


def is_pane(request: HttpRequest) -> bool:
    """Tell whether a page is shown in half of another of ours, beside a second ticket."""
    return "pane" in request.GET or request.headers.get("Sec-Fetch-Dest") == "iframe"
