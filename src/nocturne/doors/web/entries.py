"""Entries as a page shows them: people's words, acts as quiet lines, machines folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812
from django.utils.translation import ngettext

from nocturne.core.permits import Actor, may
from nocturne.desk import readers, shift_words, titles, wording
from nocturne.desk.charts import EntryView, FileView, NoticeView
from nocturne.doors.web import marks, prose
from nocturne.doors.web.markup import html, joined, repeated
from nocturne.doors.web.times import Times, happened_apart, span, spelt

QUIET_COLUMNS = frozenset(
    (
        "state",
        "opened_at",
        "resolved_at",
        "closed_at",
        "ringing_since",
        "worked",
        "self_checked",
        "checked_at",
        "checked_by",
    )
)
"""Columns that the sentence of the act, or the line's own time, has said already."""
SAID = {
    **dict.fromkeys(("taken", "given"), frozenset({"owner"})),
    **dict.fromkeys(("referred", "suspended", "resumed"), frozenset({"referred_to", "clock", "vendor"})),
    **dict.fromkeys(("related", "unrelated"), frozenset({"relation", "parent"})),
    **dict.fromkeys(
        ("resolved", "rejected", "reopened"), frozenset({"clock", "alarm_at", "alarm_text", "next_action"})
    ),
    "dispatched": frozenset({"dispatched_to"}),
    "escalated": frozenset({"escalated_to"}),
    "rang": frozenset({"alarm_at"}),
    "absorbed": frozenset({"merged_into", "clock"}),
}
"""Further columns that the sentence of one act says."""
NOTICES = {
    "held": N_("held back for its reader"),
    "carried": N_("in one mail with others"),
    "waiting": N_("waiting to be sent"),
    "sending": N_("being sent"),
    "sent": N_("sent"),
    "failed": N_("failed, will be tried again"),
    "dead": N_("could not be sent"),
    "withdrawn": N_("not sent"),
}
DOORS = {
    "api": N_("by API"),
    "cli": N_("by command line"),
    "mail": N_("by mail"),
    "alert": N_("by alert"),
    "rule": N_("by rule"),
    "alarm": N_("by timer"),
    "import": N_("imported"),
}


class Entries:
    """Makes the entries of one ticket for one reader."""

    def __init__(self, number: int, reader: Actor, times: Times) -> None:
        self.number = number
        self.reader = reader
        self.times = times
        self.base = reverse("entry", args=[number, "-"])[:-1]
        self.files_base = reverse("attachment", args=["-"])[:-1]
        self.is_staff = reader.is_staff
        self.offers = _("Correct, split, redact …")
        self.doors = {door: html("<small>{}</small>", _(words)) for door, words in DOORS.items()}

    def list(self, entries: Sequence[EntryView], *, folded: bool = True, whole: bool = False) -> SafeString:
        """Make a run of entries; neighbours that no person wrote are folded into one line."""
        return joined(self._parts(entries, folded=folded, whole=whole), "\n")

    def _parts(self, entries: Sequence[EntryView], *, folded: bool, whole: bool) -> Iterator[SafeString]:
        for by_machine, group in groupby(entries, key=_is_machine):
            run = list(group)
            made = joined((self.one(each, whole=whole) for each in run), "\n")
            if not (by_machine and folded and len(run) > 2):
                yield made
                continue
            count = ngettext("%(count)s machine update", "%(count)s machine updates", len(run)) % {
                "count": len(run)
            }
            first, last = self.times.moment(run[0].recorded_at), self.times.moment(run[-1].recorded_at)
            yield html(
                "<details class=fold><summary>{} <small>{} – {}</small></summary>{}</details>",
                count,
                first,
                last,
                made,
            )

    def one(self, entry: EntryView, *, whole: bool = False) -> SafeString:
        """Make one entry."""
        says = bool(entry.text) or entry.redacted or entry.files or entry.corrections
        css = "e" if says else "e act"
        if entry.data_class in ("customer", "public") and self.is_staff:
            css += " out"
        if entry.data_class not in ("public", "customer", "staff"):
            css += " restricted"
        return html(
            '<article class="{}" id="e-{}">{}<div>{}{}</div></article>',
            css,
            entry.address,
            self._when(entry),
            self._head(entry),
            self._body(entry, whole=whole) if says else "",
        )

    def _when(self, entry: EntryView) -> SafeString:
        recorded = self.times.moment(entry.recorded_at)
        if not happened_apart(entry.at, entry.recorded_at):
            return html("<div class=when>{}</div>", recorded)
        return html(
            "<div class=when>{}<small>{}</small></div>",
            recorded,
            html(_("happened {}"), self.times.moment(entry.at)),
        )

    def _head(self, entry: EntryView) -> SafeString:
        words = [html("<b>{}</b> {}", entry.author, self.sentence(entry))]
        if entry.ticket != self.number:
            words.append(html("<span class=chip>{}</span>", entry.ticket))
        words += self.changes(entry)
        if entry.worked:
            words.append(html(_("{} worked"), span(entry.worked)))
        if entry.door in DOORS:
            words.append(self.doors[entry.door])
        if self.is_staff and entry.text and entry.data_class != "staff":
            words.append(
                html('<span class="chip {}">{}</span>', entry.data_class, readers.title(entry.data_class))
            )
        if entry.withdrawn:
            words.append(html("<span class=chip>{}</span>", _("taken back, not sent")))
        acts = self._acts(entry)
        return html("<header>{}{}</header>", acts, joined(words, " · "))

    def sentence(self, entry: EntryView) -> SafeString | str:
        to = entry.facts.get("to")
        if entry.kind == "reply" and isinstance(to, list):
            names = [str(each.get("name") or each.get("address")) for each in to if isinstance(each, dict)]
            if not names:
                return _("answered, nobody is mailed")
            if len(names) > 3:
                count = ngettext("to %(count)s person", "to %(count)s people", len(names)) % {
                    "count": len(names)
                }
                return html('<span title="{}">{}</span>', ", ".join(names[:50]), count)
            return _("to %(names)s") % {"names": ", ".join(names)}
        if entry.facts.get("cites"):
            return _("%(author)s’s words from %(ticket)s") % entry.facts
        if entry.kind == "note":
            return shift_words.sentence(entry.facts) or _("note")
        if entry.kind == "changed" and entry.changes:
            return ""
        return wording.entry(entry)

    def changes(self, entry: EntryView) -> Iterator[SafeString]:
        """Tell what changed besides what the sentence has said; a timer and its text are one thing."""
        if entry.kind == "opened":
            return
        said = QUIET_COLUMNS | SAID.get(entry.kind, frozenset())
        if entry.kind == "changed":  # another queue or type brought another life cycle: no sentence says so
            said -= {"state"}
        words = next((after for name, _before, after in entry.changes if name == "alarm_text"), None)
        has_timer = any(name == "alarm_at" and after for name, _before, after in entry.changes)
        for column, before, after in entry.changes:
            if column.partition("/")[0] in said or (column == "alarm_text" and (has_timer or not after)):
                continue
            change = self.change(column, before, after)
            yield html("{} <q>{}</q>", change, words) if column == "alarm_at" and after and words else change

    def change(self, column: str, before: Any, after: Any) -> SafeString:
        label = wording.field_within(column)
        old, new = (self._value(column, each) for each in (before, after))
        if after is None:
            return html("{} <del>{}</del>", label, old or _("taken away"))
        if before is None:
            return html("{} <b>{}</b>", label, new)
        return html("{} {} → <b>{}</b>", label, old, new)

    def _value(self, column: str, value: Any) -> SafeString | str:
        if value is None:
            return ""
        if column == "clock":
            return marks.word(marks.CLOCKS, value)
        if column == "type":
            return titles.kind(str(value))
        if column == "state":
            return titles.state(str(value))
        kind = column.partition("/")[0]
        if kind == "outage" and isinstance(value, dict):
            span_ = _span(value.get("start"), value.get("end"), self.times)
            return f"{marks.word(marks.EFFECTS, value.get('effect'))} {span_}"
        if kind == "affected" and isinstance(value, dict):
            return f"{value.get('name')} {marks.word(marks.EFFECTS, value.get('effect'))}"
        return spelt(value, self.times)

    def _body(self, entry: EntryView, *, whole: bool) -> SafeString:
        if entry.redacted:
            return html(
                "<p class=tombstone>{}</p>", _("Redacted: %(reason)s") % {"reason": entry.redaction or "…"}
            )
        address = f"{self.base}{entry.address}"
        rest = "" if whole else address
        parts: list[SafeString] = []
        text = entry.text or ""
        if entry.corrections:
            last = entry.corrections[-1]
            parts.append(html("<div class=text>{}</div>", prose.shown(last.text or "", rest=rest)))
            note = _("corrected by %(name)s, %(when)s · the original") % {
                "name": last.author,
                "when": self.times.short(last.recorded_at),
            }
            parts.append(
                html("<details class=quote><summary>{}</summary><div class=text>{}</div></details>", note,
                            prose.shown(text, rest=rest))
            )  # fmt: skip
        elif text:
            quotes = entry.kind in ("received", "opened") and entry.door in ("mail", "import")
            parts.append(html("<div class=text>{}</div>", prose.shown(text, rest=rest, quotes=quotes)))
        if entry.files:
            parts.append(
                html(
                    "<ul class=files>{}</ul>",
                    joined(self._file(each) for each in entry.files),
                )
            )
        if entry.notices:
            parts.append(self._notices(entry.notices))
        return joined(parts)

    def _file(self, file: FileView) -> SafeString:
        address = f"{self.files_base}{file.token}"
        if file.purpose == "html":
            return html(
                '<li><a href="{}/view" rel=noopener target=_blank>{}</a>', address, _("as it was formatted")
            )
        name = _("original mail") if file.purpose == "original" else file.name
        return html('<li><a href="{}">{}</a> <small>{}</small>', address, name, marks.size(file.size))

    def _notices(self, notices: Sequence[NoticeView]) -> SafeString:
        counted: dict[str, int] = {}
        for each in notices:
            counted[each.state] = counted.get(each.state, 0) + 1
        trouble = any(each.state in ("failed", "dead") for each in notices)
        total = ", ".join(f"{count} {_(NOTICES.get(state, state))}" for state, count in counted.items())
        lines = repeated(
            "<li>{} <b>{}</b> {} {}",
            (
                (
                    each.address,
                    _(NOTICES.get(each.state, each.state)),
                    self.times.moment(each.sent_at),
                    each.error,
                )
                for each in notices
            ),
        )
        return html(
            "<details class=notices><summary{}>{}</summary><ul>{}</ul></details>",
            html(" class={}", "late") if trouble else "",
            _("Mail: %(total)s") % {"total": total},
            lines,
        )

    def _acts(self, entry: EntryView) -> SafeString:
        """Offer what can be done with one entry, behind one small mark."""
        if not self.is_staff or entry.redacted:
            return html(
                '<a class=perma href="#e-{}" title="{}">#</a>', entry.address, _("Address of this update")
            )
        return html(
            '<a class=perma href="{}{}" title="{}">⋯</a>',
            self.base,
            entry.address,
            self.offers,
        )


def can_be_held_back(entry: EntryView, reader: Actor, times: Times) -> bool:
    """Tell whether a reply still waits for its writer's second thought."""
    hold = int(entry.facts.get("hold", 0) or 0)
    passed = (times.now - entry.recorded_at).total_seconds()
    return entry.kind == "reply" and not entry.withdrawn and passed < hold and may(reader, "withdrawn")


def _is_machine(entry: EntryView) -> bool:
    return entry.author_kind in ("system", "machine") or entry.door in ("alert", "rule", "alarm")


def _span(start: Any, end: Any, times: Times) -> str:
    from nocturne.core.entry import from_instant

    first = times.short(from_instant(start)) if start else ""
    return f"{first} – {times.short(from_instant(end))}" if end else f"{first} –"
