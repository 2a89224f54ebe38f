"""Times as one reader sees them: relative where one acts, in their own zone, with UTC one pointer away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nocturne.core.permits import Actor
from nocturne.core.spans import span_words
from nocturne.core.zones import find_zone
from nocturne.doors.web.markup import fit, html

DAY = timedelta(days=1)


class Times:
    """Spells instants for one reader at one moment."""

    def __init__(self, actor: Actor, now: datetime | None = None) -> None:
        self.now = now or timezone.now()
        self.zone = find_zone(actor.zone) or UTC
        self.zone_name = actor.zone
        self.language = get_language() or ""
        self._days: dict[date, str] = {}
        self.said: dict[str, SafeString] = {}
        """What many rows of the page say alike, said once."""
        self.today = self.now.astimezone(self.zone).date()

    def moment(self, at: datetime | None, css: str = "") -> SafeString | str:
        """Spell when something was: the time of day today, with its day before that."""
        return self._tag(at, self.short(at), css) if at else ""

    def age(self, at: datetime | None, css: str = "") -> SafeString | str:
        """Spell how long ago something was."""
        if at is None:
            return ""
        return self._tag(at, span_words(self.now - at), css, live="since")

    def due(self, at: datetime | None, *, ringing: bool = False) -> SafeString | str:
        """Spell how long a timer has, or since when it should have been answered."""
        if at is None:
            return ""
        if at <= self.now:
            return self._tag(at, span_words(at - self.now), "due late", live="due")
        if ringing or at - self.now < DAY:
            return self._tag(at, span_words(at - self.now), "due", live="due")
        return self._tag(at, self.short(at), "due")

    def short(self, at: datetime) -> str:
        """Spell an instant as briefly as nobody doubts it."""
        local = at.astimezone(self.zone)
        day, hour = local.date(), f"{local.hour:02}:{local.minute:02}"
        spelt = self._days.get(day)
        if spelt is None:
            spelt = self._days[day] = self._day(day)
        return f"{spelt} {hour}" if spelt else hour

    def _day(self, day: date) -> str:
        """Spell a day; nothing for today."""
        if day == self.today:
            return ""
        if abs((day - self.today).days) < 7:
            return date_format(day, "D")
        if day.year == self.today.year:
            return date_format(day, "j M")
        return _day(day)

    def both(self, at: datetime) -> str:
        """Spell an instant in UTC and in the reader's zone."""
        return _both(at, self.zone, self.zone_name)

    def _tag(self, at: datetime, words: str, css: str, live: str = "") -> SafeString:
        return SafeString(
            f"{_begun(at, self.zone, self.zone_name, css, live, self.language)}{fit(words)}</time>"
        )


@lru_cache(maxsize=4_096)
def _begun(at: datetime, zone: tzinfo, zone_name: str, css: str, live: str, _language: str) -> str:
    """Begin the mark of an instant. A list that is looked at again and again has the same instants each time."""
    universal = at if at.tzinfo is UTC else at.astimezone(UTC)
    hour = f"{universal.hour:02}:{universal.minute:02}:{universal.second:02}"
    return html(
        '<time datetime="{}T{}Z" title="{}"{}{}>',
        _day(universal),
        hour,
        _both(at, zone, zone_name),
        html(' class="{}"', css) if css else "",
        html(" data-live={}", live) if live else "",
    )


def _both(at: datetime, zone: tzinfo, zone_name: str) -> str:
    universal = at if at.tzinfo is UTC else at.astimezone(UTC)
    spelt = f"{_day(universal)} {universal.hour:02}:{universal.minute:02} UTC"
    if zone is UTC:
        return spelt
    local = at.astimezone(zone)
    if local.utcoffset() == timedelta(0):
        return spelt
    same = local.date() == universal.date()
    return (
        f"{spelt} · {local:%H:%M} {zone_name}"
        if same
        else f"{spelt} · {date_format(local, 'D')} {local:%H:%M} {zone_name}"
    )


def _day(at: date) -> str:
    return f"{at.year:04}-{at.month:02}-{at.day:02}"


def span(seconds: float | timedelta | None) -> str:
    """Spell a length of time."""
    if seconds is None:
        return ""
    return span_words(seconds if isinstance(seconds, timedelta) else int(seconds))


def happened_apart(at: datetime, recorded_at: datetime) -> bool:
    """Tell whether something was written down so much later that both times are worth showing."""
    return abs(recorded_at - at) >= timedelta(minutes=1)


def spelt(value: Any, times: Times) -> str:
    """Spell any value of a chart for people."""
    if isinstance(value, datetime):
        return times.short(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return str(
            value.get("label") or value.get("name") or ", ".join(str(each) for each in value.values() if each)
        )
    return str(value)
