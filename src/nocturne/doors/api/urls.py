"""The addresses of the API, all below /api/v1/."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path

from nocturne.doors.api import problems, reference
from nocturne.doors.api.api import api

View = Callable[..., HttpResponseBase]


def at_the_door(view: View) -> View:
    """Answer HEAD as GET without its body, OPTIONS with what can be done, and all else that can't with a problem."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        try:
            response = _of_unknown_length(request) or view(request, *args, **kwargs)
        except Exception as error:  # what ninja does not see: nothing may reach a program as a page
            response = problems.failed(request, error)
        if response.status_code == 405 and "Content-Type" in response and not _is_problem(response):
            response = _not_here(request, response.headers["Allow"])
        elif is_head:
            response = _bodiless(response)
        _guard(response)
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # cookies are checked where they count: asking.py
    return answer


def _of_unknown_length(request: HttpRequest) -> HttpResponse | None:
    """Refuse a body that does not say how long it is: it would be read as empty."""
    if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
        return problems.problem(request, problems.LengthNeeded("length_needed"))
    return None


def _is_problem(response: HttpResponseBase) -> bool:
    return response.headers["Content-Type"].startswith(problems.MEDIA_TYPE)


def _not_here(request: HttpRequest, allow: str) -> HttpResponse:
    methods = sorted({*(each.strip() for each in allow.split(",")), "OPTIONS"})
    if "GET" in methods:
        methods.insert(methods.index("GET") + 1, "HEAD")
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": ", ".join(methods)})
    return problems.not_allowed(request, ", ".join(methods))


def _bodiless(response: HttpResponseBase) -> HttpResponse:
    """Keep only the headers."""
    headers = dict(response.headers)
    if isinstance(response, HttpResponse):
        headers.setdefault("Content-Length", str(len(response.content)))
    return HttpResponse(status=response.status_code, headers=headers)


def _guard(response: HttpResponseBase) -> None:
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")


def _guarded(pattern: URLPattern) -> URLPattern:
    pattern.callback = at_the_door(pattern.callback)
    return pattern


_patterns, _, _ = api.urls

urlpatterns = [
    path("openapi.json", at_the_door(reference.document)),
    path("docs", at_the_door(reference.page)),
    path("docs.css", at_the_door(reference.style)),
    *(_guarded(each) for each in _patterns if isinstance(each, URLPattern) and each.name != "api-root"),
    re_path("", at_the_door(problems.nowhere)),
]
