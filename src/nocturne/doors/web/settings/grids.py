"""Controls with rows: lists of tables, and tables whose keys are typed or fixed. Rows are added, moved and taken away
by buttons that send the form and change nothing else, so that it works in any browser."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import QueryDict

from nocturne.doors.web.settings.controls import Control, Errors, Place, Shown, told

MOST_CELLS = 700
"""More cells than that are changed as text: a browser's form holds a thousand values."""
BLANK = 4


@dataclass(frozen=True)
class Table(Control):
    """A list of tables, one per row. What a row holds besides its columns stays in it."""

    columns: tuple[Control, ...] = ()
    form: ClassVar[str] = "table"

    def too_long(self, body: Mapping[str, Any]) -> bool:
        return len(_rows_in(body.get(self.key))) * len(self.columns) > MOST_CELLS

    def written(self, given: QueryDict, name: str, body: dict[str, Any]) -> None:
        if f"{name}-rows" not in given:
            return
        rows = [row for _, row in self._typed(given, name)]
        if rows:
            body[self.key] = rows
        else:
            body.pop(self.key, None)

    def rearranged(self, given: QueryDict, body: dict[str, Any], order: str, at: int) -> None:
        """Move a row up or down, or take it away."""
        rows = list(self._typed(given, self.key))
        place = next((place for place, (number, _) in enumerate(rows) if number == at), None)
        if place is None:
            return
        row = rows.pop(place)
        if order in ("up", "down"):
            rows.insert(max(place + (1 if order == "down" else -1), 0), row)
        body[self.key] = [each for _, each in rows]

    def _typed(self, given: QueryDict, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Read the rows in which anything stands, each with its number in the form."""
        for number in range(1, min(_number(given.get(f"{name}-rows")), MOST_CELLS) + 1):
            row = carried(given.get(f"{name}-{number}", "")) or {}
            for column in self.columns:
                column.written(given, f"{name}-{number}-{column.key}", row)
            if row:
                yield number, row

    def shown(self, body: Mapping[str, Any], name: str, place: Place, errors: Errors) -> Shown:
        made = super().shown({}, name, place, {})
        rows = _rows_in(body.get(self.key))
        blank = BLANK if place.near.get("add") == [self.key] else 1
        lines = [
            {
                "number": number,
                "kept": json.dumps(row, ensure_ascii=False) if row else "",
                "cells": [
                    each.shown(row, f"{name}-{number}-{each.key}", place, _below(errors, f"{name}.{number}"))
                    for each in self.columns
                ],
                "error": errors.get(f"{name}.{number}", ""),
                "is_blank": number > len(rows),
                "is_first_blank": number == len(rows) + 1 and blank > 1,
            }
            for number, row in enumerate([*rows, *({} for _ in range(blank))], start=1)
        ]
        made.error = errors.get(self.key, "")
        made.more = {
            "rows": lines,
            "columns": self.columns,
            "count": len(lines),
            "too_long": self.too_long(body),
        }
        return made


@dataclass(frozen=True)
class Pairs(Control):
    """A table whose keys are typed or chosen too."""

    keys: Control = Control("key", "")
    values: Control = Control("value", "")
    form: ClassVar[str] = "pairs"

    def written(self, given: QueryDict, name: str, body: dict[str, Any]) -> None:
        if f"{name}-rows" not in given:
            return
        before = body.get(self.key)
        before = before if isinstance(before, Mapping) else {}
        made: dict[str, Any] = {}
        for number in range(1, min(_number(given.get(f"{name}-rows")), MOST_CELLS) + 1):
            key = self.keys.read(given, f"{name}-{number}-key")
            value = self.values.read(given, f"{name}-{number}-value")
            if key:
                same = key in before and self.values.spelt(before[key]) == self.values.spelt(value)
                made[key] = before[key] if same else value
        if made != before:
            body[self.key] = made
        if not made:
            body.pop(self.key, None)

    def shown(self, body: Mapping[str, Any], name: str, place: Place, errors: Errors) -> Shown:
        made = super().shown({}, name, place, {})
        pairs = body.get(self.key)
        listed: list[tuple[str, Any]] = list(pairs.items()) if isinstance(pairs, Mapping) else []
        blank = BLANK if place.near.get("add") == [self.key] else 2
        rows = []
        for number, (key, value) in enumerate([*listed, *([("", "")] * blank)], start=1):
            says = {"value": told(errors, f"{self.key}.{key}")} if key else {}
            cells = [
                self.keys.shown({self.keys.key: key}, f"{name}-{number}-key", place, {}),
                self.values.shown({"value": value}, f"{name}-{number}-value", place, says),
            ]
            rows.append({"number": number, "cells": cells, "is_first_blank": number == len(listed) + 1})
        made.error = errors.get(self.key, "")
        made.more = {"rows": rows, "columns": (self.keys, self.values), "count": len(rows)}
        return made


@dataclass(frozen=True)
class Fixed(Control):
    """A table with keys that are known: one control each."""

    parts: tuple[Control, ...] = ()
    form: ClassVar[str] = "fixed"

    def written(self, given: QueryDict, name: str, body: dict[str, Any]) -> None:
        before = body.get(self.key)
        table = dict(before) if isinstance(before, Mapping) else {}
        for each in self.parts:
            each.written(given, f"{name}-{each.key}", table)
        if table:
            body[self.key] = table
        else:
            body.pop(self.key, None)

    def shown(self, body: Mapping[str, Any], name: str, place: Place, errors: Errors) -> Shown:
        made = super().shown({}, name, place, {})
        table = body.get(self.key)
        table = table if isinstance(table, Mapping) else {}
        inside = _below(errors, self.key)
        made.more = {"parts": [each.shown(table, f"{name}-{each.key}", place, inside) for each in self.parts]}
        made.error = errors.get(self.key, "")
        return made


def _below(errors: Errors, way: str) -> dict[str, str]:
    return {key.removeprefix(f"{way}."): says for key, says in errors.items() if key.startswith(f"{way}.")}


def _rows_in(value: Any) -> list[dict[str, Any]]:
    """Take the rows of a list; what is no table is an empty one."""
    if not isinstance(value, list | tuple):
        return []
    return [dict(each) if isinstance(each, Mapping) else {} for each in value]


def carried(text: str) -> dict[str, Any] | None:
    """Read a table that a form carries along; None where it is none."""
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else 0
