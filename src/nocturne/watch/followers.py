"""Those who read the journal: each follows every entry once in effect, in order, and none is stopped by one entry."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, transaction

from nocturne.core.refusals import Unavailable
from nocturne.desk import clock
from nocturne.desk import jobs as left
from nocturne.store import configured, journal
from nocturne.store.db import writing
from nocturne.store.journal import Place
from nocturne.store.models import Entry
from nocturne.store.models import Follower as Mark
from nocturne.watch import notices

AT_ONCE = 50
PAUSE = 30.0
AGAIN = "follow_again"

log = logging.getLogger("nocturne.watch")


@dataclass(frozen=True, slots=True)
class Follower:
    """One reader of the journal, by the name that its place is kept under."""

    name: str
    follow: Callable[[Entry], None]


FOLLOWERS: list[Follower] = [Follower("notices", notices.follow)]
"""In this order; each has a place of its own."""


def turn() -> float:
    """This will let every follower read on.

    :return: how many seconds the lane may rest.
    """
    configured.refresh()
    has_moved = [_read_on(each) for each in FOLLOWERS]
    return 0.0 if any(has_moved) else PAUSE


def _read_on(follower: Follower) -> bool:
    """Follow the next entries and move the place in one transaction: both happen, or neither."""
    seen = Mark.objects.filter(pk=follower.name).values_list("xid", "entry").first()
    if not journal.has_more(Place(*seen) if seen else journal.START):
        return False
    with writing():
        mark, _ = Mark.objects.select_for_update().get_or_create(name=follower.name)
        entries = journal.after(Place(mark.xid, mark.entry), limit=AT_ONCE)
        for entry in entries:
            _follow_or_leave(follower, entry)
        if entries:
            last = journal.place_of(entries[-1])
            Mark.objects.filter(pk=follower.name).update(xid=last.xid, entry=last.entry)
    return bool(entries)


def _follow_or_leave(follower: Follower, entry: Entry) -> None:
    """Follow one entry; one that cannot be followed is left as a job, to be tried again beside the others."""
    try:
        with transaction.atomic():
            follower.follow(entry)
    except (OperationalError, InterfaceError, Unavailable):
        raise
    except Exception:
        log.exception("%s could not follow entry %s", follower.name, entry.pk)
        args = {"follower": follower.name, "entry": entry.pk}
        left.leave("watch", AGAIN, [(args, f"{AGAIN}:{follower.name}:{entry.pk}")], now=clock.now())


def follow_again(follower: str, entry: int) -> None:
    """This will try once more an entry that could not be followed in its turn."""
    found = Entry.objects.select_related("ticket").get(pk=entry)
    for each in FOLLOWERS:
        if each.name == follower:
            each.follow(found)
