"""Acts at a problem's end, and the way back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from nocturne import desk
from nocturne.core.configuration import current
from nocturne.core.entry import Door, Kind
from nocturne.desk import relations
from nocturne.desk.charts import Chart
from nocturne.doors.web.acts.table import AT, NOTE, WORKED, Act
from nocturne.doors.web.fields import Field
from nocturne.doors.web.given import Given

WEB = Door.WEB
MOST_CHILDREN = 200
"""How many tickets that hang on one its chart lists."""


def restore(given: Given) -> desk.Written:
    return desk.restore(given.number, by=given.by, door=WEB, extra=given.extra())


def resolve(given: Given) -> desk.Written:
    return desk.resolve(
        given.number,
        given.line("line"),
        key_component=given.line("key_component"),
        cause=given.line("cause"),
        tell=given.is_ticked("tell"),
        by=given.by,
        door=WEB,
        extra=given.extra(),
    )


def check(given: Given) -> desk.Written:
    return desk.check(given.number, by=given.by, door=WEB, extra=given.extra())


def close(given: Given) -> desk.Written:
    return desk.close(
        given.number, over_open=given.is_ticked("over_open"), by=given.by, door=WEB, extra=given.extra()
    )


def reopen(given: Given) -> desk.Written:
    return desk.reopen(given.number, by=given.by, door=WEB, extra=given.extra())


def reject(given: Given) -> desk.Written:
    return desk.reject(given.number, given.line("reason"), by=given.by, door=WEB, extra=given.extra(text=""))


def tell(given: Given) -> desk.Written:
    return desk.tell(given.number, given.text(), by=given.by, door=WEB, extra=given.extra(text=""))


def _resolution(chart: Chart) -> dict[str, Any]:
    machine = chart.machines[0] if chart.machines else ""
    return {
        "line": chart.header.get("resolution") or "",
        "key_component": chart.header.get("key_component") or machine,
        "cause": chart.header.get("cause") or "",
        "tell": "1",
    }


def has_complaints(chart: Chart) -> bool:
    """Tell whether an open complaint hangs on a ticket, also where more hang on it than its chart lists."""
    children = [each for each in chart.relations if each["kind"] == "child"]
    reported = [each for each in children if each.get("type") in current().reported_types]
    if any(each.get("meaning") in ("new", "open", "waiting") for each in reported):
        return True
    return len(children) >= MOST_CHILDREN and (
        relations.children_of(chart.number).filter(type__in=current().reported_types, is_open=True).exists()
    )


def _proposed_words(chart: Chart) -> dict[str, Any]:
    """Propose for the complaints what resolved their trouble."""
    return {"text": chart.header.get("resolution") or ""}


_SIGN = _("A resolved ticket is signed off by a supervisor other than the one who resolved it.")

ACTS = (
    Act(
        "restoration", Kind.RESTORED, _("Restored"), _("Service is back"), restore, "end",
        hint=_("Service is back; the ticket stays open and is watched."),
        when=lambda chart: not chart.header.get("restored_at"),
    ),
    Act(
        "resolution", Kind.RESOLVED, _("Resolve"), _("Resolve"), resolve, "end", key="e", starts=_resolution,
        fields=(
            Field("line", _("What it was and what was done"), help=_("One line; the reports are made of it."),
                  needed=True, wide=True, longest=300),
            Field("key_component", _("Key component"), near="machines"),
            Field("cause", _("Cause")),
            Field("tell", _("Tell the reporter by mail"), "check"),
        ),
        along=(AT, WORKED, NOTE),
    ),
    Act(
        "told", Kind.TOLD, _("Tell all who complained"), _("Tell them all"), tell, "end", starts=_proposed_words,
        fields=(Field("text", _("What they are told"), "text", needed=True, wide=True,
                      help=_("Each complaint is resolved with these words and waits for its reporter.")),),
        along=(), when=has_complaints,
    ),
    Act("check", Kind.CHECKED, _("Sign off"), _("Sign off"), check, "end", hint=_SIGN, along=(NOTE,),
        when=lambda chart: not chart.header.get("checked_by")),
    Act(
        "closure", Kind.CLOSED, _("Close"), _("Close"), close, "end", along=(NOTE,),
        fields=(Field("over_open", _("Close it over open tickets that hang on it"), "check"),),
    ),
    Act("reopening", Kind.REOPENED, _("Reopen"), _("Reopen"), reopen, "end",
        hint=_("Its resolution and its sign-off are taken back, and stay in its history.")),
    Act(
        "rejection", Kind.REJECTED, _("Reject"), _("Reject"), reject, "end", along=(),
        fields=(Field("reason", _("Reason"), needed=True, wide=True, longest=300),),
        hint=_("Nobody is mailed."),
    ),
)  # fmt: skip
