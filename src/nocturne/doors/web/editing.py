"""What can be changed in a cell of a list: its control, what stands in it, and the act that changes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from nocturne import desk
from nocturne.core.entry import Door, Kind
from nocturne.core.fieldvalues.rules import PREFIX
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk.charts import Chart
from nocturne.doors.web import acts, localforms
from nocturne.doors.web.acts.facts import wall
from nocturne.doors.web.acts.work import LEVELS
from nocturne.doors.web.fields import Field
from nocturne.doors.web.given import TAKE_AWAY, Given

VALUE = "value"


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that is changed in a cell.

    :param noun: the act whose form does the same, with more besides.
    :param control: how it is filled in; its name is `value`.
    :param stands: what stands in it now.
    :param do: changes it to what was given.
    """

    noun: str
    kind: Kind
    control: Field
    stands: Callable[[Chart, Actor], Any]
    do: Callable[[Given, Chart], desk.Written]


def _header(name: str) -> Callable[[Chart, Actor], Any]:
    return lambda chart, _actor: chart.header.get(name) or ""


def _through(noun: str, name: str) -> Callable[[Given, Chart], desk.Written]:
    """Do it by the act of a form, as if only this field had been changed there."""

    def do(given: Given, _chart: Chart) -> desk.Written:
        return acts.BY_NOUN[noun].do(_as(given, {name: given.line(VALUE), f"was-{name}": given.line("was")}))

    return do


def _as(given: Given, values: dict[str, str]) -> Given:
    data = QueryDict(mutable=True)
    data.update({"seen": given.line("seen"), **values})
    return replace(given, data=data)


def _said(noun: str, name: str) -> Callable[[Given, Chart], desk.Written]:
    """Do it by the act of a form in which an empty field stays what it is: emptied here, it is taken away."""

    def do(given: Given, _chart: Chart) -> desk.Written:
        return acts.BY_NOUN[noun].do(_as(given, {name: given.line(VALUE) or TAKE_AWAY[0]}))

    return do


def _owner(given: Given, _chart: Chart) -> desk.Written:
    noun = "taking" if given.line(VALUE).lower() in ("me", given.by.label.lower()) else "owner"
    return acts.BY_NOUN[noun].do(_as(given, {"to": given.line(VALUE)}))


def _timer(chart: Chart, actor: Actor) -> str:
    return f"{wall(chart.header.get('alarm_at'), actor.zone)} {chart.header.get('alarm_text') or ''}".strip()


def _tags(given: Given, chart: Chart) -> desk.Written:
    wanted, there = set(given.words(VALUE)), set(chart.tags)
    tags = [*sorted(wanted - there), *(f"-{each}" for each in sorted(there - wanted))]
    extra = desk.Extra(seen=given.line("seen") or None)
    return desk.update(given.number, by=given.by, door=Door.WEB, tags=tags, extra=extra)


def _line(label: Any, **more: Any) -> Field:
    return Field(VALUE, label, **more)


EDITS: dict[str, Edit] = {
    "priority": Edit(
        "priority", Kind.CHANGED, _line(_("Priority"), form="choice", choices=[(v, f"P{v}") for v, _label in LEVELS]),
        _header("priority"), _through("priority", "priority"),
    ),
    "severity": Edit(
        "priority", Kind.CHANGED, _line(_("Severity"), form="choice", choices=LEVELS),
        _header("severity"), _through("priority", "severity"),
    ),
    "owner": Edit(
        "owner", Kind.GIVEN, _line(_("Owner"), near="people", help=_("empty: back into its queue")),
        _header("owner"), _owner,
    ),
    "next_action": Edit(
        "alarm", Kind.CHANGED, _line(_("Next action"), longest=300),
        _header("next_action"), _said("alarm", "next_action"),
    ),
    "timer": Edit(
        "alarm", Kind.CHANGED, _line(_("Timer"), help=_("2h call again")),
        _timer, _said("alarm", "timer"),
    ),
    "queue": Edit(
        "fields", Kind.CHANGED, _line(_("Queue"), near="queues"), _header("queue"), _through("fields", "queue")
    ),
    "tags": Edit(
        "fields", Kind.CHANGED, _line(_("Tags"), help=_("apart by commas")),
        lambda chart, _actor: ", ".join(chart.tags), _tags,
    ),
}  # fmt: skip
"""By the name of what is edited. A state is not: its ways lead to the forms of their acts."""


def find(name: str, chart: Chart, actor: Actor) -> Edit:
    """Find what is edited on a ticket under this name.

    :raises NotFound: there is no such thing, or it is not for this reader to change.
    """
    if name in EDITS:
        return EDITS[name]
    if name.startswith(PREFIX):
        fields, values = localforms.on_chart(chart, actor)
        for field in fields:
            if field.name == localforms.name_of(name) and field.form != "choices":
                return _of_field(name, field, values[field.name])
    raise NotFound("no_such_ticket")


def _of_field(name: str, field: Field, stands: Any) -> Edit:
    return Edit(
        "fields",
        Kind.CHANGED,
        replace(field, name=VALUE, wide=False),
        lambda _chart, _actor: stands,
        _through("fields", localforms.name_of(name)),
    )
