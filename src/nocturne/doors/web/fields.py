"""The fields that forms are made of. What they hold is judged at the desk; here is only how they look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Words = Any
"""A text for people, translated when it is shown."""
Choices = Sequence[tuple[str, Words]]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the form and at the desk, its label, and how it is filled in.

    `form` is one of line, text, choice, choices, chips, when, check, files, number, mail, password, hidden.
    `near` names the list of suggestions (machines, people, …) that belongs to it.
    """

    name: str
    label: Words
    form: str = "line"
    help: Words = ""
    choices: Choices = ()
    needed: bool = False
    near: str = ""
    rows: int = 4
    wide: bool = False
    longest: int = 0
    complete: str = "off"


@dataclass(slots=True)
class Bound:
    """A field with what stands in it, and what is wrong with that."""

    field: Field
    value: Any = ""
    was: str | None = None
    error: str = ""
    prefix: str = "f"
    offered: Choices = ()

    @property
    def id(self) -> str:
        return f"{self.prefix}-{self.field.name}"

    @property
    def options(self) -> list[tuple[str, Words, bool]]:
        """The choices, each with whether it is chosen."""
        chosen = self.value if isinstance(self.value, list | tuple) else [str(self.value or "")]
        choices = self.offered or self.field.choices
        return [(value, label, value in chosen) for value, label in choices]


def bind(
    fields: Iterable[Field], values: Mapping[str, Any], *, errors: Mapping[str, str] | None = None, prefix: str = "f",
    keep_was: bool = False, offered: Mapping[str, Choices] | None = None,
) -> list[Bound]:  # fmt: skip
    """Put values and errors to fields. With `keep_was` each remembers its value, so that only changes are sent on."""
    found = errors or {}
    return [
        Bound(
            each,
            values.get(each.name, ""),
            was=str(values.get(each.name, "") or "") if keep_was else None,
            error=found.get(each.name, ""),
            prefix=prefix,
            offered=(offered or {}).get(each.name, ()),
        )
        for each in fields
    ]
