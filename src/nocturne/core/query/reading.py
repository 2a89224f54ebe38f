"""Reads a query: its words become a tree of terms, `or` binding weakest, then the space, then `-`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from nocturne.core.configuration import current
from nocturne.core.fieldvalues import Context
from nocturne.core.query import examples, foreign, frame, past
from nocturne.core.query.terms import Reader
from nocturne.core.query.tree import EVERYTHING, And, Not, Or, Query, Term, Tree, terms
from nocturne.core.query.vocabulary import Vocabulary, key_of, keys, paths
from nocturne.core.query.words import Word, bad_query, words
from nocturne.core.refusals import Invalid
from nocturne.core.zones import Zone

DEEPEST = 20
MOST_DEAR = 30
"""Terms of one question that look further than a ticket's own row: each may go through a whole history."""
MOST_MENDED = 3
"""Slips of one term that are mended at once."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


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
        _proved(text, refused, vocabulary, context)
        refused.params.update(examples.beside(text, refused.params, vocabulary, context))
        raise


def _proved(text: str, refused: Invalid, vocabulary: Vocabulary, context: Context) -> None:
    """Leave a refusal no suggestion that would be refused in turn; what else is wrong in it is mended with it.

    What stands behind it may be wrong by itself, and a key is suggested whatever its value is.
    """
    facts = refused.params
    for _ in range(MOST_MENDED):
        suggestion = facts["suggestion"]
        if suggestion is None:
            return
        start, end = facts["span"]
        mended = f"{text[:start]}{suggestion}{text[end:]}"
        try:
            _read(mended, vocabulary, context)
        except Invalid as again:
            over = start + len(suggestion)
            low, high = again.params["span"]
            if again.params["position"] >= over:
                return
            if again.params["suggestion"] is None or low < start:
                break
            reaches = max(over, high)
            facts["suggestion"] = f"{mended[start:low]}{again.params['suggestion']}{mended[high:reaches]}"
            facts["span"] = [start, end + reaches - over]
        else:
            return
    if facts["reason"] != "unknown_key":
        facts["suggestion"] = None


def _read(text: str, vocabulary: Vocabulary, context: Context) -> Query:
    if refused := foreign.refusal(text, vocabulary):
        raise refused
    framing: dict[str, Word] = {}
    rest: list[Word] = []
    depth = 0
    for word in words(text, vocabulary):
        depth += (word.mark == "(") - (word.mark == ")")
        if not word.key or key_of(paths(word.key)[1]).form != "frame":
            rest.append(word)
        elif depth or word.key in framing:
            raise bad_query("order_out_of_place", word.position, given=word.shown, key=word.key)
        else:
            framing[word.key] = word
    tree = _Parser(rest, len(text), Reader(context, vocabulary)).whole()
    dear = [term for term in terms(tree) if _is_dear(term)]
    if len(dear) > MOST_DEAR:
        raise bad_query("too_long", dear[MOST_DEAR].position)
    return Query(
        tree,
        frame.order(framing.get("order"), vocabulary),
        frame.group(framing.get("group"), vocabulary),
        frame.limit(framing.get("limit")),
    )


def _is_dear(term: Term) -> bool:
    """Tell whether a term asks more than the tickets themselves: their past, what hangs on them, others beside."""
    link, name = paths(term.key)
    return bool(link) or key_of(name).form in ("was", "changed", "has")


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
        if word.key in past.BESIDE:
            raise bad_query(
                "beside_nothing", word.position, given=word.shown, key=word.key, suggestion=past.led(word)
            )
        if word.key != "changed":
            return self.reader.term(word)
        beside: list[Word] = []
        while (near := self._next()) and near.key in past.BESIDE:
            beside.append(near)
            self.place += 1
        return past.changed(self.reader, word, beside)
