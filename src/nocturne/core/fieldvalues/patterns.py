"""Patterns that local staff give a field: RE2, which takes a time that grows with the text and never runs for ever."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped]

LARGEST = 1 << 20
"""Bytes of memory that a compiled pattern may take: what needs more is refused when it is configured."""


class BadPattern(ValueError):
    """A pattern that cannot be read, or that would become too big."""


@lru_cache(maxsize=500)
def compiled(pattern: str) -> Any:
    """Compile a pattern.

    :raises BadPattern: it cannot be.
    """
    options = re2.Options()
    options.max_mem = LARGEST
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        raise BadPattern(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)) from None


def fits(pattern: str, text: str) -> bool:
    """Tell whether the whole of a text is what a pattern describes."""
    return compiled(pattern).fullmatch(text) is not None
