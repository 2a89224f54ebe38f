"""The fields that forms are made of. What they hold is judged at the desk; here is only how they look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Words = Any
"""A text for people, translated when it is shown."""
Choices = Sequence[tuple[str, Words]]
MANY = 20
"""So many choices are looked over; among more one searches, by typing a part of a name."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the form and at the desk, its label, and how it is filled in.

    `form` is one of line, text, choice, search (a line that is completed from its choices), choices, radios, chips,
    when, date, check, files, number, mail, password and hidden.
    `near` names the list of suggestions (machines, people, …) that belongs to it; `asks` says that it is a question in
    the language of the search, which is completed while it is typed.
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
    asks: bool = False


@dataclass(slots=True)
class Bound:
    """A field with what stands in it, and what is wrong with that.

    `explain` is the help that local staff have written for it; `warning` says what is not quite right with its value.
    """

    field: Field
    value: Any = ""
    was: str | None = None
    error: str = ""
    prefix: str = "f"
    offered: Choices = ()
    explain: str = ""
    warning: str = ""

    @property
    def id(self) -> str:
        return f"{self.prefix}-{self.field.name}".replace("/", "-")

    @property
    def described_by(self) -> str:
        """Name the elements that say more about it."""
        parts = {
            "help": self.field.help and self.field.wide,
            "explain": self.explain,
            "warning": self.warning,
        }
        return " ".join(f"{self.id}-{name}" for name, said in parts.items() if said)

    @property
    def is_long(self) -> bool:
        """Whether there are so many choices that one searches among them."""
        return len(self.offered or self.field.choices) > MANY

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
            was=_written(values.get(each.name, "")) if keep_was else None,
            error=found.get(each.name, ""),
            prefix=prefix,
            offered=(offered or {}).get(each.name, ()),
        )
        for each in fields
    ]


def _written(value: Any) -> str:
    """Spell what stands in a field as the form sends it back: the chosen ones of many by lines."""
    return "\n".join(value) if isinstance(value, list | tuple) else str(value or "")
