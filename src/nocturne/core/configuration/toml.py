"""Lays a document out as TOML that people like to read: short lists on one line, tables of a list one per line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import tomli_w

WIDTH, TABLE_WIDTH = 110, 170
"""Columns of a line with a value, and of one with a whole table of a list: states and moves are read line by line."""
ORDER = (
    "name", "value", "act", "organisation", "tag", "title", "kind", "number", "purpose", "language", "queue", "behaves",
    "group", "party", "zone", "first", "meaning", "clock", "from", "to", "label", "right", "requires", "note",
    "base_url", "correspond", "comment", "type", "lifecycle", "calendar", "class", "members", "watchers", "queues",
    "networks", "types", "states", "sees", "appends", "changes", "rights", "opens_with", "fields", "points_to", "many",
    "unit", "pattern", "pattern_help", "strict", "default", "choices", "shown_in", "required_in", "place", "subject",
    "moves", "help", "parent", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "query", "times", "text",
)  # fmt: skip
"""Keys in the order in which a person wants to read them; the others follow by name, then what says how it ended."""
LAST = ("retired", "formerly")


def plain(value: Any) -> Any:
    """Reduce to what TOML and JSON have in common: nothing is left out, times are texts, sequences are lists."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value if each is not None]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has none; a text is refused where a number is wanted
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def same(one: Any, other: Any) -> bool:
    """Tell whether two plain values would be written alike: 1 and true are not."""
    return one is other or (one is not None and other is not None and _inline(one) == _inline(other))


def written(body: Mapping[str, Any]) -> str:
    """Write a document's body; equal bodies make equal bytes."""
    return "\n".join(_table(plain(body), "")).strip("\n") + "\n" if plain(body) else ""


def _table(body: Mapping[str, Any], path: str) -> Iterator[str]:
    """Give the lines of a table: its values first, then the tables in it."""
    within: list[tuple[str, Any]] = []
    for key in _ordered(body):
        value = body[key]
        if isinstance(value, Mapping):
            within.append((key, value))
        elif _is_tables(value):
            if lines := _one_per_line(key, value):
                yield from lines
            else:
                within.append((key, value))
        else:
            yield _line(key, value)
    for key, value in within:
        name = f"{path}.{_key(key)}" if path else _key(key)
        tables, brackets = ([value], "[{}]") if isinstance(value, Mapping) else (value, "[[{}]]")
        for each in tables:
            yield ""
            yield brackets.format(name)
            yield from _table(each, name)


def _ordered(body: Mapping[str, Any]) -> list[str]:
    def place(key: str) -> tuple[int, int, str]:
        if key in ORDER:
            return 0, ORDER.index(key), key
        return (2, LAST.index(key), key) if key in LAST else (1, 0, key)

    return sorted(body, key=place)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _one_per_line(key: str, tables: list[Mapping[str, Any]]) -> list[str]:
    """Give the lines of a list of tables, each on its own; none where one of them does not fit."""
    inside = [f"    {_inline(each)}," for each in tables]
    if any(len(line) > TABLE_WIDTH for line in inside):
        return []
    return [f"{_key(key)} = [", *inside, "]"]


def _line(key: str, value: Any) -> str:
    if isinstance(value, str) and "\n" in value and "\r" not in value:
        return tomli_w.dumps({key: value}, multiline_strings=True).rstrip("\n")
    line = f"{_key(key)} = {_inline(value)}"
    if isinstance(value, list) and len(line) > WIDTH:
        return "\n".join([f"{_key(key)} = [", *(f"    {_inline(each)}," for each in value), "]"])
    return line


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            f"{{ {', '.join(f'{_key(key)} = {_inline(value[key])}' for key in _ordered(value))} }}"
            if value
            else "{}"
        )
    if isinstance(value, list):
        return f"[{', '.join(_inline(each) for each in value)}]"
    return tomli_w.dumps({"x": value}).removeprefix("x = ").rstrip("\n")


def _key(key: str) -> str:
    return tomli_w.dumps({key: 0}).removesuffix(" = 0\n")
