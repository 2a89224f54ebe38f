"""Who asks: every route names the right it needs with one of the two classes here."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from nocturne.core import permits
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden
from nocturne.desk import accounts, signon
from nocturne.doors.api.limits import BAD_TOKENS, Limit
from nocturne.doors.api.problems import SignOnNeeded
from nocturne.store import configured

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Request(HttpRequest):
    """A request of somebody who is signed on."""

    auth: Actor


class Needs(HttpBearer):
    """Lets in whoever is signed on, by token or by a browser's cookie, and holds one of the rights named.

    Without a right it is for everyone who is signed on; `staff` keeps it to the NOC. What an actor may do on the
    very ticket is still asked at the desk; this only spares it the asking. What administers, and what says `sure`, is
    done with a cookie only while its owner has proved lately who they are (`signon.is_sure`). With `guests`, it is open
    to whoever is not signed on as well, where a clearance for anybody shows them something.
    """

    openapi_name = "token"
    openapi_description = (
        "A token of yours (My account, or `noc login`). The cookie of a signed-on browser does as well."
    )

    def __init__(self, *rights: str, staff: bool = False, sure: bool = False, guests: bool = False) -> None:
        super().__init__()
        self.rights, self.staff, self.guests = rights, staff, guests
        self.sure = sure or any(right.startswith("administer") for right in rights)

    def __call__(self, request: HttpRequest) -> Actor:
        actor = (_guest(request) if self.guests else None) or who(request)
        request.auth = actor  # type: ignore[attr-defined]  # a refusal is worded in the actor's language
        writes = request.method not in READING
        self.demand(actor, writes=writes)
        if writes and self.sure and is_by_cookie(request) and not signon.is_sure(request.session):
            raise Forbidden("prove_again")
        return actor

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        return by_token(request, token)

    def demand(self, actor: Actor, *, writes: bool) -> None:
        """Refuse an actor who may not even try this.

        :raises Forbidden: with the reason.
        """
        if ("write" if writes else "read") not in actor.scopes:
            raise Forbidden("scope_too_narrow", scopes=sorted(actor.scopes))
        if self.staff and not actor.is_staff:
            raise Forbidden("not_permitted")
        if self.rights and not any(permits.may(actor, right) for right in self.rights):
            raise Forbidden("not_permitted", act=self.rights[0])


def _guest(request: HttpRequest) -> Actor | None:
    """Give the guest, for whoever reads without showing who they are; None where a site shows guests nothing."""
    if request.META.get("HTTP_AUTHORIZATION") or request.method not in READING:
        return None
    if request.session.get(SESSION_KEY) is not None:
        return None
    configured.refresh()
    return permits.GUEST if permits.classes_somewhere(permits.GUEST) else None


class Anybody:
    """Lets in everybody, each address only so often."""

    def __init__(self, limit: Limit | None = None) -> None:
        self.limit = limit

    def __call__(self, request: HttpRequest) -> Any:
        if self.limit is not None:
            self.limit.count(address(request))
        return "anybody"


def who(request: HttpRequest) -> Actor:
    """Say who asks.

    :raises SignOnNeeded: nobody does, or not with a token that is known.
    :raises Forbidden: a cookie came without the proof that one of our own pages sent it.
    """
    given = request.META.get("HTTP_AUTHORIZATION", "")
    if given:
        scheme, _, token = given.partition(" ")
        if scheme.lower() != "bearer":
            raise SignOnNeeded("sign_on_needed")
        return by_token(request, token.strip())
    return _by_cookie(request)


def is_by_cookie(request: HttpRequest) -> bool:
    return not request.META.get("HTTP_AUTHORIZATION")


def by_token(request: HttpRequest, token: str) -> Actor:
    actor = accounts.actor_by_token(token) if 0 < len(token) <= 200 and token.isascii() else None
    if actor is None:
        BAD_TOKENS.count(address(request))
        raise SignOnNeeded("token_unknown")
    return actor


def _by_cookie(request: HttpRequest) -> Actor:
    number = request.session.get(SESSION_KEY)
    actor = accounts.actor_by_id(int(number)) if number is not None else None
    if actor is None:
        raise SignOnNeeded("sign_on_needed")
    request.auth = actor  # type: ignore[attr-defined]
    if request.method not in READING and check_csrf(request) is not None:
        raise Forbidden("not_from_here")
    if not request.path.endswith("/me/password") and accounts.must_change_password(actor):
        raise Forbidden("password_must_change")
    return actor


def address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def door(request: HttpRequest) -> Door:
    """Say through which door somebody came: `noc` is a door of its own, by its name."""
    return Door.CLI if request.META.get("HTTP_USER_AGENT", "").startswith("noc/") else Door.API


__all__ = ["Anybody", "Needs", "Request", "address", "by_token", "door", "who"]
