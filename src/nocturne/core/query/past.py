"""Questions of the past: which keys can be asked for it, and how `was:` and `changed:` are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from nocturne.core.fieldvalues import Searchable
from nocturne.core.fieldvalues.asking import Range
from nocturne.core.lifecycle import CLOCKS
from nocturne.core.query import values
from nocturne.core.query.choices import choices
from nocturne.core.query.dates import asked as instant_asked
from nocturne.core.query.tree import Measured, Past, Term, Value
from nocturne.core.query.vocabulary import PAST_COLUMNS, PAST_VALUES, TAGS, Key, key_of
from nocturne.core.query.words import Given, Word, bad_query
from nocturne.core.refusals import Invalid
from nocturne.core.values import LEVELS

if TYPE_CHECKING:
    from nocturne.core.query.terms import Reader

PAST_FORMS = frozenset({"choice", "name", "person", "level", "clock", "ticket"})
"""Forms of the keys whose values of the past the books can be searched for."""
BESIDE = ("after", "before", "by", "from", "to")
"""Keys that stand beside a `changed:` and say more of it."""
_NOT_PAST = frozenset({"updated", "text"})


def has_past(name: str) -> bool:
    """Tell whether the books tell of a key's column when it changed."""
    key = key_of(name)
    if "." in name or key.form in ("age", "link", "has", "was"):
        return False
    if key.form == "local":
        return name != TAGS
    return key.column.partition("/")[0] in PAST_COLUMNS and name not in _NOT_PAST


def has_past_values(name: str) -> bool:
    """Tell whether the books can be asked what a key's column was."""
    key = key_of(name)
    return has_past(name) and key.form in PAST_FORMS and key.column.partition("/")[0] in PAST_VALUES


def led(word: Word) -> str:
    """Write a word that says more of a change behind the change that its values are probably of."""
    said = [given.text.lower() for given in word.values]
    column = "any"
    if word.key in ("from", "to"):
        if any(re.fullmatch(r"[^@\s]+@[^@\s]+", each) for each in said) and word.key == "from":
            return f"reporter:{word.shown.partition(':')[2]}"  # as those ask whose mail programs have such a word
        column = "owner"
        for name in ("state", "type"):
            column = name if all(each in choices(name) for each in said) else column
        if all(re.fullmatch(r"[sp]?[1-9]|[1-9]\.\.[1-9]", each) for each in said):
            column = "priority" if said[0][0] == "p" else "severity"
    return f"changed:{column} {word.shown}"


def was(reader: Reader, word: Word, given: Given) -> Iterator[values.Read]:
    """Read a value of `was:`: a key and what it had, `owner:me`.

    :raises Invalid: bad_query.
    """
    name, value = _had(reader, word, given)
    if name == "clock" and value.text in CLOCKS and len(word.values) == 1:
        # How long a clock ran is kept apart, and says as well that it did.
        whole = Given(given.text, word.position, given.end)
        raise bad_query(
            "unknown_value",
            word.position,
            given=given.text,
            key="was",
            suggestion=f"clock:{value.text}>0m",
            at=whole,
        )
    column = column_asked(reader, word, Given(name, given.position, given.position + len(name)))
    key = key_of(column)
    if not name or not value.text or not has_past_values(column):
        raise bad_query("past_needs_value", word.position, given=given.text, key="was", at=given)
    for read in reader.read(key, word, value):
        befores = _single(key, read.value)
        if not befores or (key.form != "person" and isinstance(read.value, str) and read.value[:1] == "@"):
            raise values.unknown(word, value, key=column)
        yield values.Read(Past(column, befores=befores), f"{name.lower()}:{read.written}")


def _had(reader: Reader, word: Word, given: Given) -> tuple[str, Given]:
    """Part `owner:anna` into the key and what it had; behind a comma, the key may be the one before."""
    name, colon, rest = given.text.partition(":")
    place = word.values.index(given)
    if place and reader.vocabulary.get(name.lower()) is None:
        before = next((each for each in reversed(word.values[:place]) if ":" in each.text), None)
        if before is not None:
            return before.text.partition(":")[0], given
    start = given.position + len(name) + 1
    value = replace(given, text=rest if colon else "", position=start, quoted=given.is_quoted_behind)
    return name, value


def _single(key: Key, value: Value) -> tuple[Value, ...]:
    """Give the single values that are asked for; a stretch of levels is each of them, others were never one."""
    if isinstance(value, Range) and key.form == "level":
        levels = range(1, LEVELS[key.name] + 1)
        return tuple(each for each in levels if value.holds(Searchable(number=Decimal(each))))
    return () if isinstance(value, Measured | Range) else (value,)


def changed(reader: Reader, word: Word, beside: Sequence[Word]) -> Term:
    """Read a `changed:` with what stands beside it: when, by whom, from what, to what.

    :raises Invalid: bad_query.
    """
    said: dict[str, Word] = {}
    for each in beside:
        if each.key in said:
            raise bad_query("said_twice", each.position, given=each.shown, key=each.key)
        said[each.key] = each
    term = reader.term(word)
    read = {
        name: [_besides(reader, said[name], given) for given in said[name].values] if name in said else []
        for name in ("after", "before", "by")
    }
    when = _when(said, read)
    found = []
    for past in term.values:
        if isinstance(past, Past):
            for end in ("from", "to"):
                read[end] = _ends(reader, said[end], past.column) if end in said else []
            ends = {
                end: tuple(one for each in read[end] for one in _single(key_of(past.column), each.value))
                for end in ("from", "to")
                if end in read
            }
            by = tuple(each.value for each in read["by"])
            found.append(
                replace(past, befores=ends.get("from", ()), afters=ends.get("to", ()), when=when, by=by)
            )
    spelt_beside = tuple(f"{each.key}:{','.join(one.written for one in read[each.key])}" for each in beside)
    return Term("changed", tuple(found), word.position, term.written, spelt_beside)


def column_asked(reader: Reader, word: Word, given: Given) -> str:
    """Find which column is asked for by the name of its key; `any` is all of them.

    :raises Invalid: bad_query.
    """
    name = given.text.lower()
    if name in ("any", "*") and word.key == "changed":
        return ""
    found = reader.vocabulary.get(name)
    if found is None or not has_past(found):
        known = [each for each, named in reader.vocabulary.items() if has_past(named)]
        raise values.unknown(word, given, known, key=word.key)
    return found


def _when(said: Mapping[str, Word], read: Mapping[str, list[values.Read]]) -> tuple[Range, ...]:
    after, before = read["after"], read["before"]
    if not after and not before:
        return ()
    for name, found in (("after", after), ("before", before)):
        if len(found) > 1:
            raise bad_query("one_value_only", said[name].position, given=said[name].shown, key=name)
    low = after[0].value if after else None
    high = before[0].value if before else None
    return (
        Range(
            "at",
            low.low if isinstance(low, Range) else None,
            high.high if isinstance(high, Range) else None,
            low.closed_low if isinstance(low, Range) else True,
            high.closed_high if isinstance(high, Range) else True,
        ),
    )


def _besides(reader: Reader, word: Word, given: Given) -> values.Read:
    if word.key == "by":
        return values.Read(values.person(given), values.name_written(given))
    try:
        sign = ">" if word.key == "after" else "<"
        written = given.text if given.text[:1] in "<>" else _since(word.key, given.text, sign)
        return values.Read(instant_asked(written, reader.context, ahead=False), values.spelt(given.text))
    except Invalid:
        raise values.unknown(word, given) from None


def _since(name: str, text: str, sign: str) -> str:
    """`after:yesterday` begins with that day, `after:2h` two hours ago; `before:` ends where they begin."""
    return f">={text}" if name == "after" and not values.is_length(text) else values.turned(sign, text)


def _ends(reader: Reader, word: Word, column: str) -> list[values.Read]:
    """Read what a column was, or became."""
    if not column or not has_past_values(column):
        raise bad_query("needs_one_column", word.position, given=word.shown, key=word.key)
    found = [each for given in word.values for each in reader.read(key_of(column), word, given)]
    if not all(_single(key_of(column), each.value) for each in found):
        raise values.unknown(word, word.values[0], key=column)
    return found
