"""One's own account: zone, password, tokens, signed-on browsers, ways to be reached, and what one is told."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from ninja import Router

from nocturne import __version__
from nocturne.core import permits
from nocturne.core.entry import Kind
from nocturne.core.refusals import Forbidden, Invalid
from nocturne.desk import accounts, browsers, keychoice, keyring, people, representing, setup, tokens, ways
from nocturne.desk.noted import note
from nocturne.doors.api import shapes_people as shapes
from nocturne.doors.api.acts import KEY, once
from nocturne.doors.api.answers import answer
from nocturne.doors.api.asking import Needs, Request, door
from nocturne.doors.api.given_people import (
    AboutMe,
    Mark,
    NoticesChosen,
    OwnPassword,
    TokenAsked,
    TokenNumber,
    WayGiven,
    WayNumber,
)
from nocturne.doors.api.shapes_people import Me
from nocturne.store.models import User
from nocturne.store.sessions import digest

router = Router(tags=["people"])


def owner(request: Request) -> User:
    """This will find the account that asks.

    :raises Forbidden: whoever asks is no account.
    """
    found = User.objects.filter(pk=request.auth.id or 0).first() if request.auth.kind == "account" else None
    if found is None:
        raise Forbidden("not_permitted")
    return found


def by(request: Request) -> dict[str, Any]:
    return {"by": request.auth, "door": door(request)}


@router.get("/me", auth=Needs(), response=Me)
def me(request: Request) -> HttpResponse:
    """Say who one is here, and what one may do."""
    actor = request.auth
    full_name, email = User.objects.values_list("full_name", "email").get(pk=actor.id or 0)
    return answer(
        {
            "name": actor.label,
            "full_name": full_name,
            "email": email,
            "zone": actor.zone,
            "language": actor.language,
            "keys": keychoice.of(actor.id or 0),
            "groups": sorted(actor.groups),
            "scopes": sorted(actor.scopes),
            "speaks_for": [{"kind": kind, "name": name} for kind, name in representing.of(actor)],
            "rights": [kind.value for kind in Kind if permits.may(actor, kind.value)],
            "reads": permits.rung(actor).word,
            "organisation": setup.installation().organisation,
            "web_url": setup.base_url(),
            "version": __version__,
        },
        actor=actor,
    )


@router.patch("/me", auth=Needs(), response=shapes.AccountRow)
def change_me(request: Request, given: AboutMe) -> HttpResponse:
    """Change one's own zone, language or keys."""
    sent = {name: getattr(given, name) for name in given.model_fields_set if getattr(given, name) is not None}

    def do() -> dict[str, Any]:
        accounts.settle(owner(request), sent)
        return account_row(people.person(request.auth.label))

    return once(request, given, do)


@router.put("/me/password", auth=Needs(), response={204: None})
def change_password(request: Request, given: OwnPassword) -> HttpResponse:
    """Change one's own password; every browser but the one that asks is signed off."""
    user = owner(request)
    accounts.change_password(user, given.old, given.new, keep_session=_this(request))
    note("password_changed", user, door=door(request))
    if _this(request):
        request.session.cycle_key()
    return HttpResponse(status=204)


def _this(request: Request) -> str:
    """Give the digest of the asking browser's session; empty for whoever came with a token."""
    if request.META.get("HTTP_AUTHORIZATION") or request.session.get(SESSION_KEY) is None:
        return ""
    return digest(request.session.session_key or "")


# --- tokens ----------------------------------------------------------------------------------------------------------


@router.get("/me/tokens", auth=Needs(), response=shapes.Tokens)
def list_own_tokens(request: Request) -> HttpResponse:
    """List one's tokens that are still good."""
    rows = keyring.keys(owner(request).name, usable=True)
    return answer({"tokens": [token_row(each) for each in rows]}, actor=request.auth)


@router.post("/me/tokens", auth=Needs(sure=True), response={201: shapes.TokenMade})
def make_own_token(request: Request, given: TokenAsked) -> HttpResponse:
    """Make a token of one's own. A token that asks for this must be made for `admin`, and makes none wider."""
    key = request.META.get(KEY, "").strip() or None
    token, plain, again = tokens.create_token_once(
        owner(request), given.label, key=key, **narrowed(given), **by(request)
    )
    told = {"number": token.pk, "token": plain, "expires_at": token.expires_at}
    response = answer(told, status=201, actor=request.auth)
    if again:
        response.headers["Idempotent-Replayed"] = "true"
    return response


@router.delete("/me/tokens/{int:token}", auth=Needs(), response={204: None})
def revoke_own_token(request: Request, token: TokenNumber) -> HttpResponse:
    """Make a token of one's own useless."""
    tokens.revoke_token(owner(request), token, **by(request))
    return HttpResponse(status=204)


def narrowed(given: TokenAsked) -> dict[str, Any]:
    """This will spell what a token is asked to be."""
    return {
        "scopes": given.scope,
        "lasts": None if given.days is None else timedelta(days=given.days),
        "queues": given.queues,
    }


def token_row(key: keyring.Key) -> dict[str, Any]:
    return vars(key) | {"scopes": key.scopes.split()}


# --- browsers --------------------------------------------------------------------------------------------------------


@router.get("/me/sessions", auth=Needs(), response=shapes.Browsers)
def list_own_sessions(request: Request) -> HttpResponse:
    """List the browsers that one is signed on with."""
    found = browsers.of(owner(request), this=_this(request))
    return answer({"sessions": [vars(each) for each in found]}, actor=request.auth)


@router.delete("/me/sessions/{mark}", auth=Needs(), response={204: None})
def end_own_session(request: Request, mark: Mark) -> HttpResponse:
    """Sign a browser of one's own off."""
    browsers.end(owner(request), mark, **by(request))
    return HttpResponse(status=204)


# --- ways to be reached, and what one is told -----------------------------------------------------------------------


@router.get("/me/ways", auth=Needs(), response=shapes.Ways)
def list_own_ways(request: Request) -> HttpResponse:
    """List the ways one is reached."""
    return answer({"ways": [vars(each) for each in ways.of(owner(request))]}, actor=request.auth)


@router.post("/me/ways", auth=Needs(), response={201: shapes.WayRow})
def add_own_way(request: Request, given: WayGiven) -> HttpResponse:
    """Add a way to be reached. Notices go to a mail address only once an administrator has verified it."""
    return once(request, given, lambda: way_added(request, owner(request), given), status=201)


def way_added(request: Request, user: User, given: WayGiven) -> dict[str, Any]:
    added = ways.add(
        user, given.kind, given.value, label=given.label, for_notices=given.for_notices, **by(request)
    )
    return vars(added)


@router.delete("/me/ways/{int:way}", auth=Needs(), response={204: None})
def remove_own_way(request: Request, way: WayNumber) -> HttpResponse:
    """Take a way to be reached away."""
    ways.remove(owner(request), way, **by(request))
    return HttpResponse(status=204)


@router.get("/me/notices", auth=Needs(), response=shapes.Notices)
def own_notices(request: Request) -> HttpResponse:
    """Say when one is told of what."""
    return answer(notices_row(ways.choices(owner(request))), actor=request.auth)


@router.put("/me/notices", auth=Needs(), response=shapes.Notices)
def choose_own_notices(request: Request, given: NoticesChosen) -> HttpResponse:
    """Say when one wants to be told of what."""
    return once(request, given, lambda: notices_chosen(request, owner(request), given))


def notices_chosen(request: Request, user: User, given: NoticesChosen) -> dict[str, Any]:
    quiet = _hours(given.quiet) if given.sent("quiet") else True
    return notices_row(ways.choose(user, given.told, quiet=quiet, **by(request)))


def _hours(given: list[str] | None) -> tuple[time, time] | None:
    """Read quiet hours.

    :raises Invalid: they are none.
    """
    if given is None:
        return None
    try:
        return time.fromisoformat(given[0]), time.fromisoformat(given[1])
    except ValueError:
        raise Invalid("bad_hours", field="quiet", given="–".join(given)) from None


def notices_row(chosen: ways.Choices) -> dict[str, Any]:
    """This will spell when somebody is told of what."""
    both = (chosen.quiet_from, chosen.quiet_until)
    hours = [each.isoformat("minutes") for each in both if each is not None]
    return {"told": chosen.told, "quiet": hours or None}


def account_row(found: people.Person) -> dict[str, Any]:
    """This will spell an account."""
    row = dict(vars(found))
    row["contact"] = row.pop("represents")
    return row
