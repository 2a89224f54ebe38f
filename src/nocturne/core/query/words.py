"""Cuts a query into words with their positions: brackets, `or`, `not`, `key:value` and text.

A word in the form of a key that is none is refused, as it may be a slip of the fingers; more than one colon make
it text all the same (an address of a machine), and so does nothing behind the colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nocturne.core.query import clocks
from nocturne.core.query.counted import COUNTED, counted_types
from nocturne.core.query.vocabulary import Vocabulary
from nocturne.core.refusals import Invalid

LONGEST = 2_000
MOST_WORDS = 200
MOST_VALUES = 100

_KEY = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]{0,59}):(?![/:])")
_KEYLIKE = re.compile(r"[A-Za-z][A-Za-z_]{0,29}")
"""What is taken for the slip of a key where it is none; `10:25` and `00-1b:` are text."""
_PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"|[^\s,"()]+', re.DOTALL)
_PHRASE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_STRANGE = re.compile("[\x00\ud800-\udfff]")
"""What no database takes in a text."""
_JOINING = {"or": "or", "not": "not", "and": ""}


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it was typed, between two places in the text; one that was quoted stands for itself.

    :param is_quoted_behind: whether what stands behind its first colon was: `owner:"x y"`.
    :param has_star_within: whether a star stands elsewhere than at its end, and in no quotation marks.
    """

    text: str
    position: int
    end: int
    quoted: bool = False
    is_quoted_behind: bool = False
    has_star_within: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query: a mark (`(`, `)`, `or`, `not`), or text, or a key with its values."""

    position: int
    shown: str
    mark: str = ""
    key: str = ""
    values: tuple[Given, ...] = ()


def bad_query(
    reason: str,
    position: int,
    *,
    given: str = "",
    suggestion: str | None = None,
    key: str | None = None,
    at: Given | None = None,
) -> Invalid:
    """Make the refusal of a query: why, where, and what may have been meant.

    :param position: where the word begins.
    :param at: the piece of the text that is wrong, where it is less than the word: a suggestion takes its place.
    """
    facts = {"reason": reason, "position": position, "given": given, "suggestion": suggestion, "key": key}
    span = [at.position, at.end] if at else [position, position + len(given)]
    return Invalid("bad_query", field="query", span=span, **facts)


def words(text: str, keys: Vocabulary) -> Iterator[Word]:
    """Cut a query into words; `keys` maps every spelling of a key to its name.

    :raises Invalid: bad_query.
    """
    if len(text) > LONGEST:
        raise bad_query("too_long", LONGEST)
    if strange := _STRANGE.search(text):
        raise bad_query("strange_character", strange.start())
    place, depth, count = 0, 0, 0
    while match := re.compile(r"\S").search(text, place):
        word, place = _word(text, match.start(), depth, keys)
        depth += (word.mark == "(") - (word.mark == ")")
        count += 1
        if count > MOST_WORDS:
            raise bad_query("too_long", word.position)
        if word.mark or word.values:
            yield word


def _word(text: str, start: int, depth: int, keys: Vocabulary) -> tuple[Word, int]:
    """Read the word that begins here; gives it with where it ends."""
    first = text[start]
    if first in "()":
        if first == ")" and not depth:
            raise bad_query("bracket_not_opened", start)
        return Word(start, first, mark=first), start + 1
    if first == "-" and text[start + 1 : start + 2].strip() not in ("", ")"):
        return Word(start, first, mark="not"), start + 1
    if first == '"':
        return _phrase(text, start)
    match = _KEY.match(text, start)
    end = _end_of_plain(text, start, depth)
    shown = text[start:end]
    alone = match is not None and match.end() < end and shown.count(":") == 1
    if match and (keys.find(match[1].lower()) or (alone and _is_slip(match[1].lower(), keys))):
        return _keyed(text, match, keys)
    if shown.lower() in _JOINING:
        return Word(start, shown, mark=_JOINING[shown.lower()]), end
    star = "*" in shown.rstrip("*")
    return Word(start, shown, values=(Given(shown, start, end, has_star_within=star),)), end


def _is_slip(name: str, keys: Vocabulary) -> bool:
    """Tell whether what stands before a colon is probably meant to be a key: a word, or nearly a path.

    Names of machines have points as well: what begins with one of our own words is no machine's.
    """
    if "." in name:
        return keys.leads(name) or keys.near(name) is not None
    return bool(_KEYLIKE.fullmatch(name)) or name.replace("-", "_") in keys


def _phrase(text: str, start: int) -> tuple[Word, int]:
    match = _PHRASE.match(text, start)
    if match is None:
        raise bad_query("quote_not_closed", start)
    value, end = _unescaped(match[1]), match.end()
    if goes_on := text[end : end + 1] == "*":
        value, end = value + "*", end + 1
    given = Given(value, start, end, quoted=not goes_on)
    return Word(start, text[start:end], values=(given,) if value else ()), end


def _keyed(text: str, match: re.Match[str], keys: Vocabulary) -> tuple[Word, int]:
    """Read a key and its values, parted by commas."""
    start, name = match.start(), match[1].lower()
    key = keys.find(name)
    if key is None:
        near = keys.near(name)
        if text[match.end() : match.end() + 1] in ("<", ">", "=") and (
            name in COUNTED or name in counted_types()
        ):
            near = f"has:{name}"
        # What takes a sign with it (`older_than:2d` is `age:>2d`) stands in place of the colon, too.
        at = Given(match[0], start, match.end()) if near and ":" in near else None
        raise bad_query("unknown_key", start, given=match[1], suggestion=near, at=at)
    values, place = [], match.end()
    while (value := _value(text, place)) is not None:
        written, end = clocks.joined(key, value.text, text, value.end)
        value = replace(value, text=written, end=end) if end > value.end else value
        values.append(value)
        place = value.end
        if text[place : place + 1] != ",":
            break
        place += 1
    if text[place : place + 1] == '"':
        raise bad_query("quote_not_closed", place)
    if not values or not all(each.text for each in values) or len(values) > MOST_VALUES:
        raise bad_query("value_missing", start, given=match[1], key=key)
    return Word(start, text[start:place], key=key, values=tuple(values)), place


def _value(text: str, start: int) -> Given | None:
    """Read one value: plain pieces and quoted ones in a row, such as `>"2026-11-22 08:00"`."""
    place, pieces, quoted = start, [], []
    while piece := _PIECE.match(text, place):
        quoted.append(piece[1] is not None)
        pieces.append(_unescaped(piece[1]) if piece[1] is not None else piece[0])
        place = piece.end()
    if not pieces:
        return None
    behind = (
        len(pieces) > 1 and pieces[0].find(":") == len(pieces[0]) - 1 and not quoted[0] and all(quoted[1:])
    )
    ends = [each.rstrip("*") if each is pieces[-1] else each for each in pieces]
    star = any("*" in each for each, is_quoted in zip(ends, quoted, strict=True) if not is_quoted)
    return Given("".join(pieces), start, place, all(quoted), is_quoted_behind=behind, has_star_within=star)


def _end_of_plain(text: str, start: int, depth: int) -> int:
    """Find where a word of text ends: at a space, or at the bracket that closes one around it."""
    inner = 0
    for place in range(start, len(text)):
        char = text[place]
        if char.isspace() or (char == ")" and not inner and depth):
            return place
        inner += (char == "(") - (char == ")" and inner > 0)
    return len(text)


def _unescaped(text: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", text)
