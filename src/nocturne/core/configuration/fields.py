"""Fields as local staff define them, and what they may say of RFC 1297's own fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nocturne.core.chart import COLUMNS, ELEMENTS
from nocturne.core.configuration.body import Body, wrong
from nocturne.core.configuration.clearances import MEANINGS

KINDS = (
    "text", "long text", "choice", "number", "yes or no", "date", "time", "duration", "person", "contact",
    "machine", "circuit", "site", "network", "ip address", "ip prefix", "mac address", "as number", "phone",
    "mail address", "url", "ticket",
)  # fmt: skip
"""What a local field's value can be; `nocturne.core.fieldvalues` checks and spells each."""
CORE = frozenset(COLUMNS) | frozenset(ELEMENTS) - {"field"}
FIXED_CLASS = frozenset({"merged_into"})
"""Core columns whose class cannot be changed: that two tickets are one is told by the house itself."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice: `value` is what tickets keep, `title` what people see; `parent` makes a hierarchy."""

    value: str
    title: str = ""
    parent: str = ""
    retired: bool = False
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A field.

    :param core: a column of RFC 1297's header: only `title`, `help`, `data_class`, `required_*` may be said of it.
    :param help: a text; facts in braces are put in, such as `{machine.contact.phone}`.
    :param pattern: RE2, for text: the whole value must match it.
    :param strict: whether a value that fails `pattern`, choices or a list is refused; else it is only warned of.
    :param types: the types of ticket that show it; all of them where empty.
    :param shown_in, required_in: states or meanings; empty `shown_in` is all, empty `required_in` is never.
    """

    name: str
    title: str = ""
    kind: str = "text"
    core: bool = False
    many: bool = False
    unit: str = ""
    default: Any = None
    help: str = ""
    pattern: str = ""
    pattern_help: str = ""
    strict: bool = True
    choices: tuple[Choice, ...] = ()
    data_class: str = ""
    types: tuple[str, ...] = ()
    shown_in: tuple[str, ...] = ()
    required_in: tuple[str, ...] = ()
    in_lists: bool = False
    place: int = 100
    retired: bool = False
    formerly: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def read(name: str, body: Body) -> Field:
    core = name in CORE
    kind = body.choice("kind", KINDS, "text")
    found = Field(
        name,
        title=body.text("title", longest=120),
        kind=kind,
        core=core,
        many=body.flag("many"),
        unit=body.text("unit", longest=20),
        default=body.value("default"),
        help=body.text("help"),
        pattern=body.text("pattern", longest=500),
        pattern_help=body.text("pattern_help", longest=200),
        strict=body.flag("strict", True),
        choices=body.tables("choices", _choice),
        data_class=body.name("class", "" if core else "staff"),
        types=body.names("types"),
        shown_in=body.texts("shown_in", longest=40),
        required_in=body.texts("required_in", longest=40),
        in_lists=body.flag("in_lists"),
        place=body.number("place", 100, most=10_000) or 0,
        retired=body.flag("retired"),
        formerly=body.names("formerly"),
    )
    if core:
        _refuse_what_is_fixed(found, body)
    elif kind == "choice" and not found.choices:
        raise wrong("choice_without_choices", body.at("choices"))
    return found


def _refuse_what_is_fixed(found: Field, body: Body) -> None:
    for key in (
        "kind",
        "many",
        "unit",
        "default",
        "pattern",
        "choices",
        "types",
        "retired",
        "formerly",
        "strict",
    ):
        if key in body.body:
            raise wrong("core_field", body.at(key), given=found.name)
    if found.data_class and found.name in FIXED_CLASS:
        raise wrong("core_class", body.at("class"), given=found.name)


def _choice(body: Body) -> Choice:
    return Choice(
        body.text("value", longest=80, needed=True),
        body.text("title", longest=120),
        body.text("parent", longest=80),
        body.flag("retired"),
        body.texts("formerly", longest=80),
    )


STATES_OR_MEANINGS = MEANINGS
