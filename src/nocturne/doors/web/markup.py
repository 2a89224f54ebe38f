"""Puts markup together. This is the only module that calls a text safe: whatever is put in is escaped, unless it was
made here.

It does what Django's `format_html` does at a third of its cost, which is most of what a board of 50 rows costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.safestring import SafeString


def html(pattern: str, *parts: Any, **named: Any) -> SafeString:
    """Fill a pattern of markup with parts; each is escaped unless it is markup itself."""
    return SafeString(
        pattern.format(*map(fit, parts), **{name: fit(part) for name, part in named.items()})
        if named
        else pattern.format(*map(fit, parts))
    )


def joined(parts: Iterable[Any], between: str = "") -> SafeString:
    """Put parts one after another; each is escaped unless it is markup itself."""
    return SafeString(between.join(map(fit, parts)))


def repeated(pattern: str, rows: Iterable[tuple[Any, ...]], between: str = "") -> SafeString:
    """Fill a pattern once for every row of parts."""
    return SafeString(between.join(pattern.format(*map(fit, parts)) for parts in rows))


def fit(part: Any) -> str:
    """Make of a part what may stand in markup, for whoever fills a pattern too often to be asked about each."""
    kind = part.__class__
    if kind is SafeString:
        return str.__str__(part)
    if kind is int:
        return str(part)
    text = part if kind is str else str(part)
    return escape(text) if _needs_escaping(text) else text


_needs_escaping = re.compile("[&<>\"']").search
NOTHING = SafeString("")
