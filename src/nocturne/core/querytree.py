"""The tree a query becomes, and what its terms mean.

A term is what was written; :func:`lowered` turns it into probes of five kinds. Both interpreters know these probes
and nothing else, so that they cannot grow apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nocturne.core.configuration.inforce import current
from nocturne.core.fieldvalues.asking import Range
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.lifecycle import OPEN_MEANINGS, Meaning


@dataclass(frozen=True, slots=True)
class Prefix:
    """How a value begins: `cr*`."""

    start: str

    def __str__(self) -> str:
        return f"{self.start}*"


Value = str | int | None | Range | Prefix


@dataclass(frozen=True, slots=True)
class Term:
    """One question as it was written; several values mean any of them, None an empty one."""

    key: str
    values: tuple[Value, ...]
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Probe:
    """One question of a column: `in` any of the values, `empty`, `until` an instant, `mine`.

    Of a local field's: `within` any of some ranges, `empty`, `filled`.

    `words` asks the full text: of `text` all that stands on a chart, of `subject` the subject, of `file` attachments.
    Its one value is a word or phrase as it was written, or a :class:`Prefix`: the last word of it may go on.
    """

    column: str
    how: str
    values: tuple[Any, ...] = ()


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


CLASS_OF: dict[str, str | None] = {"meaning": "state", "number": None, "merged_into": None, "text": "subject"}
"""Whose data class counts for a probe of what is no column of the header; None: that of whoever knows of the ticket."""

TEXTS = ("text", "subject", "file")
"""Keys whose values are looked for in the full text."""

Tree = Term | Probe | And | Or | Not
EVERYTHING = And(())


@dataclass(frozen=True, slots=True)
class Query:
    """What to find, and in which order to show it (None where the query does not say)."""

    tree: Tree
    order: str | None = None


def lowered(tree: Tree, now: datetime) -> Tree:
    """Turn the terms of a tree into probes of columns."""
    match tree:
        case And(parts):
            return And(tuple(lowered(part, now) for part in parts))
        case Or(parts):
            return Or(tuple(lowered(part, now) for part in parts))
        case Not(part):
            return Not(lowered(part, now))
        case Term("is", values):
            return _any([_named(str(name), now) for name in values])
        case Term(key, values) if key in TEXTS:
            return _any([Probe(key, "words", (value,)) for value in values])
        case Term(key, values) if key.startswith(PREFIX):
            return _local(key, values)
        case Term(key, values):
            return _valued(key, values)
    return tree


def _named(name: str, now: datetime) -> Tree:
    """Say in probes what `is:name` means; a ticket that was merged into another is not open any more."""
    living = Probe("merged_into", "empty")
    match name:
        case "open":
            return And((_means(*sorted(OPEN_MEANINGS)), living))
        case "mine":
            return Probe("owner", "mine")
        case "untaken":
            return And((_named("open", now), Probe("owner", "empty")))
        case "overdue":
            return Or((Not(Probe("ringing_since", "empty")), Probe("alarm_at", "until", (now,))))
        case "noalarm":
            silent = (Probe("alarm_at", "empty"), Probe("ringing_since", "empty"))
            return And((_means(Meaning.WAITING), living, *silent))
        case "ringing":
            return Not(Probe("ringing_since", "empty"))
        case "merged":
            return Not(living)
        case "signoff":
            ours = Not(Probe("type", "in", current().types_behaving("complaint")))
            return And((_means(Meaning.RESOLVED), living, Probe("checked_by", "empty"), ours))
    return _means(Meaning(name))


def _means(*meanings: Meaning) -> Probe:
    return Probe("meaning", "in", tuple(meaning.value for meaning in meanings))


def _valued(key: str, values: tuple[Value, ...]) -> Tree:
    """Ask for any of some values, of which None is the empty one and the owner's `me` is who asks."""
    mine = key == "owner" and "me" in values
    given = tuple(value for value in values if value is not None and not (mine and value == "me"))
    named = _with_other_names(key, given)
    parts: list[Tree] = [Probe(key, "in", named)] if named else []
    parts += [Probe(key, "mine")] if mine else []
    parts += [Probe(key, "empty")] if None in values else []
    return _any(parts)


def _local(key: str, values: tuple[Value, ...]) -> Tree:
    """Ask a local field for any of some ranges, of which None is no value and a range without ends is any."""
    ranges = tuple(each for each in values if isinstance(each, Range))
    parts: list[Tree] = []
    if any(each.is_all for each in ranges):
        parts.append(Probe(key, "filled"))
    elif ranges:
        parts.append(Probe(key, "within", ranges))
    if None in values:
        parts.append(Probe(key, "empty"))
    return _any(parts)


def _with_other_names(key: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Put beside a name the others under which tickets may keep the same thing: what was renamed is found by both."""
    known = current()
    found: list[Value] = []
    for value in values:
        word = str(value)
        if key == "state":
            found += sorted(known.states_called.get(word.casefold(), {word}))
        elif key == "type":
            found += known.type_names(word)
        elif key == "queue" and (queue := known.queue_named(word.lower())):
            found.append(queue.name)
        else:
            found.append(value)
    return tuple(dict.fromkeys(found))


def _any(parts: list[Tree]) -> Tree:
    return parts[0] if len(parts) == 1 else Or(tuple(parts))
