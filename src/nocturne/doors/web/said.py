"""What an act has done, told on the page it leads to, with the way back where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext

from nocturne.core.refusals import NotFound
from nocturne.desk import asking, charts, wording
from nocturne.desk.charts import Chart, EntryView
from nocturne.doors.web.acts.ending import has_complaints
from nocturne.doors.web.entries import can_be_held_back
from nocturne.doors.web.times import Times

REVERSED = {"merged": "unmerge", "related": "severance", "taken": "owner", "changed": "priority"}
"""The act that takes another back whole, by the noun of its address."""
BACK = {
    "suspended": ("resumption", _later("Resume")),
    "referred": ("resumption", _later("Resume")),
    "resolved": ("reopening", _later("Reopen")),
    "closed": ("reopening", _later("Reopen")),
    "rejected": ("reopening", _later("Reopen")),
}
"""The act that leads back from another without undoing all of it, and what it is called."""
_LEVELS = frozenset({"priority", "severity"})
_ALONG = frozenset({"alarm_text", "ringing_since"})
"""What goes with a timer, and is no word more to whoever has set one."""

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence about what was done; `undo` is where the way back is posted, with `fields`; `seconds` how long.

    `back` is what the way back is called: it is an undoing only where everything is again as it was.

    `then` is what usually comes next, as its words and its address; `warned` what of it came to nothing.
    """

    words: str
    address: str = ""
    undo: str = ""
    fields: Fields = ()
    seconds: int = 0
    then: tuple[str, str] | None = None
    back: str = ""
    warned: tuple[str, ...] = ()


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
        undo = reverse("withdrawal", args=[chart.number, entry.address])
        return Said(words, entry.address, undo, (), left, back=_("Undo"))
    noun, back, fields = _way_back(entry) if own else ("", "", ())
    undo = reverse("act", args=[chart.number, noun]) if noun else ""
    then = None
    if entry.kind == "resolved" and has_complaints(chart):
        then = (_("Tell all who complained"), reverse("act", args=[chart.number, "told"]))
    called = asking.nobodys(entry.kind, entry.text or "", actor) if own else ()
    warned = tuple(wording.beside(each) for each in called)
    return Said(_sentence(entry, times), entry.address, undo, fields, then=then, back=back, warned=warned)


def _way_back(entry: EntryView) -> tuple[str, str, Fields]:
    """Find the act that leads back from an entry: its noun, what it is called, and its fields."""
    if entry.kind in BACK:
        noun, words = BACK[entry.kind]
        return noun, str(words), ()
    fields = _restoring(entry) if entry.kind in REVERSED else None
    return ("", "", ()) if fields is None else (REVERSED[entry.kind], _("Undo"), fields)


def _restoring(entry: EntryView) -> Fields | None:
    """Fill in the act that takes an entry back; None where something would not be as it was."""
    before = {name: value for name, value, _after in entry.changes}
    match entry.kind:
        case "related" if before.get("parent") is None:
            return (("kind", str(entry.facts.get("kind", ""))), ("other", str(entry.facts.get("other", ""))))
        case "merged":
            return (("gone", str(entry.facts.get("ticket", ""))),)
        case "taken" if before == {"owner": None} and not entry.text:
            return (("to", ""),)
        case "changed" if before and before.keys() <= _LEVELS and None not in before.values():
            values = tuple((name, str(value)) for name, value in before.items())
            return values + tuple((f"was-{name}", str(after)) for name, _before, after in entry.changes)
    return None


def _sentence(entry: EntryView, times: Times) -> str:
    """Say what was saved; a timer is echoed in UTC, so that nobody is wrong about zones."""
    if entry.kind in ("note", "received"):
        words = _("Saved.")
    elif entry.kind == "changed":
        words = _("Changed: %(fields)s.") % {
            "fields": ", ".join(
                dict.fromkeys(
                    wording.field_within(name) for name, *_rest in entry.changes if name not in _ALONG
                )
            )
            or "—"
        }
    elif entry.kind == "opened":
        words = _("Opened.")
    else:
        sentence = wording.entry(entry)
        words = f"{sentence[:1].upper()}{sentence[1:]}."
    timer = next((after for name, _before, after in entry.changes if name == "alarm_at" and after), None)
    return f"{words} {_('Timer')}: {times.both(timer)}." if timer else words
