"""One line of JSON per log message: whatever a stranger sends, it stays within its line and its quotes."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

_KEYS = re.compile(r"/(feeds|t|display|setup|subscriptions|sign-on/new-password)/[A-Za-z0-9_-]{16,}")
"""Addresses that carry a key: whoever reads the log is not to have it."""


class OneLine(logging.Formatter):
    """Writes a record as one line of JSON. Requests' bodies never reach it: nobody logs them."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": _KEYS.sub(r"/\1/…", record.getMessage()),
            "process": record.process,
        }
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str).replace("\x7f", "\\u007f")


def settings(level: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"one_line": {"()": "nocturne.config.logs.OneLine"}},
        "handlers": {
            "errors": {"class": "logging.StreamHandler", "formatter": "one_line"},
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
