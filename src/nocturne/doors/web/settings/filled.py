"""A document's form being filled in: what was typed becomes a body, and what is wrong stands beside its control."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import available_timezones

from django.http import QueryDict

from nocturne.core.configuration import Configuration, Documents
from nocturne.core.configuration.tree import everything_wrong
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.desk import wording
from nocturne.desk.nearby import suggestions
from nocturne.doors.web.fields import Words
from nocturne.doors.web.settings.controls import Place, Shown
from nocturne.doors.web.settings.forms import controls_of, form_of
from nocturne.doors.web.settings.grids import Table


@dataclass(slots=True)
class Wrongs:
    """What is wrong: beside which control, and what belongs to none of them."""

    beside: dict[str, str] = field(default_factory=dict)
    above: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.beside or self.above)


def typed(given: QueryDict, kind: str, name: str, base: Mapping[str, Any]) -> dict[str, Any]:
    """Read a form into a body; what the form does not speak of stays as it is."""
    body = dict(base)
    for control in controls_of(kind, name):
        if not (isinstance(control, Table) and control.too_long(base)):
            control.written(given, control.key, body)
    return body


def rearranged(given: QueryDict, kind: str, name: str, body: dict[str, Any]) -> str:
    """Do what a button of a row asks: `choices:up:2`, `choices:remove:2`, `choices:add`; give the table's key."""
    key, order, at = [*given.get("do", "").split(":"), "", ""][:3]
    for control in controls_of(kind, name):
        if control.key == key:
            if isinstance(control, Table) and at.isascii() and at.isdigit():
                control.rearranged(given, body, order, int(at[:4]))
            return key if order == "add" else ""
    return ""


def sections(
    configuration: Configuration,
    kind: str,
    name: str,
    body: Mapping[str, Any],
    errors: Mapping[str, str],
    add: str = "",
) -> list[tuple[Words, list[Shown]]]:
    """Show a document in the controls of its form."""
    place = Place(configuration, kind, name, body, {"add": [add]} if add else {})
    return [
        (title, [each.shown(body, each.key, place, errors) for each in controls])
        for title, controls in form_of(kind, name)
    ]


def near(kind: str, name: str, actor: Actor) -> dict[str, list[str]]:
    """Read the lists that some controls suggest from."""
    wanted = {each.near for each in controls_of(kind, name) if each.near}
    found = suggestions(wanted - {"zones"}, actor)
    return found | ({"zones": sorted(available_timezones())} if "zones" in wanted else {})


def judged(documents: Documents, kind: str, name: str) -> Wrongs:
    """List all that would be wrong if these were in force: with this document, and with others because of it."""
    return sorted_out(everything_wrong(documents), kind, name)


def sorted_out(refusals: Iterable[Invalid], kind: str, name: str) -> Wrongs:
    """Put what is wrong beside the control that it is about."""
    found = Wrongs()
    for refusal in refusals:
        head, _, way = str(refusal.field or "").partition(".")
        if head != f"{kind}/{name}"[:120] or (way and not _is_shown(way, kind, name)):
            found.above.append(wording.refusal(refusal))
        else:
            params = {**refusal.params, "where": label(kind, name, way)} if way else refusal.params
            says = wording.refusal(Invalid(refusal.code, field=refusal.field, **params))
            found.beside[way] = f"{found.beside[way]} {says}" if way in found.beside else says
    return found


def _is_shown(way: str, kind: str, name: str) -> bool:
    key = way.partition(".")[0]
    return any(key == each.key or key in getattr(each, "owns", ()) for each in controls_of(kind, name))


def label(kind: str, name: str, way: str) -> str:
    """Say a way to a key in the words of the form: `choices.3.parent` is “Choices 3, Under”."""
    key, *rest = way.split(".")
    control = next(
        (each for each in controls_of(kind, name) if key == each.key or key in getattr(each, "owns", ())),
        None,
    )
    if control is None:
        return way
    words = getattr(control, "owns", {}).get(key) or control.label
    if not rest:
        return str(words)
    columns = {
        each.key: each.label for each in (*getattr(control, "columns", ()), *getattr(control, "parts", ()))
    }
    spelt = [str(columns.get(each, each)) for each in rest]
    return f"{words} {', '.join(spelt)}"
