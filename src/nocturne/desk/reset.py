"""A forgotten password: asked for by anybody, answered by mail alone, and the same to the asker whoever they name."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import timedelta

from nocturne.core.refusals import NotFound, TooMany
from nocturne.desk import accounts, clock, signon, throttle
from nocturne.store.db import writing
from nocturne.store.models import PasswordReset, Session, User

LASTS = timedelta(hours=1)
BY_ADDRESS, BY_NAME, WINDOW = 20, 5, timedelta(hours=1)
KEPT = timedelta(days=1)


def ask(asked: str, *, address: str) -> None:
    """Note that somebody wants a new password. Who that is, if anybody, is looked up later, by the worker.

    :raises TooMany: too much was asked from this address.
    """
    throttle.count(f"reset from:{address}", most=BY_ADDRESS, window=WINDOW)
    folded = asked.strip().lower()[:254]
    with suppress(TooMany):
        # Whoever asks too often for one name gets the same answer, and that one no more mail.
        throttle.count(f"reset:{folded}", most=BY_NAME, window=WINDOW)
        now = clock.now()
        with writing():
            PasswordReset.objects.create(asked=folded, asked_at=now, run_at=now)


def account_of(asked: str) -> User | None:
    """Find the account that may have a new password by mail: active, with an address, and with a password of ours."""
    reachable = User.objects.filter(is_active=True, is_service=False).exclude(email="")
    for found in (reachable.filter(name__iexact=asked), reachable.filter(email__iexact=asked)):
        for user in found.order_by("pk"):
            if user.has_usable_password() and accounts.may_sign_on_locally(user):
                return user
    return None


def make(request: PasswordReset, user: User) -> str:
    """Make the secret for the link of one mail; only its digest is kept. One made before is worthless."""
    plain = secrets.token_urlsafe(32)
    with writing():
        PasswordReset.objects.filter(pk=request.pk).update(
            digest=accounts.digest(plain), user=user, expires_at=clock.now() + LASTS
        )
    return plain


def fits(plain: str) -> User:
    """Say whose password a link changes.

    :raises NotFound: it is no link of ours, has been used, or is older than an hour.
    """
    good = PasswordReset.objects.filter(
        digest=accounts.digest(plain), used_at=None, expires_at__gt=clock.now(), user__is_active=True
    )
    row = good.select_related("user").first() if plain else None
    if row is None or row.user is None:
        raise NotFound("reset_unknown")
    return row.user


def change(plain: str, password: str) -> User:
    """Set a new password by a link, once; every browser of the account is signed off.

    :raises NotFound: the link is good no more.
    :raises Invalid: the password is too weak; then the link stays good.
    """
    user = fits(plain)
    hashed = accounts.new_password(user, password)
    now = clock.now()
    with writing():
        mine = PasswordReset.objects.filter(user=user, used_at=None)
        if not mine.filter(digest=accounts.digest(plain), expires_at__gt=now).update(used_at=now):
            raise NotFound("reset_unknown")
        mine.update(used_at=now)
        User.objects.filter(pk=user.pk).update(password=hashed, must_change_password=False)
        Session.objects.filter(user=user).delete()
    signon.note("password_reset", user)
    return user


def forget_old() -> int:
    """Delete the requests of yesterday."""
    return PasswordReset.objects.filter(asked_at__lt=clock.now() - KEPT).delete()[0]
