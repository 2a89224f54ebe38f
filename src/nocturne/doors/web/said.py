"""What an act has done, told on the page it leads to, with the way back where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nocturne.core.refusals import NotFound
from nocturne.desk import charts, wording
from nocturne.desk.charts import Chart, EntryView
from nocturne.doors.web.acts.ending import complaints
from nocturne.doors.web.entries import can_be_held_back
from nocturne.doors.web.times import Times

REVERSED = {"suspended": "resumption", "referred": "resumption", "resolved": "reopening", "closed": "reopening",
            "rejected": "reopening", "merged": "unmerge", "related": "severance"}  # fmt: skip
"""The act that takes another back, by the noun of its address."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence about what was done; `undo` is where the way back is posted, with `fields`; `seconds` how long.

    `then` is what usually comes next, as its words and its address.
    """

    words: str
    address: str = ""
    undo: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    seconds: int = 0
    then: tuple[str, str] | None = None


def about(request: HttpRequest, chart: Chart, times: Times) -> Said | None:
    """Tell of the entry that the address names as just done."""
    address = request.GET.get("did", "")
    if not address or len(address) > 20:
        return None
    try:
        entry = charts.entry(chart.number, address, request.actor)  # type: ignore[attr-defined]
    except NotFound:
        return None
    return of(request, entry, chart, times)


def of(request: HttpRequest, entry: EntryView, chart: Chart, times: Times) -> Said:
    """Tell what an entry has done."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    own = entry.author == actor.label
    if own and can_be_held_back(entry, actor, times):
        people = len(entry.facts.get("to") or [])
        left = int(entry.facts.get("hold", 0) - (times.now - entry.recorded_at).total_seconds())
        words = ngettext(
            "Reply to %(people)s person goes out in %(left)s s.",
            "Reply to %(people)s people goes out in %(left)s s.",
            people,
        ) % {"people": people, "left": max(left, 1)}
        return Said(words, entry.address, reverse("withdrawal", args=[chart.number, entry.address]), (), left)
    noun = REVERSED.get(entry.kind) if own else None
    undo = reverse("act", args=[chart.number, noun]) if noun else ""
    then = None
    if entry.kind == "resolved" and complaints(chart):
        then = (_("Tell all who complained"), reverse("act", args=[chart.number, "told"]))
    return Said(_sentence(entry, times), entry.address, undo, _fields(entry), then=then)


def _fields(entry: EntryView) -> tuple[tuple[str, str], ...]:
    if entry.kind == "related":
        return (("kind", str(entry.facts.get("kind", ""))), ("other", str(entry.facts.get("other", ""))))
    if entry.kind == "merged":
        return (("gone", str(entry.facts.get("ticket", ""))),)
    return ()


def _sentence(entry: EntryView, times: Times) -> str:
    """Say what was saved; a timer is echoed in UTC, so that nobody is wrong about zones."""
    if entry.kind in ("note", "received"):
        words = _("Saved.")
    elif entry.kind == "changed":
        words = _("Changed: %(fields)s.") % {
            "fields": ", ".join(dict.fromkeys(wording.field(name).lower() for name, *_rest in entry.changes))
            or "—"
        }
    elif entry.kind == "opened":
        words = _("Opened.")
    else:
        sentence = wording.entry(entry)
        words = f"{sentence[:1].upper()}{sentence[1:]}."
    timer = next((after for name, _before, after in entry.changes if name == "alarm_at" and after), None)
    return f"{words} {_('Timer')}: {times.both(timer)}." if timer else words
