"""The tokens of every account, as administrators see, make and end them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import administering, clock, people, tokens
from nocturne.store.models import Token


@dataclass(frozen=True)
class Key:
    """One line of the list of tokens; instants are UTC. The token itself is kept nowhere."""

    number: int
    owner: str
    label: str
    scopes: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None
    queues: list[str] | None = None


def keys(name: str = "", *, usable: bool = False) -> list[Key]:
    """List the tokens of one account, or of all, in the order they were made.

    :param usable: leave out those that were revoked or have ended.
    """
    rows = Token.objects.order_by("pk").select_related("user").prefetch_related("queues")
    if name:
        rows = rows.filter(user=people.find(name))
    now = clock.now()
    return [
        Key(
            row.pk,
            row.user.name,
            row.label,
            row.scopes,
            row.created_at,
            row.last_used_at,
            row.expires_at,
            row.revoked_at,
            sorted(queue.name for queue in row.queues.all()) if row.is_narrowed else None,
        )
        for row in rows
        if not usable or (row.revoked_at is None and (row.expires_at is None or row.expires_at > now))
    ]


def make_token(name: str, label: str, *, by: Actor, door: Door, **narrowed: Any) -> tuple[Token, str]:
    """Make a token for an account; whoever holds it is that account.

    :param narrowed: scopes, lasts and queues, as :func:`tokens.create_token` takes them.
    :raises Forbidden: the account may more than its administrator.
    """
    user = people.find(name)
    administering.demand_over(by, user)
    return tokens.create_token(user, label, by=by, door=door, **narrowed)


def revoke(number: int, *, by: Actor, door: Door) -> None:
    """Make a token useless, at once, whoever owns it.

    :raises NotFound: there is no such token in use.
    """
    administering.demand(by)
    token = Token.objects.filter(pk=number).select_related("user").first()
    if token is None:
        raise NotFound("no_such_token")
    tokens.revoke_token(token.user, number, by=by, door=door)
