"""One language to find tickets: `is:open node:cr1.aa,cr2.chi (owner:me or -severity:4) "fibre cut" order:newest`.

A local field's name is a key too: `cve:CVE-2026-*`, `bandwidth:>10G`, `due:2026-12`, `hosts:10.0.0.0/8`.

Words stand for themselves: a number is a ticket's number, other text is looked for in what was written, `key:value`
asks for a column, `key:a,b` for one of several values, `key:none` for an empty one, `key:cr*` for how it begins. Terms
are joined by a space (and), `or` binds weaker, `-` and `not` turn one term or bracket round. `order:`, `group:` and
`limit:` say how to show what is found.

A query becomes a tree of terms (`nocturne.core.querytree`). It has two interpreters, in memory
(`nocturne.core.querymeaning`) and in SQL in the store; a law holds them together.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from nocturne.core import queryexamples
from nocturne.core.configuration import current
from nocturne.core.fieldvalues import Context
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.lifecycle import CLOCKS
from nocturne.core.permits import Actor, sees_column, sees_column_everywhere
from nocturne.core.querykeys import BY_NAME, FIRM, SPELLINGS, TAGS, Vocabulary, key_of, paths
from nocturne.core.querylowering import column_of_had
from nocturne.core.querymeaning import matches
from nocturne.core.queryterms import BESIDE, IS, Reader, choices
from nocturne.core.querytree import EVERYTHING, And, Measured, Not, Or, Past, Query, Term, Tree, terms
from nocturne.core.querywords import Given, Word, bad_query, words
from nocturne.core.refusals import Forbidden, Invalid
from nocturne.core.zones import Zone

KEYS = FIRM
"""Spellings that no local field can have."""
ORDERS = ("priority", "newest", "oldest", "updated", "relevance")
"""Orders by one word; `nocturne.store.lists` knows the columns of each."""
RELEVANCE = "relevance"
"""The order of how well tickets fit the words that are looked for: no column of theirs, so nothing stands beside it."""
_ONE_WAY = ("newest", "oldest", RELEVANCE)
SORTED = (
    "number", "opened", "age", "idle", "severity", "state", "clock", "owner", "queue", "type", "network", "site",
    "circuit", "vendor", "affected", "due", "started", "restored", "resolved", "closed", "starts", "ends",
)  # fmt: skip
"""What else lists can be sorted by, the least first; a minus before it turns it round."""
CHOICES: Mapping[str, Sequence[str]] = {"is": IS, "clock": CLOCKS, "order": ORDERS}
"""Keys whose values are chosen from a fixed list; for states and types the site's configuration has the list."""
CAN_BE_EMPTY = frozenset(name for name in FIRM.values() if BY_NAME[name].empty)
GROUPS = (
    "severity", "priority", "state", "clock", "owner", "queue", "type", "network", "site", "circuit", "vendor",
)  # fmt: skip
MOST = 10_000
"""What `limit:` may ask for at most."""
_ASKED = {
    **dict.fromkeys(("mine", "untaken"), "owner"),
    **dict.fromkeys(("overdue", "noalarm"), "alarm_at"),
    "ringing": "ringing_since",
    "merged": "merged_into",
    "signoff": "checked_by",
    "watched": "party/0",
    "asked": "party/0",
    "objected": "objected",
}
"""Which column a word of `is:` asks for, where it is not the state."""
DEEPEST = 20
MOST_DEAR = 30
"""Terms of one question that look further than a ticket's own row: each may go through a whole history."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

__all__ = [
    "CAN_BE_EMPTY",
    "CHOICES",
    "DEEPEST",
    "FIRM",
    "GROUPS",
    "IS",
    "KEYS",
    "LONG_AGO",
    "MOST",
    "ORDERS",
    "SORTED",
    "TAGS",
    "choices",
    "columns_of",
    "demand",
    "groups",
    "keys",
    "matches",
    "orders",
    "parse",
    "sorted_by",
]


def keys(reads: Callable[[str], bool] | None = None) -> Vocabulary:
    """Map every spelling of a key to its name: ours, and the site's own fields by any name they have had.

    :param reads: whether who asks may read a column; of the site's fields, those they may not are none.
    """
    found = Vocabulary(SPELLINGS)
    for field in current().fields.values():
        if not field.core and (reads is None or reads(PREFIX + field.name)):
            found |= dict.fromkeys((*field.formerly, field.name), PREFIX + field.name)
    found.update(FIRM)
    found["tag"] = TAGS
    return found


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
    :raises Invalid: bad_query, with `position` in the text, a `reason` and, where there is one, a `suggestion` for what
        stands at `span`, and where a value is wrong `examples` of how its key is written.
    """
    vocabulary, context = keys(reads), Context(now, zone, current().site.region)
    try:
        return _read(text, vocabulary, context)
    except Invalid as refused:
        refused.params.update(queryexamples.beside(text, refused.params, vocabulary, context))
        raise


def _read(text: str, vocabulary: Vocabulary, context: Context) -> Query:
    frame: dict[str, Word] = {}
    rest: list[Word] = []
    depth = 0
    for word in words(text, vocabulary):
        depth += (word.mark == "(") - (word.mark == ")")
        if not word.key or key_of(paths(word.key)[1]).form != "frame":
            rest.append(word)
        elif depth or word.key in frame:
            raise bad_query("order_out_of_place", word.position, given=word.shown, key=word.key)
        else:
            frame[word.key] = word
    tree = _Parser(rest, len(text), Reader(context, vocabulary)).whole()
    dear = [term for term in terms(tree) if _is_dear(term)]
    if len(dear) > MOST_DEAR:
        raise bad_query("too_long", dear[MOST_DEAR].position)
    return Query(
        tree,
        _order(frame.get("order"), vocabulary),
        _group(frame.get("group"), vocabulary),
        _limit(frame.get("limit")),
    )


def _is_dear(term: Term) -> bool:
    """Tell whether a term asks more than the tickets themselves: their past, what hangs on them, others beside."""
    link, name = paths(term.key)
    return bool(link) or key_of(name).form in ("was", "changed", "has")


def orders(order: str | None) -> tuple[str, ...]:
    """Part an order into its names, the first counting most."""
    return tuple(order.split(",")) if order else ()


def sorted_by(vocabulary: Vocabulary) -> tuple[str, ...]:
    """List the names that an order can be made of, the site's own fields with one value among them."""
    return (*ORDERS, *SORTED, *_single(vocabulary))


def _order(word: Word | None, vocabulary: Vocabulary) -> str | None:
    if word is None:
        return None
    found: list[str] = []
    for given in word.values:
        name = given.text.lower()
        plain = name.removeprefix("-")
        known = sorted_by(vocabulary)
        if plain not in known or (name != plain and plain in _ONE_WAY):
            raise _not_listed(word, given, known)
        if plain in {each.removeprefix("-") for each in found}:
            raise bad_query("said_twice", word.position, given=given.text, key="order", at=given)
        found.append(name)
        if RELEVANCE in found and len(word.values) > 1:
            raise bad_query(
                "one_value_only", word.position, given=word.shown, key="order", suggestion="order:relevance"
            )
    return ",".join(found)


def _group(word: Word | None, vocabulary: Vocabulary) -> str | None:
    if word is None:
        return None
    if len(word.values) > 1:
        raise bad_query("one_value_only", word.position, given=word.shown, key="group")
    given = word.values[0]
    name = given.text.lower()
    if name not in groups(vocabulary):
        raise _not_listed(word, given, groups(vocabulary))
    return vocabulary[name] if vocabulary.get(name, "").startswith(PREFIX) else name


def groups(vocabulary: Vocabulary) -> tuple[str, ...]:
    """List what tickets can be grouped by: columns with few values, and the site's own fields with one."""
    return (*GROUPS, *_single(vocabulary))


def _single(vocabulary: Vocabulary) -> list[str]:
    """List the spellings of the site's own fields of which a ticket has one value."""
    fields = current().fields
    return sorted(
        name
        for name, found in vocabulary.items()
        if found.startswith(PREFIX) and found != TAGS and not fields[found.removeprefix(PREFIX)].many
    )


def _limit(word: Word | None) -> int | None:
    if word is None:
        return None
    given = word.values[0]
    is_number = given.text.isascii() and given.text.isdecimal() and len(given.text) < 6
    if len(word.values) > 1 or not is_number or not 0 < int(given.text) <= MOST:
        raise bad_query("unknown_value", word.position, given=given.text, key="limit", at=given)
    return int(given.text)


def _not_listed(word: Word, given: Given, known: Sequence[str]) -> Exception:
    near = difflib.get_close_matches(given.text.lower(), known, 1)
    suggestion = near[0] if near else None
    return bad_query(
        "unknown_value", word.position, given=given.text, suggestion=suggestion, key=word.key, at=given
    )


def demand(tree: Tree, actor: Actor) -> None:
    """Refuse a query that asks for a column its asker may not read: what is hidden cannot be found either.

    :raises Forbidden: field_not_permitted, with the key.
    """
    for term in terms(tree):
        for column in columns_of(term):
            readable = sees_column_everywhere if column == "merged_into" else sees_column
            if not readable(actor, column):
                raise Forbidden("field_not_permitted", field=term.key, position=term.position)


def columns_of(term: Term) -> list[str]:
    """List the columns that must be read to ask a term."""
    found: list[str] = []
    link, name = paths(term.key)
    while link:
        found.append(key_of(link).column)
        link, name = paths(name)
    key = key_of(name)
    if key.form == "choice" and key.name == "is":
        return found + [_ASKED.get(str(value), "state") for value in term.values]
    found.append(key.column)
    for value in term.values:
        if isinstance(value, Measured) and key.form == "has":
            found.append(column_of_had(value.name))
        if isinstance(value, Past):
            found.append(key_of(value.column).column if value.column else "opened_by")
            found += ["opened_by"] if value.by else []
    return list(dict.fromkeys(column for column in found if column))


def _numbers_among_words(given: Sequence[Word]) -> list[Word]:
    """Take numbers that stand beside words for words, as in `port 22`: a ticket's number says all by itself."""
    found = list(given)
    open_brackets: list[list[int]] = []
    beside: list[int] = []

    def settle() -> None:
        for place in beside if len(beside) > 1 else ():
            word = found[place]
            said = word.values[0]
            if said.text.isascii() and said.text.isdecimal():
                found[place] = replace(word, values=(replace(said, quoted=True),))

    for place, word in enumerate(given):
        if word.mark == "(":
            open_brackets.append(beside)
            beside = []
        elif word.mark in ("or", ")"):
            settle()
            beside = open_brackets.pop() if word.mark == ")" and open_brackets else []
        elif not word.mark and not word.key and not (place and given[place - 1].mark == "not"):
            beside.append(place)
    settle()
    return found


class _Parser:
    """Reads words into a tree: `or` binds weakest, then the space, then `-`."""

    def __init__(self, given: Sequence[Word], end: int, reader: Reader) -> None:
        self.words = tuple(_numbers_among_words(given))
        self.reader = reader
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
            return self._term(word)
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

    def _term(self, word: Word) -> Tree:
        if word.key in BESIDE:
            raise bad_query(
                "beside_nothing", word.position, given=word.shown, suggestion=f"changed:any {word.shown}"
            )
        if word.key != "changed":
            return self.reader.term(word)
        beside: list[Word] = []
        while (near := self._next()) and near.key in BESIDE:
            beside.append(near)
            self.place += 1
        return self.reader.changed(word, beside)
