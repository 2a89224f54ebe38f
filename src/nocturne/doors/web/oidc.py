"""OpenID Connect: the way to a provider and back. The protocol is allauth's; whom it lets in is decided at the desk."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.core.vouching import Provider
from nocturne.desk import outside, setup, vouchers
from nocturne.store.models import User

GONE = (requests.RequestException,)
WRONG = (OAuth2Error, ValueError, KeyError, TypeError, AttributeError)
FRESH = 300
"""Seconds since somebody proved themselves to the provider, where they were asked to do so again."""

log = logging.getLogger("nocturne.signon")


@dataclass(frozen=True, slots=True)
class Back:
    """Somebody who has come back from a provider, and what was remembered when they went."""

    user: User
    state: Mapping[str, Any]


def find(name: str) -> Provider:
    """Find a provider of the options.

    :raises NotFound: there is none of this name.
    """
    known: tuple[Provider, ...] = settings.NOCTURNE.oidc
    for each in known:
        if each.id == name:
            return each
    raise NotFound("unknown_provider", given=name)


class Protocol(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """allauth's protocol, for a provider that stands in the options and with addresses that we configured."""

    def __init__(self, request: HttpRequest, provider: Provider) -> None:
        super().__init__(request, provider.id)
        self.known = provider
        # The configured address decides where people are sent back to, never the Host header.
        path = reverse("with-back", args=[provider.id]).removeprefix(settings.NOCTURNE.path)
        self.callback = f"{setup.base_url()}{path}"
        self.app = SocialApp(
            provider="openid_connect",
            provider_id=provider.id,
            name=provider.name,
            client_id=provider.client_id,
            secret=provider.secret,
            settings={"server_url": provider.issuer, "oauth_pkce_enabled": True},
        )

    def get_provider(self) -> Any:
        return OpenIDConnectProvider(self.request, app=self.app)

    def get_callback_url(self, _request: HttpRequest, _app: SocialApp) -> str:
        return self.callback

    @property
    def openid_config(self) -> Any:
        found = super().openid_config
        if str(found.get("issuer", "")).rstrip("/") != self.known.issuer:
            raise OAuth2Error("the provider calls itself by another name")
        scheme = urlsplit(self.known.issuer).scheme
        for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint"):
            address = str(found.get(name, ""))
            if urlsplit(address).scheme not in ("https", scheme) or not re.fullmatch(r"[!-~]+", address):
                raise OAuth2Error(f"its {name} is not safe")
        return found


def leave(request: HttpRequest, provider: Provider, *, back: str, kept: str, again: bool) -> str:
    """Give the address at the provider to send somebody to, and remember where they come from.

    :param again: they are to prove themselves there even if they did a moment ago.
    :raises Unavailable: the provider does not answer.
    :raises Invalid: it answers nonsense.
    """
    protocol = Protocol(request, provider)
    try:
        address = outside.ask(provider.id, lambda: str(protocol.authorize_url), gone=GONE)
        client = outside.ask(provider.id, lambda: protocol.get_client(request, protocol.app), gone=GONE)
    except WRONG as problem:
        log.warning("provider %s does not answer soundly: %r", provider.id, problem)
        raise Invalid("provider_wrong", provider=provider.name) from problem
    asked = protocol.get_provider().get_pkce_params()
    remembered = {
        "next": back,
        "kept": kept,
        "verifier": asked.pop("code_verifier"),
        "nonce": secrets.token_urlsafe(24),
        "again": again,
    }
    client.state = statekit.stash_state(request, provider_id=provider.id, state=remembered)
    more = {"nonce": remembered["nonce"], **asked, **({"prompt": "login", "max_age": "0"} if again else {})}
    return str(client.get_redirect_url(address, protocol.get_provider().get_scope(), more))


def come_back(request: HttpRequest, provider: Provider) -> Back:
    """Judge what a provider has sent somebody back with, and say whose account it opens.

    :raises Invalid: it is not an answer to our question, or not a sound one.
    :raises Forbidden: the provider knows them, and no account here is linked to them.
    :raises Unavailable: the provider does not answer.
    """
    state = statekit.unstash_state(request, state_id=request.GET.get("state", ""), provider_id=provider.id)
    if state is None:
        raise Invalid("provider_state_unknown", provider=provider.name)
    if "error" in request.GET or not request.GET.get("code"):
        raise Invalid("provider_said_no", provider=provider.name)
    protocol = Protocol(request, provider)
    try:
        told = outside.ask(provider.id, lambda: _talk(request, protocol, state["verifier"]), gone=GONE)
        token, info = told["id_token"], told["userinfo"]
        _demand(token["sub"] == info["sub"] and isinstance(token["sub"], str) and token["sub"])
        _demand(secrets.compare_digest(str(token.get("nonce", "")), state["nonce"]))
        _demand(not state["again"] or time.time() - int(token.get("auth_time", 0)) < FRESH)
    except WRONG as problem:
        log.warning("provider %s does not answer soundly: %r", provider.id, problem)
        raise Invalid("provider_wrong", provider=provider.name) from problem
    return Back(_account(provider, info), state)


def _talk(request: HttpRequest, protocol: Protocol, verifier: str) -> Any:
    client = protocol.get_client(request, protocol.app)
    data = protocol.get_access_token_data(request, protocol.app, client, pkce_code_verifier=verifier)
    login = protocol.complete_login(request, protocol.app, protocol.parse_token(data), response=data)
    return login.account.extra_data


def _demand(is_sound: object) -> None:
    if not is_sound:
        raise ValueError("the provider's answers do not fit together")


def _account(provider: Provider, info: Mapping[str, Any]) -> User:
    email = str(info.get("email") or "")
    person = vouchers.Person(
        provider=provider.id,
        subject=str(info["sub"]),
        name=str(info.get("preferred_username") or ""),
        full_name=str(info.get("name") or ""),
        email=email,
    )
    user = vouchers.account_of(person)
    if user is not None:
        return user
    is_ours = email.rpartition("@")[2].lower() in provider.domains and info.get("email_verified") is True
    if not is_ours:
        raise Forbidden("not_linked", provider=provider.name, subject=person.subject)
    return vouchers.make_account(person, [provider.group])
