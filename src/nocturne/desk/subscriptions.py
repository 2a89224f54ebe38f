"""Subscriptions: a view, a dashboard or a question by mail at a rhythm, to oneself or to everybody in a group.

What a mail holds is read as its recipient, at the moment it leaves. Each slot makes one mail for each recipient; slots
that passed while nobody was there to send make one together.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from nocturne.core import permits, rhythm
from nocturne.core.entry import Door
from nocturne.core.permits import WRITE_SCOPE, Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound, Refusal
from nocturne.desk import (
    accounts,
    administering,
    audit,
    clock,
    correspondence,
    dashboards,
    finding,
    savedviews,
    throttle,
    versions,
    ways,
)
from nocturne.store.db import writing
from nocturne.store.models import Group, Subscription, SubscriptionMail, Unsubscribed, User

KINDS = ("view", "dashboard", "query")
ONLY = ("always", "filled", "changed")
TO_GROUPS = "administer-people"
MOST = 50
AT_ONCE = 50
MOST_ASKED, ASKED_WITHIN = 20, timedelta(minutes=10)
"""How often somebody may have a mail sent at once, to see what it looks like."""
MAILS_STAY = timedelta(days=100)
"""Longer than the longest rhythm: what is sent next is compared with what was sent last."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A subscription as somebody asks for it. Without a group it is for themselves."""

    kind: str
    what: str = ""
    query: str = ""
    rhythm: str = "daily"
    only: str = "always"
    group: str = ""
    title: str = ""


def create(wanted: Wanted, *, by: Actor, door: Door) -> Subscription:
    """Begin a subscription.

    :raises NotFound: there is no such view or dashboard.
    :raises Invalid: something about it cannot be right, or there is no address to mail to.
    :raises Forbidden: it asks for what its maker may not read, or they may not have others mailed.
    """
    if by.kind != "account" or by.id is None or WRITE_SCOPE not in by.scopes:
        raise Forbidden("not_permitted")
    if by.only_queues is not None:
        raise Forbidden("token_wider_than_yours", field="what")
    now = clock.now()
    title = _titled(wanted, by, now)
    found = rhythm.read(wanted.rhythm, by.zone)
    if wanted.only not in ONLY:
        raise Invalid("unknown_choice", field="only", given=wanted.only[:20], known=list(ONLY))
    group = _group(wanted, by) if wanted.group else None
    if group is None and not ways.mail_addresses(User.objects.filter(pk=by.id)).get(by.id):
        raise Invalid("no_address_to_mail_to", field="what")
    with writing():
        mine = Subscription.objects.filter(made_by_id=by.id)
        told = {
            "kind": wanted.kind,
            "what": wanted.what,
            "query": wanted.query.strip() if wanted.kind == "query" else "",
            "user_id": None if group else by.id,
            "group": group,
            "rhythm": rhythm.plain(found),
            "only": wanted.only,
        }
        if (same := mine.filter(**told).first()) is not None:
            return same  # a second click, or a retry: twice the same would be two mails each time
        if mine.count() >= MOST:
            raise Invalid("too_many_subscriptions", field="what", limit=MOST)
        row = Subscription.objects.create(
            key=savedviews.new_key(),
            title=(" ".join(wanted.title.split()) or title)[:80],
            made_by_id=by.id,
            next_at=rhythm.following(found, now),
            made_at=now,
            changed_at=now,
            **told,
        )
        if group is not None:
            audit.note(
                "subscription_made", by=by, door=door, subject=("group", group.name), after=described(row)
            )
    return row


def described(row: Subscription) -> dict[str, Any]:
    """Spell a subscription for the audit."""
    return {
        "title": row.title,
        "kind": row.kind,
        "what": row.what,
        "query": row.query,
        "rhythm": rhythm.spelt(rhythm.kept(row.rhythm)),
        "only": row.only,
    }


def _titled(wanted: Wanted, by: Actor, now: datetime) -> str:
    """Prove that there is what is wanted, and say what it is called."""
    if wanted.kind == "view":
        view = savedviews.named(wanted.what, by)
        savedviews.question(view, by, now=now)
        if wanted.group and view.kind not in ("built-in", "site") and view.group != wanted.group:
            raise Invalid("not_theirs_to_read", field="what", group=wanted.group[:60])
        return str(view.title)
    if wanted.kind == "dashboard":
        board = dashboards.named(wanted.what, by)
        if wanted.group and board.kind not in ("built-in", "site") and board.group != wanted.group:
            raise Invalid("not_theirs_to_read", field="what", group=wanted.group[:60])
        return str(board.title)
    if wanted.kind != "query":
        raise Invalid("unknown_choice", field="kind", given=wanted.kind[:20], known=list(KINDS))
    if len(wanted.query) > 2_000:
        raise Invalid("view_text_too_long", field="query", limit=2_000, length=len(wanted.query))
    finding.ask(wanted.query, by, now=now)
    return wanted.query.strip() or "is:open"


def _group(wanted: Wanted, by: Actor) -> Group:
    administering.demand(by, TO_GROUPS)
    found = Group.objects.filter(name=wanted.group).first()
    if found is None:
        raise Invalid("no_such_group", field="group", given=wanted.group[:60])
    return found


def of(actor: Actor) -> list[Subscription]:
    """List the subscriptions that reach an account, and those it has made for others."""
    if actor.kind != "account" or actor.id is None:
        return []
    mine = Q(user_id=actor.id) | Q(made_by_id=actor.id) | Q(group__members=actor.id)
    left = Unsubscribed.objects.filter(user_id=actor.id).values("subscription")
    rows = Subscription.objects.filter(mine).exclude(~Q(made_by_id=actor.id), pk__in=left)
    return list(rows.select_related("group", "made_by").distinct().order_by("title", "pk"))


def told(row: Subscription, actor: Actor) -> tuple[str, str]:
    """Say what a subscription is called, and what it asks, to somebody whom it reaches: what somebody else asks of what
    they may not read is not said to them."""
    if row.kind == "query" and row.made_by_id != actor.id:
        try:
            finding.ask(row.query, actor, now=clock.now())
        except Refusal:
            return _("Not for you"), ""
    return row.title, row.query


def named(key: str, actor: Actor) -> Subscription:
    """Find a subscription that reaches the actor, or that is theirs.

    :raises NotFound: there is none.
    """
    found = next((each for each in of(actor) if each.key == key), None)
    if found is None:
        raise NotFound("no_such_subscription")
    return found


def may_end(row: Subscription, actor: Actor) -> bool:
    """Tell whether somebody ends a subscription for all whom it reaches; others only leave it."""
    if row.user_id is not None:
        return row.user_id == actor.id
    return row.made_by_id == actor.id or permits.may(actor, TO_GROUPS)


def end(key: str, *, by: Actor, door: Door) -> None:
    """End a subscription; of one for a group that is not theirs, the actor alone is mailed no more.

    :raises NotFound: there is none that reaches them.
    """
    row = named(key, by)
    if not may_end(row, by):
        leave(row, by.id or 0)
        return
    with writing():
        if row.group is not None:
            audit.note(
                "subscription_ended",
                by=by,
                door=door,
                subject=("group", row.group.name),
                before=described(row),
            )
        row.delete()


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


def send_now(key: str, *, by: Actor) -> None:
    """Send one to the actor now, whatever the rhythm says: to see what it looks like.

    :raises NotFound: there is none that reaches them.
    :raises TooMany: they have asked so often that it is no look any more.
    """
    row, now = named(key, by), clock.now()
    throttle.count(f"mailed:{by.id}", most=MOST_ASKED, window=ASKED_WITHIN)
    with writing():
        _draw(row, [by.id or 0], now, now, is_asked=True)


# --- slots -----------------------------------------------------------------------------------------------------------


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
            drawn += _draw(row, recipients(row), slot, now)
            Subscription.objects.filter(pk=number).update(next_at=rhythm.following(found, now))
    return drawn


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


def _draw(
    row: Subscription, users: Iterable[int], slot: datetime, now: datetime, *, is_asked: bool = False
) -> int:
    host = correspondence.mail_host()
    made = [
        SubscriptionMail(
            subscription=row,
            user_id=user,
            slot=slot,
            run_at=now,
            message_id=f"<sub.{row.key.lower()}.{user}.{slot:%Y%m%d%H%M%S%f}@{host}>",
            error="asked" if is_asked else "",
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


# --- one click -------------------------------------------------------------------------------------------------------


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


__all__ = [
    "KINDS",
    "ONLY",
    "Wanted",
    "create",
    "end",
    "leave",
    "mark",
    "marked",
    "may_end",
    "named",
    "of",
    "plan",
    "recipients",
    "send_now",
    "told",
]
