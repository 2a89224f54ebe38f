"""Finds the line of a TOML file that a refusal speaks of: what is wrong is mended where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"(\[\[?)([^\[\]]+)\]\]?[ \t]*(?:#.*)?$")
_KEY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\n]*"))*)\s*=(.*)"""
)
_QUOTES = re.compile(r'"""|' r"'''")


def line_of(text: str, keys: Sequence[str]) -> int:
    """Give the line (from 1) of a key, or of what it lies in as far as that is found; 0 where nothing is.

    :param keys: the way to it, such as `moves`, `3`, `act`: a number is the how-many-eth of a list.
    """
    best, depth = 0, 0
    table: list[str] = []
    counts: dict[str, int] = {}
    lines = text.split("\n")
    place = 0
    while place < len(lines):
        line = lines[place]
        if header := _HEADER.match(line.strip()):
            name = header[2].strip()
            table = _parts(name)
            if header[1] == "[[":
                counts[name] = counts.get(name, 0) + 1
                table.append(str(counts[name]))
            found = _shared(table, keys)
            if found > depth and found >= min(len(table), len(keys)):
                best, depth = place + 1, found
            place += 1
            continue
        if key := _KEY.match(line):
            way = [*table, *_parts(key[1])]
            last = _end(lines, place, key[2])
            found = _shared(way, keys)
            if found == len(way) and found > depth:
                best, depth = place + 1, found
                within = _element(lines, place, last, keys[found:])
                if within:
                    best, depth = within, found + 1
            place = last
        place += 1
    return best


def _parts(name: str) -> list[str]:
    return [each.strip().strip("\"'") for each in re.findall(r"\"[^\"]*\"|'[^']*'|[^.\s]+", name)]


def _shared(way: Sequence[str], keys: Sequence[str]) -> int:
    found = 0
    for mine, wanted in zip(way, keys, strict=False):
        if mine != wanted:
            break
        found += 1
    return found


def _end(lines: Sequence[str], place: int, value: str) -> int:
    """Give the last line of a value that begins here: texts and lists may go over several."""
    if quote := re.match(r"\s*(\"\"\"|''')", value):
        rest = value[quote.end() :]
        while quote[1] not in rest and place + 1 < len(lines):
            place += 1
            rest = lines[place]
        return place
    if value.lstrip().startswith("["):
        open_now = _brackets(value)
        while open_now > 0 and place + 1 < len(lines):
            place += 1
            open_now += _brackets(lines[place])
    return place


def _brackets(line: str) -> int:
    bare = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|#.*", "", line)
    return bare.count("[") - bare.count("]")


def _element(lines: Sequence[str], first: int, last: int, rest: Sequence[str]) -> int:
    """Give the line of the how-many-eth table of a list that has one on each of its lines."""
    if not rest or not rest[0].isdigit():
        return 0
    seen = 0
    for place in range(first, last + 1):
        if lines[place].lstrip().startswith("{"):
            seen += 1
            if seen == int(rest[0]):
                return place + 1
    return 0
