"""Checks and spells the values of header columns that people set by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nocturne.core.chart import COLUMNS
from nocturne.core.entry import instant
from nocturne.core.refusals import Invalid

TYPES = ("complaint", "request", "trouble", "planned", "engineering", "meta")
REPORTED = ("complaint", "request")
"""What comes from somebody outside, who waits for an answer."""
NEXT_TYPE = {"complaint": "trouble", "request": "trouble", "trouble": "engineering", "engineering": "meta"}
"""To which type a ticket of a type points as its parent."""
EFFECTS = ("down", "degraded", "redundancy lost")
AFFECTED_KINDS = ("customer", "site", "service")

LENGTHS = {
    "subject": 300,
    "next_action": 300,
    "alarm_text": 200,
    "resolution": 300,
    "key_component": 160,
    "cause": 160,
    "escalated_to": 160,
    "dispatched_to": 160,
    "referred_to": 160,
    "vendor_reference": 120,
    "user_address": 200,
    "destination_address": 200,
    "check_marks": 200,
}
LEVELS = {"severity": 4, "priority": 4}
"""1 is the most; 4 is the least."""


def spelt(name: str, value: Any) -> Any:
    """Check one column's value and spell it as the books keep it; nothing for what is empty.

    :raises Invalid: the value cannot stand in this column.
    """
    form = COLUMNS[name].form
    if value is None or value == "":
        if name in ("subject", "type", "severity", "priority"):
            raise Invalid(f"empty_{name}", field=name)
        return None
    if form == "instant":
        return instant(plausible(name, value))
    if name in LEVELS:
        return level(name, value)
    if name == "type":
        if value not in TYPES:
            raise Invalid("unknown_type", field=name, given=str(value), known=list(TYPES))
        return value
    return line(name, str(value))


def plausible(name: str, value: Any) -> datetime:
    """Take an instant of a network's life.

    :raises Invalid: it is no instant with a zone, or lies where no network of today's was or will be.
    """
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise Invalid("bad_time", field=name, given=str(value))
    if not 1980 <= value.year <= 2150:
        raise Invalid("time_impossible", field=name, given=value.isoformat())
    return value


def level(name: str, value: Any) -> int:
    """Take a severity or priority: 1 to 4, with or without the letter before it.

    :raises Invalid: it is something else.
    """
    text = str(value).strip().lower().removeprefix(name[0])
    if len(text) != 1 or not text.isdecimal() or not 1 <= int(text) <= LEVELS[name]:
        raise Invalid("bad_level", field=name, given=str(value), most=LEVELS[name])
    return int(text)


def line(name: str, text: str) -> str | None:
    """Make a text fit for a column of one line.

    :raises Invalid: it is too long.
    """
    clean = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if len(clean) > LENGTHS.get(name, 200):
        raise Invalid("line_too_long", field=name, limit=LENGTHS.get(name, 200), length=len(clean))
    if not clean and name == "subject":
        raise Invalid("empty_subject", field=name)
    return clean or None
