"""The lines of a handover: one ticket each, with why it stands there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812
from django.utils.translation import ngettext, ngettext_lazy

from nocturne.core.permits import Actor
from nocturne.desk import handover_text
from nocturne.desk.handover import Changed, Handover
from nocturne.desk.questions import PinView, QuestionView
from nocturne.doors.web import marks, prose
from nocturne.doors.web.entries import Entries
from nocturne.doors.web.markup import NOTHING, html, joined
from nocturne.doors.web.times import Times

Row = Mapping[str, Any]

WHY = {
    "ringing": N_("timer due"),
    "severe": N_("severity %(level)s"),
    "pinned": N_("pinned"),
}
WARNINGS = {
    "untaken": ngettext_lazy("%(count)s severe and nobody’s", "%(count)s severe and nobody’s", "n"),
    "no_next": ngettext_lazy("%(count)s without a next action", "%(count)s without a next action", "n"),
    "no_timer": ngettext_lazy("%(count)s waiting without a timer", "%(count)s waiting without a timer", "n"),
    "question": ngettext_lazy("%(count)s question open", "%(count)s questions open", "n"),
}

FAULTS = {
    "no_next": N_("No next action"),
    "no_timer": N_("Waiting, no timer"),
}
"""Lists of what is not clean. What is severe and nobody's stands above them, among what must be known."""


class Lines:
    """Makes the lines of one handover for one reader."""

    def __init__(self, reader: Actor, times: Times) -> None:
        self.times = times
        self.entries = Entries(1, reader, times)
        self.base = reverse("ticket", args=[1])[:-1]

    def must(self, found: Iterable[tuple[Row, list[str], PinView | None]]) -> SafeString:
        return joined(
            (self.ticket(row, why=self._why(row, why), below=self._pinned(pin)) for row, why, pin in found),
            "\n",
        )

    def changed(self, found: Iterable[Changed]) -> SafeString:
        return joined((self._changed(each) for each in found), "\n")

    def plain(self, rows: Iterable[Row], *, why: str = "") -> SafeString:
        return joined((self.ticket(row, why=self._line(row, why)) for row in rows), "\n")

    def planned(self, made: Handover) -> SafeString:
        return joined(
            (self.ticket(row, why=self._span(made, row)) for row in made.lists["planned"].rows), "\n"
        )

    def kept(self, rows: Iterable[Row]) -> SafeString:
        """Make the lines of tickets as they stood at a takeover."""
        return joined((self.ticket(row, why=self._stood(row)) for row in rows), "\n")

    def questions(self, found: Sequence[QuestionView]) -> SafeString:
        return joined((self.question(each) for each in found), "\n")

    def question(self, asked: QuestionView) -> SafeString:
        """Make one open question, with where it is answered."""
        answer = reverse("act", args=[asked.number, "answer"])
        says = _("%(author)s asks %(asked)s") % {"author": asked.author, "asked": asked.asked}
        return html(
            '<li class="ho{}"><div class=ho-what><p><a class=num href="{}{}#e-{}">{}</a> {} · {} · <b>{}</b></p>{}'
            '</div><div class=ho-why><a class=chip href="{}?question={}">{}</a></div>',
            " mine" if asked.is_for_me else "",
            self.base,
            asked.number,
            asked.entry,
            asked.number,
            asked.subject,
            self.times.moment(asked.at),
            says,
            html("<div class=text>{}</div>", prose.shown(asked.text)) if asked.text else NOTHING,
            answer,
            asked.key,
            _("answer"),
        )

    def ticket(self, row: Row, *, why: Any = "", below: Any = "") -> SafeString:
        """Make one ticket's line: priority, number, what it is about, what comes next, and why it stands here."""
        number = row["number"]
        return html(
            '<li class=ho><span class=ho-p>{}</span><div class=ho-what><p><a href="{}{}"><span class=num>{}</span> {}'
            "</a>{}</p>{}{}</div><div class=ho-why>{}</div>",
            marks.priority(row.get("priority")),
            self.base,
            number,
            number,
            row.get("subject") or "",
            html(" <small>{}</small>", row["owner"]) if row.get("owner") else NOTHING,
            self._next(row),
            below,
            why,
        )

    def _next(self, row: Row) -> SafeString:
        if row.get("next_action"):
            return html("<p class=ho-next>→ {}</p>", row["next_action"])
        return NOTHING

    def _why(self, row: Row, why: Sequence[str]) -> SafeString:
        said = [
            html(
                '<span class="chip late">{} {}</span>',
                _(WHY["ringing"]),
                self.times.due(row.get("ringing_since")),
            )
            if name == "ringing"
            else html(
                '<span class="chip{}">{}</span>',
                " late" if name == "severe" and row.get("severity") == 1 else "",
                _(WHY[name]) % {"level": row.get("severity")},
            )
            for name in why
        ]
        return joined([*said, self._clock(row)], " ")

    def _clock(self, row: Row) -> SafeString | str:
        if not row.get("owner") and "owner" in row:
            return html('<span class="none">{}</span>', _("nobody’s"))
        return marks.clock(row["clock"]) if row.get("clock") not in (None, "noc", "stopped") else ""

    def _pinned(self, pin: PinView | None) -> SafeString:
        if pin is None:
            return NOTHING
        return html(
            "<div class=text>{}</div><p class=soft>{} · {}</p>",
            prose.shown(pin.text),
            pin.author,
            self.times.moment(pin.at),
        )

    def _line(self, row: Row, why: str) -> SafeString:
        parts: list[Any] = []
        if why == "waiting":
            whom = row.get("referred_to") or row.get("vendor") or ""
            parts = [whom, marks.clock(row.get("clock")) if row.get("clock") else ""]
            parts.append(
                self.times.due(row["ringing_since"], ringing=True)
                if row.get("ringing_since")
                else self.times.due(row["alarm_at"])
                if row.get("alarm_at")
                else html('<span class="due none">{}</span>', _("no timer"))
            )
        elif why == "untouched":
            since = row.get("touched_staff_at")
            parts = [html(_("not since {}"), self.times.moment(since)) if since else "", self._clock(row)]
        return joined((html("<span>{}</span>", each) for each in parts if each), " ")

    def _span(self, made: Handover, row: Row) -> SafeString:
        start, end = made.planned.get(row["number"], (None, None))
        return html("<span>{} – {}</span>", self.times.moment(start), self.times.moment(end))

    def _stood(self, row: Row) -> SafeString:
        parts = [
            marks.state(
                {
                    "state": row.get("state"),
                    "meaning": "open",
                    "type": row.get("type"),
                    "queue": row.get("queue"),
                }
            )
            if row.get("state")
            else "",
            marks.clock(row.get("clock")) if row.get("clock") not in (None, "noc", "stopped") else "",
            self.times.moment(row.get("alarm_at")),
        ]
        return joined((each for each in parts if each), " ")

    def _changed(self, each: Changed) -> SafeString:
        words = [self.entries.change(*change) for change in each.then_now]
        updates = ngettext("%(count)s update", "%(count)s updates", each.updates) % {"count": each.updates}
        who = f"{updates} · {', '.join(each.people[:5])}" if each.people else updates
        below = html("<p class=ho-then>{}</p>", joined(words, " · ")) if words else NOTHING
        new = html('<span class="chip is-new">{}</span>', _("new this shift")) if each.is_new else NOTHING
        why = html("<span>{} {}</span><small>{}</small>", new, self._state(each.row), who)
        return self.ticket(each.row, why=why, below=below)

    def _state(self, row: Row) -> SafeString | str:
        return marks.state(row, with_clock=True) if row.get("state") else ""


def not_begun(made: Handover) -> str:
    """Say how many new tickets are not counted; nothing where there are none."""
    count, more = made.not_begun
    return handover_text.not_begun(count, more=more) if count else ""


def warnings(made: Handover) -> list[tuple[str, str]]:
    """Say where a handover is not clean, each with the part of the page that shows it."""
    said = []
    for name, count, more in made.warnings:
        words = WARNINGS[name] % {"n": count, "count": f"{count}+" if more else count}
        said.append(("must" if name == "untaken" else name, words))
    return said
