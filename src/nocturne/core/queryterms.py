"""Reads the words of a query as terms: each key's values by its form."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nocturne.core.configuration import current
from nocturne.core.configuration.fields import Field
from nocturne.core.fieldvalues import Context
from nocturne.core.fieldvalues.asking import Range, asked
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.lifecycle import CLOCKS
from nocturne.core.querydates import asked as instant_asked
from nocturne.core.querydates import length_asked, span_asked
from nocturne.core.querykeys import LINKS, PAST_COLUMNS, PAST_VALUES, TAGS, Key, Vocabulary, key_of, paths
from nocturne.core.querylowering import COUNTED, counted_types
from nocturne.core.querytree import Measured, Past, Prefix, Term, Value
from nocturne.core.querywords import Given, Word, bad_query
from nocturne.core.refusals import Invalid
from nocturne.core.values import level

IS = (
    "open", "mine", "untaken", "new", "waiting", "resolved", "closed", "rejected", "overdue", "ringing", "noalarm",
    "merged", "signoff", "watched", "asked", "objected",
)  # fmt: skip
_PLAIN = re.compile(r'[^\s,"()*]+')
_RESERVED = frozenset({"me", "none", "or", "and", "not", "any"})
_MEASURED = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)(>=|<=|>|<|=|:)(.+)")
_HOW_MANY = re.compile(
    r"(?P<sign>>=|<=|>|<)(?P<bound>[0-9]{1,6})|(?P<low>[0-9]{0,6})\.\.(?P<high>[0-9]{0,6})"
)
_TAG = Field("tag")
PAST_FORMS = frozenset({"choice", "name", "person", "level", "clock", "ticket"})
"""Forms of the keys whose values of the past the books can be searched for."""
BESIDE = ("after", "before", "by", "from", "to")


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
class _Read:
    """A value as it is meant, and as it is written."""

    value: Value
    written: str


class Reader:
    """Reads words; what it must know beside them it is given."""

    def __init__(
        self,
        context: Context,
        vocabulary: Vocabulary,
        near: Callable[[str, str], str | None] | None = None,
    ) -> None:
        self.context = context
        self.vocabulary = vocabulary
        self.near = near

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
        read = [each for given in word.values for each in self._values(key, word, given)]
        return Term(
            word.key,
            tuple(dict.fromkeys(each.value for each in read)),
            word.position,
            tuple(dict.fromkeys(each.written for each in read)),
        )

    def changed(self, word: Word, beside: Sequence[Word]) -> Term:
        """Read a `changed:` with what stands beside it: when, by whom, from what, to what."""
        said: dict[str, Word] = {}
        for each in beside:
            if each.key in said:
                raise bad_query("said_twice", each.position, given=each.shown, key=each.key)
            said[each.key] = each
        term = self.term(word)
        read = {
            name: [self._besides(said[name], given) for given in said[name].values] if name in said else []
            for name in ("after", "before", "by")
        }
        when = self._when(said, read)
        found = []
        for past in term.values:
            if isinstance(past, Past):
                for end in ("from", "to"):
                    read[end] = self._ends(said[end], past.column) if end in said else []
                values = {end: tuple(each.value for each in read[end]) for end in ("from", "to", "by")}
                found.append(
                    replace(past, befores=values["from"], afters=values["to"], when=when, by=values["by"])
                )
        spelt_beside = tuple(
            f"{each.key}:{','.join(one.written for one in read[each.key])}" for each in beside
        )
        return Term("changed", tuple(found), word.position, term.written, spelt_beside)

    def _when(self, said: Mapping[str, Word], read: Mapping[str, list[_Read]]) -> tuple[Range, ...]:
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

    def _besides(self, word: Word, given: Given) -> _Read:
        if word.key == "by":
            return _Read(_person(given), _name_written(given))
        try:
            sign = ">" if word.key == "after" else "<"
            written = given.text if given.text[:1] in "<>" else self._since(word.key, given.text, sign)
            return _Read(instant_asked(written, self.context, ahead=False), spelt(given.text))
        except Invalid:
            raise _unknown(word, given) from None

    @staticmethod
    def _since(name: str, text: str, sign: str) -> str:
        """`after:yesterday` begins with that day, `after:2h` two hours ago; `before:` ends where they begin."""
        return f">={text}" if name == "after" and not _is_length(text) else _reversed(sign, text)

    def _ends(self, word: Word, column: str) -> list[_Read]:
        """Read what a column was, or became."""
        if not column or not has_past_values(column):
            raise bad_query("needs_one_column", word.position, given=word.shown, key=word.key)
        found = [each for given in word.values for each in self._values(key_of(column), word, given)]
        if any(isinstance(each.value, Measured | Range) for each in found):
            raise _unknown(word, word.values[0], key=column)
        return found

    # --- words without a key ---------------------------------------------------------------------------------------

    def _bare(self, word: Word) -> Term:
        given = word.values[0]
        number = self._number(given.text)
        if not given.quoted and number is not None:
            return Term("number", (number,), word.position, (str(number),))
        return Term("text", (_words(given),), word.position, (_words_written(given),))

    def _number(self, text: str) -> int | None:
        """Read a ticket's number: `4711`, `#4711`, `TT4711`, and as subjects of mail have it, `noc#4711`."""
        tag = current().site.tag.lower()
        found = re.fullmatch(rf"(?:#|tt-?#?|{re.escape(tag)}[ -]?#)?([0-9]{{1,18}})", text.lower())
        return int(found[1]) if found and text.isascii() else None

    # --- values by form --------------------------------------------------------------------------------------------

    def _values(self, key: Key, word: Word, given: Given) -> Iterator[_Read]:
        none = given.text.lower() == "none" and not given.quoted
        if none and key.empty and key.form != "local":
            yield _Read(None, "none")
            return
        match key.form:
            case "local":
                yield from self._local(key, word, given)
            case "choice":
                yield from self._choice(key.name, word, given)
            case "clock":
                yield self._clock(word, given)
            case "words":
                yield _Read(_words(given), _words_written(given))
            case "level":
                yield from self._levels(key.name, word, given)
            case "ticket" | "link":
                yield self._ticket(key.name, word, given)
            case "instant" | "age" | "span":
                yield self._time(key, word, given)
            case "affected" if key.name == "affected" and (counted := _counted(given)):
                yield counted
            case "person":
                yield _Read(_person(given), _name_written(given))
            case "has":
                yield self._has(word, given)
            case "was":
                yield from self._was(word, given)
            case "changed":
                yield _Read(Past(self._column(word, given)), spelt(given.text))
            case _:
                yield _Read(_named(given), _name_written(given))

    def _local(self, key: Key, word: Word, given: Given) -> Iterator[_Read]:
        """Read what is asked of a local field: `none` is no value, `*` any."""
        field = _TAG if key.name == TAGS else current().fields[key.name.removeprefix(PREFIX)]
        if given.text.lower() == "none":
            yield _Read(None, "none")
            return
        try:
            for found in asked(field, given.text, self.context):
                yield _Read(found, spelt(given.text))
        except Invalid:
            raise _unknown(word, given, [each.value for each in field.choices], key=field.name) from None

    def _choice(self, key: str, word: Word, given: Given) -> Iterator[_Read]:
        known, value = choices(key), given.text.lower()
        if value not in known:
            raise _unknown(word, given, known, key=key)
        yield _Read(value, spelt(value))

    def _clock(self, word: Word, given: Given) -> _Read:
        name, sign, rest = _measure(given)
        if name not in CLOCKS:
            raise _unknown(word, given, CLOCKS, key="clock")
        if not sign:
            return _Read(name, name)
        try:
            return _Read(
                Measured(name, length_asked(rest if sign == ":" else sign + rest)), spelt(given.text.lower())
            )
        except Invalid:
            raise _unknown(word, given, key="clock") from None

    def _levels(self, key: str, word: Word, given: Given) -> Iterator[_Read]:
        text = given.text
        try:
            for sign in (">=", "<=", ">", "<"):
                if text.startswith(sign):
                    number, closed = level(key, text.removeprefix(sign)), sign.endswith("=")
                    if sign.startswith(">"):
                        yield _Read(Range("number", number, None, closed_low=closed), f"{sign}{number}")
                    else:
                        yield _Read(Range("number", None, number, closed_high=closed), f"{sign}{number}")
                    return
            first, dots, last = text.partition("..")
            if dots and (first or last):
                low, high = level(key, first) if first else None, level(key, last) if last else None
                yield _Read(Range("number", low, high), _between(low, high))
                return
            yield _Read(level(key, text), str(level(key, text)))
        except Invalid:
            raise _unknown(word, given, key=key) from None

    def _ticket(self, key: str, word: Word, given: Given) -> _Read:
        number = self._number(given.text)
        if number is not None:
            return _Read(number, str(number))
        first, dots, last = given.text.partition("..")
        low, high = self._number(first), self._number(last)
        is_whole = (low is None) == (not first) and (high is None) == (not last)
        if key == "number" and dots and (first or last) and is_whole:
            return _Read(Range("number", low, high), _between(low, high))
        raise _unknown(word, given, key=key)

    def _time(self, key: Key, word: Word, given: Given) -> _Read:
        try:
            if key.form == "age":
                return _Read(span_asked(given.text, self.context), spelt(given.text))
            if key.form == "span":
                return _Read(length_asked(given.text), spelt(given.text))
            return _Read(instant_asked(given.text, self.context, ahead=key.ahead), spelt(given.text))
        except Invalid:
            raise _unknown(word, given, key=key.name) from None

    def _has(self, word: Word, given: Given) -> _Read:
        name, sign, rest = _measure(given)
        found = self._had(name)
        if found is None:
            raise _unknown(word, given, self.can_have(), key="has")
        if not sign:
            return _Read(Measured(found, Range("number", 1)), spelt(name))
        counted = found in COUNTED or found in counted_types()
        number = _amount(rest) if counted else None
        if number is None:
            raise _unknown(word, given, key="has")
        match sign:
            case ">" | ">=":
                asked_for = Range("number", number, None, closed_low=sign == ">=")
            case "<" | "<=":
                asked_for = Range("number", None, number, closed_high=sign == "<=")
            case _:
                asked_for = Range("number", number, number)
        return _Read(Measured(found, asked_for), spelt(f"{name}{'=' if sign == ':' else sign}{number}"))

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

    def _was(self, word: Word, given: Given) -> Iterator[_Read]:
        name, colon, rest = given.text.partition(":")
        column = self._column(word, Given(name, given.position, given.position + len(name)))
        key = key_of(column)
        if not colon or not rest or not has_past_values(column):
            raise bad_query("past_needs_value", word.position, given=given.text, key="was", at=given)
        value = Given(rest, given.position + len(name) + 1, given.end)
        for read in self._values(key, word, value):
            if isinstance(read.value, Measured | Range) or (
                isinstance(read.value, str) and read.value[:1] == "@"
            ):
                raise _unknown(word, value, key=column)
            yield _Read(Past(column, befores=(read.value,)), spelt(f"{name.lower()}:{_inner(read)}"))

    def _column(self, word: Word, given: Given) -> str:
        """Find which column is asked for by the name of its key; `any` is all of them."""
        name = given.text.lower()
        if name in ("any", "*") and word.key == "changed":
            return ""
        found = self.vocabulary.get(name)
        if found is None or not has_past(found):
            known = [each for each, named in self.vocabulary.items() if has_past(named)]
            raise _unknown(word, given, known, key=word.key)
        return found


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


_NOT_PAST = frozenset({"updated", "text"})


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
    return {"is": IS, "clock": CLOCKS}.get(key, ())


def _unknown(word: Word, given: Given, known: Iterable[str] = (), *, key: str | None = None) -> Invalid:
    near = difflib.get_close_matches(given.text.lower(), list(known), 1)
    suggestion = near[0] if near else None
    return bad_query(
        "unknown_value", word.position, given=given.text, suggestion=suggestion, key=key or word.key, at=given
    )


def _named(given: Given) -> str | Prefix:
    """Read a name, or the beginning of one: `cr*`; `*` is any."""
    start = given.text.removesuffix("*")
    return Prefix(start) if start != given.text and not given.quoted else given.text


def _person(given: Given) -> Value:
    """Read whom is asked for: who asks, a name or address, `@group` or `@domain`."""
    return "me" if given.text.lower() == "me" and not given.quoted else _named(given)


def _name_written(given: Given) -> str:
    if given.text.lower() == "me" and not given.quoted:
        return "me"
    return _whole(given)


def _words(given: Given) -> str | Prefix:
    """Read what is looked for in texts: `cut`, `"fibre cut"`, or a beginning, `fib*`."""
    start = given.text.rstrip("*")
    return Prefix(start) if start and start != given.text and not given.quoted else given.text


def _words_written(given: Given) -> str:
    found = _words(given)
    return spelt(f"{found.start}*") if isinstance(found, Prefix) else _whole(given)


def _whole(given: Given) -> str:
    """Spell a name or text: what was quoted stays so where it would mean something else without."""
    return spelt(given.text, quoted=given.quoted)


def _measure(given: Given) -> tuple[str, str, str]:
    """Part `vendor>4h` into name, sign and amount."""
    match = _MEASURED.fullmatch(given.text)
    if match is None:
        return given.text.lower(), "", ""
    return match[1].lower(), match[2], match[3]


def _counted(given: Given) -> _Read | None:
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
        return _Read(asked_for, f"{sign}{number}")
    low, high = (int(each) if each else None for each in (match["low"], match["high"]))
    return _Read(Range("number", low, high), _between(low, high)) if (low, high) != (None, None) else None


def _between(low: int | None, high: int | None) -> str:
    return f"{'' if low is None else low}..{'' if high is None else high}"


def _amount(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def _is_length(text: str) -> bool:
    try:
        length_asked(text)
    except Invalid:
        return False
    return text[:1] not in "<>" and ".." not in text


def _reversed(sign: str, text: str) -> str:
    """Turn a comparison with a length of time round: later than two hours ago is less than two hours ago."""
    return ("<" if sign == ">" else ">") + text if _is_length(text) else sign + text


def _inner(read: _Read) -> str:
    value = read.value
    return "none" if value is None else str(value)
