"""What could come next in a query, while somebody types it: keys, and the values that a key takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from nocturne.core.configuration import current
from nocturne.core.fieldvalues import Context
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.lifecycle import CLOCKS
from nocturne.core.query import LONG_AGO, ORDERS, columns_of, groups, keys, sorted_by
from nocturne.core.query.choices import choices
from nocturne.core.query.conditions import IS
from nocturne.core.query.counted import COUNTED, counted_types
from nocturne.core.query.dates import AHEAD, BEHIND
from nocturne.core.query.past import BESIDE, has_past, has_past_values
from nocturne.core.query.terms import Reader
from nocturne.core.query.tree import Term
from nocturne.core.query.values import measured, spelt
from nocturne.core.query.vocabulary import TAGS, Key, Vocabulary, key_of, paths
from nocturne.core.query.words import Given
from nocturne.core.values import LEVELS

MOST = 20
Reads = Callable[[str], bool]
Names = Callable[[str, str], Iterable[str]]
"""Gives names of a list (`machine`, `owner`, `group`, …) that begin or go on with a text: only such as may be known."""
_WORD = re.compile(r'(?:"(?:[^"\\]|\\.)*(?:"|$)|[^\s"])*')
_FIRST = (
    "is",
    "state",
    "owner",
    "machine",
    "queue",
    "severity",
    "priority",
    "site",
    "opened",
    "due",
    "text",
    "order",
)
"""Keys that are offered before others, where nothing has been typed."""
_LENGTHS = (">30m", ">2h", ">1d", ">7d")
_NAMED_BY = {
    "owner": "person", "checked_by": "person", "watcher": "person", "expert": "person", "by": "person",
    "asked": "person",
    "reporter": "contact", "machine.site": "site", "machine.network": "network", "site.network": "network",
    "circuit.vendor": "vendor", "circuit.network": "network", "circuit.site": "site",
    "customer": "organisation", "affected": "organisation", "reporter.organisation": "organisation",
}  # fmt: skip
"""Which list the names of a key are from, where it is called otherwise."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What could stand in place of a piece of the text.

    :param text: what is put in between `start` and `end`.
    :param kind: key, value or name (of somebody or something).
    :param goes_on: whether something must follow it: after a key its value.
    """

    text: str
    start: int
    end: int
    kind: str
    goes_on: bool = False


def complete(text: str, at: int, *, reads: Reads, names: Names) -> list[Suggestion]:
    """List what could come next at a place in a query, the likeliest first.

    :param at: where the cursor stands.
    :param reads: whether who types may read a column somewhere; keys of others are not offered.
    :param names: names of things and people that they may know of.
    """
    at = max(0, min(at, len(text)))
    word = _word_at(text, at)
    start, end = word
    typed = text[start:at]
    while typed[:1] in ("-", "(") and typed:
        typed, start = typed[1:], start + 1
    if typed.startswith('"'):
        return []
    vocabulary = keys(reads)
    spelling, colon, rest = typed.partition(":")
    found: Iterator[tuple[str, str, bool]]
    if colon and (name := vocabulary.find(spelling.lower())):
        if not _may_ask(name, reads):
            return []
        before, piece = _last_value(rest)
        changed = _changed(text[:start], vocabulary) if name in ("from", "to") else None
        start += len(spelling) + 1 + len(before)
        # What a column became is asked for as what it is.
        of = changed if changed and has_past_values(changed) and _may_ask(changed, reads) else name
        found = _values(of, piece, vocabulary, reads, names)
    else:
        found = _beginnings(typed.lower(), vocabulary, reads, names)
        if _changed(text[:start], vocabulary) is not None:
            found = chain(_more_of_a_change(typed.lower(), vocabulary, reads), found)
    offered = dict.fromkeys(found)
    return [Suggestion(put, start, max(end, at), kind, more) for put, kind, more in list(offered)[:MOST]]


def _word_at(text: str, at: int) -> tuple[int, int]:
    """Find the word that a place stands in or behind."""
    for match in _WORD.finditer(text):
        if match.start() <= at <= match.end():
            return match.start(), match.end()
    return at, at


def _changed(before: str, vocabulary: Vocabulary) -> str | None:
    """Give the column of the `changed:` that a word stands behind, with what belongs to it between; empty for any."""
    for word in reversed([match[0] for match in _WORD.finditer(before) if match[0]]):
        spelling, colon, rest = word.lstrip("-(").partition(":")
        name = vocabulary.find(spelling.lower()) if colon else None
        if name == "changed":
            return vocabulary.get(rest.partition(",")[0].lower(), "")
        if name not in BESIDE:
            return None
    return None


def _more_of_a_change(typed: str, vocabulary: Vocabulary, reads: Reads) -> Iterator[tuple[str, str, bool]]:
    for each in BESIDE:
        if each.startswith(typed) and vocabulary.get(each) == each and _may_ask(each, reads):
            yield f"{each}:", "key", True


def _last_value(rest: str) -> tuple[str, str]:
    """Part the values behind a key into those that are done and the one that is typed."""
    place = quoted = 0
    for index, char in enumerate(rest):
        quoted ^= char == '"'
        if char == "," and not quoted:
            place = index + 1
    return rest[:place], rest[place:].strip('"')


def _may_ask(name: str, reads: Reads) -> bool:
    return all(reads(column) for column in columns_of(Term(name, ())))


def _beginnings(
    typed: str, vocabulary: Vocabulary, reads: Reads, names: Names
) -> Iterator[tuple[str, str, bool]]:
    link, point, rest = typed.rpartition(".")
    if point and vocabulary.find(f"{link}.number"):
        for each in sorted(vocabulary):
            linked = vocabulary.find(f"{link}.{each}")
            if each.startswith(rest) and "." not in each and linked and _may_ask(linked, reads):
                yield f"{link}.{each}:", "key", True
    known = [each for each in vocabulary if each.startswith(typed) and _may_ask(vocabulary[each], reads)]
    beside = {each for each in known if vocabulary[each] in BESIDE}
    first = [each for each in _FIRST if each in known]
    ordered = [
        *first,
        *sorted(each for each in known if each not in first and each not in beside),
        *sorted(beside),
    ]
    if typed:
        for each in IS:
            if each.startswith(typed):
                yield f"is:{each}", "value", False
    for each in ordered:
        yield f"{each}:", "key", True
    if len(typed) > 1:
        for list_, key in (("machine", "machine"), ("person", "owner"), ("queue", "queue"), ("site", "site")):
            for name in list(names(list_, typed))[:3]:
                yield f"{key}:{spelt(name)}", "name", False


def _values(
    name: str, piece: str, vocabulary: Vocabulary, reads: Reads, names: Names
) -> Iterator[tuple[str, str, bool]]:
    link, rest = paths(name)
    while link:
        link, rest = paths(rest)
    key, typed = key_of(rest), piece.lower()
    for value, kind, more in _listed(key, piece, vocabulary, reads, names):
        if value.lower().startswith(typed) or kind == "name":
            yield spelt(value), kind, more
    if key.empty and typed and "none".startswith(typed):
        yield "none", "value", False


def _listed(
    key: Key, piece: str, vocabulary: Vocabulary, reads: Reads, names: Names
) -> Iterator[tuple[str, str, bool]]:
    match key.form:
        case "choice":
            known = [each for each in choices(key.name) if key.name != "is" or _may_say(each, reads)]
            yield from _plain(known)
        case "clock":
            yield from _plain(CLOCKS)
            yield from _plain([f"{each}{length}" for each in CLOCKS for length in _LENGTHS[1:3]])
        case "level":
            yield from _plain([str(level) for level in range(1, LEVELS[key.name] + 1)])
            yield from _plain(["<=2", "1..2"])
        case "affected" if key.name == "affected":
            yield from _plain([">5", ">=2"])
            yield from _called(key.name, piece, names)
        case "instant":
            yield from _plain([*AHEAD, "<1d"] if key.ahead else [*BEHIND, ">1d"])
            yield from _plain(["none"] if key.empty else [])
        case "age" | "span":
            yield from _plain(_LENGTHS)
        case "frame" if key.name == "order":
            names_sorted = sorted_by(vocabulary)
            yield from _plain([*names_sorted, *(f"-{each}" for each in names_sorted[len(ORDERS) :])])
        case "frame" if key.name == "group":
            yield from _plain(groups(vocabulary))
        case "has":
            reader = Reader(Context(LONG_AGO), vocabulary)
            yield from _plain(reader.can_have())
            yield from _plain(_how_many(piece))
        case "was":
            yield from _of_the_past(piece, vocabulary, reads, names)
        case "changed":
            own = [each for each, name in vocabulary.items() if has_past(name) and _may_ask(name, reads)]
            yield from _plain(["any", *sorted(own)])
        case "local":
            yield from _plain(_chosen(key.name))
        case "beside" if key.name in ("after", "before"):
            yield from _plain([*BEHIND, "1h", "12h"])
        case "person" | "beside":
            yield "me", "value", False
            if piece.startswith("@"):
                yield from ((f"@{each}", "name", False) for each in names("group", piece[1:]))
            yield from _called(key.name, piece, names)
        case _:
            yield from _called(key.name, piece, names)


def _of_the_past(
    piece: str, vocabulary: Vocabulary, reads: Reads, names: Names
) -> Iterator[tuple[str, str, bool]]:
    spelling, colon, rest = piece.partition(":")
    if not colon:
        own = [each for each, name in vocabulary.items() if has_past_values(name) and _may_ask(name, reads)]
        yield from ((f"{each}:", "key", True) for each in sorted(own))
        return
    name = vocabulary.get(spelling.lower())
    if name and has_past_values(name) and _may_ask(name, reads):
        for value, kind, more in _listed(key_of(name), rest, vocabulary, reads, names):
            if value.lower().startswith(rest.lower()) or kind == "name":
                yield f"{spelling}:{value}", kind, more


def _how_many(piece: str) -> Iterator[str]:
    """Write how many there can be of what is counted: `complaints>5`."""
    name, sign, _ = measured(Given(piece.rstrip("0123456789") + "0", 0, 0))
    if sign and (name in COUNTED or name in counted_types()):
        yield from (f"{name}{sign}{number}" for number in (1, 2, 5, 10))


def _may_say(word: str, reads: Reads) -> bool:
    return all(reads(column) for column in columns_of(Term("is", (word,))))


def _called(name: str, piece: str, names: Names) -> Iterator[tuple[str, str, bool]]:
    for each in names(_NAMED_BY.get(name, name), piece):
        yield each, "name", False


def _chosen(name: str) -> Sequence[str]:
    """List the values of a local field that has a list of them."""
    field = None if name == TAGS else current().fields.get(name.removeprefix(PREFIX))
    if field is None:
        return ()
    if field.kind == "yes or no":
        return ("yes", "no")
    return [each.value for each in field.choices if not each.retired]


def _plain(values: Iterable[str]) -> Iterator[tuple[str, str, bool]]:
    return ((each, "value", False) for each in values)
