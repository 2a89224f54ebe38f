"""Colours, on a terminal only, and never alone: the words say the same."""

from __future__ import annotations

import os
import sys


def _is_painted() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if text and _is_painted() else text


def bold(text: str) -> str:
    return _painted(text, "1")


def dim(text: str) -> str:
    return _painted(text, "2")


def red(text: str) -> str:
    return _painted(text, "31")


def width() -> int | None:
    """Say how wide the terminal is; nothing where there is none, so that nothing is cut."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return None
