"""How a ticket stands in the full-text index, and how the index is asked.

A ticket is one set of tokens. A word stands in it behind its lane (where it was said) and its data class, so that a
reader's search touches nothing but the words of classes that are theirs: `t2fibre` is said in a note for the staff,
`s1fibre` in the subject. Facets (`~q7`: queue 7) stand beside the words; by them a search is narrowed inside the index,
and clearances that reach some tickets only are asked there, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nocturne.core.entry import DataClass
from nocturne.core.lifecycle import OPEN_MEANINGS
from nocturne.core.tokens import Needle, marks, pair

SUBJECT, HEADER, NAMES, TEXT, FILE, MERGED = "s", "h", "n", "t", "f", "u"
"""Lanes: the subject, other words of the header, names of things and people on it, what entries say, what files say
(said once more, to be asked alone), what merged tickets say."""
EVERYWHERE = (SUBJECT, HEADER, NAMES, TEXT)
ANY, OPEN = "~any", "~open"

FACETS: dict[str, str] = {
    "queue": "q", "network": "w", "site": "i", "circuit": "c", "vendor": "v", "owner": "o", "reporter": "r",
    "type": "y", "meaning": "g", "priority": "a", "severity": "b", "state": "s",
}  # fmt: skip
"""Columns of the header that are facets, by their letter."""


def facet(column: str, value: Any) -> str:
    """Spell that a column has a value; nought stands for none."""
    return f"~{FACETS[column]}{_plain(value)}"


def machine(number: int) -> str:
    return f"~m{number}"


def party(key: str) -> str:
    """Spell that somebody has a part in a ticket, as `watcher:account:12`."""
    return f"~p{key}"


def _plain(value: Any) -> str:
    if value is None:
        return "0"
    text = str(value)
    return text if text.isascii() and text.isalnum() and text == text.lower() else f"_{text.encode().hex()}"


def facets(header: Mapping[str, Any], machines: Iterable[int] = (), parties: Iterable[str] = ()) -> set[str]:
    """Give the facets of a ticket.

    :param header: the values of :data:`FACETS` (rows by their numbers), and `merged_into`.
    """
    found = {facet(name, header.get(name)) for name in FACETS} | {ANY}
    if header.get("merged_into") is None and header.get("meaning") in OPEN_MEANINGS:
        found.add(OPEN)
    found.update(machine(each) for each in machines)
    found.update(party(each) for each in parties if each.startswith(("watcher:", "expert:")))
    return found


def code(data_class: int) -> str:
    """Spell a data class so that none begins as another does."""
    return str(int(data_class)) if data_class <= DataClass.RESTRICTED else f"x{int(data_class)}_"


def said(lane: str, data_class: int, text: str) -> set[str]:
    """Give the tokens of a text that readers of a data class may read."""
    words, pairs = marks(text)
    before = lane + code(data_class)
    return {before + each for each in words} | {before + each for each in pairs}


# --- asking ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Any of some tokens, or one that begins in any of some ways; of none, nothing."""

    tokens: tuple[str, ...]
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class But:
    """What is among the first and not among the second."""

    whole: Expression
    without: Expression


Expression = AnyOf | All | Some | But
NOTHING = AnyOf(())


def every(parts: Iterable[Expression]) -> Expression:
    """Join by and; of none, everything."""
    given = tuple(dict.fromkeys(parts))
    return given[0] if len(given) == 1 else All(given) if given else AnyOf((ANY,))


def any_of(parts: Iterable[Expression]) -> Expression:
    """Join by or; tokens alone become one choice."""
    tokens: list[str] = []
    prefixes: list[str] = []
    others: list[Expression] = []
    for part in parts:
        if isinstance(part, AnyOf):
            tokens += part.tokens
            prefixes += part.prefixes
        else:
            others.append(part)
    if tokens or prefixes or not others:
        others.insert(0, AnyOf(tuple(dict.fromkeys(tokens)), tuple(dict.fromkeys(prefixes))))
    return others[0] if len(others) == 1 else Some(tuple(others))


def wanted(needles: Iterable[Needle], lanes: Iterable[str]) -> Expression:
    """Say what is to be looked for in some lanes (each with its class: `t2`), that tickets hold a needle.

    Where a needle needs reading this finds all that hold it, and seldom another.
    """
    before = tuple(lanes)
    found = []
    for needle in needles:
        parts: list[Expression] = [AnyOf(tuple(each + token for each in before)) for token in needle.tokens]
        if needle.needs_reading:
            steps = zip(needle.sequence, needle.sequence[1:], strict=False)
            parts += [AnyOf(tuple(each + pair(one, other) for each in before)) for one, other in steps]
        if needle.prefix:
            parts.append(AnyOf((), tuple(each + needle.prefix for each in before)))
        found.append(every(parts) if parts else NOTHING)
    return any_of(found)


def holds(tokens: set[str], expression: Expression) -> bool:
    """Tell whether a set of tokens is what an expression looks for: the index, in memory."""
    match expression:
        case AnyOf(known, prefixes):
            return not tokens.isdisjoint(known) or (
                bool(prefixes) and any(each.startswith(prefixes) for each in tokens)
            )
        case All(parts):
            return all(holds(tokens, part) for part in parts)
        case Some(parts):
            return any(holds(tokens, part) for part in parts)
        case But(whole, without):
            return holds(tokens, whole) and not holds(tokens, without)
    raise TypeError("not an expression")
