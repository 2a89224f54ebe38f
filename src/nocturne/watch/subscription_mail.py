"""The lane for what people have subscribed to: each mail is written when it leaves, as its recipient reads."""

from __future__ import annotations

import logging
from datetime import timedelta
from email.errors import MessageError

from nocturne.core.refusals import Unavailable
from nocturne.couriers import mail
from nocturne.desk import accounts, clock, subscription_slots
from nocturne.store import configured
from nocturne.store.db import writing
from nocturne.store.models import SubscriptionMail
from nocturne.watch import digests, lanes

LEASE = timedelta(seconds=60)
TRIES = 12
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=30)
PAUSE = 10.0

log = logging.getLogger("nocturne.watch")


def turn() -> float:
    """This will draw up what has come due, and send one mail.

    :return: how many seconds the lane may rest.
    """
    configured.refresh()
    subscription_slots.plan()
    letter = _claim()
    if letter is None:
        waiting = SubscriptionMail.objects.filter(state="waiting").order_by("run_at")
        return lanes.rest_until(waiting.values_list("run_at", flat=True).first(), most=PAUSE)
    actor = accounts.actor_by_id(letter.user_id)
    if actor is None:
        _settle(letter, "withdrawn")
        return 0.0
    try:
        message, to, digest = digests.write(letter, actor)
    except digests.Unwanted as reason:
        _settle(letter, "skipped", digest=str(reason) if len(str(reason)) == 64 else "")
        return 0.0
    except Unavailable:
        raise
    except Exception as problem:
        log.exception("subscription mail %s cannot be written", letter.pk)
        _postpone(letter, repr(problem))
        return 0.0
    try:
        mail.carry(message, sender="", to=to)
    except (mail.Refused, ValueError, MessageError) as problem:
        log.warning("subscription mail %s cannot be sent: %s", letter.pk, problem)
        _settle(letter, "failed", error=str(problem))
    except mail.Postponed as delay:
        _postpone(letter, str(delay))
    else:
        _settle(letter, "sent", digest=digest)
    return 0.0


def _claim() -> SubscriptionMail | None:
    """Take a mail in hand: the attempt is counted, and whoever dies over it leaves it to be tried again."""
    now = clock.now()
    due = SubscriptionMail.objects.filter(state="waiting", run_at__lte=now).order_by("run_at", "pk")
    if not due.values_list("pk", flat=True)[:1]:
        return None
    with writing():
        letter = due.select_for_update(of=("self",)).select_related("subscription", "user").first()
        if letter is None:
            return None
        letter.attempts += 1
        SubscriptionMail.objects.filter(pk=letter.pk).update(attempts=letter.attempts, run_at=now + LEASE)
    return letter


def _settle(letter: SubscriptionMail, state: str, *, digest: str = "", error: str = "") -> None:
    sent_at = clock.now() if state == "sent" else None
    with writing():
        SubscriptionMail.objects.filter(pk=letter.pk, state="waiting").update(
            state=state, digest=digest, error=error[:300], sent_at=sent_at
        )


def _postpone(letter: SubscriptionMail, error: str) -> None:
    """Try again later, at growing distances; in the end somebody has to look at it."""
    if letter.attempts >= TRIES:
        log.error("subscription mail %s is given up: %s", letter.pk, error)
        _settle(letter, "failed", error=error)
        return
    wait = min(FIRST_WAIT * 2 ** (letter.attempts - 1), LONGEST_WAIT)
    with writing():
        SubscriptionMail.objects.filter(pk=letter.pk, state="waiting", attempts=letter.attempts).update(
            run_at=clock.now() + wait
        )
