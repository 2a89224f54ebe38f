"""Who listens: how they have shown who they are, and whether that holds still."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from nocturne.core import permits
from nocturne.core.permits import Actor
from nocturne.desk import accounts, displays, tokens
from nocturne.store import sessions

SESSION, TOKEN, DISPLAY, GUEST = "session", "token", "display", "guest"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who listens.

    :param by: what they have shown: a browser's session, a token, a wall display's token, or nothing (a guest).
    :param key: which one: the session's digest, the number of the token's row; of a guest, where they come from.
    """

    actor: Actor
    by: str
    key: str | int

    @property
    def is_screen(self) -> bool:
        """Whether it hangs on a wall: it is told that something has changed and draws itself anew, and no more. What
        hangs there is a part of what its maker may read, and its stream must not tell of the rest."""
        return self.by == DISPLAY

    @property
    def person(self) -> tuple[str, str | int]:
        """Whose streams are counted together."""
        return (self.by, self.key) if self.by == GUEST else (self.actor.kind, self.actor.id or 0)


def still(readers: Iterable[Reader]) -> dict[Reader, Actor | None]:
    """Say who each of them is now to the permits, in a handful of queries; None for whoever may listen no more."""
    asked = set(readers)
    shown: dict[str, set[str | int]] = {}
    for each in asked:
        shown.setdefault(each.by, set()).add(each.key)
    good = {
        SESSION: sessions.in_force(shown.get(SESSION, ())),
        TOKEN: tokens.in_force(shown.get(TOKEN, ())),
        DISPLAY: displays.in_force(shown.get(DISPLAY, ())),
    }
    people = accounts.actors({each.actor.id or 0 for each in asked if each.by != GUEST})
    return {each: _now(each, good, people) for each in asked}


def _now(reader: Reader, good: dict[str, set[str | int]], people: dict[int, Actor]) -> Actor | None:
    if reader.by == GUEST:
        return reader.actor if permits.classes_somewhere(reader.actor) else None
    person = people.get(reader.actor.id or 0)
    if person is None or reader.key not in good[reader.by]:
        return None
    return replace(person, scopes=reader.actor.scopes, only_queues=reader.actor.only_queues)
