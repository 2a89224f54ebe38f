"""The last minutes of the journal, read once for all who listen in this process, and kept for those who come back."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from nocturne.store import journal
from nocturne.store.journal import Place
from nocturne.watch.live import news, wire
from nocturne.watch.live.news import Batch, Fact

KEPT_MS = 10 * 60_000
"""For how long what has happened is told again to whoever comes back; who was away for longer asks anew."""
MOST_KEPT = 20_000
AT_ONCE = 500


class Book:
    """What is known of the journal here."""

    def __init__(self) -> None:
        self.place: Place = journal.START
        self.facts: deque[Fact] = deque(maxlen=MOST_KEPT)
        self.tickets: dict[int, Mapping[str, Any]] = {}
        self.begins = 0

    def begin(self) -> None:
        """Read what has happened lately, so that a restart is no reason to ask for everything anew."""
        rows = news.read_last(AT_ONCE)
        self.place = news.place_of(rows[-1]) if rows else journal.START
        self.facts.clear()
        self.tickets.clear()
        now = wire.now_ms()
        self.begins = now - KEPT_MS
        if len(rows) == AT_ONCE:
            self.begins = max(self.begins, _ms(rows[0]))
        for row in rows:
            if _ms(row) >= self.begins:
                self._keep(row, _ms(row))

    def read_on(self) -> list[Fact]:
        """Read what is new."""
        rows = news.read_after(self.place, limit=AT_ONCE)
        if not rows:
            return []
        self.place = news.place_of(rows[-1])
        now = wire.now_ms()
        return [self._keep(row, now) for row in rows]

    def _keep(self, row: Mapping[str, Any], at: int) -> Fact:
        fact, ticket = news.fact(row, at)
        if len(self.facts) == MOST_KEPT:
            self.begins = self.facts[0].at + 1
        self.facts.append(fact)
        self.tickets[fact.ticket] = ticket
        return fact

    def batch(self, facts: list[Fact]) -> Batch:
        return Batch(facts, self.tickets)

    def since(self, at: int) -> list[Fact] | None:
        """Give what has been learnt of since a time; None where that is not known any more."""
        if at < self.begins:
            return None
        return [each for each in self.facts if each.at >= at]

    def forget_old(self) -> None:
        """Forget what nobody is told again any more."""
        self.begins = max(self.begins, wire.now_ms() - KEPT_MS)
        while self.facts and self.facts[0].at < self.begins:
            self.facts.popleft()
        if len(self.tickets) > 2 * len(self.facts) + 100:
            named = {each.ticket for each in self.facts}
            self.tickets = {number: row for number, row in self.tickets.items() if number in named}


def _ms(row: Mapping[str, Any]) -> int:
    return int(row["recorded_at"].timestamp() * 1000)
