"""How full views are: counted up to `99+`, and the dearer a count is, the longer it is good for.

A rail is on every page, and whoever pins a view does not think of what it costs to ask. So a count is asked again only
after some twenty times as long as it took, a second at least and a minute at most. Readers to whom every ticket is
alike share it, unless the view asks for what is theirs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Hashable
from dataclasses import dataclass

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.permits import Actor
from nocturne.core.refusals import Refusal, TakesTooLong
from nocturne.desk import clock, finding, savedviews
from nocturne.desk.savedviews import View
from nocturne.store import deadlines
from nocturne.store.lists import CAP

LEAST, MOST, TIMES = 1.0, 60.0, 20
"""Seconds that a count is good for: at least, at most, and how many times the seconds that it took."""
KEPT = 2_000
PATIENCE = 1.0
"""Seconds after which a view is shown without its count."""
_PERSONAL = re.compile(r"\b(?:me|mine|watched|asked)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Count:
    """The tickets of a view, up to one more than `CAP`, and until when they are good."""

    numbers: frozenset[int]
    until: float

    @property
    def count(self) -> int:
        return len(self.numbers)


_found: dict[Hashable, Count] = {}
_late: dict[Hashable, float] = {}
"""Views whose counting took too long, and until when it is not tried again."""


def count(view: View, actor: Actor) -> Count | None:
    """Count a view as its reader sees it; None where it asks for what they may not read, or takes too long."""
    key = _key(view, actor)
    known = _found.get(key)
    if known is not None and time.monotonic() < known.until:
        return known
    if time.monotonic() < _late.get(key, 0.0):
        return None
    begun = time.monotonic()
    now = clock.now()
    try:
        asked = savedviews.question(view, actor, now=now)
        with deadlines.within(PATIENCE):
            numbers = frozenset(finding.numbers(actor, asked, now=now, most=CAP))
    except TakesTooLong:
        _late[key] = time.monotonic() + MOST
        return None
    except Refusal:
        return None
    ended = time.monotonic()
    made = Count(numbers, ended + min(max(LEAST, TIMES * (ended - begun)), MOST))
    if len(_found) >= KEPT:
        forget()
    _found[key] = made
    return made


def forget() -> None:
    """Count everything anew."""
    _found.clear()
    _late.clear()


def _key(view: View, actor: Actor) -> Hashable:
    mine = permits.held(actor)
    whose: Hashable = actor
    if mine.is_simple and not _PERSONAL.search(view.query):
        whose = (mine.sees, actor.zone)
    return current().edition, whose, view.key, view.query
