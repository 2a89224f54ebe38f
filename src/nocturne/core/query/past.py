"""Which keys can be asked for the past: whether a ticket was so, or became so."""

from __future__ import annotations

from nocturne.core.query.vocabulary import PAST_COLUMNS, PAST_VALUES, TAGS, key_of

PAST_FORMS = frozenset({"choice", "name", "person", "level", "clock", "ticket"})
"""Forms of the keys whose values of the past the books can be searched for."""


def has_past(name: str) -> bool:
    """Tell whether the books tell of a key's column when it changed."""
    key = key_of(name)
    if "." in name or key.form in ("age", "link", "has", "was"):
        return False
    if key.form == "local":
        return name != TAGS
    return key.column.partition("/")[0] in PAST_COLUMNS and name not in _NOT_PAST


def has_past_values(name: str) -> bool:
    """Tell whether the books can be asked what a key's column was."""
    key = key_of(name)
    return has_past(name) and key.form in PAST_FORMS and key.column.partition("/")[0] in PAST_VALUES


_NOT_PAST = frozenset({"updated", "text"})
