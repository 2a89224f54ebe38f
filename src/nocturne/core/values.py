"""Checks and spells the values of header columns that people set by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nocturne.core.chart import COLUMNS
from nocturne.core.configuration.inforce import current
from nocturne.core.entry import instant
from nocturne.core.refusals import Invalid

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
        return ticket_type(str(value))
    return line(name, str(value))


def ticket_type(given: str) -> str:
    """Find a type by its name, its title, or a name it has had; gives its present name.

    :raises Invalid: there is none, or it is retired.
    """
    known, wanted = current(), given.strip()
    found = known.types.get(wanted)
    if found is None:
        alike = [each for each in known.types.values() if wanted in each.formerly]
        lowered = wanted.casefold()
        alike += [each for each in known.types.values() if lowered in (each.name, each.title.casefold())]
        found = alike[0] if alike else None
    if found is None or found.retired:
        code = "retired_type" if found else "unknown_type"
        raise Invalid(code, field="type", given=given, known=list(known.open_types))
    return found.name


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
