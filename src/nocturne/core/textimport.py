"""Reads a ticket that a NOC published as text: two columns of header, then description, effects and history.

    Ticket Number: NREN-NOC/20080207-12    Ticket Status: CLOSE
    Problem History:
    20080207 17:09 DW Physical preparation work …

Times are UTC. Nothing is lost: a line that is not understood is kept as it stands, with its number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

_LABELS: Mapping[str, str] = {
    "ticket number": "number",
    "ticket status": "status",
    "ticket type": "type",
    "resolver": "resolver",
    "ticket opened": "opened",
    "ticket closed": "closed",
    "ticket update": "updated",
    "ticket updated": "updated",
    "problem start": "start",
    "problem end": "end",
    "site/line": "place",
}
_TIMES = frozenset({"opened", "closed", "updated", "start", "end"})
_SECTIONS: Mapping[str, str] = {
    "problem description": "description",
    "problem effects": "effects",
    "problem history": "history",
    "time to fix": "time_to_fix",
}
_LABEL = re.compile(r"(?<!\S)(" + "|".join(re.escape(label) for label in _LABELS) + r"):", re.IGNORECASE)
_TIME = re.compile(r"([0-9]{8}) ([0-9]{1,2}:[0-9]{2})(?: UTC)?", re.IGNORECASE)
_ENTRY = re.compile(r"([0-9]{8} [0-9]{1,2}:[0-9]{2})(?: UTC)?\s+([A-Z]{1,5})(?:\s+(.*))?")
_ENTRY_WITHOUT_INITIALS = re.compile(r"([0-9]{8} [0-9]{1,2}:[0-9]{2})(?: UTC)?(?:\s+(.*))?")

TYPES: Mapping[str, str] = {"scheduled": "planned", "unscheduled": "trouble"}
STATES: Mapping[str, str] = {"open": "open", "update": "open", "close": "closed", "closed": "closed"}


@dataclass(slots=True)
class Told:
    """One entry of the history: when (UTC), by whose initials, and the words with their line ends."""

    at: datetime
    initials: str
    text: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that was not understood, and its place in the file (the first is 1)."""

    number: int
    text: str


@dataclass(slots=True)
class ReadTicket:
    """A ticket as its text tells it; empty where it tells nothing. Instants are UTC."""

    number: str = ""
    status: str = ""
    type: str = ""
    resolver: str = ""
    place: str = ""
    opened: datetime | None = None
    closed: datetime | None = None
    updated: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None
    description: str = ""
    effects: str = ""
    time_to_fix: str = ""
    history: list[Told] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    @property
    def our_type(self) -> str:
        """Name our type of ticket: planned for scheduled work, trouble for everything else."""
        return TYPES.get(self.type.lower(), "trouble")

    @property
    def meaning(self) -> str:
        """Name what the status means: closed, or open."""
        return STATES.get(self.status.lower(), "open")

    @property
    def subject(self) -> str:
        """Give one line for the problem: its place and the first sentence of the description."""
        words = " ".join(self.description.split())
        sentence = re.split(r"(?<=[.!?])\s", words, maxsplit=1)[0].rstrip(".")
        return ": ".join(part for part in (self.place, sentence) if part) or self.number


def read_ticket(text: str) -> ReadTicket:
    """Read one ticket; whatever is in the text, something comes back and every line is in it."""
    reading = _Reading()
    for number, line in enumerate(text.splitlines(), 1):
        reading.take(number, line.rstrip())
    return reading.finished()


@dataclass(slots=True)
class _Reading:
    """The ticket so far, and in which section the next line stands."""

    ticket: ReadTicket = field(default_factory=ReadTicket)
    section: str = "header"
    words: dict[str, list[str]] = field(default_factory=dict)
    lost_entry: bool = False

    def take(self, number: int, line: str) -> None:
        heading, colon, rest = line.partition(":")
        if colon and (section := _SECTIONS.get(heading.strip().lower())):
            self.section, self.lost_entry = section, False
            line = rest.strip()
        if self.section == "header":
            understood = not line.strip() or self._header(number, line)
        elif self.section == "history":
            understood = self._history(line)
        else:
            understood = self._prose(line)
        if not understood:
            self.ticket.unread.append(Unread(number, line))

    def finished(self) -> ReadTicket:
        for section, lines in self.words.items():
            setattr(self.ticket, section, "\n".join(lines).strip("\n"))
        for told in self.ticket.history:
            told.text = told.text.strip("\n")
        return self.ticket

    def _header(self, number: int, line: str) -> bool:
        """Read the labels on a line; what one of them cannot take is unread, with its label."""
        labels = list(_LABEL.finditer(line))
        if not labels:
            return False
        if before := line[: labels[0].start()].strip():
            self.ticket.unread.append(Unread(number, before))
        ends = [label.start() for label in labels[1:]] + [len(line)]
        for label, end in zip(labels, ends, strict=True):
            value = line[label.end() : end].strip()
            if value and not self._set(_LABELS[label[1].lower()], value):
                self.ticket.unread.append(Unread(number, line[label.start() : end].strip()))
        return True

    def _set(self, name: str, value: str) -> bool:
        if getattr(self.ticket, name):
            return False
        given: str | datetime | None = value
        if name in _TIMES:
            match = _TIME.fullmatch(value)
            given = _instant(f"{match[1]} {match[2]}") if match else None
        if given is None:
            return False
        setattr(self.ticket, name, given)
        return True

    def _history(self, line: str) -> bool:
        match = _ENTRY.fullmatch(line)
        bare = None if match else _ENTRY_WITHOUT_INITIALS.fullmatch(line)
        begins = match or bare
        if begins is None:
            return self._more_history(line)
        at = _instant(begins[1])
        self.lost_entry = at is None
        if at is None:
            return False
        told = Told(at, match[2], match[3] or "") if match else Told(at, "", begins[2] or "")
        self.ticket.history.append(told)
        return True

    def _more_history(self, line: str) -> bool:
        if not line.strip():
            line = ""
        elif self.lost_entry or not self.ticket.history:
            return False
        if self.ticket.history and not self.lost_entry:
            self.ticket.history[-1].text += "\n" + line
        return True

    def _prose(self, line: str) -> bool:
        """Take a paragraph; the time to fix ends with its first one."""
        lines = self.words.setdefault(self.section, [])
        if self.section == "time_to_fix" and line.strip() and lines[-1:] == [""] and any(lines):
            return False
        lines.append(line)
        return True


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%d %H:%M").replace(tzinfo=UTC)
    except ValueError:
        return None
