"""How a command line comes by a token, and gets rid of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from nocturne.core.refusals import NotFound
from nocturne.desk import setup, tokens
from nocturne.doors.api import shapes_people as shapes
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Anybody, Needs, Request, door
from nocturne.doors.api.given import CodeAsked, SecretGiven
from nocturne.doors.api.limits import CODES, POLLS

router = Router(tags=["people"])

ASK_EVERY = 2
"""Seconds between two questions whether a code has been confirmed."""


@router.delete("/me/token", auth=Needs(), response={204: None})
def revoke_token(request: Request) -> HttpResponse:
    """Make the token this request came with useless."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotFound("no_such_token")
    tokens.revoke_plain(token.strip(), by=request.auth, door=door(request))
    return HttpResponse(status=204)


@router.post("/device", auth=Anybody(CODES), response={201: shapes.Code})
def ask_for_code(request: HttpRequest, given: CodeAsked = CodeAsked()) -> HttpResponse:  # noqa: ARG001, B008
    """Begin a sign-on for a command line: its user confirms the code in a browser that is signed on."""
    secret, shown = tokens.ask_for_code(given.label)
    return answer(
        {
            "secret": secret,
            "code": shown,
            "confirm_url": f"{setup.base_url()}/device?code={shown}",
            "expires_in": int(tokens.CODE_LASTS.total_seconds()),
            "interval": ASK_EVERY,
        },
        status=201,
    )


@router.post(
    "/device/token",
    auth=Anybody(POLLS),
    response={200: shapes.TokenShape, 202: shapes.TokenShape},
)
def redeem_code(request: HttpRequest, given: SecretGiven) -> HttpResponse:  # noqa: ARG001
    """Give the token for a confirmed code, once; 202 while nobody has confirmed it."""
    found = tokens.redeem_code(given.secret)
    if found is None:
        return answer({"state": "waiting"}, status=202)
    user, token = found
    return answer({"state": "confirmed", "token": token, "name": user.name})
