"""Time zones by name, and the instants that wall times mean.

A wall time that summer time skips becomes the next instant there is; one that comes twice means the first.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from nocturne.core.refusals import Invalid

Zone = str | tzinfo

_UNIVERSAL = frozenset({"z", "utc", "gmt"})
_ZONE_NAME = re.compile(r"[A-Za-z_]{2,20}(?:/[A-Za-z0-9_+-]{1,30}){1,2}")


def echo(at: datetime, zone: Zone) -> str:
    """Spell an instant so that nobody doubts it: `2026-12-01 13:00 UTC (14:00 Europe/Paris)`."""
    universal, place = at.astimezone(UTC), zone_named(zone)
    spelt = f"{universal:%Y-%m-%d %H:%M} UTC"
    local = at.astimezone(place)
    if local.utcoffset() == timedelta(0) and str(place) in ("UTC", "Etc/UTC"):
        return spelt
    same_day = local.date() == universal.date()
    return f"{spelt} ({local:%H:%M} {place})" if same_day else f"{spelt} ({local:%Y-%m-%d %H:%M} {place})"


def zone_named(zone: Zone, *, field: str = "zone") -> tzinfo:
    """Find a time zone by its name, in whatever letter case.

    :raises Invalid: bad_zone.
    """
    if isinstance(zone, tzinfo):
        return zone
    found = find_zone(zone)
    if found is None:
        raise Invalid("bad_zone", field=field, given=zone)
    return found


def from_wall(day: date, at: time, zone: tzinfo) -> datetime:
    """Turn a wall time into the instant it names: the first of two, or the next where there is none."""
    wall = datetime.combine(day, at)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    low, high = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), first
    after = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == after else (middle, high)
    return high.replace(microsecond=0)


def find_zone(name: str) -> tzinfo | None:
    """Find a zone by its name, or give nothing; abbreviations other than UTC and GMT are no names."""
    if name.lower() in _UNIVERSAL:
        return UTC
    if not _ZONE_NAME.fullmatch(name):
        return None
    titled = "/".join("_".join(word.capitalize() for word in part.split("_")) for part in name.split("/"))
    for spelling in dict.fromkeys((name, titled)):
        try:
            return ZoneInfo(spelling)
        except (KeyError, ValueError, OSError):
            continue
    return None
