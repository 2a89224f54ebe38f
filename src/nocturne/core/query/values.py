"""Reads single values of a query, whatever key they stand behind: names, words, people, amounts; and spells them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass

from nocturne.core.fieldvalues.asking import Range
from nocturne.core.query import synonyms
from nocturne.core.query.dates import length_asked
from nocturne.core.query.tree import Prefix, Value
from nocturne.core.query.words import Given, Word, bad_query
from nocturne.core.refusals import Invalid

_PLAIN = re.compile(r'[^\s,"()*]+')
_RESERVED = frozenset({"me", "none", "or", "and", "not", "any"})
_MASKED = re.compile(r"[A-Za-z]+[?][A-Za-z]+")
_TURNED = re.compile(r"(?:!|-|no:|not:)(.+)")
_SIGNED = re.compile(r"[!-][A-Za-z@][^|]*")
_MEASURED = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)(>=|<=|>|<|=|:)(.+)")
_HOW_MANY = re.compile(
    r"(?P<sign>>=|<=|>|<)(?P<bound>[0-9]{1,6})|(?P<low>[0-9]{0,6})\.\.(?P<high>[0-9]{0,6})"
)


def spelt(text: str, *, quoted: bool = False) -> str:
    """Spell a value so that it is read as it is: quoted where it has to be.

    :param quoted: whether it was, so that it stands for itself whatever it says.
    """
    if quoted:
        return text if text.isalpha() and text.lower() not in _RESERVED else _in_quotes(text)
    bare = text.removesuffix("*")
    return text if text == "*" or _PLAIN.fullmatch(bare) else _in_quotes(bare) + text[len(bare) :]


def _in_quotes(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True, slots=True)
class Read:
    """A value as it is meant, and as it is written."""

    value: Value
    written: str


def unknown(word: Word, given: Given, known: Collection[str] = (), *, key: str | None = None) -> Invalid:
    """Refuse a value, with what was probably meant: all of it, or nothing is suggested."""
    key = key or word.key
    turned = _TURNED.fullmatch(given.text.lower())
    if (
        turned
        and not given.quoted
        and (meant := near(key, turned[1], known) or (None if known else turned[1]))
    ):
        # `is:!open` is the opposite of what is nearest to it; beside other values there is no way to say so.
        alone = len(word.values) == 1
        whole = Given(given.text, word.position, given.end)
        return bad_query(
            "unknown_value", word.position, given=given.text, key=key,
            suggestion=f"-{word.shown[: given.position - word.position]}{meant}" if alone else None,
            at=whole if alone else given,
        )  # fmt: skip
    several = given.text.replace("|", ",") if _is_several(given) and not known else None
    return bad_query(
        "unknown_value",
        word.position,
        given=given.text,
        suggestion=several or near(key, given.text.lower(), known),
        key=key,
        at=given,
    )


def _is_several(given: Given) -> bool:
    return "|" in given.text.strip("|") and not given.quoted


def no_foreign_sign(word: Word, given: Given, *, key: str) -> None:
    """Refuse a name as elsewhere one asks for any other, or for several: `!me`, `anna|kofi`.

    :raises Invalid: bad_query.
    """
    if not given.quoted and (_SIGNED.fullmatch(given.text) or _is_several(given)):
        raise unknown(word, given, key=key)


def no_star_within(word: Word, given: Given, *, key: str, is_part: bool = False) -> None:
    """Refuse `cr*.aa`, `*ibre` and `fi?re`: what may follow is all that a star can stand for.

    :param is_part: whether the key looks for a part of a text anyhow, so that a star before it says nothing.
    :raises Invalid: bad_query.
    """
    inner = given.text.rstrip("*")
    if given.quoted or not (given.has_star_within or (not word.key and _MASKED.fullmatch(inner))):
        return
    plain = inner.lstrip("*")
    suggestion = spelt(plain) if is_part and "*" not in plain else None
    raise bad_query("star_within", word.position, given=given.text, key=key, suggestion=suggestion, at=given)


def near(key: str, given: str, known: Collection[str]) -> str | None:
    """Give the value that was probably meant: as it is called here, spelt almost so, or several of them (`a|b`)."""
    values = list(known)
    if "|" in given:
        several = [each if each in values else near(key, each, values) for each in given.split("|")]
        return ",".join(each for each in several if each) if all(several) else None
    if given in values:
        return given
    called = synonyms.VALUES.get(key, {}).get(given)
    if called in values:
        return called
    return next(
        (each for each in difflib.get_close_matches(given, values, 3) if _marks(each) == _marks(given)), None
    )


def _marks(text: str) -> str:
    """Give what is neither letter, digit nor space: signs say something, and none is lost in a suggestion."""
    return re.sub(r"[\w\s-]", "", text)


def named(given: Given) -> str | Prefix:
    """Read a name, or the beginning of one: `cr*`; `*` is any."""
    start = given.text.removesuffix("*")
    return Prefix(start) if start != given.text and not given.quoted else given.text


def person(given: Given) -> Value:
    """Read whom is asked for: who asks, a name or address, `@group` or `@domain`."""
    return "me" if given.text.lower() == "me" and not given.quoted else named(given)


def name_written(given: Given) -> str:
    """Spell a name so that it is read as the same again; `me` stays whoever asks."""
    if given.text.lower() == "me" and not given.quoted:
        return "me"
    return whole(given)


def words(given: Given) -> str | Prefix:
    """Read what is looked for in texts: `cut`, `"fibre cut"`, or a beginning, `fib*`."""
    start = given.text.rstrip("*")
    return Prefix(start) if start and start != given.text and not given.quoted else given.text


def words_written(given: Given) -> str:
    """Spell words that are looked for so that they are read as the same again."""
    found = words(given)
    return spelt(f"{found.start}*") if isinstance(found, Prefix) else whole(given)


def whole(given: Given) -> str:
    """Spell a name or text: what was quoted stays so where it would mean something else without."""
    return spelt(given.text, quoted=given.quoted)


def measured(given: Given) -> tuple[str, str, str]:
    """Part `vendor>4h` into name, sign and amount."""
    match = _MEASURED.fullmatch(given.text)
    if match is None:
        return given.text.lower(), "", ""
    return match[1].lower(), match[2], match[3]


def counted(given: Given) -> Read | None:
    """Read how many are to be affected: `>5`, `2..9`; None where it is somebody's name."""
    match = None if given.quoted else _HOW_MANY.fullmatch(given.text)
    if match is None:
        return None
    if match["sign"]:
        number, sign = int(match["bound"]), match["sign"]
        asked_for = (
            Range("number", number, None, closed_low=sign == ">=")
            if sign[0] == ">"
            else Range("number", None, number, closed_high=sign == "<=")
        )
        return Read(asked_for, f"{sign}{number}")
    low, high = (int(each) if each else None for each in (match["low"], match["high"]))
    return Read(Range("number", low, high), between(low, high)) if (low, high) != (None, None) else None


def between(low: int | None, high: int | None) -> str:
    """Spell a range of whole numbers, open where an end is None."""
    return f"{'' if low is None else low}..{'' if high is None else high}"


def amount(text: str) -> int | None:
    """Read a whole number below a million; nothing where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def is_length(text: str) -> bool:
    """Tell whether something is one length of time, such as `2h`: neither compared nor a range."""
    try:
        length_asked(text)
    except Invalid:
        return False
    return text[:1] not in "<>" and ".." not in text


def turned(sign: str, text: str) -> str:
    """Turn a comparison with a length of time round: later than two hours ago is less than two hours ago."""
    return ("<" if sign == ">" else ">") + text if is_length(text) else sign + text
