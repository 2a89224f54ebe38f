"""Acts of working a ticket: whose it is, whom it waits for, what comes next."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from nocturne import desk
from nocturne.core.entry import Door, Kind
from nocturne.desk.charts import Chart
from nocturne.doors.web.acts.table import ALONG, AT, NEXT, NOTE, TIMER, Act
from nocturne.doors.web.fields import Field
from nocturne.doors.web.given import Given

WEB = Door.WEB
WAITS = [("vendor", _("Vendor")), ("customer", _("Customer"))]
LEVELS = [(str(level), f"{level}") for level in range(1, 5)]


def take(given: Given) -> desk.Written:
    return desk.take(given.number, by=given.by, door=WEB, extra=given.extra())


def give(given: Given) -> desk.Written:
    return desk.give(given.number, given.line("to"), by=given.by, door=WEB, extra=given.extra())


def refer_or_wait(given: Given) -> desk.Written:
    """Hand the ticket to whoever was named; with nobody named it only waits."""
    clock, to = given.line("clock"), given.line("to")
    if not to:
        return desk.suspend(given.number, clock, by=given.by, door=WEB, extra=given.extra())
    reference = given.line("reference")
    return desk.refer(
        given.number, to, reference=reference, clock=clock, by=given.by, door=WEB, extra=given.extra()
    )


def resume(given: Given) -> desk.Written:
    return desk.resume(given.number, by=given.by, door=WEB, extra=given.extra())


def move(given: Given) -> desk.Written:
    return desk.move(given.number, given.line("state"), by=given.by, door=WEB, extra=given.extra())


def dispatch(given: Given) -> desk.Written:
    return desk.dispatch(given.number, given.line("to"), by=given.by, door=WEB, extra=given.extra())


def escalate(given: Given) -> desk.Written:
    return desk.escalate(given.number, given.line("to"), by=given.by, door=WEB, extra=given.extra())


def set_levels(given: Given) -> desk.Written:
    changed: dict[str, Any] = {
        name: given.line(name) for name in ("priority", "severity") if given.changed(name)
    }
    return desk.change(given.number, changed, by=given.by, door=WEB, extra=given.extra())


def set_timer(given: Given) -> desk.Written:
    return desk.update(given.number, given.text(), by=given.by, door=WEB, extra=given.extra(text=""))


def acknowledge(given: Given) -> desk.Written:
    return desk.acknowledge(given.number, by=given.by, door=WEB, extra=given.extra())


def _levels(chart: Chart) -> dict[str, Any]:
    return {"priority": chart.header.get("priority"), "severity": chart.header.get("severity")}


def _vendor(chart: Chart) -> dict[str, Any]:
    return {"to": chart.header.get("vendor") or "", "reference": chart.header.get("vendor_reference") or ""}


def _owner_is_not_reader(chart: Chart) -> bool:
    return not chart.header.get("merged_into")


ACTS = (
    Act(
        "acknowledgement", Kind.ACKNOWLEDGED, _("Answer the timer"), _("Answered"), acknowledge, "work",
        when=lambda chart: bool(chart.header.get("ringing_since")),
        hint=_("It leaves the strip. Set the next one here, if there is one."),
    ),
    Act("taking", Kind.TAKEN, _("Take"), _("Take it"), take, "work", key="t", when=_owner_is_not_reader),
    Act(
        "owner", Kind.GIVEN, _("Give"), _("Give it"), give, "work", key="a",
        fields=(Field("to", _("New owner"), near="people", help=_("Empty puts it back into its queue.")),),
        hint=_("The new owner is told by mail."),
    ),
    Act(
        "referral", Kind.REFERRED, _("Refer or wait"), _("Refer"), refer_or_wait, "work", key="w",
        fields=(
            Field("to", _("Referred to"), near="vendors", help=_("A vendor, a site, another NOC; empty only waits.")),
            Field("reference", _("Their number")),
            Field("clock", _("Whose time runs"), "choice", choices=WAITS),
        ),
        along=(NEXT, TIMER, NOTE, AT), also=Kind.SUSPENDED,
        hint=_("The ticket waits from now on. Say what is awaited, and set a timer."),
        starts=_vendor,
    ),
    Act(
        "resumption", Kind.RESUMED, _("Resume"), _("Resume"), resume, "work",
        hint=_("The NOC’s time runs again."),
    ),
    Act("move", Kind.MOVED, _("Move"), _("Move it"), move, "work"),
    Act(
        "dispatch", Kind.DISPATCHED, _("Dispatch"), _("Dispatch"), dispatch, "work",
        fields=(Field("to", _("Who goes"), near="people", needed=True),),
    ),
    Act(
        "escalation", Kind.ESCALATED, _("Escalate"), _("Escalate"), escalate, "work",
        fields=(Field("to", _("Escalated to"), near="people", needed=True),),
    ),
    Act(
        "priority", Kind.CHANGED, _("Priority"), _("Set"), set_levels, "work", key="p", keep_was=True, starts=_levels,
        fields=(
            Field("priority", _("Priority"), "choice", choices=[(v, f"P{v}") for v, _label in LEVELS]),
            Field("severity", _("Severity for the customer"), "choice", choices=LEVELS),
        ),
    ),
    Act(
        "alarm", Kind.CHANGED, _("Next action and timer"), _("Set"), set_timer, "work", key="u",
        along=(NEXT, TIMER, NOTE, AT),
    ),
)  # fmt: skip
__all__ = ["ACTS", "ALONG"]
