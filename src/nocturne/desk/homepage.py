"""The page that somebody begins with: a dashboard, or the board."""

from __future__ import annotations

from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import belonging
from nocturne.desk.dashboards import NIGHT, named, row_of
from nocturne.store.db import writing
from nocturne.store.models import HomePage


def home_of(actor: Actor) -> str:
    """Give the key of the dashboard that somebody begins with; empty for the board."""
    if actor.kind != "account":
        return ""
    found = HomePage.objects.filter(user_id=actor.id or 0).values_list("dashboard__key", "is_night").first()
    if found is None:
        return ""
    key = NIGHT.key if found[1] else found[0]
    try:
        return named(key, actor).key
    except NotFound:  # a group's, and they are in it no more
        return ""


def begin_with(key: str, *, by: Actor) -> None:
    """Let somebody begin with a dashboard, or with the board again where the key is empty.

    :raises NotFound: there is no such dashboard, or it is not for them.
    :raises Forbidden: they are no account, or came with a token that only reads.
    """
    belonging.refuse_nobody(by)
    with writing():
        if not key:
            HomePage.objects.filter(user_id=by.id or 0).delete()
            return
        is_night = key == NIGHT.key and by.is_staff
        row = None if is_night else row_of(key, by)
        HomePage.objects.update_or_create(
            user_id=by.id or 0, defaults={"dashboard": row, "is_night": is_night}
        )


__all__ = ["begin_with", "home_of"]
