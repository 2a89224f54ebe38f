"""The tree a query becomes: terms as they were written, and the probes that they come down to.

`nocturne.core.query.lowering` turns terms into probes. Both interpreters know these and nothing else, so that they
cannot grow apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nocturne.core.fieldvalues.asking import Range


@dataclass(frozen=True, slots=True)
class Prefix:
    """How a value begins: `cr*`."""

    start: str

    def __str__(self) -> str:
        return f"{self.start}*"


@dataclass(frozen=True, slots=True)
class Measured:
    """How much there is to be of something: `complaints>5`, `vendor>4h` (seconds)."""

    name: str
    range: Range


@dataclass(frozen=True, slots=True)
class Past:
    """A change that is asked for: of which column, from what to what (empty: whatever), when and by whom.

    :param column: the name of the key that asks for it now; empty for any column.
    """

    column: str
    befores: tuple[Value, ...] = ()
    afters: tuple[Value, ...] = ()
    when: tuple[Range, ...] = ()
    by: tuple[Value, ...] = ()


Value = str | int | None | Range | Prefix | Measured | Past


@dataclass(frozen=True, slots=True)
class Term:
    """One question as it was written; several values mean any of them, None an empty one.

    :param written: each value as it is spelt in the canonical form; empty where the term was not read from a text.
    :param beside: what stands beside a `changed:`, as it is spelt.
    """

    key: str
    values: tuple[Value, ...]
    position: int = field(default=0, compare=False)
    written: tuple[str, ...] = field(default=(), compare=False)
    beside: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Probe:
    """One question of a column. What its `how` means:

    - `in` any of the values, `starts` with one, `contains` it, `empty`, `within` any of some ranges, `filled`, `mine`;
    - `called`: somebody's name, mail address, @domain or @group is one of the values, or begins like it;
    - `words`: the full text: of `text` all that stands on a chart, of `subject` the subject. Its one value is a word or
      phrase as it was written, or a :class:`Prefix`: the last word of it may go on;
    - `least`: there are as many of something as the last value says;
    - `happened`: an entry changed it so (:class:`Happened`);
    - `readable`: who asks may read the column, whatever stands there.
    """

    column: str
    how: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """A change of the past, as both interpreters look for it.

    :param columns: under which names the books may have it; empty for any.
    :param befores, afters: any of these values, spelt as now: names for rows, None for nothing; empty for whatever.
    """

    columns: tuple[str, ...]
    befores: tuple[Any, ...] = ()
    afters: tuple[Any, ...] = ()
    when: tuple[Range, ...] = ()
    by: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Linked:
    """Another ticket that a link leads to, and that its asker may know of, is as the part says."""

    link: str
    part: Tree


@dataclass(frozen=True, slots=True)
class And:
    """All of these; of none, everything."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these; of none, nothing."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    part: Tree


CLASS_OF: dict[str, str | None] = {
    "meaning": "state",
    "number": None,
    "merged_into": None,
    "text": "subject",
    "file": None,
    "history": None,
    "touched_staff_at": "clock",
    "touched_customer_at": "subject",
    "affected_count": "affected",
    "customer": "affected",
    "service": "affected",
    "watcher": "party",
    "expert": "party",
    "asked": "party",
    "child": None,
}
"""Whose data class counts for a probe of what is no column of the header; None: that of whoever knows of the ticket."""
TEXTS = ("text", "subject", "file")
"""Keys whose values are looked for in the full text."""

Tree = Term | Probe | Linked | And | Or | Not
EVERYTHING = And(())


@dataclass(frozen=True, slots=True)
class Query:
    """What to find, and how to show it: each None where the query does not say.

    :param order: names of orders, the first counting most, `-` before one turns it round: `priority,-opened`.
    :param group: by what the tickets are to stand together.
    :param limit: how many at most.
    """

    tree: Tree
    order: str | None = None
    group: str | None = None
    limit: int | None = None


def terms(tree: Tree) -> Iterator[Term]:
    """Give every term of a tree."""
    match tree:
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms(part)
        case Not(part):
            yield from terms(part)
        case Term():
            yield tree
