"""A site's own fields in forms: the control that fits each kind, the help a key away, the warning beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from nocturne.core import permits
from nocturne.core.configuration import current
from nocturne.core.configuration.fields import Choice
from nocturne.core.configuration.fields import Field as Configured
from nocturne.core.entry import Kind
from nocturne.core.fieldvalues import KINDS
from nocturne.core.fieldvalues.rules import PREFIX, offered
from nocturne.core.fieldvalues.texts import chosen, outline
from nocturne.core.permits import Actor
from nocturne.desk import fieldhelp, wording
from nocturne.desk.charts import Chart
from nocturne.desk.localfields import FieldView
from nocturne.doors.web.fields import MANY, Bound, Choices, Field

SETS = "set-"
"""Before the name of a column that a form sets beside what it always has."""
NEAR = {
    "person": "people", "contact": "contacts", "machine": "machines", "circuit": "circuits", "site": "sites",
    "network": "networks",
}  # fmt: skip
DEPTH = "\u2003"
"""Stands before a choice once for each that it hangs below."""


def name_of(column: str) -> str:
    """Name a column's field in a form."""
    return f"{SETS}{column}"


def control(of: Configured, *, standing: Sequence[Any] = (), needed: bool = False) -> Field:
    """Make the field of a form in which a local field is filled in."""
    label = of.title or of.name
    made = Field(name_of(PREFIX + of.name), f"{label} ({of.unit})" if of.unit else label, needed=needed)
    if of.kind == "choice" and not of.many and len(of.choices) > MANY:
        return replace(made, form="search", choices=_named(of, standing))
    if of.kind == "choice":
        return replace(made, form="choices" if of.many else "choice", choices=_choices(of, standing))
    if of.kind == "yes or no":
        return replace(made, form="choice", choices=[("", "—"), ("yes", _("yes")), ("no", _("no"))])
    if of.many:
        return replace(made, form="text", rows=2, help=_("One per line."), near=NEAR.get(of.kind, ""))
    if of.kind == "long text":
        return replace(made, form="text", rows=3, wide=True)
    if of.kind == "date":
        return replace(made, form="date")
    return replace(made, near=NEAR.get(of.kind, ""), help=of.pattern_help or KINDS[of.kind].example)


def _choices(of: Configured, standing: Sequence[Any]) -> Choices:
    """List what can be chosen, each below what it hangs on; a retired one only where it stands already."""
    found: list[tuple[str, str]] = [] if of.many else [("", "—")]
    for depth, each in outline(of):
        if not each.retired or each.value in standing:
            found.append((each.value, DEPTH * depth + (each.title or each.value)))
    known = {value for value, _title in found}
    return [*found, *((str(each), str(each)) for each in standing if str(each) not in known)]


def _named(of: Configured, standing: Sequence[Any]) -> Choices:
    """List the names that a choice is found by, with what it hangs below; where two are called alike, their values."""
    return [
        (_name(of, each), " › ".join(_above(of, each)))
        for _depth, each in outline(of)
        if not each.retired or each.value in standing
    ]


def _name(of: Configured, choice: Choice) -> str:
    """Give the title by which a choice can be typed; its value where the title names another as well."""
    found = chosen(of, choice.title) if choice.title else None
    alike = sum(1 for each in of.choices if each.title.casefold() == choice.title.casefold())
    return choice.title if found is choice and alike == 1 else choice.value


def _above(of: Configured, choice: Choice) -> list[str]:
    by_value = {each.value: each for each in of.choices}
    found: list[str] = []
    above = by_value.get(choice.parent)
    while above is not None and len(found) < len(by_value):
        found.insert(0, above.title or above.value)
        above = by_value.get(above.parent)
    return found


def value(view: FieldView) -> Any:
    """Say what stands in a form for a field of a chart."""
    if (
        view.field is not None
        and view.field.kind == "choice"
        and len(view.field.choices) > MANY
        and not view.many
    ):
        standing = chosen(view.field, str(view.plain[0])) if view.plain else None
        return _name(view.field, standing) if standing else str(view.plain[0]) if view.plain else ""
    if view.field is not None and view.field.kind == "choice":
        return [str(each) for each in view.plain] if view.many else str(view.plain[0]) if view.plain else ""
    return "\n".join(view.values) if view.many else (view.values[0] if view.values else "")


def on_chart(chart: Chart, actor: Actor) -> tuple[list[Field], dict[str, Any]]:
    """Make the fields that can be filled in on a ticket, with what stands in them."""
    fields, values = [], {}
    classes = _changes(actor, permits.reaching(actor, chart.place))
    for view in chart.fields:
        if view.field is None or (view.field.retired and not view.values):
            continue
        if current().class_of(PREFIX + view.name) in classes:
            fields.append(control(view.field, standing=view.plain))
            values[fields[-1].name] = value(view)
    return fields, values


def before_opening(type_: str, actor: Actor) -> list[Field]:
    """Make the fields that a new ticket of a type has, as far as its opener may fill them."""
    cycle = current().lifecycle_of(type_, None)
    first = cycle.beginning
    grants = [each for each in permits.held(actor).grants if Kind.OPENED.value in each.rights]
    classes = _changes(actor, grants)
    named = frozenset().union(*(each.opens_with or () for each in grants))
    return [
        control(each, needed=bool({first.name, first.meaning.value} & {*each.required_in}))
        for each in offered(current(), type_, first.name, first.meaning.value)
        if current().class_of(PREFIX + each.name) in classes or PREFIX + each.name in named
    ]


def _changes(_actor: Actor, grants: Iterable[Any]) -> frozenset[int]:
    return frozenset().union(*(grant.changes for grant in grants))


def depends_on_type() -> bool:
    """Tell whether tickets of different types have different fields."""
    configuration = current()
    return any(each.types for each in configuration.fields.values() if not each.core) or any(
        each.fields for each in configuration.types.values()
    )


def column_of(field: Field) -> str:
    """Name the column that a field of a form fills."""
    return field.name.removeprefix(SETS)


def called(fields: Iterable[Field]) -> list[Field]:
    """Give RFC 1297's fields the names that the site has for them."""
    said = current().fields
    return [
        replace(each, label=said[each.name].title)
        if each.name in said and said[each.name].core and said[each.name].title
        else each
        for each in fields
    ]


def explained(bound: Iterable[Bound], help_: Mapping[str, str]) -> list[Bound]:
    """Put to each field the help that local staff have written for it."""
    made = list(bound)
    for each in made:
        each.explain = help_.get(column_of(each.field), "")
    return made


def warned(bound: Iterable[Bound], views: Iterable[FieldView]) -> list[Bound]:
    """Put to each field what is not quite right with the value that stands in it."""
    made = list(bound)
    says = {
        name_of(PREFIX + view.name): " ".join(wording.beside(each) for each in view.warnings)
        for view in views
    }
    for each in made:
        each.warning = says.get(each.field.name, "")
    return made


def help_on(bound: Sequence[Bound], chart: Chart, actor: Actor) -> dict[str, str]:
    return fieldhelp.on_ticket([column_of(each.field) for each in bound], chart, actor)
