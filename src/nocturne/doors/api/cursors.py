"""Where the next page of a list begins, as a text that says nothing to anybody else."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from nocturne.core.refusals import Invalid


def write(order: str, after: list[Any] | None, *, shown: int | None = None) -> str | None:
    """Spell the place after a row; nothing at the end of a list.

    :param shown: how many rows stand before it, where the list ends after some.
    """
    if after is None:
        return None
    spelt = base64.urlsafe_b64encode(json.dumps([order, *after]).encode()).decode().rstrip("=")
    return spelt if shown is None else f"{shown}.{spelt}"


def counted(cursor: str) -> tuple[int, str]:
    """Part a place in a list that ends after some rows into how many stand before it, and the place."""
    count, point, rest = cursor.partition(".")
    if not cursor:
        return 0, ""
    if not point or not count.isdecimal() or len(count) > 5:
        raise Invalid("bad_cursor", field="after")
    return int(count), rest


def read(order: str, cursor: str, kinds: list[type]) -> list[Any]:
    """Read a place in a list of this order.

    :param kinds: what stands in its columns: int, str, or datetime.
    :raises Invalid: it is none of ours, or of another order.
    """
    found = values(order, cursor)
    try:
        return [_checked(value, kind) for value, kind in zip(found, kinds, strict=True)]
    except (ValueError, TypeError):
        raise Invalid("bad_cursor", field="after") from None


def values(order: str, cursor: str) -> list[Any]:
    """Read what stands in a place in a list of this order, as JSON has it.

    :raises Invalid: it is none of ours, or of another order.
    """
    try:
        first, *found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if first != order:
            raise ValueError
        return list(found)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise Invalid("bad_cursor", field="after") from None


def _checked(value: Any, kind: type) -> Any:
    if kind is datetime:
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError
        return at
    if type(value) is not kind or (isinstance(value, int) and abs(value) >= 2**63):
        raise ValueError
    return value
