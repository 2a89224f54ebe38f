"""What somebody is typing just now: the word under the cursor of a line, and whether it is a key or a key's value."""

from __future__ import annotations

import re
from dataclasses import dataclass

_START = re.compile(r"\S")
_KEY = re.compile(r"(-?)([A-Za-z0-9][A-Za-z0-9_.-]{0,39}):")


@dataclass(frozen=True, slots=True)
class Typed:
    """The piece of a line that a completion would replace.

    :param start, end: where it stands; `part` is what of it stands before the cursor, without a quote at its front.
    :param key: the key whose value it is; nothing for a word of its own.
    :param is_first: whether nothing stands before it.
    """

    start: int
    end: int
    part: str
    key: str = ""
    is_first: bool = False


def at(line: str, cursor: int) -> Typed:
    """Find what is being typed at a place of a line; between two words it is an empty one."""
    cursor = max(0, min(cursor, len(line)))
    place = 0
    while match := _START.search(line, place):
        start = match.start()
        if start >= cursor:
            break
        key = _KEY.match(line, start)
        end = _end(line, key.end() if key else start)
        if cursor <= end:
            return _within(line, cursor, start, end, key)
        place = end
    return Typed(cursor, cursor, "", is_first=not line[:cursor].strip())


def quoted(value: str) -> str:
    """Write a value so that it is read as one: in quotes where it has spaces, quotes or commas."""
    if value and not re.search(r"[\s\"\\“',()]", value):
        return value
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


def _end(line: str, start: int) -> int:
    """Find where a word ends: at a space, but not at one within quotes; a quote that is not closed has all the rest."""
    place = start
    while place < len(line) and not line[place].isspace():
        opens = place == start or line[place - 1] == ","
        if line[place] == '"' and opens:
            closing = re.compile(r'(?:[^"\\]|\\.)*"').match(line, place + 1)
            if closing is None:
                return len(line)
            place = closing.end()
        else:
            place += 1
    return place


def _within(line: str, cursor: int, start: int, end: int, key: re.Match[str] | None) -> Typed:
    is_first = not line[:start].strip()
    if key is None or cursor < key.end():
        return Typed(start, end, line[start:cursor], is_first=is_first)
    begins = first = key.end()
    for comma in re.finditer(",", line[first:cursor]):
        # Of a list, the value under the cursor is typed; a comma within quotes parts nothing.
        if line[first : first + comma.start()].count('"') % 2 == 0:
            begins = first + comma.end()
    return Typed(begins, end, line[begins:cursor].lstrip("\"“'"), key[2].lower())
