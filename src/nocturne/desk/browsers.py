"""The browsers that an account is signed on with: shown to its owner and to administrators, and ended by them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nocturne.core import opaque
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import administering, audit, clock, versions
from nocturne.store.db import writing
from nocturne.store.models import Session, User

MOST = 50


@dataclass(frozen=True)
class Browser:
    """One signed-on browser; `mark` names it without telling what it is stored as. Instants are UTC."""

    mark: str
    agent: str
    address: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_this: bool = False


def of(user: User, *, this: str = "") -> list[Browser]:
    """List the browsers of an account, the one in use last first.

    :param this: the digest of the asker's own.
    """
    rows = Session.objects.filter(user=user, expires_at__gt=clock.now()).order_by("-seen_at")[:MOST]
    return [
        Browser(
            mark(row.digest),
            row.agent,
            row.address,
            row.created_at,
            row.seen_at,
            row.expires_at,
            row.digest == this,
        )
        for row in rows
    ]


def mark(digest: str) -> str:
    """Name a session without telling what it is stored as."""
    return opaque.seal(versions.key("session"), "mark", 0, int(digest[:15], 16))


def end(user: User, name: str, *, by: Actor, door: Door) -> None:
    """Sign one browser of an account off.

    :raises NotFound: the account has no such browser.
    :raises Forbidden: it is somebody else's account, and the actor does not administer it.
    """
    if not by.is_account(user.pk):
        administering.demand_over(by, user)
    with writing():
        for row in Session.objects.filter(user=user):
            if mark(row.digest) == name:
                row.delete()
                audit.note(
                    "session_ended",
                    by=by,
                    door=door,
                    subject=("account", user.name),
                    facts={"agent": row.agent, "address": row.address},
                )
                return
    raise NotFound("no_such_session")
