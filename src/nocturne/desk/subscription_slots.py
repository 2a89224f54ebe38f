"""When mails of subscriptions are drawn up: each slot makes one for each recipient, as each takeover does.

Slots that passed while nobody was there to send make one mail together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from nocturne.core import rhythm
from nocturne.desk import clock, correspondence, ways
from nocturne.store.db import writing
from nocturne.store.models import Subscription, SubscriptionMail, Unsubscribed, User

AT_ONCE = 50
HANDOVER = "handover"
ASKED = "asked"
"""Marks a mail that its reader has asked for, whatever the rhythm says."""
MAILS_STAY = timedelta(days=100)
"""Longer than the longest rhythm: what is sent next is compared with what was sent last."""


def plan() -> int:
    """Draw up the mails of every slot that has come, and set the next one: in one transaction, so neither is lost.

    :return: how many mails there are to send.
    """
    now, drawn = clock.now(), 0
    due = Subscription.objects.filter(next_at__lte=now).order_by("next_at").values_list("pk", flat=True)
    for number in list(due[:AT_ONCE]):
        with writing():
            row = Subscription.objects.select_for_update().filter(pk=number, next_at__lte=now).first()
            if row is None or row.next_at is None:
                continue
            found = rhythm.kept(row.rhythm)
            # What passed while nobody was there to send it is one mail, that of the latest slot.
            slot = max(rhythm.last(found, now) or row.next_at, row.next_at)
            drawn += draw(row, recipients(row), slot, now)
            Subscription.objects.filter(pk=number).update(next_at=rhythm.following(found, now))
    return drawn


def taken_over(desk: str, at: datetime) -> int:
    """Draw up the mails of whoever follows a desk's takeovers, in the transaction of the takeover itself.

    :param at: the instant of the takeover; it is their slot, so that each takeover makes one mail for each of them.
    """
    rows = Subscription.objects.filter(kind=HANDOVER, what=desk, paused_at=None)
    return sum(draw(row, recipients(row), at, clock.now()) for row in rows.select_related("group"))


def recipients(row: Subscription) -> list[int]:
    """Say whom a subscription reaches now: active people with an address who have not left it."""
    people = User.objects.filter(is_active=True, is_service=False)
    if row.user_id is not None:
        people = people.filter(pk=row.user_id)
    else:
        left = Unsubscribed.objects.filter(subscription=row).values("user")
        people = people.filter(groups=row.group_id).exclude(pk__in=left)
    found = ways.mail_addresses(people)
    return [number for number, addresses in found.items() if addresses]


def draw(row: Subscription, users: Iterable[int], slot: datetime, now: datetime, *, marked: str = "") -> int:
    """Draw up a mail for each of some people.

    :param marked: what it is beside one of a slot: asked for by its reader, or the last (`nocturne.desk.followed`).
    """
    host = correspondence.mail_host()
    made = [
        SubscriptionMail(
            subscription=row,
            user_id=user,
            slot=slot,
            run_at=now,
            message_id=f"<sub.{row.key.lower()}.{user}.{slot:%Y%m%d%H%M%S%f}@{host}>",
            error=marked,
        )
        for user in users
    ]
    SubscriptionMail.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def forget_old() -> None:
    """Delete what was sent so long ago that nothing is compared with it any more."""
    old = SubscriptionMail.objects.filter(slot__lt=clock.now() - MAILS_STAY).exclude(state="waiting")
    if old.values_list("pk", flat=True)[:1]:
        with writing():
            old.delete()


__all__ = ["ASKED", "HANDOVER", "draw", "forget_old", "plan", "recipients", "taken_over"]
