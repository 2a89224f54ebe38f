"""Leaving a subscription: on one's account, or by the word in each of its mails that is for its reader alone."""

from __future__ import annotations

import hashlib
import hmac

from nocturne.core.refusals import NotFound
from nocturne.desk import accounts, clock, versions
from nocturne.store.db import writing
from nocturne.store.models import Subscription, SubscriptionMail, Unsubscribed, User


def leave(row: Subscription, user: int) -> None:
    """Let somebody be mailed no more; a subscription of their own ends with it."""
    with writing():
        if row.user_id == user:
            Subscription.objects.filter(pk=row.pk).delete()
            return
        Unsubscribed.objects.get_or_create(subscription=row, user_id=user, defaults={"at": clock.now()})
        SubscriptionMail.objects.filter(subscription=row, user_id=user, state="waiting").update(
            state="withdrawn"
        )


def mark(row: Subscription, user: int) -> str:
    """Spell the word in a mail by which its reader leaves the subscription: it is for them and this one alone."""
    return f"{row.key}-{user}-{_signed(row.key, user)}"


def marked(word: str) -> tuple[Subscription, User]:
    """Read such a word.

    :raises NotFound: it is none of ours, or what it was for is gone.
    """
    key, _dash, rest = word.partition("-")
    number, _dash, code = rest.partition("-")
    if not number.isdecimal() or len(number) > 18:
        raise NotFound("no_such_subscription")
    if not hmac.compare_digest(code.encode(), _signed(key, int(number)).encode()):
        raise NotFound("no_such_subscription")
    row = Subscription.objects.select_related("group").filter(key=key).first()
    user = User.objects.filter(pk=int(number)).first()
    if row is None or user is None or not accounts.actor_by_id(user.pk, even_gone=True):
        raise NotFound("no_such_subscription")
    return row, user


def _signed(key: str, user: int) -> str:
    return hmac.new(versions.key("unsubscribe"), f"{key} {user}".encode(), hashlib.sha256).hexdigest()[:24]


__all__ = ["leave", "mark", "marked"]
