"""Says no to a program: RFC 9457 problems that name the field and the remedy."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import override
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, NotFound, Refusal, TooLarge, TooMany, Unavailable
from nocturne.desk import wording
from nocturne.doors.api.answers import json_bytes, plain
from nocturne.doors.api.sayings import BY_STATUS, DETAILS, REMEDIES
from nocturne.store.db import unavailable

log = logging.getLogger("nocturne.api")

MEDIA_TYPE = "application/problem+json"


class BadRequest(Refusal):
    """The request itself cannot be read."""

    status = 400


class SignOnNeeded(Refusal):
    """Nobody is signed on, or not as somebody."""

    status = 401


class NotAllowed(Refusal):
    """This method does nothing at this address."""

    status = 405


class LengthNeeded(Refusal):
    """A body of unknown length."""

    status = 411


class NotUnderstood(Refusal):
    """A body of a kind that is not understood."""

    status = 415


class Failed(Refusal):
    """Nocturne itself is at fault."""

    status = 500


def problem(
    request: HttpRequest, refused: Refusal, *, errors: Sequence[Mapping[str, Any]] = ()
) -> HttpResponse:
    """Word a refusal as a problem document, in the language of whoever asks."""
    status = _status(request, refused)
    title, usual = BY_STATUS.get(status, BY_STATUS[422])
    with override(_language(request)):
        document: dict[str, Any] = {
            "type": f"urn:nocturne:refusal:{refused.code}",
            "title": _(title),
            "status": status,
            "detail": detail(refused),
            "instance": request.path,
            "code": refused.code,
            "field": refused.field,
            "remedy": _(REMEDIES.get(refused.code, usual)) % {"field": refused.field or _("the request")},
            # What is hidden and what is not there must look the same to the last byte.
            "params": {} if status == 404 else plain(refused.params),
        }
    if errors:
        document["errors"] = list(errors)
    response = HttpResponse(json_bytes(document), status=status, content_type=MEDIA_TYPE)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="nocturne"'
    if isinstance(refused, TooMany):
        response.headers["Retry-After"] = str(refused.params.get("seconds", 60))
    elif isinstance(refused, Unavailable):
        response.headers["Retry-After"] = "5"
    return response


def detail(refused: Refusal) -> str:
    """Say in a sentence why something was not done."""
    own = DETAILS.get(refused.code)
    if own is None:
        return wording.refusal(refused)
    return _(own) % {name: _listed(value) for name, value in refused.params.items()}


def _listed(value: Any) -> Any:
    return ", ".join(str(each) for each in value) if isinstance(value, list | tuple) else value


def _status(request: HttpRequest, refused: Refusal) -> int:
    """Give the status; a version that no longer holds is a 412 when it came in the header made for it."""
    meanwhile = ("changed_meanwhile", "version_unknown", "configuration_changed_meanwhile")
    if refused.code in meanwhile and "If-Match" in request.headers:
        return 412
    return refused.status


def _language(request: HttpRequest) -> str | None:
    actor = getattr(request, "auth", None)
    return actor.language if isinstance(actor, Actor) else None


def handle_in(api: NinjaAPI) -> None:
    """Let the API answer whatever goes wrong with a problem document."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Refusal: problem,
        HttpError: _http_error,
        ValidationError: _not_valid,
        RequestDataTooBig: _too_big,
        UnreadablePostError: _cut_short,
        OperationalError: _database_gone,
        InterfaceError: _database_gone,
        Exception: failed,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what ninja itself says no to: nobody is signed on, or a body could not be read (the cause is ours)."""
    if isinstance(error.__cause__, Refusal):
        return problem(request, error.__cause__)
    if error.status_code == 401:
        return problem(request, SignOnNeeded("sign_on_needed"))
    return problem(request, BadRequest("bad_json", reason=str(error)))


def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer for keys that are unknown or missing, and for values of the wrong kind: all of them at once."""
    found = [_wrong(each) for each in error.errors[:20]]
    if any(each["in"] == "path" for each in found):
        return nowhere(request)
    first = found[0]
    refused = Invalid(first["code"], field=first["field"], given=first["field"], reason=first["reason"])
    listed = [{name: each[name] for name in ("field", "code", "reason")} for each in found]
    return problem(request, refused, errors=listed)


def _wrong(error: Mapping[str, Any]) -> dict[str, str]:
    """Reduce pydantic's error to the key it is about, our code, and its reason."""
    place, *path = (str(part) for part in error["loc"])
    if place in ("body", "query") and len(path) > 1:
        path = path[1:]  # the name that our function has for it is nobody's business
    elif place == "body":
        path = ["body"]
    codes = {"extra_forbidden": "unknown_key", "missing": "missing_key"}
    return {
        "in": place,
        "field": ".".join(path)[:200],
        "code": codes.get(str(error["type"]), "bad_value"),
        "reason": str(error["msg"])[:200],
    }


def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:  # noqa: ARG001
    return problem(request, TooLarge("body_too_large", limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE))


def _cut_short(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:  # noqa: ARG001
    return problem(request, BadRequest("body_cut_short"))


def _database_gone(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    return problem(request, unavailable(error))


def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer for what nobody has foreseen: the trace is logged under a number, and only the number is told."""
    number = secrets.token_hex(6)
    log.error("an API request failed, told as %s", number, exc_info=error)
    return problem(request, Failed("failed", id=number))


def nowhere(request: HttpRequest) -> HttpResponse:
    """Answer for an address that leads nowhere."""
    return problem(request, NotFound("no_such_address"))


def not_allowed(request: HttpRequest, allow: str) -> HttpResponse:
    """Answer for a method that does nothing at this address."""
    response = problem(request, NotAllowed("method_not_allowed", given=request.method))
    response.headers["Allow"] = allow
    return response
