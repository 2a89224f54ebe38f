"""Times as operators read them: UTC and their own zone; spans in short."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


class Zone:
    """The zone of the account; this machine's where the account's is not known here."""

    def __init__(self, name: str) -> None:
        self.zone: tzinfo | None = None
        self.name = name
        if name in ("", "UTC", "Etc/UTC"):
            self.zone = UTC
            return
        from zoneinfo import ZoneInfo

        try:
            self.zone = ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self.name = ""

    def both(self, spelt: str) -> str:
        """Spell an instant: `2026-12-01 13:00 UTC (14:00 Europe/Paris)`."""
        at = instant(spelt)
        universal = f"{at:%Y-%m-%d %H:%M} UTC"
        if self.zone is UTC:
            return universal
        local = at.astimezone(self.zone)
        day = "" if local.date() == at.date() else f"{local:%Y-%m-%d} "
        return f"{universal} ({day}{local:%H:%M} {self.name or local.tzname()})"


def instant(spelt: str) -> datetime:
    return datetime.fromisoformat(spelt).astimezone(UTC)


def span(length: timedelta) -> str:
    """Shorten a span: `4 min`, `3 h 12 m`, `2 d 4 h`, `−4 min`."""
    seconds = int(length.total_seconds())
    sign, seconds = ("−", -seconds) if seconds < 0 else ("", seconds)
    days, hours, minutes = seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60
    if days:
        return f"{sign}{days} d {hours} h"
    return f"{sign}{hours} h {minutes} m" if hours else f"{sign}{minutes} min"
