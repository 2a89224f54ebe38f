"""How somebody gets in: which proofs are asked for, in which order, and what is written down about it."""

from __future__ import annotations

import logging
from typing import Any, Literal

from nocturne.core.entry import Door
from nocturne.core.refusals import Invalid
from nocturne.desk import accounts, audit, clock, factors, throttle
from nocturne.store import configured
from nocturne.store.db import writing
from nocturne.store.models import Session, User

Way = Literal["password", "directory", "provider"]
"""What somebody has proved themselves with: a password kept here, one kept in a directory, or a provider's word."""
Step = Literal["in", "factor", "enrol"]

log = logging.getLogger("nocturne.signon")


def by_password(name: str, password: str, *, address: str = "") -> tuple[User, Way]:
    """Check a name and a password.

    :raises Invalid: they do not fit, whatever the reason is.
    :raises TooMany: there were too many tries for this name, or from this address.
    """
    return accounts.sign_on(name, password, address=address), "password"


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
    if not accounts.fits(user, password):
        raise Invalid("wrong_password", field="password")
    throttle.forgive(f"sure:{user.pk}")


def rights_changed(user: User) -> None:
    """Give an account's browsers new keys, for what it may do has changed."""
    with writing():
        Session.objects.filter(user=user).update(renew=True)


def note(act: str, user: User, *, door: Door = Door.WEB, by: User | None = None, **facts: Any) -> None:
    """Write down what was changed about how an account signs on; `by` is somebody else than its owner."""
    actor = accounts.actor_of(by or user)
    audit.note(act, by=actor, door=door, subject=("account", user.name), facts=facts)
