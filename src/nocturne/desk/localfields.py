"""Local fields on a ticket: setting them with any act, filling them from defaults, demanding those that must be filled,
and showing them to a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from nocturne.core import permits
from nocturne.core.chart import column as described
from nocturne.core.chart import plain as plain_column
from nocturne.core.configuration import Configuration, current
from nocturne.core.configuration.fields import Field
from nocturne.core.entry import DataClass, Door, Kind
from nocturne.core.fieldvalues import Context, parts, plain, shown, spell
from nocturne.core.fieldvalues.contacts import link
from nocturne.core.fieldvalues.facts import filled, named
from nocturne.core.fieldvalues.rules import (
    PREFIX,
    applies,
    is_filled,
    is_local,
    local,
    name_of,
    offered,
    required,
    same,
    standing,
)
from nocturne.core.opaque import new_address
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.desk import clock, fieldlookups

if TYPE_CHECKING:
    from nocturne.desk.terms import Opening
    from nocturne.desk.write import Case

MOST_VALUES = 100


@dataclass(slots=True)
class Settled:
    """What setting fields comes to: new values by column, and what is not quite right with them."""

    after: dict[str, Any] = field(default_factory=dict)
    warnings: list[Invalid] = field(default_factory=list)


def settle(case: Case, given: Mapping[str, Any]) -> Settled:
    """Read the local fields that somebody set, `field/cve` to what was typed; nothing takes a value away.

    What stands there already is no change, even where it could not be set anew (a choice that was retired since).

    :raises Forbidden: a field is not theirs to change; that is asked first, so that no refusal tells what stands there.
    :raises Invalid: there is no such field, it is retired, or a value cannot stand in it.
    """
    settled = Settled()
    if given:
        for column in given:
            if current().field(column.removeprefix(PREFIX)) is None:
                raise Invalid("unknown_field", field=column)
        permits.may_write(case.by, given, DataClass.PUBLIC, case.place)
        read(given, case.elements, fieldlookups.context(case.by), settled)
    return settled


def read(given: Mapping[str, Any], elements: Mapping[str, Any], context: Context, settled: Settled) -> None:
    """Read the local fields of a ticket with these sets.

    :raises Invalid: as :func:`settle`.
    """
    for column, value in given.items():
        found = current().field(column.removeprefix(PREFIX))
        if found is None:
            raise Invalid("unknown_field", field=column)
        _settle(found, value, standing(found, elements), context, settled)


def _settle(found: Field, given: Any, stands: Mapping[str, Any], context: Context, settled: Settled) -> None:
    kept: set[str] = set()
    wanted: list[Any] = []
    for part in parts(found, given):
        column = next((each for each, value in stands.items() if same(value, part, found)), None)
        if column is not None:
            kept.add(column)
            continue
        value = spell(found, part, context, warnings=settled.warnings)
        column = next((each for each, there in stands.items() if there == value), None)
        if column is not None:
            kept.add(column)
        elif value is not None and value not in wanted:
            wanted.append(value)
    if wanted and found.retired:
        raise Invalid("retired_field", field=PREFIX + found.name, given=found.title or found.name)
    if len(kept) + len(wanted) > MOST_VALUES:
        raise Invalid(
            "field_too_many_values", field=PREFIX + found.name, title=found.title or found.name, limit=MOST_VALUES,
            count=len(kept) + len(wanted),
        )  # fmt: skip
    settled.after |= dict.fromkeys(stands.keys() - kept)
    for value in wanted:
        # One of many stands under an address of its own: its words must not live on in the name of a column.
        settled.after[f"{PREFIX}{found.name}:{new_address()}" if found.many else PREFIX + found.name] = value


def opened(new: Opening, after: Mapping[str, Any], *, by: Actor, warnings: list[Invalid]) -> dict[str, Any]:
    """Spell the local fields that a new ticket begins with: those given, and the defaults of the others.

    :param after: its columns as they are settled so far.
    :raises Invalid: as :func:`settle`.
    """
    settled = Settled(warnings=warnings)
    read(new.fields, {}, fieldlookups.context(by), settled)
    columns = {
        name: plain_column(described(name).form, value) for name, value in after.items() if value is not None
    }
    return defaults(str(after["type"]), columns, new.fields, by=by) | settled.after


def defaults(
    type_: str, columns: Mapping[str, Any], given: Mapping[str, Any], *, by: Actor
) -> dict[str, Any]:
    """Fill the fields of a new ticket that nobody filled: from its queue, from the field itself, from facts.

    A default that cannot stand in its field fills nothing: the ticket is opened all the same.
    """
    configuration = current()
    of_queue = getattr(configuration.queue_numbered(columns["queue"]), "defaults", {})
    wanted: dict[str, tuple[Field, Any]] = {}
    for each in local(configuration):
        if each.retired or PREFIX + each.name in given or not applies(configuration, each, type_):
            continue
        default = next(
            (of_queue[PREFIX + name] for name in (each.name, *each.formerly) if PREFIX + name in of_queue),
            each.default,
        )
        if default is not None:
            wanted[each.name] = (each, default)
    texts = [str(text) for _, default in wanted.values() for text in _each(default)]
    facts = fieldlookups.facts({name for text in texts for name in named(text)}, columns, by)
    context, settled = fieldlookups.context(by), Settled()
    for each, default in wanted.values():
        known = [filled(part, facts) if isinstance(part, str) else part for part in _each(default)]
        try:
            _settle(each, [part for part in known if part is not None], {}, context, settled)
        except Invalid:
            continue
    return settled.after


def _each(default: Any) -> list[Any]:
    return list(default) if isinstance(default, list | tuple) else [default]


def class_of_change(after: Mapping[str, Any], usual: DataClass) -> DataClass:
    """Choose for whom an entry is that changes local fields of one class and nothing else: for whoever reads those."""
    numbers = {current().class_of(name) if is_local(name) else int(usual) for name in after}
    number = numbers.pop() if len(numbers) == 1 else int(usual)
    return DataClass(number) if number > DataClass.STAFF else usual


def demand(case: Case, kind: Kind, after: Mapping[str, Any]) -> None:
    """Refuse an act after which a field would be empty that its ticket's state needs.

    Asked where a ticket comes into a state, and where a field is emptied, as far as the actor may read it. Who opens a
    ticket by mail or by an alert cannot fill in a form; neither can a customer, or Nocturne itself.

    :raises Invalid: the field is named.
    """
    is_form = case.door in (Door.WEB, Door.API, Door.CLI) or kind is not Kind.OPENED
    if case.by.kind == "system" or not case.by.is_staff or not is_form or case.door is Door.IMPORT:
        return
    emptied = {_set_of(name) for name, value in after.items() if value is None}
    enters = "state" in after or kind is Kind.OPENED
    if not (enters or emptied):
        return
    configuration = current()
    state = after.get("state") or {"name": case.ticket.state, "meaning": case.ticket.meaning}
    needed = [
        name
        for name in required(
            configuration, after.get("type") or case.ticket.type, state["name"], state["meaning"]
        )
        if (enters or name in emptied) and configuration.class_of(name) in case.seen
    ]
    if needed:
        columns = {**case.header, **case.elements, **after}
        for name in needed:
            if not is_filled(configuration, name, columns):
                words = title(name, configuration)
                raise Invalid("field_needed", field=name, title=words, state=state["name"])


def _set_of(column: str) -> str:
    if is_local(column):
        found = current().field(name_of(column))
        return PREFIX + (found.name if found is not None else name_of(column))
    return column.partition("/")[0]


def title(name: str, configuration: Configuration | None = None) -> str:
    """Give what a site calls a field, of its own or RFC 1297's; an empty text where it says nothing of it."""
    configuration = configuration or current()
    if is_local(name):
        found = configuration.field(name_of(name))
        return (found.title or found.name) if found is not None else name_of(name)
    said = configuration.fields.get(name.partition("/")[0])
    return said.title if said is not None else ""


def column_shown(column: str) -> str:
    """Name the column of a local field as it is called now, without the address of one of many values."""
    if not is_local(column):
        return column
    found = current().field(name_of(column))
    return PREFIX + (found.name if found is not None else name_of(column))


def value_shown(column: str, value: Any) -> str | None:
    """Write a stored value of a local field's column for people; nothing for nothing."""
    return None if value is None else shown(value, current().field(name_of(column)))


@dataclass(frozen=True, slots=True)
class FieldView:
    """A local field on a chart as its reader sees it.

    :param values: as people read them; `plain` as programs do; `links` where each leads on the web, if anywhere.
    :param warnings: what is not quite right with a value that a lenient field has taken.
    :param field: what is configured of it now; None where it is not any more.
    """

    name: str
    title: str
    values: Sequence[str] = ()
    plain: Sequence[Any] = ()
    links: Sequence[str] = ()
    warnings: Sequence[Invalid] = ()
    many: bool = False
    field: Field | None = None


def views(
    elements: Mapping[str, Any], *, type_: str, state: str, meaning: str, seen: frozenset[int]
) -> list[FieldView]:
    """List the local fields of a chart: those that have a value, and those that its type and state offer to fill.

    :param elements: reduced already to what the reader may read.
    :param seen: the data classes that the reader may read on it: an empty field too is told only to whom it is for.
    """
    configuration = current()
    made = []
    shown_here = offered(configuration, type_, state, meaning)
    others = [each for each in local(configuration) if each not in shown_here]
    left = {column: value for column, value in elements.items() if is_local(column)}
    for each in [*shown_here, *others]:
        if configuration.class_of(PREFIX + each.name) not in seen:
            continue
        stands = standing(each, left)
        if stands or each in shown_here:
            made.append(_view(each.name, each, list(stands.values())))
        left = {column: value for column, value in left.items() if column not in stands}
    gone: dict[str, list[Any]] = {}
    for column, value in left.items():
        if configuration.field(name_of(column)) is None:
            gone.setdefault(name_of(column), []).append(value)
    return [*made, *(_view(name, None, values) for name, values in sorted(gone.items()))]


def _view(name: str, found: Field | None, values: Sequence[Any]) -> FieldView:
    pairs = sorted(((shown(value, found), value) for value in values), key=lambda pair: pair[0])
    warnings = [
        each for _, value in pairs if found is not None and (each := warning(found, value)) is not None
    ]
    return FieldView(
        name,
        found.title or name if found is not None else name,
        [text for text, _ in pairs],
        [plain(value) for _, value in pairs],
        [link(value) if isinstance(value, dict) else "" for _, value in pairs],
        warnings,
        many=found.many if found is not None else len(values) > 1,
        field=found,
    )


def warning(found: Field, value: Any) -> Invalid | None:
    """Say what is not quite right with a stored value, as far as that can be said without looking anything up."""
    if not isinstance(value, dict) or found.kind != value.get("kind"):
        return None
    noted: list[Invalid] = []
    plainly = Context(clock.now(), region=current().site.region)
    if "unchecked" in value:
        spell(replace(found, strict=False), value["unchecked"], plainly, warnings=noted)
    elif found.pattern and isinstance(value["value"], str):
        spell(replace(found, strict=False), value["value"], plainly, warnings=noted)
    return noted[0] if noted else None


def as_object(views_: Sequence[FieldView]) -> dict[str, Any]:
    """Spell the filled fields of a chart for programs: a value, or a list where a field may have many."""
    return {each.name: list(each.plain) if each.many else each.plain[0] for each in views_ if each.plain}
