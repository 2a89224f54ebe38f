"""What every request to the console passes: who asks, and what a browser may do with the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation

from nocturne.core.refusals import Refusal
from nocturne.doors.web import answers, frame
from nocturne.doors.web.views import sign_on

VIEWS = "nocturne.doors.web."

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""What a page may load, run and send: from here, to here, and nothing written into the page itself."""
Answer = Callable[[HttpRequest], HttpResponse]


class Headers:
    """Puts the content policy on every answer, and keeps pages out of every cache."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        headers = response.headers
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
        found = frame.of(request, counts=request.method == "GET" and not is_fragment(request))
        request.frame = found  # type: ignore[attr-defined]
        if found is None:
            return None if getattr(view, "is_public", False) else sign_on.ask(request)
        request.actor = found.actor  # type: ignore[attr-defined]
        if found.actor.language != translation.get_language():
            translation.activate(found.actor.language)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """This will turn a refusal that no view has answered into its page."""
        match = request.resolver_match
        if isinstance(exception, Refusal) and match is not None and match.func.__module__.startswith(VIEWS):
            return answers.refused(request, exception)
        return None


def drop_nul(request: HttpRequest) -> None:
    """Take NUL out of what was sent: nobody types it, no database keeps it, and the words around it stay."""
    for name in ("GET", "POST"):
        sent: QueryDict = getattr(request, name)
        if any("\0" in word for key, values in sent.lists() for word in (key, *values)):
            clean = QueryDict(mutable=True)
            for key, values in sent.lists():
                clean.setlist(key.replace("\0", ""), [value.replace("\0", "") for value in values])
            setattr(request, name, clean)


def is_fragment(request: HttpRequest) -> bool:
    """Tell whether a piece of a page is asked for, not a whole one."""
    return bool(request.headers.get("HX-Request") or request.headers.get("X-Piece"))
