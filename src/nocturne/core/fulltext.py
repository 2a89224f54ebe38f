"""How a ticket stands in the full-text index, and how the index is asked.

A ticket is one set of tokens. A word stands in it behind its lane (where it was said) and its data class, so that a
reader's search touches nothing but the words of classes that are theirs: `t2fibre` is said in a note for the staff,
`s1fibre` in the subject. Facets (`~q7`: queue 7) stand beside the words; by them a search is narrowed inside the index,
and clearances that reach some tickets only are asked there, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    """Give the word that stands in the index for a machine."""
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


def pared(expression: Expression) -> Expression:
    """Say the same in fewer words: a ticket has one queue, one owner and so on, so what is asked of it twice meets.

    Who reads some queues asks for these at each column: left so, the index would go through them again and again.
    """
    found = _under(expression, {})
    return AnyOf((ANY,)) if found is None else found


def _under(expression: Expression, known: Mapping[str, frozenset[str]]) -> Expression | None:
    """Leave out what is so anyhow, and what cannot be; None where nothing is left to ask.

    :param known: of which facets a ticket has one, by their letter.
    """
    match expression:
        case AnyOf(tokens):
            letter = _letter(expression)
            if ANY in tokens or letter not in known:
                return None if ANY in tokens else expression
            kept = tuple(each for each in tokens if each in known[letter])
            return None if len(kept) == len(known[letter]) else AnyOf(kept)
        case All():
            return _under_all(list(_flat(expression)), known)
        case Some(parts):
            found = [_under(part, known) for part in parts]
            there = [each for each in found if each is not None]
            return any_of(each for each in there if each != NOTHING) if len(there) == len(found) else None
        case But(whole, without):
            first, second = _under(whole, known), _under(without, known)
            if first == NOTHING or second is None:
                return NOTHING
            return first if second == NOTHING else But(first or AnyOf((ANY,)), second)
    raise TypeError("not an expression")


def _under_all(parts: Sequence[Expression], known: Mapping[str, frozenset[str]]) -> Expression | None:
    here = dict(known)
    others: list[Expression] = []
    for part in parts:
        letter = _letter(part)
        if isinstance(part, AnyOf) and letter:
            tokens = frozenset(part.tokens)
            here[letter] = here[letter] & tokens if letter in here else tokens
        else:
            others.append(part)
    found: list[Expression] = [
        AnyOf(tuple(sorted(tokens))) for letter, tokens in here.items() if tokens != known.get(letter)
    ]
    for part in others:
        left = _under(part, here)
        if left is not None:
            found.append(left)
    if NOTHING in found:
        return NOTHING
    return every(found) if found else None


def _flat(expression: Expression) -> Iterator[Expression]:
    if isinstance(expression, All):
        for part in expression.parts:
            yield from _flat(part)
    else:
        yield expression


def _letter(expression: Expression) -> str:
    """Name the one facet that is asked for, of which each ticket has exactly one; empty where it is something else."""
    if not isinstance(expression, AnyOf) or expression.prefixes or not expression.tokens:
        return ""
    letters = {
        each[1:2] if each.startswith("~") and each not in (ANY, OPEN) else "" for each in expression.tokens
    }
    return letters.pop() if len(letters) == 1 and letters <= _SINGLE else ""


_SINGLE = frozenset(FACETS.values())


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
