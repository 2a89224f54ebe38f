"""Values of the fields that local staff define: read as they are typed, kept in one spelling, shown, and searched.

A value depends on its field only while it is read. What is kept says by itself what it is
(:data:`~nocturne.core.fieldvalues.value.Stored`), so that renaming, changing or removing a field changes no old ticket.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nocturne.core.configuration.fields import Field
from nocturne.core.fieldvalues import addresses, contacts, numbers, patterns, texts, things, times
from nocturne.core.fieldvalues.value import (
    LONGEST_TEXT,
    Context,
    Found,
    Kind,
    LookUp,
    Searchable,
    Stored,
    bad,
    folded,
)
from nocturne.core.refusals import Invalid

KINDS: dict[str, Kind] = {
    **texts.KINDS,
    **numbers.KINDS,
    **times.KINDS,
    **addresses.KINDS,
    **contacts.KINDS,
    **things.KINDS,
}
MOST_VALUES = 100
"""Values that one field of one ticket may have."""
_BOUNDED = frozenset({"field_too_long", "field_too_many_values"})
"""Refusals that stand even where a field is lenient: the books could not hold the value."""


def spell(field: Field, given: Any, context: Context, *, warnings: list[Invalid]) -> Stored | None:
    """Read one value as it was typed, or as a program sent it; nothing for what is empty.

    What is wrong with it is refused where the field is strict. Elsewhere it is kept all the same: the operator may know
    better; what is wrong is added to `warnings`.

    :raises Invalid: the value cannot stand in this field.
    """
    text = _text(field, given)
    if not any(char.isprintable() and not char.isspace() for char in text):
        return None
    try:
        value = KINDS[field.kind].read(field, text, context)
    except Invalid as refusal:
        if field.strict or refusal.code in _BOUNDED:
            raise
        warnings.append(refusal)
        return {"kind": field.kind, "unchecked": texts.line(field, text, context)["value"]}
    if value["value"] == "":
        return None
    found = {"kind": field.kind, **value}
    if field.pattern and not patterns.fits(field.pattern, shown(found, field)):
        misfit = bad(field, "pattern", text, help=field.pattern_help)
        if field.strict:
            raise misfit
        warnings.append(misfit)
    return found


def spell_all(field: Field, given: Any, context: Context, *, warnings: list[Invalid]) -> list[Stored]:
    """Read all values of a field that may have many: a list, or a text with a line or a comma between them.

    :raises Invalid: one of them cannot stand in this field, or there are too many.
    """
    found: list[Stored] = []
    for each in parts(field, given):
        value = spell(field, each, context, warnings=warnings)
        if value is not None and value not in found:
            found.append(value)
    if len(found) > MOST_VALUES:
        raise bad(field, "too_many_values", "", limit=MOST_VALUES, count=len(found))
    return found


def parts(field: Field, given: Any) -> Iterable[Any]:
    """Part what was given into values; a field of one value takes it whole."""
    if isinstance(given, list | tuple):
        if len(given) > 1 and not field.many:
            raise bad(field, "only_one", ", ".join(str(each) for each in given))
        return given
    if not field.many or not isinstance(given, str):
        return [given]
    if field.kind == "long text" or "\n" in given.strip():
        return given.splitlines()
    return given.split(",")


def _text(field: Field, given: Any) -> str:
    if given is None:
        return ""
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, float):
        return f"{given:.15g}"
    if not isinstance(given, str | int):
        raise bad(field, "not_a_value", str(given))
    text = str(given).replace("\0", "").encode("utf-8", "replace").decode().strip()
    if len(text) > LONGEST_TEXT:
        raise bad(field, "too_long", text, limit=LONGEST_TEXT, length=len(text))
    return text


def shown(value: Any, field: Field | None = None) -> str:
    """Write a stored value for people. `field`, where it still is one of this kind, gives choices their titles."""
    if not isinstance(value, dict):
        return str(value)  # a tombstone where a redaction was
    if "unchecked" in value:
        return str(value["unchecked"])
    same = field if field is not None and field.kind == value["kind"] else None
    return KINDS[value["kind"]].show(value, same)


def plain(value: Any) -> Any:
    """Reduce a stored value to what a program wants: a number or a flag as such, all else as text."""
    if not isinstance(value, dict) or "unchecked" in value:
        return shown(value)
    if value["kind"] == "number":
        return float(value["value"]) if "." in value["value"] else int(value["value"])
    if value["kind"] in ("yes or no", "duration", "as number", "ticket"):
        return value["value"]
    return value["label"] if "label" in value else value["value"]


def searchable(value: Any) -> Searchable:
    """Give a stored value's place in the index; a text that was never understood is found as a text."""
    if not isinstance(value, dict) or "unchecked" in value or value.get("kind") not in KINDS:
        return Searchable(text=folded(shown(value) if not isinstance(value, bool) else str(value).lower()))
    return KINDS[value["kind"]].search(value)


__all__ = [
    "KINDS",
    "Context",
    "Found",
    "Kind",
    "LookUp",
    "Searchable",
    "Stored",
    "parts",
    "plain",
    "searchable",
    "shown",
    "spell",
    "spell_all",
]
