"""The controls that a document's form is made of: each reads what was typed into a plain value, and shows one.

What was typed is never judged here: a number that is none stays as it is, is refused where documents are read, and
stands in its control again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from django.http import QueryDict

from nocturne.core.configuration import Configuration
from nocturne.doors.web.fields import Words

Errors = Mapping[str, str]
"""Way to a key below the document (`choices.3.value`) to the sentence about it."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen; `says` is a sentence about it."""

    value: str
    label: Words
    says: Words = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a form is shown: the configuration in force, and the document as it is being written."""

    configuration: Configuration
    kind: str
    name: str
    body: Mapping[str, Any]
    near: Mapping[str, Sequence[str]] = field(default_factory=dict)


Options = Sequence[Option] | Callable[[Place], Sequence[Option]]


@dataclass(slots=True)
class Shown:
    """A control as the page shows it."""

    form: str
    name: str
    label: Words
    help: Words = ""
    value: Any = ""
    error: str = ""
    wide: bool = False
    needed: bool = False
    rows: int = 3
    near: str = ""
    options: list[tuple[Option, bool]] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"s-{self.name}"


@dataclass(frozen=True)
class Control:
    """A line of text, and what all controls have in common.

    :param key: the key of the document that it writes.
    :param default: what the document means where the key is not there.
    """

    key: str
    label: Words
    help: Words = ""
    default: Any = ""
    wide: bool = False
    needed: bool = False
    near: str = ""
    form: ClassVar[str] = "line"

    def read(self, given: QueryDict, name: str) -> Any:
        return given.get(name, "").strip()

    def spelt(self, value: Any) -> Any:
        """Spell a value as the control holds it, so that two can be compared."""
        return "" if value is None else str(value)

    def written(self, given: QueryDict, name: str, body: dict[str, Any]) -> None:
        """Put what was typed into a document's body; what says nothing new leaves it as it is."""
        value = self.read(given, name)
        if self.spelt(body.get(self.key, self.default)) == self.spelt(value):
            return
        if value in ("", None) or value == [] or value == {} or self.spelt(value) == self.spelt(self.default):
            body.pop(self.key, None)
        else:
            body[self.key] = value

    def shown(self, body: Mapping[str, Any], name: str, place: Place, errors: Errors) -> Shown:  # noqa: ARG002
        value = self.spelt(body.get(self.key, self.default))
        return Shown(
            self.form, name, self.label, self.help, value, told(errors, self.key), self.wide, self.needed,
            near=self.near,
        )  # fmt: skip


@dataclass(frozen=True)
class Number(Control):
    """A whole number."""

    form: ClassVar[str] = "number"

    def read(self, given: QueryDict, name: str) -> Any:
        typed = given.get(name, "").strip()
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else typed


@dataclass(frozen=True)
class Text(Control):
    """Several lines of text."""

    rows: int = 3
    form: ClassVar[str] = "text"

    def read(self, given: QueryDict, name: str) -> Any:
        return given.get(name, "").replace("\r\n", "\n").strip("\n ")

    def spelt(self, value: Any) -> Any:
        return "" if value is None else str(value).strip("\n ")

    def shown(self, body: Mapping[str, Any], name: str, place: Place, errors: Errors) -> Shown:
        return replace(super().shown(body, name, place, errors), wide=True, rows=self.rows)


@dataclass(frozen=True)
class Flag(Control):
    """Yes or no."""

    default: Any = False
    form: ClassVar[str] = "check"

    def read(self, given: QueryDict, name: str) -> Any:
        return name in given

    def spelt(self, value: Any) -> Any:
        return value is True

    def written(self, given: QueryDict, name: str, body: dict[str, Any]) -> None:
        value = self.read(given, name)
        if value == self.default:
            if body.get(self.key, self.default) != value:
                body.pop(self.key, None)
        else:
            body[self.key] = value


@dataclass(frozen=True)
class Choice(Control):
    """One of some; what is chosen and not among them is shown all the same."""

    options: Options = ()
    form: ClassVar[str] = "choice"

    def shown(self, body: Mapping[str, Any], name: str, place: Place, errors: Errors) -> Shown:
        made = super().shown(body, name, place, errors)
        chosen = made.value
        options = offered(self.options, place)
        if chosen not in {each.value for each in options}:
            options = [*options, Option(chosen, chosen)]
        made.options = [(each, each.value == chosen) for each in options]
        return made


@dataclass(frozen=True)
class Checks(Control):
    """Any of some."""

    options: Options = ()
    none: Words = ""
    form: ClassVar[str] = "checks"

    def read(self, given: QueryDict, name: str) -> Any:
        return [each for each in given.getlist(name) if each]

    def spelt(self, value: Any) -> Any:
        return as_list(value)

    def written(self, given: QueryDict, name: str, body: dict[str, Any]) -> None:
        value, before = self.read(given, name), self.spelt(body.get(self.key))
        if set(value) == set(before):
            return
        kept = [each for each in before if each in value]
        body[self.key] = kept + [each for each in value if each not in kept]
        if not value:
            del body[self.key]

    def shown(self, body: Mapping[str, Any], name: str, place: Place, errors: Errors) -> Shown:
        made = super().shown(body, name, place, errors)
        chosen = set(made.value)
        options = list(offered(self.options, place))
        options += [Option(each, each) for each in made.value if each not in {one.value for one in options}]
        made.options = [(each, each.value in chosen) for each in options]
        made.more["none"] = self.none
        return made


@dataclass(frozen=True)
class Several(Control):
    """A list of words, apart by commas."""

    def read(self, given: QueryDict, name: str) -> Any:
        parts = given.get(name, "").replace("\n", ",").split(",")
        return [each.strip() for each in parts if each.strip()]

    def spelt(self, value: Any) -> Any:
        return ", ".join(as_list(value))


@dataclass(frozen=True)
class Members(Several):
    """Accounts by name, apart by commas, and groups by a tick each; all in one list, groups with an @."""

    options: Options = ()
    form: ClassVar[str] = "members"

    def read(self, given: QueryDict, name: str) -> Any:
        return [*(each for each in given.getlist(f"{name}-groups") if each), *super().read(given, name)]

    def spelt(self, value: Any) -> Any:
        return sorted(as_list(value))

    def shown(self, body: Mapping[str, Any], name: str, place: Place, errors: Errors) -> Shown:
        made = super().shown(body, name, place, errors)
        chosen = as_list(body.get(self.key))
        made.value = ", ".join(each for each in chosen if not each.startswith("@"))
        options = list(offered(self.options, place))
        known = {each.value for each in options}
        options += [Option(each, each) for each in chosen if each.startswith("@") and each not in known]
        made.options = [(each, each.value in chosen) for each in options]
        return made


@dataclass(frozen=True)
class Default(Control):
    """What a field is filled with: one value, or one a line where the field takes many."""

    form: ClassVar[str] = "text"

    def read(self, given: QueryDict, name: str) -> Any:
        lines = [each.strip() for each in given.get(name, "").splitlines() if each.strip()]
        return lines if len(lines) > 1 else "".join(lines)

    def spelt(self, value: Any) -> Any:
        return "\n".join(as_list(value))


def as_list(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    return [_plainly(each) for each in value] if isinstance(value, list | tuple) else [_plainly(value)]


def _plainly(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def offered(options: Options, place: Place) -> list[Option]:
    return list(options(place) if callable(options) else options)


def told(errors: Errors, *keys: str) -> str:
    """Gather what is wrong with some keys, and with what lies in them."""
    found = [
        says for way, says in errors.items() if any(way == key or way.startswith(f"{key}.") for key in keys)
    ]
    return " ".join(dict.fromkeys(found))


def shown_all(
    controls: Iterable[Control], body: Mapping[str, Any], place: Place, errors: Errors
) -> list[Shown]:
    return [each.shown(body, each.key, place, errors) for each in controls]
