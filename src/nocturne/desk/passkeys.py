"""Passkeys (WebAuthn): what a browser is asked, and whether its answer is right.

What was asked travels with the form, sealed, for one account and one purpose; it is good once and for ten minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import signing

from nocturne.core.refusals import Invalid, TooMany
from nocturne.desk import setup, throttle
from nocturne.store.models import User

LASTS = timedelta(minutes=10)
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser is to be asked, as JSON, and the sealed memory of it."""

    options: str
    state: str


def ask_for_new(user: User) -> Question:
    """Ask the browser to make a passkey for an account."""
    from fido2.webauthn import (
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options, state = _server().register_begin(
        user=PublicKeyCredentialUserEntity(
            id=_handle(user), name=user.name, display_name=user.full_name or user.name
        ),
        credentials=[each for _, each in _credentials(user)],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Question(_spelt(options), _sealed(user, "new", state))


def ask_for_proof(user: User) -> Question:
    """Ask the browser to prove that it holds one of an account's passkeys."""
    options, state = _server().authenticate_begin(
        credentials=[each for _, each in _credentials(user)], user_verification=None
    )
    return Question(_spelt(options), _sealed(user, "proof", state))


def registered(user: User, state: str, answer: str) -> dict[str, Any]:
    """Judge the answer to :func:`ask_for_new`; gives what is to be kept of the passkey.

    :raises Invalid: the answer is not one to our question.
    """
    given, held = _read(answer), _opened(user, "new", state)
    try:
        _server().register_complete(held, given)
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise Invalid("passkey_wrong", field="passkey") from problem
    return given


def proved(user: User, state: str, answer: str) -> int:
    """Judge the answer to :func:`ask_for_proof`; gives the number of the passkey.

    :raises Invalid: the answer is not one to our question, or of a passkey that the account does not have.
    """
    given, held = _read(answer), _opened(user, "proof", state)
    known = _credentials(user)
    try:
        used = _server().authenticate_complete(held, [each for _, each in known], given)
        return next(number for number, each in known if each.credential_id == used.credential_id)
    except (ValueError, TypeError, KeyError, AttributeError, StopIteration) as problem:
        raise Invalid("passkey_wrong", field="passkey") from problem


def _server() -> Any:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    # The configured address decides, never the Host header of a request.
    address = urlsplit(setup.base_url())
    origin = f"{address.scheme}://{address.netloc}"
    entity = PublicKeyCredentialRpEntity(id=address.hostname or "", name=setup.installation().name)
    return Fido2Server(entity, verify_origin=lambda given: given == origin)


def _credentials(user: User) -> list[tuple[int, Any]]:
    from allauth.mfa.webauthn.internal.auth import WebAuthn

    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return [(row.pk, WebAuthn(row).authenticator_data.credential_data) for row in rows]


def _handle(user: User) -> bytes:
    """Name an account to its passkeys without telling them who it is."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"passkey {user.pk}".encode(), "sha256")


def _spelt(options: Mapping[str, Any]) -> str:
    return json.dumps(dict(options)["publicKey"], default=dict)


def _sealed(user: User, purpose: str, state: Mapping[str, Any]) -> str:
    return signing.dumps({"for": user.pk, "why": purpose, "state": dict(state)}, salt="nocturne.passkey")


def _opened(user: User, purpose: str, sealed: str) -> Any:
    try:
        held = signing.loads(sealed, salt="nocturne.passkey", max_age=LASTS)
    except signing.BadSignature as problem:
        raise Invalid("passkey_too_old", field="passkey") from problem
    if (held["for"], held["why"]) != (user.pk, purpose):
        raise Invalid("passkey_wrong", field="passkey")
    try:
        mark = hashlib.sha256(sealed.encode()).hexdigest()
        throttle.count(f"passkey:{mark}", most=1, window=2 * LASTS)
    except TooMany as again:
        raise Invalid("passkey_too_old", field="passkey") from again
    return held["state"]


def _read(answer: str) -> dict[str, Any]:
    try:
        given = json.loads(answer) if len(answer) <= LONGEST else None
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not isinstance(given.get("response"), dict):
        raise Invalid("passkey_wrong", field="passkey")
    return given
