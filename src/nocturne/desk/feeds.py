"""Feeds: lists that programs read by an address that carries its own key, and that opens this one list alone.

Whoever reads a feed reads what the account that made it may read at that moment, and can do nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from nocturne.core import permits
from nocturne.core.entry import Door
from nocturne.core.feedforms import About, Date, Item, atom, calendar, json_feed
from nocturne.core.permits import READ_SCOPE, WRITE_SCOPE, Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import accounts, audit, clock, finding, savedviews, setup, titles, tokens, versions
from nocturne.desk.once import fingerprint, told_once
from nocturne.store import lists, reach, tables
from nocturne.store.db import writing
from nocturne.store.models import Feed, Ticket

FORMS = {
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}
NEWEST, DATES = 50, 500
"""How many tickets a feed tells of, and how many are looked through for dates."""
LOOKED_AT = 200
"""Of how many of the newest the last change is looked up where a list cannot follow it by itself."""
MOST = 50
"""Feeds of one account."""
NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Told:
    """What a feed says: its bytes, their digest, and since when it says just that."""

    content: bytes
    media_type: str
    tag: str
    since: datetime


# --- made and taken away ---------------------------------------------------------------------------------------------


def create(
    title: str = "",
    *,
    view: str = "",
    query: str = "",
    lasts: timedelta | None = None,
    by: Actor,
    door: Door,
    key: str | None = None,
) -> tuple[Feed, str, bool]:
    """Make a feed of a view, or of a question; the key in its address is given here, and kept nowhere.

    :param key: of the act: the same one sent again makes no other feed, and is told the same address.
    :param lasts: how long it can be read; None for as long as tokens last here.
    :return: the feed, the key in its address, and whether this was a repeat.
    :raises KeyReused: the act's key stands for another feed.
    :raises NotFound: there is no such view.
    :raises Invalid: the question is not understood, or it would last longer than tokens may here.
    :raises Forbidden: what asks is no account, or came with a token that is narrower than its owner.
    """
    if by.kind != "account" or by.id is None or WRITE_SCOPE not in by.scopes:
        raise Forbidden("not_permitted")
    if by.only_queues is not None:
        raise Forbidden("token_wider_than_yours", field="view")
    now = clock.now()
    content = fingerprint("feed", title, view, query, None if lasts is None else lasts.total_seconds())
    if view:
        found = savedviews.named(view, by)
        savedviews.question(found, by, now=now)
        query, title = "", title or str(found.title)
    else:
        finding.ask(query, by, now=now)
        title = title or query or _("All tickets")

    def make(plain: str) -> dict[str, Any]:
        return {"feed": _keep(plain, title, view, query, tokens.ends(lasts, now), by=by, door=door).pk}

    answer, plain, again = told_once(by, key, content, make)
    return Feed.objects.get(pk=answer["feed"]), plain, again


def _keep(
    plain: str, title: str, view: str, query: str, ends: datetime | None, *, by: Actor, door: Door
) -> Feed:
    with writing():
        accounts.in_turn(by.id or 0)
        if Feed.objects.filter(user_id=by.id or 0, revoked_at=None).count() >= MOST:
            raise Invalid("too_many_feeds", field="title", limit=MOST)
        row = Feed.objects.create(
            user_id=by.id or 0,
            title=" ".join(title.split())[:80],
            view=view,
            query=query[:2_000],
            digest=accounts.digest(plain),
            created_at=clock.now(),
            expires_at=ends,
        )
        audit.note("feed_made", by=by, door=door, subject=("account", by.label), after=described(row))
    return row


def described(row: Feed) -> dict[str, Any]:
    """Spell a feed for the audit: all but what opens it."""
    ends = row.expires_at.isoformat() if row.expires_at else None
    return {"number": row.pk, "title": row.title, "view": row.view, "query": row.query, "expires_at": ends}


def of(actor: Actor) -> list[Feed]:
    """List the feeds of an account that can still be read."""
    now = clock.now()
    good = Feed.objects.filter(user_id=actor.id or 0, revoked_at=None)
    return list(good.filter(Q(expires_at=None) | Q(expires_at__gt=now)).order_by("-pk"))


def revoke(number: int, *, by: Actor, door: Door) -> None:
    """Let one of the actor's own feeds be read no more, at once.

    :raises NotFound: they have no such feed.
    """
    with writing():
        row = Feed.objects.filter(pk=number, user_id=by.id or 0, revoked_at=None).first()
        if row is None:
            raise NotFound("no_such_feed")
        Feed.objects.filter(pk=number).update(revoked_at=clock.now())
        audit.note("feed_revoked", by=by, door=door, subject=("account", by.label), before=described(row))


def revoke_of(user: int) -> int:
    """Let no feed of an account be read any more, and say how many there were."""
    return Feed.objects.filter(user_id=user, revoked_at=None).update(revoked_at=clock.now())


# --- read ------------------------------------------------------------------------------------------------------------


def read(plain: str, form: str) -> Told:
    """Read a feed.

    :raises NotFound: it is none, is over, was revoked, its maker is gone, or may not ask this any more: all alike.
    """
    now = clock.now()
    row = Feed.objects.filter(digest=accounts.digest(plain), revoked_at=None).first() if plain else None
    if row is None or form not in FORMS or (row.expires_at is not None and row.expires_at <= now):
        raise NotFound("no_such_feed")
    actor = accounts.actor_by_id(row.user_id)
    if actor is None:
        raise NotFound("no_such_feed")
    actor = replace(actor, scopes=frozenset({READ_SCOPE}))
    with translation.override(actor.language):
        about, content = _made(row, actor, form, now)
    return _noted(row, form, content, about, now)


def _made(row: Feed, actor: Actor, form: str, now: datetime) -> tuple[About, bytes]:
    here = setup.installation()
    base = setup.base_url()
    try:
        if row.view:
            view = savedviews.named(row.view, actor)
            asked, url = savedviews.question(view, actor, now=now), f"{base}/views/{row.view}"
        else:
            asked = finding.ask(row.query, actor, now=now)
            url = f"{base}/search?{urlencode({'q': row.query})}" if row.query else f"{base}/views/all"
    except (Forbidden, Invalid) as refusal:
        raise NotFound("no_such_feed") from refusal
    source = _dates(actor, asked, now, row) if form == "ics" else _items(actor, asked, now, row)
    made: list[Any] = list(source)
    changed = max((each.changed for each in made), default=row.created_at)
    name = here.organisation or here.name or "Nocturne"
    says = _("Planned work and timers of the newest %(most)s tickets of this list.") % {"most": DATES}
    if form != "ics":
        says = _("The %(most)s tickets of this list that changed last.") % {"most": NEWEST}
    about = About(_id(row, 0), f"{row.title} · {name}", name, url, changed, says)
    writers: Mapping[str, Any] = {"atom": atom, "json": json_feed, "ics": calendar}
    return about, writers[form](about, made)


def _noted(row: Feed, form: str, content: bytes, about: About, now: datetime) -> Told:
    """Remember what a feed says and since when: a ticket that has left it changes it as well as one that came."""
    tag = hashlib.sha256(content).hexdigest()[:32]
    before, since = row.seen.get(form, ("", ""))
    at = (
        datetime.fromisoformat(since)
        if before == tag
        else (max(about.changed, now) if before else about.changed)
    )
    news: dict[str, Any] = {}
    if before != tag:
        news["seen"] = {**row.seen, form: [tag, at.isoformat()]}
    if row.last_used_at is None or now - row.last_used_at > NOTED_EVERY:
        news["last_used_at"] = now
    if news:
        with writing():
            Feed.objects.filter(pk=row.pk).update(**news)
    return Told(content, FORMS[form], tag, at)


def _items(actor: Actor, asked: Any, now: datetime, row: Feed) -> Iterator[Item]:
    """Give the tickets of a feed, that which was changed last in its reader's sight first."""
    if asked.limit is not None:
        found = list(finding.every(actor, asked, now=now, limit=DATES))
    else:
        follows = "updated" in lists.orders(actor)
        limit = NEWEST if follows else LOOKED_AT
        order = "updated" if follows else "newest"
        found = finding.page(actor, asked, now=now, order=order, limit=limit).rows
    at = touched([each["number"] for each in found], actor)
    found.sort(key=lambda each: (at[each["number"]], each["number"]), reverse=True)
    for each in found[:NEWEST]:
        number = each["number"]
        yield Item(
            _id(row, number),
            f"{number} {each.get('subject') or ''}".strip(),
            f"{setup.base_url()}/tickets/{number}",
            _said(each),
            each.get("opened_at"),
            at[number],
            tuple(word for word in (_state(each),) if word),
        )


def _dates(actor: Actor, asked: Any, now: datetime, row: Feed) -> Iterator[Date]:
    """Give what of some tickets belongs into a calendar: planned work, and timers."""
    order = "" if asked.limit is not None else "newest"
    found = list(finding.every(actor, asked, now=now, order=order, limit=DATES))
    for first in range(0, len(found), finding.STEP):
        step = found[first : first + finding.STEP]
        numbers = [each["number"] for each in step]
        more = tables.further(numbers, actor, step=finding.STEP)
        dated = [
            each | more.get(each["number"], {})
            for each in step
            if more.get(each["number"], {}).get("planned_start")
            or each.get("alarm_at")
            or each.get("ringing_since")
        ]
        at = touched([each["number"] for each in dated], actor)
        for each in dated:
            yield from _dates_of(each, row, at[each["number"]])


def _dates_of(each: Mapping[str, Any], row: Feed, changed: datetime) -> Iterator[Date]:
    number, subject = each["number"], each.get("subject") or ""
    url, text = f"{setup.base_url()}/tickets/{number}", _said(each)
    if start := each.get("planned_start"):
        state = "CANCELLED" if each.get("meaning") == "rejected" else "CONFIRMED"
        title = f"{number} {subject}".strip()
        yield Date(
            _id(row, number, "window"), title, url, text, start, each.get("planned_end"), changed, state=state
        )
    if due := each.get("alarm_at") or each.get("ringing_since"):
        said = each.get("alarm_text") or subject
        title = f"{number} {said}".strip()
        yield Date(_id(row, number, "timer"), title, url, text, due, None, changed, is_task=True)


def _said(row: Mapping[str, Any]) -> str:
    """Say what a feed says of a ticket beside its subject: the state, and what has to happen next."""
    lines = [_state(row)]
    if row.get("next_action"):
        lines.append(_("Next: %(action)s") % {"action": row["next_action"]})
    return "\n".join(line for line in lines if line)


def _state(row: Mapping[str, Any]) -> str:
    return titles.state(
        row.get("state") or "", row.get("meaning") or "", type_=row.get("type") or "", queue=row.get("queue")
    )


def _id(row: Feed, number: int, part: str = "") -> str:
    """Spell what a ticket is called in a feed: always the same there, and telling nothing."""
    raw = hmac.digest(versions.key("feed"), f"{row.pk} {number} {part}".encode(), hashlib.sha256)
    return UUID(bytes=raw[:16], version=4).urn


def touched(numbers: Iterable[int], actor: Actor) -> dict[int, datetime]:
    """Say when something was last written on some tickets that this reader may read."""
    columns = ("opened_at", *versions.MARKS, *reach.PLACE)
    rows = list(Ticket.objects.filter(pk__in=list(numbers)).values(*dict.fromkeys(columns)))
    found = {}
    for row, place in zip(rows, reach.places(rows, actor), strict=True):
        _seq, at = versions.last_seen(row["number"], row, permits.classes(actor, place))
        found[row["number"]] = at or row["opened_at"]
    return found


__all__ = ["FORMS", "Told", "create", "of", "read", "revoke", "revoke_of", "touched"]
