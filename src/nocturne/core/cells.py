"""Cells of a table for a spreadsheet: what a ticket or a person says is never taken for a formula there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

_FORMULA = ("=", "+", "-", "@")
_BREAKS = ("\t", "\r", "\n")
_UNSEEN = frozenset(("Cc", "Cf", "Zl", "Zp", "Zs"))
"""What a text can begin with that a spreadsheet does not see: blanks, controls, marks of direction and of no width."""
_PARTING = frozenset(',;\t"\r\n')
"""What parts cells, here or where a comma stands in numbers; a text that holds one of them is quoted."""


def cell(value: Any) -> Any:
    """Spell one value. A text that a spreadsheet would compute gets an apostrophe before it; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if _is_computed(text) else text


def row(values: Iterable[Any]) -> str:
    """Spell one line of CSV (RFC 4180), with the end of its line."""
    return ",".join(_quoted(str(cell(value))) for value in values) + "\r\n"


def _is_computed(text: str) -> bool:
    """Tell whether a spreadsheet would take a text for a formula: wide letters of the East begin one as well."""
    if text.startswith(_BREAKS):
        return True
    first = next((each for each in text if unicodedata.category(each) not in _UNSEEN), "")
    return unicodedata.normalize("NFKC", first).startswith(_FORMULA)


def _quoted(text: str) -> str:
    """Quote what would be parted. A German spreadsheet parts at semicolons: what stands behind one is no cell."""
    if _PARTING.isdisjoint(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
