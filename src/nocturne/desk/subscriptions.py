"""Subscriptions: a view, a dashboard, a question or a handover by mail, to oneself or to everybody in a group.

What a mail holds is read as its recipient, at the moment it leaves. Each slot makes one mail for each recipient; slots
that passed while nobody was there to send make one together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from nocturne.core import permits, rhythm
from nocturne.core.entry import Door
from nocturne.core.permits import WRITE_SCOPE, Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound, Refusal, WrongState
from nocturne.desk import (
    accounts,
    audit,
    belonging,
    clock,
    dashboards,
    finding,
    savedviews,
    subscription_slots,
    throttle,
    unsubscribing,
    ways,
)
from nocturne.desk import subscription_terms as terms
from nocturne.desk.subscription_terms import AT_TAKEOVERS, FORMS, KINDS, ONLY, TO_GROUPS, Wanted, kept, spelt
from nocturne.store.db import writing
from nocturne.store.models import Subscription, SubscriptionMail, Unsubscribed, User

MOST = 50
_SAYS_WHAT = frozenset({"kind", "what", "query"})
MOST_ASKED, ASKED_WITHIN = 20, timedelta(minutes=10)
"""How often somebody may have a mail sent at once, to see what it looks like."""


def create(wanted: Wanted, *, by: Actor, door: Door) -> Subscription:
    """Begin a subscription.

    :raises NotFound: there is no such view, dashboard or desk.
    :raises Invalid: something about it cannot be right, or there is no address to mail to.
    :raises Forbidden: it asks for what its maker may not read, or they may not have others mailed.
    """
    _demand(by)
    now = clock.now()
    title = terms.titled(wanted, by, now)
    found = terms.rhythm_of(wanted, by)
    group = terms.group_of(wanted, by) if wanted.group else None
    if group is None and not ways.mail_addresses(User.objects.filter(pk=by.id or 0)).get(by.id or 0):
        raise Invalid("no_address_to_mail_to", field="what")
    with writing():
        accounts.in_turn(by.id or 0)
        mine = Subscription.objects.filter(made_by_id=by.id)
        told = {
            "kind": wanted.kind,
            "what": wanted.what,
            "query": wanted.query.strip() if wanted.kind == "query" else "",
            "user_id": None if group else by.id,
            "group": group,
            "rhythm": rhythm.plain(found) if found else {},
            "only": wanted.only,
            "form": wanted.form,
        }
        if (same := mine.filter(**told).first()) is not None:
            return same  # a second click, or a retry: twice the same would be two mails each time
        if mine.count() >= MOST:
            raise Invalid("too_many_subscriptions", field="what", limit=MOST)
        row = Subscription.objects.create(
            key=belonging.new_key(),
            title=(" ".join(wanted.title.split()) or title)[:80],
            made_by_id=by.id,
            next_at=rhythm.following(found, now) if found else None,
            made_at=now,
            changed_at=now,
            **told,
        )
        if group is not None:
            audit.note(
                "subscription_made",
                by=by,
                door=door,
                subject=("group", group.name),
                after=terms.described(row),
            )
    return row


def change(
    key: str, wanted: Mapping[str, Any], *, rests: bool | None = None, by: Actor, door: Door
) -> Subscription:
    """Change what is mailed, when, and how; what is not given stays. Whoever is mailed stays, too.

    :param wanted: some of what :class:`Wanted` holds, by name.
    :param rests: True lets it rest, False lets it go on: what came due meanwhile is not mailed.
    :raises NotFound: there is none that reaches them, or nothing of what is wanted.
    :raises Forbidden: it is not theirs to change, or it asks for what they may not read.
    :raises Invalid: something about it cannot be right.
    """
    _demand(by)
    now = clock.now()
    with writing():
        row = named(key, by)
        row = Subscription.objects.select_for_update(of=("self",)).select_related("group").get(pk=row.pk)
        if not may_change(row, by):
            raise Forbidden("not_yours", field="key")
        asked = replace(kept(row), **wanted, group=row.group.name if row.group else "")
        before, was = terms.described(row), kept(row)
        is_another = (asked.kind, asked.what, asked.query.strip()) != (was.kind, was.what, was.query)
        if is_another or (row.user_id != by.id and _SAYS_WHAT & wanted.keys()):
            # Also where it says what stands there already: else a guess of what they may not ask would be confirmed.
            title = terms.titled(asked, by, now)
        if is_another:
            row.kind, row.what = asked.kind, asked.what
            row.query = asked.query.strip() if asked.kind == "query" else ""
            row.title = title[:80]
        if wanted.get("title", "").split():
            row.title = " ".join(str(wanted["title"]).split())[:80]
        found = terms.rhythm_of(asked, by)
        row.rhythm, row.only, row.form = rhythm.plain(found) if found else {}, asked.only, asked.form
        if rests is not None and rests != (row.paused_at is not None):
            if not rests and row in gone([row], by):
                raise WrongState("subscription_of_nothing", field="rests")
            row.paused_at = now if rests else None
        if terms.described(row) == before:
            return row  # a second click
        row.next_at = rhythm.following(found, now) if found and row.paused_at is None else None
        row.changed_at = now
        row.save()
        if row.paused_at is not None:
            waiting = SubscriptionMail.objects.filter(subscription=row, state="waiting")
            waiting.update(state="withdrawn")
        if row.group is not None:
            audit.note(
                "subscription_changed",
                by=by,
                door=door,
                subject=("group", row.group.name),
                before=before,
                after=terms.described(row),
            )
    return row


def _demand(by: Actor) -> None:
    """Refuse what can have nothing mailed: a machine, a guest, a token that only reads or is narrowed.

    :raises Forbidden: it cannot.
    """
    if by.kind != "account" or by.id is None or WRITE_SCOPE not in by.scopes:
        raise Forbidden("not_permitted")
    if by.only_queues is not None:
        raise Forbidden("token_wider_than_yours", field="what")


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
    if row.kind == "query" and row.user_id != actor.id:
        try:
            finding.ask(row.query, actor, now=clock.now())
        except Refusal:
            return _("Not for you"), ""
    return row.title, row.query


def gone(rows: Sequence[Subscription], actor: Actor) -> list[Subscription]:
    """List those of some subscriptions that are of a view or a dashboard which is gone, or is not for the actor.

    Which of both it is, nobody is told.
    """
    there: dict[str, set[str]] = {}
    for kind, readable in (("view", savedviews.readable), ("dashboard", dashboards.readable)):
        if any(row.kind == kind for row in rows):
            there[kind] = {each.key for each in readable(actor)}
    return [row for row in rows if row.kind in there and row.what not in there[row.kind]]


def following(kind: str, key: str, actor: Actor) -> list[Subscription]:
    """List the subscriptions of a view or a dashboard that somebody knows of: what others have mailed is theirs."""
    return [row for row in of(actor) if (row.kind, row.what) == (kind, key)]


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


def may_change(row: Subscription, actor: Actor) -> bool:
    """Tell whether somebody may change a subscription: their own, or a group's where they may have groups mailed."""
    return row.user_id == actor.id if row.user_id is not None else permits.may(actor, TO_GROUPS)


def end(key: str, *, by: Actor, door: Door) -> None:
    """End a subscription; of one for a group that is not theirs, the actor alone is mailed no more.

    :raises NotFound: there is none that reaches them.
    """
    row = named(key, by)
    if not may_end(row, by):
        unsubscribing.leave(row, by.id or 0)
        return
    with writing():
        if row.group is not None:
            audit.note(
                "subscription_ended",
                by=by,
                door=door,
                subject=("group", row.group.name),
                before=terms.described(row),
            )
        row.delete()


def send_now(key: str, *, by: Actor) -> None:
    """Send one to the actor now, whatever the rhythm says: to see what it looks like.

    :raises NotFound: there is none that reaches them.
    :raises TooMany: they have asked so often that it is no look any more.
    :raises WrongState: what it is of is gone, or is not for them.
    """
    row, now = named(key, by), clock.now()
    throttle.count(f"mailed:{by.id}", most=MOST_ASKED, window=ASKED_WITHIN)
    if row in gone([row], by):
        raise WrongState("subscription_of_nothing", field="key")
    with writing():
        subscription_slots.draw(row, [by.id or 0], now, now, marked=subscription_slots.ASKED)


__all__ = [
    "AT_TAKEOVERS",
    "FORMS",
    "KINDS",
    "ONLY",
    "TO_GROUPS",
    "Wanted",
    "change",
    "create",
    "end",
    "following",
    "gone",
    "kept",
    "may_change",
    "may_end",
    "named",
    "of",
    "send_now",
    "spelt",
    "told",
]
