"""Second factors: codes from an app, passkeys, and recovery codes for the day both are lost.

The rows and the arithmetic are allauth's; that a code counts once, however many processes are asked, is ours.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.core import signing
from django.utils.translation import gettext as _

from nocturne.core.refusals import Invalid, NotFound, WrongState
from nocturne.desk import clock, passkeys, throttle
from nocturne.desk.adapters import Factors
from nocturne.store.db import writing
from nocturne.store.models import Session, User

APP, PASSKEY, CODES = "totp", "webauthn", "recovery_codes"
PROVING = (APP, PASSKEY)
TRIES, WINDOW = 8, timedelta(minutes=5)
TRIES_IN_ALL, LONG_WINDOW = 30, timedelta(hours=1)
OFFER_LASTS = timedelta(minutes=30)
MOST_PASSKEYS = 20

log = logging.getLogger("nocturne.signon")


@dataclass(frozen=True, slots=True)
class Factor:
    """One line of the list on one's account; `left` counts the recovery codes that are still good."""

    number: int
    kind: str
    name: str
    made_at: datetime
    used_at: datetime | None
    left: int | None = None


def of(user: User) -> list[Factor]:
    """List what an account can prove itself with besides its password."""
    order = {APP: 0, PASSKEY: 1, CODES: 2}
    rows = sorted(Authenticator.objects.filter(user=user), key=lambda row: (order[row.type], row.pk))
    return [_shown(row) for row in rows]


def _shown(row: Authenticator) -> Factor:
    name, left = str(row.data.get("name", "")), None
    if row.type == CODES:
        try:
            left = len(RecoveryCodes(row).get_unused_codes())
        except InvalidToken:  # encrypted with a key that is lost
            left = 0
    return Factor(row.pk, row.type, name, row.created_at, row.last_used_at, left)


def kinds(user: User) -> set[str]:
    """Say which kinds of second factor an account has."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def has_any(user: User) -> bool:
    """Tell whether an account has a second factor that proves who signs on."""
    return bool(kinds(user) & set(PROVING))


# --- a code from an app ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret for somebody's app, which counts once they have proved that the app has it."""

    secret: str
    address: str
    sealed: str


def offer_app(user: User, sealed: str = "") -> Offer:
    """Make a secret to put into an app, or open the one that was offered before."""
    secret = _opened(user, sealed) or totp.generate_totp_secret()
    kept = signing.dumps({"secret": secret, "for": user.pk}, salt="nocturne.app")
    return Offer(secret, Factors().build_totp_url(user, secret), kept)


def _opened(user: User, sealed: str) -> str:
    try:
        held = signing.loads(sealed, salt="nocturne.app", max_age=OFFER_LASTS) if sealed else {}
    except signing.BadSignature:
        return ""
    return str(held["secret"]) if held.get("for") == user.pk else ""


def add_app(user: User, sealed: str, code: str) -> None:
    """Take an app as a second factor, now that a code of it is right. It replaces the app before.

    :raises Invalid: the code is wrong, or what was offered is too old.
    :raises TooMany: there were too many tries.
    """
    _count(user)
    secret = _opened(user, sealed)
    if not secret:
        raise Invalid("offer_too_old", field="code")
    counter = _counter(secret, code, after=-1)
    if counter is None:
        raise Invalid("wrong_code", field="code")
    with writing():
        Authenticator.objects.filter(user=user, type=APP).delete()
        row = totp.TOTP.activate(user, secret).instance
        row.data["last_counter"] = counter
        row.save(update_fields=["data"])


def _counter(secret: str, code: str, *, after: int) -> int | None:
    """Find the half minute that a code is of; none at or before one that was used."""
    counter: int
    for counter in totp.yield_hotp_counters_from_time():
        right = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if counter > after and totp.compare_user_code(actual=code, expected=right):
            return counter
    return None


# --- passkeys ----------------------------------------------------------------------------------------------------


def add_passkey(user: User, name: str, state: str, answer: str) -> None:
    """Take a passkey as a second factor.

    :raises Invalid: what the browser answered is not right, or the account has too many.
    """
    if Authenticator.objects.filter(user=user, type=PASSKEY).count() >= MOST_PASSKEYS:
        raise Invalid("too_many_passkeys", field="passkey", most=MOST_PASSKEYS)
    credential = passkeys.registered(user, state, answer)
    with writing():
        Authenticator.objects.create(
            user=user,
            type=PASSKEY,
            data={"name": _named(name), "credential": credential},
            created_at=clock.now(),
        )


def _named(name: str) -> str:
    return " ".join(name.split())[:60] or _("Passkey")


def rename(user: User, number: int, name: str) -> None:
    """Give a passkey of one's own another name.

    :raises NotFound: one has no such passkey.
    """
    with writing():
        row = Authenticator.objects.select_for_update().filter(pk=number, user=user, type=PASSKEY).first()
        if row is None:
            raise NotFound("no_such_factor")
        row.data["name"] = _named(name)
        row.save(update_fields=["data"])


def remove(user: User, number: int, *, needed: bool) -> None:
    """Take a second factor away; with the last one the recovery codes go too.

    :param needed: the house demands a second factor of this account.
    :raises NotFound: one has no such factor.
    :raises WrongState: it is the last one, and one is needed.
    """
    with writing():
        mine = Authenticator.objects.filter(user=user)
        row = mine.filter(pk=number).first()
        if row is None or row.type == CODES:
            raise NotFound("no_such_factor")
        is_last = not mine.filter(type__in=PROVING).exclude(pk=number).exists()
        if is_last and needed:
            raise WrongState("factor_needed")
        mine.filter(pk=number).delete()
        if is_last:
            mine.delete()


def take_all(user: User) -> None:
    """Take all second factors away from somebody who has lost them; every browser of theirs is signed off."""
    with writing():
        Authenticator.objects.filter(user=user).delete()
        Session.objects.filter(user=user).delete()


# --- recovery codes ----------------------------------------------------------------------------------------------


def new_codes(user: User) -> list[str]:
    """Make ten recovery codes; the ones before are worthless now. They are told here and never again."""
    with writing():
        Authenticator.objects.filter(user=user, type=CODES).delete()
        codes = RecoveryCodes.activate(user).generate_codes()
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def codes_if_none(user: User) -> list[str]:
    """Make recovery codes for an account that has got its first factor; empty if it has some."""
    return [] if CODES in kinds(user) else new_codes(user)


# --- proving -----------------------------------------------------------------------------------------------------


def check(user: User, *, code: str = "", state: str = "", passkey: str = "") -> str:
    """Check a second factor, and say of which kind it was. Every code is good once.

    :raises Invalid: it is not right.
    :raises TooMany: there were too many tries; a passkey, which nobody can guess, always has a try.
    """
    if passkey:
        number = passkeys.proved(user, state, passkey)
        with writing():
            Authenticator.objects.filter(pk=number).update(last_used_at=clock.now())
        return PASSKEY
    _count(user)
    if not _use_code(user, code.strip()):
        raise Invalid("wrong_code", field="code")
    throttle.forgive(f"factor:{user.pk}")
    return "code"


def _use_code(user: User, code: str) -> bool:
    if not code or len(code) > 40:
        return False
    with writing():
        rows: Any = Authenticator.objects.select_for_update().filter(user=user, type__in=(APP, CODES))
        for row in rows:
            try:
                is_right = _uses(row, code)
            except InvalidToken:
                log.error("factor %s was encrypted with another secret than the present one", row.pk)
                continue
            if is_right:
                row.last_used_at = clock.now()
                row.save(update_fields=["data", "last_used_at"])
                return True
    return False


def _uses(row: Authenticator, code: str) -> bool:
    """Tell whether a code is one of this factor, and let it be none from now on."""
    if row.type == CODES:
        is_right = bool(RecoveryCodes(row).validate_code(code))
        row.refresh_from_db()
        return is_right
    counter = _counter(decrypt(row.data["secret"]), code, after=int(row.data.get("last_counter", -1)))
    if counter is not None:
        row.data["last_counter"] = counter
    return counter is not None


def _count(user: User) -> None:
    throttle.count(f"factor:{user.pk}", most=TRIES, window=WINDOW)
    throttle.count(f"factor long:{user.pk}", most=TRIES_IN_ALL, window=LONG_WINDOW)


__all__ = [
    "APP",
    "CODES",
    "PASSKEY",
    "Factor",
    "Offer",
    "add_app",
    "add_passkey",
    "check",
    "codes_if_none",
    "has_any",
    "kinds",
    "new_codes",
    "of",
    "offer_app",
    "remove",
    "rename",
    "take_all",
]
