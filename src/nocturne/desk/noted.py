"""Writes down in the record of administration what is changed about how an account signs on."""

from __future__ import annotations

from typing import Any

from nocturne.core.entry import Door
from nocturne.desk import accounts, audit
from nocturne.store.models import User


def note(act: str, user: User, *, door: Door = Door.WEB, by: User | None = None, **facts: Any) -> None:
    """Write down one change; `by` is somebody else than the account's owner."""
    actor = accounts.actor_of(by or user)
    audit.note(act, by=actor, door=door, subject=("account", user.name), facts=facts)
