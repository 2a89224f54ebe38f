"""Which tickets were like this one: by words that few others have, and by the same machines and site.

The cost is bounded: a dozen words are looked up, and of each no more than some dozens of the newest tickets.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nocturne.core import permits, tokens
from nocturne.core.configuration import current
from nocturne.core.fulltext import AnyOf, Expression, facet, machine
from nocturne.core.permits import Actor
from nocturne.core.query.tree import Probe
from nocturne.desk import charts
from nocturne.store import lists, reach
from nocturne.store.fulltext import asking, reading
from nocturne.store.fulltext.engine import engine
from nocturne.store.fulltext.state import state
from nocturne.store.models import Ticket, TicketMachine

WORDS = 12
"""Words that are looked up."""
RARE = 60
"""Tickets that have a word, above which it says nothing."""
MOST = 5


@dataclass(frozen=True, slots=True)
class Similar:
    """A ticket that is like another: its row as its reader may see it, and what both share."""

    row: dict[str, Any]
    words: tuple[str, ...]
    things: tuple[str, ...]


def to_ticket(number: int, reader: Actor, *, now: datetime, most: int = MOST) -> list[Similar]:
    """Find tickets that are like one, by what this reader may read of it and of them.

    :raises NotFound: there is no such ticket for this reader.
    """
    chart = charts.header(number, reader)
    said = reading.pieces([chart.number], reader, now=now).get(chart.number, [])
    first = [each.text for each in said if each.column != "text"]
    first += [each.text for each in said[::-1] if each.column == "text"][:5]
    found = _Found(reader)
    found.add_words(first)
    found.add_things(chart.number, chart.seen)
    return found.best(most, without=(number, chart.number))


def to_text(text: str, reader: Actor, *, most: int = MOST) -> list[Similar]:
    """Find tickets that are like what somebody is writing."""
    found = _Found(reader)
    found.add_words([text])
    return found.best(most)


class _Found:
    """Adds up how much each ticket shares."""

    def __init__(self, reader: Actor) -> None:
        self.reader = reader
        self.known = state()
        self.worth: dict[int, float] = {}
        self.words: dict[int, list[str]] = {}
        self.things: dict[int, list[str]] = {}

    def add_words(self, texts: Iterable[str]) -> None:
        for word in _telling(texts):
            probe = Probe("text", "words", (word,))
            hits = self._hits(asking.heard(probe, self.reader, self.known), RARE + 1)
            if 1 <= len(hits) <= RARE:
                self._add(hits, math.log(2 + RARE / len(hits)), word, self.words)

    def add_things(self, number: int, seen: frozenset[int]) -> None:
        """Count the machines and the site of a ticket, where they may be read on every ticket that is known."""
        class_of = current().class_of
        if class_of("machine") in seen and permits.sees_column_everywhere(self.reader, "machine/0"):
            rows = TicketMachine.objects.filter(ticket=number).values_list("machine_id", "machine__name")[:3]
            for key, name in rows:
                self._add(self._hits(AnyOf((machine(key),)), RARE), 2.0, name, self.things)
        if class_of("site") in seen and permits.sees_column_everywhere(self.reader, "site"):
            site = (
                Ticket.objects.filter(pk=number, site__isnull=False)
                .values_list("site_id", "site__name")
                .first()
            )
            if site is not None:
                self._add(self._hits(AnyOf((facet("site", site[0]),)), RARE), 1.0, site[1], self.things)

    def _hits(self, expression: Expression, limit: int) -> list[int]:
        """Walk the newest that have it, of those that the reader may know of: others take no place among them."""
        only = self.reader.only_ticket
        below, above = (None, None) if only is None else (only + 1, only - 1)
        found: list[int] = engine().walk(
            asking.known_to(expression, self.reader), below=below, above=above, limit=limit, descends=True
        )
        return found

    def _add(self, hits: Sequence[int], worth: float, what: str, shared: dict[int, list[str]]) -> None:
        for number in hits:
            self.worth[number] = self.worth.get(number, 0.0) + worth
            shared.setdefault(number, []).append(what)

    def best(self, most: int, without: Sequence[int] = ()) -> list[Similar]:
        order = sorted(self.worth, key=lambda each: (-self.worth[each], -each))
        numbers = [each for each in order if each not in without][: most * 4]
        visible = reach.visible(self.reader)
        if visible is not None and numbers:
            there = set(Ticket.objects.filter(visible, pk__in=numbers).values_list("pk", flat=True))
            numbers = [each for each in numbers if each in there]
        rows = {row["number"]: row for row in lists.these(self.reader, numbers[:most])}
        return [
            Similar(rows[each], tuple(self.words.get(each, ())), tuple(self.things.get(each, ())))
            for each in numbers[:most]
            if each in rows
        ]


def _telling(texts: Iterable[str]) -> list[str]:
    """Choose the words that are likely to tell something: names with digits first, then the longest."""
    words = {word for text in texts for word in tokens.tokens(text) if len(word) > 3}
    return sorted(words, key=lambda each: (not any(map(str.isdigit, each)), -len(each), each))[:WORDS]
