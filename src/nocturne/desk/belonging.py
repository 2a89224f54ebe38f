"""Whose a thing is that people keep, a view or a dashboard: one person's, a group's, or the site's.

Each is read by those whose it is, changed by whoever may, and can be given to somebody else.
"""

from __future__ import annotations

import secrets
import string
from typing import TypeVar

from django.db.models import Q, QuerySet

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.permits import WRITE_SCOPE, Actor
from nocturne.core.refusals import Forbidden, Invalid
from nocturne.desk import administering
from nocturne.store.models import Dashboard, Group, SavedView

KINDS = ("person", "group", "site")
CONFIGURING = "administer-configuration"
KEY_LENGTH = 14
Kept = TypeVar("Kept", SavedView, Dashboard)


def new_key() -> str:
    """Draw a key: it says nothing of what it is for, or how many there are."""
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(KEY_LENGTH))


def groups_of(actor: Actor) -> frozenset[str]:
    """Name the groups somebody is in, by themselves or by groups that are part of others."""
    return current().groups_over(actor.groups)


def readable(actor: Actor) -> Q:
    """Say in SQL what a reader has: their own, their groups', and the site's if they are of its staff."""
    found = Q(owner_id=actor.id) | Q(group__name__in=sorted(groups_of(actor)))
    return found | Q(owner_kind="site") if actor.is_staff else found


def find(rows: QuerySet[Kept], key: str, actor: Actor, *, lock: bool) -> Kept | None:
    """Find what a reader has by its key, with its group and its maker; nothing where they have none.

    :param lock: whether it is about to be changed.
    """
    if actor.kind != "account" or len(key) != KEY_LENGTH:
        return None
    found = rows.filter(readable(actor), key=key).select_related("group", "made_by")
    return (found.select_for_update(of=("self",)) if lock else found).first()


def is_own(row: SavedView | Dashboard, actor: Actor) -> bool:
    """Tell whether something is its reader's alone, and made by them: nobody else has put anything into it."""
    return row.owner_id is not None and row.owner_id == row.made_by_id == actor.id


def may_change(row: SavedView | Dashboard, actor: Actor) -> bool:
    """Tell whether somebody may change what they read: their own; a group's if they made it or administer groups; the
    site's if they configure the site."""
    if WRITE_SCOPE not in actor.scopes:
        return False
    if row.owner_kind == "person":
        return row.owner_id == actor.id
    if row.owner_kind == "group":
        return row.made_by_id == actor.id or permits.may(actor, "administer-people")
    return permits.may(actor, CONFIGURING)


def refuse_nobody(by: Actor) -> None:
    """Refuse whoever can keep nothing: a machine, a guest, a token that only reads.

    :raises Forbidden: they cannot.
    """
    if by.kind != "account" or WRITE_SCOPE not in by.scopes:
        raise Forbidden("not_permitted")


def give(row: SavedView | Dashboard, kind: str, group: str, by: Actor) -> None:
    """Say in the row whose it is from now on.

    :param kind: one of `KINDS`; of `group`, the group's name says which.
    :raises Forbidden: it is the site's, or is to be, and they do not configure the site.
    :raises Invalid: there is no such group, or none that they are in.
    """
    was = row.owner_kind
    if "site" in (kind, was):
        administering.demand(by, CONFIGURING)
    row.owner_kind = kind
    if kind == "group":
        row.owner_id = None
        if was != "group" or row.group is None or row.group.name != group:
            row.group = _group(group, by)
        return
    row.group = None
    if kind == "site":
        row.owner_id = None
    elif was != "person":
        row.owner_id = by.id


def _group(name: str, by: Actor) -> Group:
    if not name:
        raise Invalid("view_needs_group", field="group")
    found = Group.objects.filter(name=name).first() if name in groups_of(by) else None
    if found is None:
        raise Invalid("no_such_group", field="group", given=name[:60])
    return found


__all__ = [
    "CONFIGURING",
    "KINDS",
    "find",
    "give",
    "groups_of",
    "is_own",
    "may_change",
    "new_key",
    "readable",
    "refuse_nobody",
]
