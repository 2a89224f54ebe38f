"""Screens on a wall: each has a token that shows the board, outlives every shift, and can do nothing else."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from nocturne.core.refusals import NotFound
from nocturne.desk import accounts, clock, signon
from nocturne.store.db import writing
from nocturne.store.models import DisplayToken, User

NOTED_EVERY = timedelta(minutes=5)


def create(user: User, label: str) -> tuple[DisplayToken, str]:
    """Make a token for a screen; its plain text is given here once, and kept nowhere."""
    plain = secrets.token_urlsafe(32)
    with writing():
        row = DisplayToken.objects.create(
            user=user,
            label=" ".join(label.split())[:120] or "display",
            digest=accounts.digest(plain),
            created_at=clock.now(),
        )
    signon.note("display_made", user, display=row.pk)
    return row, plain


def in_force(rows: Iterable[str | int]) -> set[str | int]:
    """Keep those screens, by their numbers, that show something still."""
    asked = list(rows)
    good = DisplayToken.objects.filter(pk__in=asked, revoked_at=None, user__is_active=True)
    return set(good.values_list("pk", flat=True)) if asked else set()


def number_of(plain: str) -> int | None:
    """Find the number of a screen by its token."""
    return DisplayToken.objects.filter(digest=accounts.digest(plain)).values_list("pk", flat=True).first()


def owner(plain: str) -> int:
    """Say with whose rights a screen reads: those of the account that made its token, as they are now.

    :raises NotFound: there is no such token, it was revoked, or its maker is gone.
    """
    good = DisplayToken.objects.filter(revoked_at=None, user__is_active=True)
    row = (
        good.filter(digest=accounts.digest(plain)).only("user_id", "last_used_at").first() if plain else None
    )
    if row is None:
        raise NotFound("no_such_display")
    now = clock.now()
    if row.last_used_at is None or now - row.last_used_at > NOTED_EVERY:
        with writing():
            DisplayToken.objects.filter(pk=row.pk).update(last_used_at=now)
    return row.user_id


def of(user: User) -> list[DisplayToken]:
    """List the screens that an account has made and not revoked."""
    return list(DisplayToken.objects.filter(user=user, revoked_at=None).order_by("pk"))


def revoke(user: User, number: int) -> None:
    """Let a screen of one's own show nothing any more.

    :raises NotFound: one has made no such screen.
    """
    with writing():
        mine = DisplayToken.objects.filter(pk=number, user=user, revoked_at=None)
        if not mine.update(revoked_at=clock.now()):
            raise NotFound("no_such_display")
    signon.note("display_revoked", user, display=number)
