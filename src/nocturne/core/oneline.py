"""The one-line language: `4711 Called site; no answer next:"Call again" timer:"2h remind site"`.

A line is a ticket's number, a text, and keys. The same line is understood on every page, in `noc`, in mail from
staff and over the API.

- Keys are `word:value` and count only as a run at the end of the line. Unknown words stay text, and so does a
  known key with text behind it (it is named in `leftovers`, for a hint).
- A lone `--` ends the keys: whatever stands right of it is text and nothing else; what stands left of it is read
  as usual, and both texts are put together.
- A local field's name is a key too, `cve:CVE-2026-1234`; one with many values takes them parted by commas.
- A value with spaces stands in quotes; in double quotes `\\"` and `\\\\` are a quote and a backslash. Words that a
  shell has split already come as a list: there an element is one key with all the rest of it as value.
- `none` or `-` takes away what can be taken away. A value that cannot be right gives the whole line back.
- Text from a pipe never comes here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from functools import partial
from typing import TYPE_CHECKING

from nocturne.core.configuration import current
from nocturne.core.lifecycle import CLOCKS
from nocturne.core.refusals import Invalid
from nocturne.core.spans import parse_worked, span_words
from nocturne.core.values import level
from nocturne.core.when import Alarm, Calendars, parse_alarm, parse_when
from nocturne.core.zones import Zone, echo

if TYPE_CHECKING:
    from nocturne.core.configuration.calendars import Calendar

KEYS: Mapping[str, str] = {
    **{name: name for name in ("state", "owner", "queue", "priority", "severity", "next", "timer", "clock")},
    **{name: name for name in ("at", "cc", "tag", "machine", "circuit", "vendor", "parent", "worked")},
    "alarm": "timer",
    "node": "machine",
}
"""Every key with the name it goes by inside."""
SEVERAL = frozenset({"cc", "tag", "machine"})
"""Keys that may come more than once, or with a list parted by commas."""
CLEARABLE = frozenset({"owner", "next", "timer", "circuit", "vendor", "parent"})
SWITCHABLE = tuple(clock for clock in CLOCKS if clock != "stopped")
"""Clocks that a person can start; the last one stops by resolving."""
END_OF_KEYS = "--"


class Clear(Enum):
    """Says that what the key names is to be taken away."""

    CLEAR = "none"


CLEAR = Clear.CLEAR
Reads = Callable[[str], bool]
"""Tells whether who asks may read a column."""
Value = str | int | list[str] | datetime | Alarm | Clear


class Intent(StrEnum):
    """What somebody who types into the command line wants."""

    JUMP = "jump"
    ACT = "act"
    GO = "go"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was understood.

    `keys` holds the values as they were written, `values` what they mean: an instant for `at`, an Alarm for
    `timer`, seconds for `worked`, numbers for priority, severity and parent; names stay names.
    """

    number: int | None
    text: str
    keys: dict[str, str | list[str]]
    values: dict[str, Value]
    leftovers: tuple[str, ...] = ()
    raw: str = ""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word and its place in the line; where it has the form of a known key, the key's inside name and value."""

    start: int
    end: int
    key: str = ""
    value: str = ""
    closed: bool = True


@dataclass(frozen=True, slots=True)
class _Parts:
    """A line taken apart, before its values are looked at."""

    number: int | None
    text: str
    run: list[_Word]
    leftovers: tuple[str, ...]


_WORD = re.compile(r"\S+")
_KEY = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,39}):")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"(?!\S)|“([^”]*)”(?!\S)|' r"'([^']*)'(?!\S)", re.DOTALL)
_NUMBER = re.compile(r"#?([1-9][0-9]{0,17})")


def intent(text: str) -> Intent:
    """Tell apart `4711` (jump), `4711 called site` (act), `>handover` (go) and everything else (search)."""
    words = text.split(maxsplit=1)
    if text.lstrip().startswith(">"):
        return Intent.GO
    if not words or not _NUMBER.fullmatch(words[0]):
        return Intent.SEARCH
    return Intent.ACT if len(words) > 1 else Intent.JUMP


def parse_line(
    given: str | Sequence[str],
    now: datetime,
    zone: Zone,
    *,
    numbered: bool = True,
    calendar: Callable[[int | None], Calendar | None] | None = None,
    reads: Reads | None = None,
) -> Line:
    """Read a line, or the words of one that a shell has split; times without a zone are in `zone`.

    :param numbered: False where no number stands first (a new ticket, the body of a mail).
    :param calendar: finds whose working hours `timer:"2 working hours"` means, by the number in front.
    :param reads: whether who writes may read a column: the name of a field hidden from them is text like any other.
    :raises Invalid: a key's value cannot be right; `field` names the key, `position` its place in `line`.
    """
    raw = given if isinstance(given, str) else " ".join(given)
    words = _split(raw, reads) if isinstance(given, str) else _placed(given, reads)
    parts = _take_apart(raw, list(words), numbered=numbered)
    hours = partial(calendar, parts.number) if calendar is not None else None
    keys, values = _read(parts.run, now, zone, raw, hours)
    return Line(parts.number, parts.text, keys, values, parts.leftovers, raw)


def render(line: Line) -> str:
    """Write a line so that it reads the same again."""
    number = [str(line.number)] if line.number is not None else []
    keys = [f"{key}:{_quoted(each)}" for key, value in line.keys.items() for each in _each(value)]
    plain = " ".join([*number, *([line.text] if line.text else []), *keys])
    again = _take_apart(plain, list(_split(plain)), numbered=True)
    if (again.number, again.text, len(again.run)) == (line.number, line.text, len(keys)):
        return plain
    return " ".join([*number, *keys, END_OF_KEYS, line.text])


def chips(line: Line, zone: Zone = "UTC") -> list[tuple[str, str]]:
    """Show what was understood, as pairs of a key and its value; instants are spelt in UTC and in the zone."""
    ticket = [("ticket", str(line.number))] if line.number is not None else []
    text = [("text", line.text)] if line.text else []
    return ticket + text + [(key, each) for key in line.keys for each in _shown(line, key, zone)]


def _split(raw: str, reads: Reads | None = None) -> Iterator[_Word]:
    place = 0
    while match := _WORD.search(raw, place):
        word = _word(raw, *match.span(), reads)
        yield word
        place = word.end


def _word(raw: str, start: int, end: int, reads: Reads | None) -> _Word:
    """Read the word that begins here; a known key takes a value in quotes with it."""
    key, length = _known(raw[start:end], reads)
    if not key:
        return _Word(start, end)
    opening = start + length
    if quoted := _QUOTED.match(raw, opening):
        inside = next(group for group in quoted.groups() if group is not None)
        value = re.sub(r'\\(["\\])', r"\1", inside) if raw[opening] == '"' else inside
        return _Word(start, quoted.end(), key, value)
    if raw[opening : opening + 1] in ('"', "“"):
        return _Word(start, len(raw), key, raw[opening:], closed=False)
    return _Word(start, end, key, raw[opening:end])


def _placed(words: Sequence[str], reads: Reads | None) -> Iterator[_Word]:
    """Place words that a shell has split: quotes in them are meant as they stand."""
    start = 0
    for word in words:
        key, length = _known(word, reads)
        yield _Word(start, start + len(word), key, word[length:] if key else "")
        start += len(word) + 1


def _known(word: str, reads: Reads | None) -> tuple[str, int]:
    """Give the known key at the front of a word and the length of its spelling, or nothing."""
    match = _KEY.match(word)
    if match is None:
        return "", 0
    key = KEYS.get(match[1].lower(), "")
    if not key and (field := current().field(match[1].lower())) is not None:
        key = field.name if reads is None or reads(f"field/{field.name}") else ""
    return (key, match.end()) if key else ("", 0)


def takes_several(key: str) -> bool:
    """Tell whether a key may come more than once, or with a list parted by commas."""
    field = None if key in KEYS else current().field(key)
    return field.many if field is not None else key in SEVERAL


def local(values: Mapping[str, Value]) -> dict[str, str | list[str] | None]:
    """Pick from a line's values those of local fields, as columns; None takes a field's value away."""
    return {
        f"field/{key}": None if value is CLEAR else value
        for key, value in values.items()
        if key not in KEYS and (isinstance(value, str | list) or value is CLEAR)
    }


def _take_apart(raw: str, words: list[_Word], *, numbered: bool) -> _Parts:
    """Find the number in front, the run of keys, and the text before it and behind a `--`."""
    number = _NUMBER.fullmatch(raw, words[0].start, words[0].end) if numbered and words else None
    begin, words = (words[0].end, words[1:]) if number else (0, words)
    mark = next((i for i, word in enumerate(words) if raw[word.start : word.end] == END_OF_KEYS), len(words))
    first = mark
    while first and words[first - 1].key:
        first -= 1
    left = raw[begin : words[first].start if first < len(words) else len(raw)].strip()
    right = raw[words[mark].end :].strip() if mark < len(words) else ""
    leftovers = tuple(raw[word.start : word.end] for word in words[:first] if word.key)
    return _Parts(int(number[1]) if number else None, f"{left} {right}".strip(), words[first:mark], leftovers)


def _read(
    run: list[_Word], now: datetime, zone: Zone, raw: str, calendar: Calendars | None
) -> tuple[dict[str, str | list[str]], dict[str, Value]]:
    """Give the keys as they were written, and what they mean."""
    keys: dict[str, str | list[str]] = {}
    values: dict[str, Value] = {}
    for word in run:
        try:
            written = _written(word, keys.get(word.key))
            values[word.key] = _meaning(word.key, written, now, zone, calendar)
        except Invalid as refused:
            place = {"line": raw, "position": word.start}
            raise Invalid(refused.code, field=word.key, **(refused.params | place)) from None
        keys[word.key] = written
    return keys, values


def _written(word: _Word, before: str | list[str] | None) -> str | list[str]:
    if not word.closed:
        raise Invalid("unclosed_quote", field=word.key, given=word.value)
    several = takes_several(word.key)
    if not several and before is not None:
        raise Invalid("key_twice", field=word.key, given=word.value)
    given = [each.strip() for each in word.value.split(",")] if several else [word.value.strip()]
    given = [each for each in given if each]
    if not given:
        raise Invalid("empty_value", field=word.key, given=word.value)
    return [*_each(before or []), *given] if several else given[0]


def _meaning(
    key: str, written: str | list[str], now: datetime, zone: Zone, calendar: Calendars | None
) -> Value:
    """Say what a value means as far as that needs no database."""
    if key not in KEYS and written in ("none", "-", ["none"], ["-"]):
        return CLEAR
    if isinstance(written, list):
        return written
    if key in CLEARABLE and written.lower() in ("none", "-"):
        return CLEAR
    match key:
        case "priority" | "severity":
            return level(key, written)
        case "timer":
            return parse_alarm(written, now, zone, field=key, calendar=calendar)
        case "at":
            return parse_when(written, now, zone, "past", field=key)
        case "worked":
            return parse_worked(written, field=key)
        case "clock":
            return _clock(written)
        case "parent":
            return _parent(written)
    return written


def _clock(written: str) -> str:
    if written.lower() not in SWITCHABLE:
        raise Invalid("bad_clock", field="clock", given=written, known=list(SWITCHABLE))
    return written.lower()


def _parent(written: str) -> int:
    match = _NUMBER.fullmatch(written)
    if match is None:
        raise Invalid("bad_number", field="parent", given=written)
    return int(match[1])


def _quoted(value: str) -> str:
    if not re.search(r"[\s\"\\“']", value):
        return value
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


def _each(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _shown(line: Line, key: str, zone: Zone) -> list[str]:
    """Spell a value for the screen."""
    value = line.values[key]
    if isinstance(value, Alarm):
        return [f"{echo(value.at, zone)} {value.text}".rstrip()]
    if isinstance(value, datetime):
        return [echo(value, zone)]
    if isinstance(value, int) and key == "worked":
        return [span_words(value)]
    if isinstance(value, int):
        return [str(value)]
    return ["none"] if value is CLEAR else _each(line.keys[key])
