"""What one shift has passed on to the next, whole: the words, what stood open, what had changed, the notes.

This is the page that a takeover freezes, for whoever was not there: each reads of it what is theirs to read now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nocturne.core.configuration.desks import Desk
from nocturne.core.permits import Actor
from nocturne.desk import desks, handover, outstanding, shifts, titles
from nocturne.desk.handover_text import Speller
from nocturne.desk.shifts import Shift
from nocturne.store.models import Takeover


@dataclass(frozen=True, slots=True)
class Item:
    """A few lines of text, the first of which says what they are of: a ticket, if there is a number."""

    lines: list[str]
    number: int | None = None


@dataclass(slots=True)
class HandedOver:
    """A takeover in words. `address` leads to its page."""

    title: str
    says: str
    address: str
    parts: list[tuple[str, list[Item]]] = field(default_factory=list)


def read(desk: Desk, at: datetime, reader: Actor, *, now: datetime) -> HandedOver | None:
    """Read the last takeover of a desk up to an instant; nothing where there was none yet.

    :raises Forbidden: the reader is not of the staff, or may not read what the desk asks for.
    :raises Invalid: the desk's query is not understood.
    """
    found = Takeover.objects.filter(desk=desk.name, at__lte=at).order_by("-at", "-pk")
    address = found.values_list("address", flat=True).first()
    if address is None:
        return None
    begun, kept = shifts.one(address, reader)
    ended = shifts.before(address, reader)
    made = handover.past(ended, reader, now=now)
    return _Told(made, reader).whole(begun, ended, kept)


class _Told(Speller):
    def whole(self, begun: Shift, ended: Shift, kept: Mapping[str, list[dict[str, Any]]]) -> HandedOver:
        told = HandedOver(
            _("Handover: %(desk)s") % {"desk": desks.title(begun.desk)},
            self._begun(begun, ended),
            f"/handover/shifts/{begun.address}",
        )
        words = [Item(list(self.words(begun.parting)))] if begun.parting is not None else []
        said = _("Redacted: %(reason)s") % {"reason": begun.redaction} if begun.redacted else begun.words
        if said:
            first, *rest = said.splitlines()
            head = f"{self.at(begun.since)} {begun.lead}: {first}"
            words.append(Item([head, *(f"    {each}" for each in rest)]))
        self._add(told, _("Words"), words)
        for name, title in outstanding.STOOD.items():
            self._add(told, _(title), [self._stood(row) for row in kept.get(name, [])])
        changed = [Item(list(self.changed(each)), each.row["number"]) for each in self.made.changed]
        if self.made.changed_more or self.made.is_cut:
            changed.append(Item([_("There is more on the timeline")]))
        self._add(told, _("Changed in the shift before"), changed)
        said_above = begun.parting.address if begun.parting is not None else ""
        notes = [Item(list(self.words(each))) for each in self.made.notes if each.address != said_above]
        self._add(told, _("Notes of the shift before"), notes)
        return told

    def _begun(self, begun: Shift, ended: Shift) -> str:
        told = {"lead": begun.lead, "at": self.whole_time(begun.since), "before": ended.lead}
        if not ended.lead:
            return _("%(lead)s took the desk over, %(at)s; nobody had it before.") % told
        return _("%(lead)s took the desk over from %(before)s, %(at)s.") % told

    def _stood(self, row: Mapping[str, Any]) -> Item:
        facts = [
            _("severity %(level)s") % {"level": row["severity"]} if row.get("severity") else "",
            titles.state(str(row["state"])) if row.get("state") else "",
            row.get("owner") or "",
        ]
        return Item([f"{self.head(row)}  [{', '.join(each for each in facts if each)}]"], row["number"])

    def _add(self, told: HandedOver, title: str, items: Iterable[Item]) -> None:
        if listed := list(items):
            told.parts.append((title, listed))


__all__ = ["HandedOver", "Item", "read"]
