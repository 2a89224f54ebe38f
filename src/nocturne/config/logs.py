"""One line of JSON per log message: whatever a stranger sends, and however much, it stays in its line and quotes."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from datetime import UTC, datetime
from typing import Any

_KEYS = re.compile(r"/(feeds|t|display|setup|subscriptions|sign-on/new-password)/[A-Za-z0-9_-]{16,}")
"""Addresses that carry a key: whoever reads the log is not to have it."""
LONGEST, LONGEST_OF_A_STRANGER = 8_000, 400
"""Characters of a message, or of a trace, that are kept; of what anybody can have said, less."""
MOST_OF_STRANGERS, WITHIN = 60, 60.0
"""Lines of one kind that strangers can have written within some seconds; the next one says how many were left out."""


class OneLine(logging.Formatter):
    """Writes a record as one line of JSON. Requests' bodies never reach it: nobody logs them."""

    def format(self, record: logging.LogRecord) -> str:
        is_strangers = of_a_stranger(record)
        longest = LONGEST_OF_A_STRANGER if is_strangers else LONGEST
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": _cut(_KEYS.sub(r"/\1/…", record.getMessage()), longest),
            "process": record.process,
        }
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if left_out := getattr(record, "left_out", 0):
            line["left_out"] = left_out
        if record.exc_info and not is_strangers:  # where a request was refused says nothing of what was sent
            line["trace"] = self.formatException(record.exc_info)[-LONGEST:]
        return json.dumps(line, ensure_ascii=True, default=str).replace("\x7f", "\\u007f")


def of_a_stranger(record: logging.LogRecord) -> bool:
    """Tell whether anybody can have this written, by asking for it: a foreign Host, an address that is not there."""
    if record.name.startswith("django.security"):
        return True
    status = getattr(record, "status_code", 0)
    return record.name == "django.request" and 400 <= status < 500


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"


class Seldom(logging.Filter):
    """Lets so many lines of each kind through as somebody reads, and counts the rest."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, int], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        if not of_a_stranger(record):
            return True
        kind = record.name, int(getattr(record, "status_code", 0))
        now = time.monotonic()
        with self._lock:
            begun, lines = self._seen.get(kind, (now, 0))
            if now - begun >= WITHIN:
                record.left_out = max(lines - MOST_OF_STRANGERS, 0)
                begun, lines = now, 0
            self._seen[kind] = begun, lines + 1
        return lines < MOST_OF_STRANGERS


def settings(level: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"one_line": {"()": "nocturne.config.logs.OneLine"}},
        "filters": {"seldom": {"()": "nocturne.config.logs.Seldom"}},
        "handlers": {
            "errors": {"class": "logging.StreamHandler", "formatter": "one_line", "filters": ["seldom"]},
        },
        "root": {"handlers": ["errors"], "level": level.upper()},
        "loggers": {
            # Django's own handlers would write to the console in another form, and mail tracebacks to nobody.
            "django": {"handlers": [], "level": level.upper(), "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # These log every statement and every template's missing variable when the level is debug.
            "django.db.backends": {"level": "INFO"},
            "django.template": {"level": "INFO"},
        },
    }
