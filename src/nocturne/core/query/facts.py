"""What a ticket is to a query that is asked of it in memory.

A ticket's facts are a mapping (made by `nocturne.desk.recalling`, and by tests):

- header columns by name: rows as their names, instants as such; `machines` a list of names; what lies behind things
  (`machine.site`) a list of names; `customer`, `service`, `affected` lists of names;
- local fields (`field/cve`) and tags (`field/tag:`): lists of their values' places in the index;
- `handles`: for `owner`, `reporter`, `checked_by`, `watcher`, `expert`, `asked` a list of :class:`Person`;
- `mine`: the columns of people in which who asks stands;
- `links`: for each link the other tickets, as :class:`Known`, that who asks may know of;
- `clocks`: seconds that each clock has run, as :class:`Ran`;
- `counts`: `outage`: how many; `files`: :class:`FileFact` of each attachment;
- `said`: what else stands on the chart in words, as :class:`Said`;
- `events`: :class:`Event` of each change;
- `touched_staff_at`, `touched_customer_at`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nocturne.core.query.tree import Prefix

Reads = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, by all they can be asked for: names and addresses, and `@group` or `@domain`."""

    names: tuple[str, ...]
    within: frozenset[str] = frozenset()

    def is_called(self, asked: Any) -> bool:
        if isinstance(asked, Prefix):
            start = asked.start.lower()
            return any(name.lower().startswith(start) for name in self.names)
        wanted = str(asked)
        return wanted.casefold() in self.within or any(same(name, wanted) for name in self.names)


@dataclass(frozen=True, slots=True)
class Known:
    """Another ticket, as who asks knows it."""

    facts: Mapping[str, Any]
    reads: Reads | None = None
    seen: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """How long a clock ran in stretches that have ended, in seconds, and since when it runs now."""

    seconds: int
    since: datetime | None = None

    def until(self, now: datetime) -> int:
        running = (now.replace(microsecond=0) - self.since).total_seconds() if self.since else 0
        return self.seconds + max(0, int(running))


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one column that an entry made; values as names, None for nothing.

    :param is_mine: whether who asks made it.
    :param mine: whether `before` or `after` is who asks, whatever they are called.
    :param people: of a column of people, who `before` and `after` are.
    """

    column: str
    before: Any
    after: Any
    at: datetime
    by: Person
    data_class: int
    is_mine: bool = False
    mine: frozenset[str] = frozenset()
    people: Mapping[str, Person] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileFact:
    """An attachment, the class of the entry that brought it, and what it says as far as that could be read."""

    name: str
    data_class: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Words on a chart beside its subject: an entry's, a column's, the names of things; and whose they are to read."""

    text: str
    data_class: int


def same(fact: Any, value: Any) -> bool:
    """Tell whether a fact is what is asked for, in whatever letter case."""
    if isinstance(fact, str) and isinstance(value, str):
        return fact.lower() == value.lower()
    return fact is not None and bool(fact == value)
