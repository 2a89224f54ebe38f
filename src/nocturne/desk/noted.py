"""Writes down in the record of administration what is changed about how an account signs on."""

from __future__ import annotations

from typing import Any

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import accounts, audit
from nocturne.store.models import User


def note(act: str, user: User, *, door: Door = Door.WEB, by: Actor | None = None, **facts: Any) -> None:
    """Write down one change; `by` is whoever made it, the account's owner unless somebody else is named."""
    audit.note(act, by=by or accounts.actor_of(user), door=door, subject=("account", user.name), facts=facts)
