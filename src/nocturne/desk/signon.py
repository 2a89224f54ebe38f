"""How somebody gets in: which proofs are asked for, in which order, and what is written down about it."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any, Literal

from nocturne.core.refusals import Invalid
from nocturne.desk import accounts, clock, directory, factors, throttle, vouchers
from nocturne.desk.noted import note
from nocturne.store import configured
from nocturne.store.db import writing
from nocturne.store.models import Session, User

Way = Literal["password", "directory", "provider", "vouched"]
"""What somebody has proved themselves with: a password kept here, one kept in a directory, a provider's word; or the
word of a provider whose second factor is not enough here."""
Step = Literal["in", "factor", "enrol"]

SURE = "sure_at"
"""Where a browser's session remembers when its owner last proved who they are, in seconds since 1970."""
SURE_FOR = 15 * 60
"""Seconds for which one proof is enough for what matters."""

log = logging.getLogger("nocturne.signon")


def by_password(name: str, password: str, *, address: str = "") -> tuple[User, Way]:
    """Check a name and a password: against the one kept here, else with the directory if there is one.

    :raises Invalid: they do not fit, whatever the reason is.
    :raises TooMany: there were too many tries for this name, or from this address.
    :raises Unavailable: the directory does not answer; whoever has a password here is let in all the same.
    :raises Forbidden: the directory knows them, and no account here is theirs.
    """
    try:
        return accounts.sign_on(name, password, address=address), "password"
    except Invalid:
        # Whoever it was: the directory is asked for known and unknown names alike.
        user = directory.ask(name, password) if directory.is_configured() else None
        if user is None:
            raise
    accounts.forgive(name, address=address)
    return user, "directory"


def needs_second_factor(user: User) -> bool:
    """Tell whether the house, or what this account may do, demands a second factor."""
    wanted = configured.refresh().site.second_factor
    if wanted == "everybody" or user.local_sign_on:
        return True
    return wanted == "staff" and accounts.actor_of(user).is_staff


def next_step(user: User, way: Way) -> Step:
    """Say what somebody who has given the first proof is asked for next. A provider asks for its second one itself."""
    if way == "provider":
        return "in"
    if factors.has_any(user):
        return "factor"
    return "enrol" if needs_second_factor(user) else "in"


def entered(user: User, way: Way, *, address: str = "") -> None:
    """Write down that somebody is in."""
    with writing():
        User.objects.filter(pk=user.pk).update(last_login=clock.now())
    log.info("account %s signed on by %s from %s", user.pk, way, address)
    if way == "password" and user.local_sign_on:
        note("signed_on_locally", user, address=address)


def confirm(user: User, *, password: str = "", code: str = "", state: str = "", passkey: str = "") -> None:
    """Check once more that it is the account's owner who sits there: by password or by second factor.

    :raises Invalid: what was given is not right.
    :raises TooMany: there were too many tries.
    """
    if code or passkey:
        factors.check(user, code=code, state=state, passkey=passkey)
        return
    throttle.count(f"sure:{user.pk}", most=accounts.TRIES, window=accounts.TRIES_WINDOW)
    if not (_fits_here(user, password) or _fits_there(user, password)):
        raise Invalid("wrong_password", field="password")
    throttle.forgive(f"sure:{user.pk}")


def is_sure(session: Mapping[str, Any]) -> bool:
    """Tell whether the owner of a browser's session has proved lately that it is they."""
    return time.time() - float(session.get(SURE) or 0) < SURE_FOR


def has_password(user: User) -> bool:
    """Tell whether there is a password that an account can be asked for."""
    is_theirs = directory.is_configured() and bool(vouchers.subject_of(user, vouchers.DIRECTORY))
    return is_theirs or (user.has_usable_password() and accounts.may_sign_on_locally(user))


def _fits_here(user: User, password: str) -> bool:
    return accounts.may_sign_on_locally(user) and accounts.fits(user, password)


def _fits_there(user: User, password: str) -> bool:
    subject = vouchers.subject_of(user, vouchers.DIRECTORY) if directory.is_configured() else ""
    return bool(subject) and directory.fits(subject, user.name, password)


def rights_changed(user: User) -> None:
    """Give an account's browsers new keys, for what it may do has changed."""
    with writing():
        Session.objects.filter(user=user).update(renew=True)


__all__ = [
    "SURE",
    "SURE_FOR",
    "Step",
    "Way",
    "by_password",
    "confirm",
    "entered",
    "has_password",
    "is_sure",
    "needs_second_factor",
    "next_step",
    "note",
    "rights_changed",
]
