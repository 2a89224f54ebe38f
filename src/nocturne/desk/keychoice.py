"""How somebody has the console's keys: bare letters, letters with Alt, or none of them (WCAG 2.1.4)."""

from __future__ import annotations

from nocturne.core.refusals import Invalid
from nocturne.store.db import writing
from nocturne.store.models import KeyChoice

HOWS = ("bare", "alt", "off")
USUAL = HOWS[0]


def of(user: int) -> str:
    """Say how an account has its keys."""
    return KeyChoice.objects.filter(pk=user).values_list("how", flat=True).first() or USUAL


def choose(user: int, how: str) -> None:
    """Choose how an account has its keys.

    :raises Invalid: there is no such way.
    """
    if how not in HOWS:
        raise Invalid("unknown_keys", field="keys", given=how, known=list(HOWS))
    with writing():
        KeyChoice.objects.update_or_create(user_id=user, defaults={"how": how})


__all__ = ["HOWS", "USUAL", "choose", "of"]
