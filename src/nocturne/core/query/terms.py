"""Reads the words of a query as terms: each key's values by its form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nocturne.core.configuration import current
from nocturne.core.configuration.fields import Field
from nocturne.core.fieldvalues import Context
from nocturne.core.fieldvalues.asking import Range, asked
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.lifecycle import CLOCKS
from nocturne.core.query import past, synonyms, values
from nocturne.core.query.choices import choices
from nocturne.core.query.conditions import IS
from nocturne.core.query.counted import COUNTED, counted_types
from nocturne.core.query.dates import asked as instant_asked
from nocturne.core.query.dates import length_asked, span_asked
from nocturne.core.query.tree import Measured, Past, Prefix, Term
from nocturne.core.query.vocabulary import LINKS, TAGS, Key, Vocabulary, key_of, paths
from nocturne.core.query.words import Given, Word, bad_query
from nocturne.core.refusals import Invalid
from nocturne.core.values import level

_TAG = Field("tag")
_BEGUN = ("name", "person", "line", "words", "affected")
"""Forms whose values can be asked for by how they begin."""


class Reader:
    """Reads words; what it must know beside them it is given."""

    def __init__(self, context: Context, vocabulary: Vocabulary) -> None:
        self.context = context
        self.vocabulary = vocabulary

    def term(self, word: Word) -> Term:
        """Read one word.

        :raises Invalid: bad_query.
        """
        if not word.key:
            return self._bare(word)
        link, name = paths(word.key)
        while link:
            link, name = paths(name)
        key = key_of(name)
        read = [each for given in word.values for each in self.read(key, word, given)]
        return Term(
            word.key,
            tuple(dict.fromkeys(each.value for each in read)),
            word.position,
            tuple(dict.fromkeys(each.written for each in read)),
        )

    # --- words without a key ---------------------------------------------------------------------------------------

    def _bare(self, word: Word) -> Term:
        given = word.values[0]
        # Nobody writes a ticket's number with noughts before it, but vendors and customers write their references so.
        number = None if given.text.startswith("0") else self._number(given.text)
        if not given.quoted and number is not None:
            return Term("number", (number,), word.position, (str(number),))
        values.no_star_within(word, given, key="text")
        return Term("text", (values.words(given),), word.position, (values.words_written(given),))

    def _number(self, text: str) -> int | None:
        """Read a ticket's number: `4711`, `#4711`, `TT4711`, and as subjects of mail have it, `noc#4711`."""
        tag = current().site.tag.lower()
        found = re.fullmatch(rf"(?:#|tt-?#?|{re.escape(tag)}[ -]?#)?([0-9]{{1,18}})", text.lower())
        return int(found[1]) if found and text.isascii() else None

    # --- values by form --------------------------------------------------------------------------------------------

    def read(self, key: Key, word: Word, given: Given) -> Iterator[values.Read]:
        """Read one value of a key by its form; a value of a local field may mean several.

        :raises Invalid: bad_query.
        """
        if key.form in _BEGUN:
            values.no_star_within(word, given, key=key.name, is_part=key.form == "line")
        if key.form in ("name", "person"):
            values.no_foreign_sign(word, given, key=key.name)
        for found in self._read(key, word, given):
            asked_for = found.value.range if isinstance(found.value, Measured) else found.value
            if isinstance(asked_for, Range) and _is_reversed(asked_for):
                name, sign, rest = (
                    values.measured(given) if isinstance(found.value, Measured) else ("", "", given.text)
                )
                low, _, high = rest.partition("..")
                turned = values.spelt(f"{name}{sign}{high}..{low}")
                raise bad_query(
                    "range_reversed",
                    word.position,
                    given=given.text,
                    key=key.name,
                    suggestion=turned,
                    at=given,
                )
            yield found

    def _read(self, key: Key, word: Word, given: Given) -> Iterator[values.Read]:
        """Read it, whatever it asks for."""
        none = given.text.lower() == "none" and not given.quoted
        if none and key.empty and key.form != "local":
            yield values.Read(None, "none")
            return
        match key.form:
            case "local":
                yield from self._local(key, word, given)
            case "choice":
                yield from self._choice(key.name, word, given)
            case "clock":
                yield self._clock(word, given)
            case "words":
                yield values.Read(values.words(given), values.words_written(given))
            case "level":
                yield from self._levels(key.name, word, given)
            case "ticket" | "link":
                yield self._ticket(key.name, word, given)
            case "instant" | "age" | "span":
                yield self._time(key, word, given)
            case "affected" if key.name == "affected" and (counted := values.counted(given)):
                yield counted
            case "person":
                yield values.Read(values.person(given), values.name_written(given))
            case "has":
                yield self._has(word, given)
            case "was":
                yield from past.was(self, word, given)
            case "changed":
                yield values.Read(Past(past.column_asked(self, word, given)), values.spelt(given.text))
            case _:
                yield values.Read(values.named(given), values.name_written(given))

    def _local(self, key: Key, word: Word, given: Given) -> Iterator[values.Read]:
        """Read what is asked of a local field: `none` is no value, `*` any."""
        field = _TAG if key.name == TAGS else current().fields[key.name.removeprefix(PREFIX)]
        if given.text.lower() == "none":
            yield values.Read(None, "none")
            return
        try:
            for found in asked(field, given.text, self.context):
                yield values.Read(found, values.spelt(given.text))
        except Invalid:
            raise values.unknown(
                word, given, [each.value for each in field.choices], key=field.name
            ) from None

    def _choice(self, key: str, word: Word, given: Given) -> Iterator[values.Read]:
        known, value = choices(key), given.text.lower()
        if value not in known:
            said = value if value in IS else synonyms.IS.get(value)
            if key == word.key == "state" and said and value not in synonyms.STATES and len(word.values) == 1:
                whole = Given(given.text, word.position, given.end)
                raise bad_query(
                    "unknown_value",
                    word.position,
                    given=given.text,
                    key=key,
                    suggestion=f"is:{said}",
                    at=whole,
                )
            raise values.unknown(word, given, known, key=key)
        yield values.Read(value, values.spelt(value))

    def _clock(self, word: Word, given: Given) -> values.Read:
        name, sign, rest = values.measured(given)
        if name not in CLOCKS:
            raise values.unknown(word, given, CLOCKS, key="clock")
        if not sign:
            return values.Read(name, name)
        try:
            return values.Read(
                Measured(name, length_asked(rest if sign == ":" else sign + rest)),
                values.spelt(given.text.lower()),
            )
        except Invalid:
            raise values.unknown(word, given, key="clock") from None

    def _levels(self, key: str, word: Word, given: Given) -> Iterator[values.Read]:
        text = given.text
        try:
            for sign in (">=", "<=", ">", "<"):
                if text.startswith(sign):
                    number, closed = level(key, text.removeprefix(sign)), sign.endswith("=")
                    if sign.startswith(">"):
                        yield values.Read(Range("number", number, None, closed_low=closed), f"{sign}{number}")
                    else:
                        yield values.Read(
                            Range("number", None, number, closed_high=closed), f"{sign}{number}"
                        )
                    return
            first, dots, last = text.partition("..")
            if dots and (first or last):
                low, high = level(key, first) if first else None, level(key, last) if last else None
                yield values.Read(Range("number", low, high), values.between(low, high))
                return
            yield values.Read(level(key, text), str(level(key, text)))
        except Invalid:
            raise values.unknown(word, given, key=key) from None

    def _ticket(self, key: str, word: Word, given: Given) -> values.Read:
        number = self._number(given.text)
        if number is not None:
            return values.Read(number, str(number))
        if given.text == "*" and not given.quoted and key != "number":
            return values.Read(Prefix(""), "*")
        sign = next(
            (each for each in (">=", "<=", ">", "<") if key == "number" and given.text.startswith(each)), ""
        )
        if sign and (number := self._number(given.text.removeprefix(sign))) is not None:
            closed = sign.endswith("=")
            if sign.startswith(">"):
                return values.Read(Range("number", number, None, closed_low=closed), f"{sign}{number}")
            return values.Read(Range("number", None, number, closed_high=closed), f"{sign}{number}")
        first, dots, last = given.text.partition("..")
        low, high = self._number(first), self._number(last)
        is_whole = (low is None) == (not first) and (high is None) == (not last)
        if key == "number" and dots and (first or last) and is_whole:
            return values.Read(Range("number", low, high), values.between(low, high))
        raise values.unknown(word, given, key=key)

    def _time(self, key: Key, word: Word, given: Given) -> values.Read:
        try:
            if key.form == "age":
                return values.Read(span_asked(given.text, self.context), values.spelt(given.text))
            if key.form == "span":
                return values.Read(length_asked(given.text), values.spelt(given.text))
            return values.Read(
                instant_asked(given.text, self.context, ahead=key.ahead), values.spelt(given.text)
            )
        except Invalid:
            raise values.unknown(word, given, key=key.name) from None

    def _has(self, word: Word, given: Given) -> values.Read:
        name, sign, rest = values.measured(given)
        found = self._had(name)
        if found is None:
            called = values.near("has", name, self.can_have()) if sign else None
            if (
                called
                and self._had(called) in (*COUNTED, *counted_types())
                and values.amount(rest) is not None
            ):
                raise bad_query(
                    "unknown_value", word.position, given=given.text, key="has", at=given,
                    suggestion=f"{called}{'=' if sign == ':' else sign}{rest}",
                )  # fmt: skip
            raise values.unknown(word, given, self.can_have(), key="has")
        if not sign:
            return values.Read(Measured(found, Range("number", 1)), values.spelt(name))
        counted = found in COUNTED or found in counted_types()
        if counted and sign == ":" and (several := values.counted(Given(rest, given.position, given.end))):
            asked_for = several.value
            if isinstance(asked_for, Range):
                return values.Read(Measured(found, asked_for), values.spelt(f"{name}:{several.written}"))
        number = values.amount(rest) if counted else None
        if number is None:
            raise values.unknown(word, given, key="has")
        match sign:
            case ">" | ">=":
                asked_for = Range("number", number, None, closed_low=sign == ">=")
            case "<" | "<=":
                asked_for = Range("number", None, number, closed_high=sign == "<=")
            case _:
                asked_for = Range("number", number, number)
        return values.Read(
            Measured(found, asked_for), values.spelt(f"{name}{'=' if sign == ':' else sign}{number}")
        )

    def _had(self, name: str) -> str | None:
        if name in COUNTED:
            return name
        if f"{name}s" in COUNTED:
            return f"{name}s"
        if name in LINKS:
            return name
        if name in counted_types():
            return name
        if name in ("nodes", "node"):
            return "machines"
        found = self.vocabulary.get(name)
        return found if found and key_of(found).empty and key_of(found).form != "affected" else None

    def can_have(self) -> list[str]:
        """List what `has:` can be asked for."""
        own = [name for name, found in self.vocabulary.items() if key_of(found).empty]
        return sorted({*COUNTED, *LINKS, *counted_types(), *own} - {"tag"})


def _is_reversed(asked_for: Range) -> bool:
    low: Any = asked_for.low
    return low is not None and asked_for.high is not None and bool(low > asked_for.high)
