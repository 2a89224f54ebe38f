"""What becomes of mails when the view or the dashboard that they are of is deleted: each reader hears of it once."""

from __future__ import annotations

from collections.abc import Callable

from nocturne.core.permits import Actor
from nocturne.desk import accounts, clock, subscription_slots
from nocturne.store.db import writing
from nocturne.store.models import Subscription, SubscriptionMail

GONE = "gone"
"""Marks the mail that says that no other will come (`SubscriptionMail.error`)."""


def end(kind: str, key: str, reads: Callable[[Actor], bool]) -> int:
    """Let the subscriptions of what is about to be deleted rest for good, in the transaction that deletes it.

    Whoever has it mailed is told so once. Whoever could not read it any more is told nothing: it is none of theirs.

    :return: how many mails say so.
    """
    now, drawn = clock.now(), 0
    with writing():
        rows = list(Subscription.objects.select_for_update().filter(kind=kind, what=key))
        SubscriptionMail.objects.filter(subscription__in=rows, state="waiting").update(state="withdrawn")
        for row in rows:
            users = [each for each in subscription_slots.recipients(row) if _reads(each, reads)]
            if row.paused_at is None:
                drawn += subscription_slots.draw(row, users, now, now, marked=GONE)
            Subscription.objects.filter(pk=row.pk).update(
                next_at=None, paused_at=row.paused_at or now, changed_at=now
            )
    return drawn


def _reads(user: int, reads: Callable[[Actor], bool]) -> bool:
    actor = accounts.actor_by_id(user)
    return actor is not None and reads(actor)


__all__ = ["GONE", "end"]
