"""What is doubtful in a question that was understood and finds nothing: names that nothing bears, words that are none.

Nobody is told of a list that they may not look up: there every name may be borne.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nocturne.core.fieldvalues.asking import Range
from nocturne.core.permits import Actor
from nocturne.core.query import keys
from nocturne.core.query.canonical import spelling
from nocturne.core.query.tree import And, Not, Or, Past, Prefix, Query, Term, Tree, Value, terms
from nocturne.core.query.vocabulary import TAGS, key_of, paths
from nocturne.core.refusals import TakesTooLong
from nocturne.core.tokens import asked as needles
from nocturne.desk import clock, finding, nearby

_PEOPLE, _ANYBODY = ("people",), ("people", "contacts")
LISTS_OF: dict[str, tuple[str, ...]] = {
    "owner": _PEOPLE, "checked_by": _PEOPLE, "asked": _PEOPLE, "by": _ANYBODY, "watcher": _ANYBODY,
    "expert": _ANYBODY, "reporter": ("contacts",), "reporter.organisation": ("organisations",),
    "machine": ("machines",), "circuit": ("circuits",), "vendor": ("vendors",), "network": ("networks",),
    "site": ("sites",), "queue": ("queues",),
    "machine.site": ("sites",), "machine.network": ("networks",), "site.network": ("networks",),
    "circuit.vendor": ("vendors",), "circuit.network": ("networks",), "circuit.site": ("sites",),
}  # fmt: skip
"""Keys whose values are names of lists, by those lists: a name is borne if one of them has it."""
NAME, NO_WORD, STAR, OTHERWISE = "unknown_name", "no_word", "quoted_star", "written_otherwise"
ON_TICKETS = ("customer", "service", "affected", TAGS)
"""Keys whose values are names that are kept on tickets alone."""
MOST_ASKED = 2
"""Such names of one question that are looked for."""
_APART = re.compile(r"([A-Za-z]{1,6})([ -]?)([0-9]{2,})")
_PREFIX = re.compile(r"((?:[0-9]{1,3}\.){1,3})(?:0\.){0,2}0/(8|16|24)")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A piece of a question that nothing can fit, where its term stands, and what may be meant.

    :param near: what is on a list and looks like it, or how it would be found; None where there is nothing.
    :param reason: `unknown_name`: it is on no list; `no_word`: without a letter or digit; `quoted_star`: a star in
        quotation marks is no beginning; `written_otherwise`: identifiers are found as they are written.
    """

    position: int
    key: str
    given: str
    near: str | None
    reason: str = NAME


def doubts(asked: Query, actor: Actor) -> Iterator[Doubt]:
    """Find what is doubtful in a question, by what its asker may look up."""
    yield from _beside(asked.tree)
    yield from _on_tickets(asked.tree, actor)
    for term in terms(asked.tree):
        name = _last(term)
        for value, written in zip(term.values, term.written or [""] * len(term.values), strict=False):
            if key_of(name).form == "words":
                yield from _words(term, value, written)
            elif isinstance(value, Past):
                yield from _past(term, value, actor)
            else:
                yield from _names(term, name, value, actor)


def _last(term: Term) -> str:
    link, name = paths(term.key)
    while link:
        link, name = paths(name)
    return name


# --- names ------------------------------------------------------------------------------------------------------------


def _past(term: Term, past: Past, actor: Actor) -> Iterator[Doubt]:
    for value in (*past.befores, *past.afters):
        yield from _names(term, past.column, value, actor)
    for value in past.by:
        if value not in _SYSTEM:
            yield from _names(term, "by", value, actor)


_SYSTEM = ("Nocturne", "nocturne", "system")


def _names(term: Term, name: str, value: Value, actor: Actor) -> Iterator[Doubt]:
    lists = LISTS_OF.get(name)
    if lists is None or not isinstance(value, str) or value == "me":
        return
    if value.startswith("@"):
        if not nearby.knows_of(value, lists, actor):
            yield Doubt(term.position, name, value, _near_group(value, lists, actor))
    elif not any(nearby.knows(each, value, actor) for each in lists):
        yield Doubt(term.position, name, value, _near(value, lists, actor))


def _near(given: str, lists: Sequence[str], actor: Actor) -> str | None:
    """Find the name on a list that was probably meant: one that goes on so, or is spelt almost so."""
    goes_on = [each for name in lists for each in nearby.matching(name, given, actor)]
    if goes_on:
        return goes_on[0]
    for start in (given[:2], given[:1]):
        like = [each for name in lists for each in nearby.matching(name, start, actor)]
        near = difflib.get_close_matches(given.casefold(), [each.casefold() for each in like], 1)
        if near:
            return next(each for each in like if each.casefold() == near[0])
    return None


def _near_group(given: str, lists: Sequence[str], actor: Actor) -> str | None:
    if "people" not in lists:
        return None
    near = difflib.get_close_matches(given[1:].casefold(), nearby.groups(actor), 1)
    return f"@{near[0]}" if near else None


def _on_tickets(tree: Tree, actor: Actor) -> Iterator[Doubt]:
    """Find names of no list that stand on no ticket the asker may read: each is asked as they would ask it."""
    left = MOST_ASKED
    for term in terms(tree):
        if term.key not in ON_TICKETS:
            continue
        for value, written in zip(term.values, term.written, strict=False):
            is_name = isinstance(value, str) or (isinstance(value, Range) and value.is_one)
            if not is_name or not left:
                continue
            left -= 1
            alone = Query(Term(term.key, (value,), written=(written,)))
            try:
                is_there = finding.counted(actor, alone, now=clock.now(), most=1)
            except TakesTooLong:
                return
            if not is_there:
                yield Doubt(term.position, spelling(term.key, keys()), written.strip('"'), None)


# --- words of texts ---------------------------------------------------------------------------------------------------


def _words(term: Term, value: Value, written: str) -> Iterator[Doubt]:
    if isinstance(value, Prefix):
        return
    text = str(value)
    if not needles(text):
        yield Doubt(term.position, "text", text, None, NO_WORD)
    elif written.endswith('*"'):
        yield Doubt(term.position, "text", written, f'{written[:-2]}"*', STAR)
    elif other := otherwise(text):
        yield Doubt(term.position, "text", written if written[:1] == '"' else text, other, OTHERWISE)


def otherwise(text: str) -> str | None:
    """Write an identifier as others may have written it: `AS-64499` and `AS 64499` as `AS64499`, `HX7002` apart."""
    if match := _APART.fullmatch(text):
        return f"{match[1]}{match[3]}" if match[2] else f'"{match[1]} {match[3]}"'
    if match := _PREFIX.fullmatch(text):
        kept = text.split(".")[: int(match[2]) // 8]
        return f"{'.'.join(kept)}.*"
    return None


def _beside(tree: Tree) -> Iterator[Doubt]:
    """Find letters and a number that stand side by side as two words, and may be one: `AS 64499`."""
    match tree:
        case And(parts):
            for one, other in pairwise(parts):
                if isinstance(one, Term) and isinstance(other, Term) and one.key == other.key == "text":
                    said = f"{one.values[0]} {other.values[0]}"
                    if other.position == one.position + len(str(one.values[0])) + 1 and _APART.fullmatch(
                        said
                    ):
                        yield Doubt(one.position, "text", said, otherwise(said), OTHERWISE)
            for part in parts:
                yield from _beside(part)
        case Or(parts):
            for part in parts:
                yield from _beside(part)
        case Not(part):
            yield from _beside(part)
