"""One language to find tickets: `is:open node:cr1.aa,cr2.chi (owner:me or -severity:4) "fibre cut" order:newest`.

A local field's name is a key too: `cve:CVE-2026-*`, `bandwidth:>10G`, `due:2026-12`, `hosts:10.0.0.0/8`.

Words stand for themselves: a number is a ticket's number, other text is looked for in the subject, `key:value`
asks for a column, `key:a,b` for one of several values, `key:none` for an empty one. Terms are joined by a space
(and), `or` binds weaker, `-` and `not` turn one term or bracket round.

A query becomes a tree of terms (`nocturne.core.querytree`). It has two interpreters, in memory here and in SQL
in the store; a law holds them together.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from nocturne.core.configuration import current
from nocturne.core.configuration.fields import Field
from nocturne.core.fieldvalues import Context
from nocturne.core.fieldvalues.asking import asked, holds
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.lifecycle import CLOCKS
from nocturne.core.permits import Actor, sees_column, sees_column_everywhere
from nocturne.core.querytree import (
    CLASS_OF,
    EVERYTHING,
    TEXTS,
    And,
    Not,
    Or,
    Prefix,
    Probe,
    Query,
    Term,
    Tree,
    Value,
    lowered,
)
from nocturne.core.querywords import Word, bad_query, words
from nocturne.core.refusals import Forbidden, Invalid
from nocturne.core.values import level
from nocturne.core.zones import Zone

KEYS: Mapping[str, str] = {
    **{
        name: name
        for name in ("is", "state", "owner", "queue", "type", "priority", "severity", "clock", "network")
    },
    **{name: name for name in ("site", "circuit", "vendor", "parent", "number", "machine", "order")},
    **{name: name for name in TEXTS if name != "file"},
    "node": "machine",
}
ORDERS = ("priority", "newest", "oldest", "updated")
IS = (
    "open",
    "mine",
    "untaken",
    "waiting",
    "resolved",
    "closed",
    "rejected",
    "overdue",
    "noalarm",
    "ringing",
    "merged",
    "signoff",
)
CHOICES: Mapping[str, Sequence[str]] = {"is": IS, "clock": CLOCKS, "order": ORDERS}
"""Keys whose values are chosen from a fixed list; for states and types the site's configuration has the list."""
_ASKED: Mapping[str, str] = {
    **dict.fromkeys(("mine", "untaken"), "owner"),
    **dict.fromkeys(("overdue", "noalarm"), "alarm_at"),
    "ringing": "ringing_since",
    "merged": "merged_into",
    "signoff": "checked_by",
    "machine": "machine/0",
    "text": "subject",
}
"""Which column a word of `is:`, or a key of another name than its column, asks for."""
CAN_BE_EMPTY = frozenset({"owner", "network", "site", "circuit", "vendor", "parent", "machine"})
DEEPEST = 20
TAGS = "field/tag:"
_TAG = Field("tag")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def keys(reads: Callable[[str], bool] | None = None) -> dict[str, str]:
    """Map every spelling of a key to its name: ours, and the site's own fields by any name they have had.

    :param reads: whether who asks may read a column; of the site's fields, those they may not are none.
    """
    found: dict[str, str] = {}
    for field in current().fields.values():
        if not field.core and (reads is None or reads(PREFIX + field.name)):
            found |= dict.fromkeys((*field.formerly, field.name), PREFIX + field.name)
    return found | dict(KEYS) | {"tag": TAGS}


def parse(
    text: str,
    *,
    now: datetime = LONG_AGO,
    zone: Zone = "UTC",
    reads: Callable[[str], bool] | None = None,
) -> Query:
    """Read a query; an empty one finds everything.

    :param now, zone: from when and where days such as `today` are counted.
    :param reads: whether who asks may read a column: a field of the site that is hidden from them is an unknown
        word, so that its name is neither confirmed nor suggested.
    :raises Invalid: bad_query, with `position` in the text, a `reason` and, where there is one, a `suggestion`.
    """
    orders: list[str] = []
    rest: list[Word] = []
    depth = 0
    context = Context(now, zone, current().site.region)
    for word in words(text, keys(reads)):
        depth += (word.mark == "(") - (word.mark == ")")
        if word.key != "order":
            rest.append(word)
        elif depth or orders:
            raise bad_query("order_out_of_place", word.position, given=word.shown)
        else:
            orders.append(str(_term(word, context).values[0]))
    parser = _Parser(rest, len(text), context)
    return Query(parser.whole(), orders[0] if orders else None)


def matches(
    tree: Tree,
    facts: Mapping[str, Any],
    me: str | None,
    *,
    now: datetime,
    reads: Callable[[str], bool] | None = None,
) -> bool:
    """Tell whether a ticket is among those a query finds.

    :param facts: header columns by name: rows as their names, `machines` as a list of names, instants as such, local
        fields (`field/cve`) and tags (`field/tag:`) as lists of their values' places in the index.
    :param me: the name of the account that asks.
    :param reads: whether who asks may read a column of this ticket; what they may not read is never found.
    """
    return _holds(lowered(tree, now), facts, me, reads)


def demand(tree: Tree, actor: Actor) -> None:
    """Refuse a query that asks for a column its asker may not read: what is hidden cannot be found either.

    :raises Forbidden: field_not_permitted, with the key.
    """
    for term in _terms(tree):
        word, usual = (str(term.values[0]), "state") if term.key == "is" else (term.key, term.key)
        asked = _ASKED.get(word, usual)
        readable = sees_column_everywhere if asked == "merged_into" else sees_column
        if asked != "number" and not readable(actor, asked):
            raise Forbidden("field_not_permitted", field=term.key, position=term.position)


def _terms(tree: Tree) -> Iterator[Term]:
    match tree:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _terms(part)
        case Not(part):
            yield from _terms(part)
        case Term("is", values, position):
            yield from (Term("is", (value,), position) for value in values)
        case Term():
            yield tree


def _holds(tree: Tree, facts: Mapping[str, Any], me: str | None, reads: Callable[[str], bool] | None) -> bool:
    match tree:
        case And(parts):
            return all(_holds(part, facts, me, reads) for part in parts)
        case Or(parts):
            return any(_holds(part, facts, me, reads) for part in parts)
        case Not(part):
            return not _holds(part, facts, me, reads)
        case Probe(column, how, values):
            judged = CLASS_OF.get(column, column)
            if reads is not None and judged is not None and not reads(judged):
                return False
            fact = facts.get("machines" if column == "machine" else "subject" if column == "text" else column)
            return me is not None and fact == me if how == "mine" else _passes(fact, how, values)
    raise TypeError("terms are lowered first")


def _passes(fact: Any, how: str, values: tuple[Any, ...]) -> bool:
    if how == "within":
        return holds(values, fact or ())
    if how == "filled":
        return bool(fact)
    if how == "empty":
        return fact is None or fact == []
    if how == "until":
        return fact is not None and bool(fact <= values[0])
    if how == "words":
        return _spoken(fact, values[0])
    given = fact if isinstance(fact, list) else [fact]
    return any(_same(each, value) for each in given for value in values)


def _spoken(text: Any, wanted: str | Prefix) -> bool:
    """Tell whether words are said in a text."""
    start = wanted.start if isinstance(wanted, Prefix) else wanted
    return start.casefold() in str(text or "").casefold()


def _same(fact: Any, value: Any) -> bool:
    if isinstance(fact, str) and isinstance(value, str):
        return fact.casefold() == value.casefold()
    return fact is not None and bool(fact == value)


class _Parser:
    """Reads words into a tree: `or` binds weakest, then the space, then `-`."""

    def __init__(self, given: Sequence[Word], end: int, context: Context) -> None:
        self.words = given
        self.context = context
        self.place = 0
        self.end = end
        self.depth = 0

    def whole(self) -> Tree:
        if not self.words:
            return EVERYTHING
        tree = self._or()
        if word := self._next():
            raise bad_query("bracket_not_opened", word.position)
        return tree

    def _next(self) -> Word | None:
        return self.words[self.place] if self.place < len(self.words) else None

    def _at(self, mark: str) -> bool:
        word = self._next()
        return word is not None and word.mark == mark

    def _or(self) -> Tree:
        parts = [self._and()]
        while self._at("or"):
            self.place += 1
            parts.append(self._and())
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def _and(self) -> Tree:
        parts = [self._not()]
        while (word := self._next()) and word.mark not in ("or", ")"):
            parts.append(self._not())
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    def _not(self) -> Tree:
        word = self._next()
        if word is None or word.mark in ("or", ")"):
            raise bad_query("term_missing", word.position if word else self.end)
        self.place += 1
        if word.mark not in ("not", "("):
            return _term(word, self.context)
        self.depth += 1
        if self.depth > DEEPEST:
            raise bad_query("too_deep", word.position)
        tree = Not(self._not()) if word.mark == "not" else self._bracket(word)
        self.depth -= 1
        return tree

    def _bracket(self, opening: Word) -> Tree:
        tree = self._or()
        if not self._at(")"):
            raise bad_query("bracket_not_closed", opening.position)
        self.place += 1
        return tree


def _term(word: Word, context: Context) -> Term:
    if word.key.startswith(PREFIX):
        return Term(word.key, tuple(_asked(word, context)), word.position)
    if word.key:
        return Term(word.key, tuple(_value(word, value) for value in word.values), word.position)
    number = word.values[0].removeprefix("#")
    if not word.quoted and number.isascii() and number.isdecimal() and len(number) < 19:
        return Term("number", (int(number),), word.position)
    return Term("text", tuple(_words(value, quoted=word.quoted) for value in word.values), word.position)


def _words(value: str, *, quoted: bool) -> str | Prefix:
    """Read what is looked for in texts: `cut`, `"fibre cut"`, or a beginning, `fib*`."""
    start = value.rstrip("*")
    return Prefix(start) if start and start != value and not quoted else value


def _asked(word: Word, context: Context) -> Iterator[Value]:
    """Read what is asked of a local field: `none` is no value, `*` any."""
    field = _TAG if word.key == TAGS else current().fields[word.key.removeprefix(PREFIX)]
    for value in word.values:
        if value.lower() == "none":
            yield None
            continue
        try:
            yield from asked(field, value, context)
        except Invalid:
            near = difflib.get_close_matches(value, [each.value for each in field.choices], 1)
            suggestion = near[0] if near else None
            raise bad_query(
                "unknown_value", word.position, given=value, suggestion=suggestion, key=field.name
            ) from None


def choices(key: str) -> Sequence[str]:
    """List what a key's value is chosen from, in lower case; nothing where it is free."""
    if key == "state":
        return tuple(current().states_called)
    if key == "type":
        types = current().types.values()
        words = [
            word for each in types for word in (each.name, *each.formerly, each.title.casefold()) if word
        ]
        return tuple(dict.fromkeys(words))
    return CHOICES.get(key, ())


def _value(word: Word, value: str) -> Value:
    """Check one value of a key; what is chosen from a list must be on it."""
    key, given = word.key, value.lower()
    if key in CAN_BE_EMPTY and given == "none":
        return None
    if key in TEXTS:
        return _words(value, quoted=word.quoted)
    known = choices(key)
    if known and given not in known:
        near = difflib.get_close_matches(given, known, 1)
        raise bad_query(
            "unknown_value", word.position, given=value, suggestion=near[0] if near else None, key=key
        )
    if key in ("priority", "severity"):
        try:
            return level(key, value)
        except Invalid:
            raise bad_query("unknown_value", word.position, given=value, key=key) from None
    if key in ("number", "parent"):
        number = value.removeprefix("#")
        if not (number.isascii() and number.isdecimal() and len(number) < 19):
            raise bad_query("unknown_value", word.position, given=value, key=key)
        return int(number)
    return given if known or (key, given) == ("owner", "me") else value
