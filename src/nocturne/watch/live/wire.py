"""How live pages are spoken to: server-sent events, small, and with nothing in them but what their reader may know.

docs/operators/live.md says what each holds. The id of an event is the time at which it went out, sealed for its reader:
whoever was away gives it back, and is told what has happened since.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from nocturne.core import opaque
from nocturne.desk import versions

RETRY_MS = 2_000
KEY = "live"


def now_ms() -> int:
    return int(time.time() * 1000)


def event(name: str, content: Mapping[str, Any], *, mark: str = "") -> bytes:
    """Spell one event."""
    told = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    head = f"id: {mark}\n" if mark else ""
    return f"{head}event: {name}\ndata: {told}\n\n".encode()


def opening() -> bytes:
    """Say after how many milliseconds a browser that was cut off asks again."""
    return f"retry: {RETRY_MS}\n\n".encode()


def mark(who: str, at: int) -> str:
    """Seal a time, for a reader or for a class of them."""
    return opaque.seal(versions.key(KEY), who, 0, at)


def time_of(who: str, given: str) -> int | None:
    """Read a mark back; None for one that was never given to this reader."""
    return opaque.unseal(versions.key(KEY), who, 0, given)
