"""Which fields a ticket has, by its type and its state; which must be filled; where their values stand on a chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nocturne.core.configuration import Configuration
from nocturne.core.configuration.fields import Field
from nocturne.core.fieldvalues import Stored, plain, shown

PREFIX = "field/"
TAG = "field/tag:"


def is_local(column: str) -> bool:
    """Tell whether a column of a chart holds a local field's value; a tag is none."""
    return column.startswith(PREFIX) and not column.startswith(TAG)


def name_of(column: str) -> str:
    """Give the name under which a value was written: of `field/cve`, or of one of many, `field/prefix:a1b2`."""
    return column.removeprefix(PREFIX).partition(":")[0]


def local(configuration: Configuration) -> list[Field]:
    """List the local fields in their order."""
    found = (each for each in configuration.fields.values() if not each.core)
    return sorted(found, key=lambda each: (each.place, each.name))


def applies(configuration: Configuration, field: Field, type_: str) -> bool:
    """Tell whether tickets of a type have a field: it names the type, the type names it, or neither names any."""
    own = configuration.type(type_)
    if field.name in own.fields or own.name in field.types or type_ in field.types:
        return True
    return not field.types and not any(field.name in each.fields for each in configuration.types.values())


def offered(configuration: Configuration, type_: str, state: str, meaning: str) -> list[Field]:
    """List the fields to fill on a ticket of this type in this state, in the order that its type gives them."""
    order = {name: place for place, name in enumerate(configuration.type(type_).fields)}
    found = [
        each
        for each in local(configuration)
        if not each.retired
        and applies(configuration, each, type_)
        and (not each.shown_in or _holds(configuration, each.shown_in, state, meaning))
    ]
    return sorted(found, key=lambda each: (order.get(each.name, len(order)), each.place, each.name))


def required(configuration: Configuration, type_: str, state: str, meaning: str) -> list[str]:
    """List the columns, RFC 1297's and local ones, that must be filled in a state."""
    return [
        each.name if each.core else PREFIX + each.name
        for each in sorted(configuration.fields.values(), key=lambda each: (each.place, each.name))
        if not each.retired
        and _holds(configuration, each.required_in, state, meaning)
        and (each.core or applies(configuration, each, type_))
    ]


def _holds(configuration: Configuration, named: tuple[str, ...], state: str, meaning: str) -> bool:
    return meaning in named or any(state in configuration.state_names.get(each, {each}) for each in named)


def names(field: Field) -> frozenset[str]:
    """Give every name that a field has had."""
    return frozenset({field.name, *field.formerly})


def standing(field: Field, columns: Mapping[str, Any]) -> dict[str, Any]:
    """List the values that a chart holds of a field, by their columns, under any name it has had."""
    known = names(field)
    return {
        column: value
        for column, value in columns.items()
        if value is not None and is_local(column) and name_of(column) in known
    }


def is_filled(configuration: Configuration, name: str, columns: Mapping[str, Any]) -> bool:
    """Tell whether a header with its sets has a value in a column: `cause`, `machine`, `field/cve`."""
    if is_local(name):
        field = configuration.field(name_of(name))
        return bool(field is not None and standing(field, columns))
    if columns.get(name) not in (None, ""):
        return True
    return any(column.startswith(f"{name}/") and value is not None for column, value in columns.items())


def same(value: Stored, given: Any, field: Field) -> bool:
    """Tell whether what was given is what stands there already, as people or programs are shown it."""
    if isinstance(given, str):
        text = given.strip()
        return text in (shown(value, field), str(plain(value)))
    return type(given) is type(plain(value)) and given == plain(value)
