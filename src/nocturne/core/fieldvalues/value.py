"""What a local field's value is made of, and what every kind of field says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from nocturne.core.configuration.fields import Field
from nocturne.core.refusals import Invalid
from nocturne.core.zones import Zone

Stored = dict[str, Any]
"""A value as the books keep it: `kind`, `value`, and what it is called (`label`) or measured in (`unit`).

It says by itself what it is, so that no later change of the field can change what an old ticket says. A value that a
lenient field took although it could not be read has `unchecked` (the text as it was typed) instead of `value`.
"""
LONGEST_LINE = 300
LONGEST_TEXT = 20_000
LONGEST_SEARCHED = 300
"""Characters of a text by which it can be found; what stands behind them is only shown."""


@dataclass(frozen=True, slots=True)
class Found:
    """A row that a name led to: a machine, a person, a ticket."""

    id: int
    label: str
    retired: bool = False


class LookUp(Protocol):
    """Finds what people name. The desk brings one that asks the database."""

    def __call__(self, kind: str, given: str) -> Found | None: ...


def nothing_known(kind: str, given: str) -> Found | None:  # noqa: ARG001
    """Look something up where there is nothing to look it up in."""
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a value may depend on beside the text: the time, the writer's zone, the site's country, and lists.

    :param region: where a telephone number without a country is, as two letters of ISO 3166.
    """

    now: datetime
    zone: Zone = "UTC"
    region: str = ""
    find: LookUp = nothing_known


@dataclass(frozen=True, slots=True)
class Searchable:
    """A value as an index orders it: exactly one of these is set."""

    text: str | None = None
    number: Decimal | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of field.

    :param read: reads a text without spaces around it as the parts of a stored value.
    :param show: writes a stored value for people, so that :attr:`read` gives the same value again.
    :param search: gives a stored value's place in an index.
    :param example: what somebody might type, for help and refusals.
    """

    read: Callable[[Field, str, Context], Stored]
    show: Callable[[Stored, Field | None], str]
    search: Callable[[Stored], Searchable]
    example: str = ""


def bad(field: Field, reason: str, given: str, **facts: Any) -> Invalid:
    """Make the refusal of a value: which field, why, and what was given."""
    return Invalid(
        f"field_{reason}",
        field=f"field/{field.name}",
        title=field.title or field.name,
        given=given[:200],
        **facts,
    )


def folded(text: str) -> str:
    """Bring a text into the form in which texts are compared: in one case, and as long as the index holds."""
    return text.casefold()[:LONGEST_SEARCHED]


def by_text(value: Stored) -> Searchable:
    """Place a value in the index by its text, whatever the case of its letters."""
    return Searchable(text=folded(str(value["value"])))


def by_number(value: Stored) -> Searchable:
    """Place a value in the index by its number."""
    return Searchable(number=Decimal(str(value["value"])))


def as_it_is(value: Stored, _: Field | None) -> str:
    """Show a value as it is kept."""
    return str(value["value"])


Kinds = Mapping[str, Kind]
