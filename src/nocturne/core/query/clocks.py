"""A time of day that stands behind a date without quotation marks: `opened:>2026-11-20 10:00`.

People write it so, and nobody looks for `10:00` in a text there: it is read as part of the date before it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from nocturne.core.fieldvalues.value import Context
from nocturne.core.query.dates import asked
from nocturne.core.query.vocabulary import key_of, paths
from nocturne.core.refusals import Invalid

_CLOCK = re.compile(r"\s+((?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9])?(?:\.\.[^\s,\"()]+)?)(?=[\s,()]|$)")
_ANY_DAY = Context(datetime(2026, 1, 1, tzinfo=UTC))
"""Whether something is a time hangs on no day."""


def joined(name: str, value: str, text: str, place: int) -> tuple[str, int]:
    """Give a value with the time of day that stands right behind it, and where that ends; else as it was.

    :param name: the name of the key that the value stands behind.
    :param place: where in the text the value ends.
    """
    if not _takes_instants(name):
        return value, place
    while (match := _CLOCK.match(text, place)) and _is_instant(f"{value} {match[1]}"):
        value, place = f"{value} {match[1]}", match.end()
    return value, place


def is_like(text: str) -> bool:
    """Tell whether a text would be taken for the time of day of a date before it."""
    return _CLOCK.match(f" {text}") is not None


def _takes_instants(name: str) -> bool:
    link, rest = paths(name)
    while link:
        link, rest = paths(rest)
    key = key_of(rest)
    return key.form == "instant" or key.name in ("after", "before")


def _is_instant(written: str) -> bool:
    """Tell whether this is a time as it stands, or the beginning of a stretch whose end has its own."""
    try:
        asked(written, _ANY_DAY, ahead=False)
    except Invalid:
        return False
    return True
