"""Tickets that another NOC has published as text become charts here, with their own times and people.

Everything is written quietly, by the names that stand in the text: nobody is mailed for a past that is only read.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from nocturne.core.configuration import current
from nocturne.core.entry import Door, Kind
from nocturne.core.fieldvalues.value import folded
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.core.textimport import ReadTicket, Unread, read_ticket
from nocturne.core.values import LENGTHS
from nocturne.desk import clock, ending, opening, work, write
from nocturne.desk.alarms import MACHINERY
from nocturne.desk.terms import Extra, Opening
from nocturne.store import blobs
from nocturne.store.blobs import File, Kept
from nocturne.store.db import writing
from nocturne.store.models import FieldValue, Site

DOOR = Door.IMPORT
KEY = "imported"
"""The local field that holds the number a ticket had where it came from; by it a second import is known."""
LARGEST = 5_000_000
_QUIET = {"quiet": True}


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one text.

    :param number: ours; None on a dry run.
    :param is_new: False where it had been imported before, and nothing was written.
    """

    theirs: str
    number: int | None
    is_new: bool
    updates: int
    state: str
    unread: list[Unread]


class _DryRun(Exception):
    """Takes everything back that was written to see whether it can be."""


def take_over(text: str, *, queue: str = "", name: str = "", dry_run: bool = False) -> Imported:
    """Import one ticket.

    :param queue: where it is put; the first queue without it.
    :param name: the file's name, for the original that stays attached.
    :param dry_run: go through all of it and write nothing.
    :raises Invalid: there is no ticket in the text, or its times contradict each other.
    """
    read = read_ticket(text)
    if not (read.number or read.description or read.history):
        raise Invalid("no_ticket_in_text", field="file", given=name)
    theirs = read.number or hashlib.sha256(text.encode()).hexdigest()[:32]
    number: int | None = None
    try:
        with writing():
            before = (
                FieldValue.objects.filter(name=KEY, text=folded(theirs[:300]))
                .values_list("ticket_id", flat=True)
                .first()
            )
            if before is not None:
                return Imported(theirs, before, False, len(read.history), read.meaning, read.unread)
            number = _Chart(read, theirs, queue).write(_original(text, name or theirs, keep=not dry_run))
            if dry_run:
                raise _DryRun
    except _DryRun:
        number = None
    return Imported(theirs, number, True, len(read.history), read.meaning, read.unread)


def _original(text: str, name: str, *, keep: bool) -> File:
    raw = text.encode()
    kept = (
        blobs.keep(io.BytesIO(raw), limit=LARGEST)
        if keep
        else Kept(hashlib.sha256(raw).hexdigest(), len(raw))
    )
    return File(name.replace("/", "_"), "text/plain", kept.size, kept.sha256, "original")


class _Chart:
    """One ticket on its way into the books."""

    def __init__(self, read: ReadTicket, theirs: str, queue: str) -> None:
        self.read = read
        self.theirs = theirs
        self.queue = queue
        self.unread = list(read.unread)

    def write(self, original: File) -> int:
        """Write everything in the order in which it happened; gives our number."""
        self._leave_out_what_contradicts()
        read = self.read
        number = self._open(original)
        ends = self._ends()
        acts = [(told.at, 0, told) for told in read.history if told.text.strip()]
        restored = read.end if read.our_type == "trouble" and read.end and read.end <= clock.now() else None
        for at, _, told in sorted(acts, key=lambda act: act[0]):
            if restored is not None and restored <= at:
                ending.restore(number, by=self._by(""), door=DOOR, extra=self._extra(restored))
                restored = None
            work.update(number, told.text, by=self._by(told.initials), door=DOOR, extra=self._extra(at))
        if restored is not None:
            ending.restore(number, by=self._by(""), door=DOOR, extra=self._extra(restored))
        if read.meaning == "closed":
            last = read.history[-1].initials if read.history else ""
            by = self._by(last)
            ending.resolve(number, self._line(), tell=False, by=by, door=DOOR, extra=self._extra(ends))
            ending.close(number, over_open=True, by=by, door=DOOR, extra=self._extra(ends))
        self._remember(number)
        return number

    def _leave_out_what_contradicts(self) -> None:
        """Keep a time that cannot be as words: a published ticket may well be wrong."""
        read = self.read
        if read.start and read.end and read.end < read.start:
            self._keep_as_words(f"Problem End: {read.end:%Y%m%d %H:%M} UTC")
            read.end = None
        if read.start and read.our_type == "trouble" and read.start > clock.now() + clock.SKEW:
            self._keep_as_words(f"Problem Start: {read.start:%Y%m%d %H:%M} UTC")
            read.start = None
        if read.our_type == "planned" and (read.start is None) != (read.end is None):
            known = read.start or read.end
            self._keep_as_words(f"Problem {'Start' if read.start else 'End'}: {known:%Y%m%d %H:%M} UTC")
            read.start = read.end = None

    def _keep_as_words(self, words: str) -> None:
        self.unread.append(Unread(0, words))

    def _open(self, original: File) -> int:
        read, planned = self.read, self.read.our_type == "planned"
        limit = LENGTHS["subject"]
        subject = read.subject if len(read.subject) <= limit else f"{read.subject[: limit - 1]}…"
        new = Opening(
            subject=subject,
            queue=self.queue,
            type=current().usual_type(read.our_type),
            text="\n\n".join(self._told()),
            site=_site(read.place),
            started_at=None if planned else read.start,
            planned_start=read.start if planned else None,
            planned_end=read.end if planned else None,
        )
        first = read.history[0].initials if read.history else ""
        extra = Extra(
            at=self._opened(),
            files=(original,),
            fields={"vendor_reference": self.theirs[: LENGTHS["vendor_reference"]]} if read.number else {},
            facts=_QUIET | {"imported": self.theirs},
        )
        return opening.open(new, by=self._by(first), door=DOOR, extra=extra).number

    def _told(self) -> Iterator[str]:
        """Give the description, and under their own headings the words that no column of ours holds."""
        read = self.read
        if read.description:
            yield read.description
        if read.effects:
            yield f"Problem Effects:\n{read.effects}"
        for heading, words in (
            ("Site/line", read.place),
            ("Resolver", read.resolver),
            ("Time to Fix", read.time_to_fix),
        ):
            if words:
                yield f"{heading}: {words}"

    def _opened(self) -> datetime:
        """Say when it was opened, or the first thing that is known of it; never after its end."""
        read = self.read
        known = [at for at in (read.opened, read.closed) if at is not None]
        known = known or [told.at for told in read.history] or [at for at in (read.start,) if at is not None]
        return min([*known, clock.now()])

    def _ends(self) -> datetime:
        """Say when it was closed: as written, or at the last thing that is known of it."""
        read = self.read
        known = [self._opened(), *(told.at for told in read.history)]
        known += [at for at in (read.updated, read.end) if at is not None and at <= clock.now()]
        # A ticket cannot be resolved before service was back, whatever its header says.
        least = max([at for at in (read.end, self._opened()) if at is not None and at <= clock.now()])
        return max(read.closed, least) if read.closed else max(known)

    def _line(self) -> str:
        """Give the line for the reports: the last word of the history, or what the problem was."""
        words = " ".join((self.read.history[-1].text if self.read.history else self.read.subject).split())
        limit = LENGTHS["resolution"]
        return (words if len(words) <= limit else f"{words[: limit - 1]}…") or self.theirs

    def _by(self, initials: str) -> Actor:
        """Say who wrote: a name as it stands in the text. It may what those may who import it."""
        return Actor(
            "name", None, initials or self.read.resolver or self.theirs, groups=frozenset({"operators"})
        )

    def _extra(self, at: datetime) -> Extra:
        return Extra(at=at, facts=_QUIET)

    def _remember(self, number: int) -> None:
        """Keep their number where a second import finds it, and what was not understood where people do."""
        text = "\n".join(f"{line.number}: {line.text}" if line.number else line.text for line in self.unread)
        step = write.Step(after={f"field/{KEY}": self.theirs[:300]}, facts={"unread": len(self.unread)})
        kind = Kind.NOTE if text else Kind.CHANGED
        write.write(
            number, kind, lambda _: step, by=MACHINERY, door=DOOR, extra=Extra(text=text, facts=_QUIET)
        )


def _site(place: str) -> str:
    found = Site.objects.filter(name__iexact=place, retired_at=None).values_list("name", flat=True).first()
    return found or ""
