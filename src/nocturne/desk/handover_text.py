"""A handover as plain text: for a terminal, a mail, a chat, the clipboard. Times are in the reader's zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nocturne.core.permits import Actor
from nocturne.core.zones import find_zone
from nocturne.desk import desks, titles, wording
from nocturne.desk.handover import Changed, Handover
from nocturne.desk.questions import PinView, QuestionView
from nocturne.desk.shift_notes import NoteView

Row = Mapping[str, Any]


def text(made: Handover, reader: Actor) -> str:
    """Write a handover as text."""
    return "\n".join(Speller(made, reader).lines()) + "\n"


def not_begun(count: int, *, more: bool) -> str:
    """Say how many new tickets are not counted among those without a next action."""
    return ngettext(
        "%(count)s new ticket has no next action yet: that is not counted",
        "%(count)s new tickets have no next action yet: those are not counted",
        count,
    ) % {"count": f"{count}+" if more else count}


class Speller:
    """Spells what a handover holds as lines of text, in its reader's zone and language."""

    def __init__(self, made: Handover, reader: Actor) -> None:
        self.made = made
        self.zone = find_zone(reader.zone) or UTC
        self.zone_name = reader.zone
        self.today = made.now.astimezone(self.zone).date()

    def at(self, instant: datetime | None) -> str:
        if instant is None:
            return "–"
        local = instant.astimezone(self.zone)
        return f"{local:%H:%M}" if local.date() == self.today else f"{local:%Y-%m-%d %H:%M}"

    def whole_time(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.zone):%Y-%m-%d %H:%M} {self.zone_name}"

    def lines(self) -> Iterator[str]:
        made, shift = self.made, self.made.shift
        lead = shift.lead or _("nobody has taken it over yet")
        yield f"{_('Handover')} · {desks.title(shift.desk)} · {self.whole_time(made.now)}"
        yield _("Shift since %(at)s: %(lead)s") % {"at": self.at(shift.since), "lead": lead}
        if shift.parting is not None:
            yield from self.words(shift.parting)
        yield from self._part(_("Not clean"), self._faults())
        yield from self._not_begun()
        must = [line for row, why, pin in made.must for line in self._must(row, why, pin)]
        yield from self._part(_("Must be known now"), must)
        yield from self._part(
            _("Changed this shift"), [line for each in made.changed for line in self.changed(each)]
        )
        for name, title in (
            ("untouched", _("Untouched, but open")),
            ("waiting", _("Waiting")),
            ("planned", _("Planned, next 12 h")),
        ):
            if name in made.lists:
                yield from self._part(title, [self._row(row, name) for row in made.lists[name].rows])
        yield from self._part(_("Questions"), [self._question(each) for each in made.questions])
        yield from self._part(_("Notes"), [line for each in made.notes for line in self.words(each)])

    def _part(self, title: str, lines: list[str]) -> Iterator[str]:
        if lines:
            yield ""
            yield title.upper()
            yield from lines

    def _faults(self) -> list[str]:
        names = {
            "untaken": _("severe, and nobody’s"),
            "no_next": _("no next action"),
            "no_timer": _("waiting, no timer"),
        }
        found = [
            f"{words}: {', '.join(str(row['number']) for row in self.made.lists[name].rows)}"
            + (" …" if self.made.lists[name].more else "")
            for name, words in names.items()
            if name in self.made.lists and self.made.lists[name].rows
        ]
        if self.made.questions:
            count = len(self.made.questions)
            found.append(
                ngettext("%(count)s question open", "%(count)s questions open", count) % {"count": count}
            )
        return found

    def _not_begun(self) -> Iterator[str]:
        count, more = self.made.not_begun
        if count:
            yield ""
            yield not_begun(count, more=more)

    def head(self, row: Row) -> str:
        rank = f"P{row['priority']} " if row.get("priority") else ""
        return f"{rank}{row['number']}  {row.get('subject') or ''}"

    def _tail(self, row: Row) -> str:
        parts = [row.get("owner"), f"→ {row['next_action']}" if row.get("next_action") else ""]
        return "  ".join(part for part in parts if part)

    def _must(self, row: Row, why: list[str], pin: PinView | None) -> Iterator[str]:
        said = {
            "ringing": _("timer due since %(at)s") % {"at": self.at(row.get("ringing_since"))},
            "severe": _("severity %(level)s") % {"level": row.get("severity")},
            "pinned": _("pinned"),
        }
        yield f"{self.head(row)}  [{', '.join(said[each] for each in why)}]"
        if tail := self._tail(row):
            yield f"    {tail}"
        if pin is not None:
            yield from (f"    {line}" for line in f"{pin.author}: {pin.text}".splitlines())

    def changed(self, each: Changed) -> Iterator[str]:
        updates = ngettext("%(count)s update", "%(count)s updates", each.updates) % {"count": each.updates}
        who = f" {', '.join(each.people)}" if each.people else ""
        new = f"{_('new')}, " if each.is_new else ""
        yield f"{self.head(each.row)}  [{new}{updates}{who}]"
        for name, then, now in each.then_now:
            yield f"    {wording.field_within(name)}: {self._value(name, then)} → {self._value(name, now)}"
        if each.row.get("next_action"):
            yield f"    → {each.row['next_action']}"

    def _row(self, row: Row, name: str) -> str:
        told = self._tail(row)
        if name == "waiting":
            whom = (
                row.get("referred_to")
                or row.get("vendor")
                or wording.clock_within(str(row.get("clock") or ""))
            )
            until = self.at(row.get("ringing_since") or row.get("alarm_at"))
            told = f"{whom} {_('until %(at)s') % {'at': until}}  {told}"
        elif name == "planned":
            start, end = self.made.planned.get(row["number"], (None, None))
            told = f"{self.at(start)} – {self.at(end)}  {told}"
        return f"{self.head(row)}  {told}".rstrip()

    def _question(self, asked: QuestionView) -> str:
        says = _("%(author)s asks %(asked)s") % {"author": asked.author, "asked": asked.asked}
        return f"{asked.number}  {says} ({self.at(asked.at)}): {' '.join(asked.text.split())}"

    def words(self, note: NoteView) -> Iterator[str]:
        said = note.corrections[-1].text if note.corrections else note.text
        if note.redacted:
            said = _("Redacted: %(reason)s") % {"reason": note.redaction}
        mark = f" {_('hands over')}" if note.parting else ""
        first, *rest = said.splitlines() or [""]
        yield f"{self.at(note.at)} {note.author}{mark}: {first}"
        yield from (f"    {line}" for line in rest)

    def _value(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return "–"
        if isinstance(value, datetime):
            return self.at(value)
        if name == "state":
            return titles.state(str(value))
        if name == "clock":
            return wording.clock_within(str(value))
        return str(value)
