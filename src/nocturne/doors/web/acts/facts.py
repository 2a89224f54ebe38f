"""Acts on the facts of a problem: header fields, outages, who is affected."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nocturne import desk
from nocturne.core.configuration import current
from nocturne.core.entry import Door, Kind
from nocturne.core.zones import find_zone
from nocturne.desk import titles
from nocturne.desk.charts import Chart
from nocturne.doors.web import marks
from nocturne.doors.web.acts.table import NOTE, Act
from nocturne.doors.web.fields import Field
from nocturne.doors.web.given import Given

WEB = Door.WEB
_LINES = (
    "subject", "type", "queue", "network", "site", "circuit", "vendor", "vendor_reference", "user_address",
    "destination_address", "key_component", "cause", "check_marks",
)  # fmt: skip
_PAST = ("started_at", "detected_at", "reported_at")
_PLANNED = ("planned_start", "planned_end")
EFFECTS = [(effect, _(label)) for effect, label in marks.EFFECTS.items()]


def change(given: Given) -> desk.Written:
    """Change the fields that were changed in the form, and no others."""
    changed: dict[str, Any] = {name: given.line(name) or None for name in _LINES if given.changed(name)}
    changed |= {name: given.past(name) for name in _PAST if given.changed(name)}
    changed |= {name: given.future(name) for name in _PLANNED if given.changed(name)}
    machines = given.words("machines") if given.changed("machines") else None
    return desk.change(given.number, changed, machines=machines, by=given.by, door=WEB, extra=given.extra())


def outage(given: Given) -> desk.Written:
    key = given.line("key")
    start = given.past("start")
    span = None
    if not given.is_ticked("remove"):
        span = desk.Outage(start or given.now, given.past("end"), given.line("effect"))
    return desk.outage(given.number, span, key=key, by=given.by, door=WEB, extra=given.extra())


def affected(given: Given) -> desk.Written:
    hit = None
    if not given.is_ticked("remove"):
        hit = desk.Affected(
            given.line("kind"),
            given.line("name"),
            given.line("effect"),
            given.past("start"),
            given.past("end"),
        )
    return desk.affected(given.number, hit, key=given.line("key"), by=given.by, door=WEB, extra=given.extra())


def watch(given: Given) -> desk.Written:
    return desk.update(given.number, by=given.by, door=WEB, cc=given.words("cc"), extra=given.extra(text=""))


def _fields(chart: Chart) -> dict[str, Any]:
    values: dict[str, Any] = {name: chart.header.get(name) or "" for name in _LINES}
    values |= {name: chart.header.get(name) for name in (*_PAST, *_PLANNED)}
    return values | {"machines": ", ".join(chart.machines)}


def wall(at: datetime | None, zone: str) -> str:
    """Spell an instant as a form takes it back."""
    if not isinstance(at, datetime):
        return ""
    return f"{at.astimezone(find_zone(zone)):%Y-%m-%d %H:%M}"


def type_choices(chart: Chart | None = None) -> list[tuple[str, str]]:
    """List the types that a ticket may be given, with the one it has."""
    names = list(current().open_types)
    mine = str(chart.header.get("type") or "") if chart else ""
    return [(name, titles.kind(name)) for name in dict.fromkeys([*([mine] if mine else []), *names])]


_EFFECT = Field("effect", _("Effect"), "choice", choices=EFFECTS)
_KEY = Field("key", "", "hidden")
_REMOVE = Field("remove", _("Take this line away"), "check")
ACTS = (
    Act(
        "fields", Kind.CHANGED, _("Fields"), _("Save fields"), change, "facts", keep_was=True, starts=_fields,
        along=(NOTE,),
        fields=(
            Field("subject", _("Subject"), needed=True, wide=True, longest=300),
            Field("type", _("Type"), "choice"),
            Field("queue", _("Queue"), near="queues"),
            Field("network", _("Network"), near="networks"),
            Field("site", _("Site"), near="sites"),
            Field("machines", _("Machines"), near="machines", help=_("apart by commas"), wide=True),
            Field("circuit", _("Circuit"), near="circuits"),
            Field("vendor", _("Vendor"), near="vendors"),
            Field("vendor_reference", _("Their number")),
            Field("user_address", _("User’s address")),
            Field("destination_address", _("Destination address")),
            Field("started_at", _("Started"), "when"),
            Field("detected_at", _("Detected"), "when"),
            Field("reported_at", _("Reported"), "when"),
            Field("planned_start", _("Planned start"), "when"),
            Field("planned_end", _("Planned end"), "when"),
            Field("key_component", _("Key component"), near="machines"),
            Field("cause", _("Cause")),
            Field("check_marks", _("Check marks")),
        ),
    ),
    Act(
        "outages", Kind.OUTAGE, _("Outage"), _("Save outage"), outage, "facts", along=(NOTE,),
        fields=(
            _EFFECT,
            Field("start", _("From"), "when", help=_("now, or “10:25”")),
            Field("end", _("Until"), "when", help=_("empty while it lasts")),
            _KEY, _REMOVE,
        ),
        hint=_("A span in which service was down, degraded or without redundancy."),
    ),
    Act(
        "affected", Kind.AFFECTED, _("Affected"), _("Save"), affected, "facts", along=(NOTE,),
        fields=(
            Field("kind", _("Kind"), "choice", choices=list(marks.AFFECTED.items())),
            Field("name", _("Who or what"), needed=True),
            _EFFECT,
            Field("start", _("From"), "when"), Field("end", _("Until"), "when"),
            _KEY, _REMOVE,
        ),
    ),
    Act(
        "watchers", Kind.CHANGED, _("Watcher"), _("Add"), watch, "facts", along=(),
        fields=(Field("cc", _("Account or mail address"), near="people", needed=True, wide=True,
                      help=_("Whoever watches by mail gets what is said to the customer.")),),
    ),
)  # fmt: skip
