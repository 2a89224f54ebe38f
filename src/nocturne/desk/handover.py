"""The handover: the page that writes itself. What must be known now, what has changed, what nobody has touched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nocturne.core.configuration.grants import Numbers
from nocturne.core.entry import Kind
from nocturne.core.handover import TOLD, Moved, moved
from nocturne.core.permits import Actor
from nocturne.desk import desks, entries, outstanding, questions, shift_notes
from nocturne.desk.questions import PinView, QuestionView
from nocturne.desk.shift_notes import NoteView
from nocturne.desk.shifts import Shift
from nocturne.store import handover
from nocturne.store.models import Draft, Ticket

SHOWN = 40
"""Tickets of one list that a handover shows; the others are one search away."""
MUST = ("ringing", "severe")
LISTS = (
    "ringing",
    "severe",
    "untaken",
    "no_next",
    "not_begun",
    "no_timer",
    "waiting",
    "planned",
    "untouched",
)
_DRAFT = re.compile(r"(note|reply|received|act:[a-z]+):([1-9][0-9]{0,17})")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Changed:
    """A ticket and what became of it in the shift; values as readers are shown them."""

    row: Row
    is_new: bool
    then_now: list[tuple[str, Any, Any]]
    updates: int
    people: list[str]


@dataclass(slots=True)
class Listed:
    """Some tickets, and whether there are more."""

    rows: list[Row] = field(default_factory=list)
    more: bool = False


@dataclass(slots=True)
class Handover:
    """All that a shift passes on, as its reader may know it."""

    shift: Shift
    now: datetime
    must: list[tuple[Row, list[str], PinView | None]] = field(default_factory=list)
    must_more: bool = False
    lists: dict[str, Listed] = field(default_factory=dict)
    changed: list[Changed] = field(default_factory=list)
    changed_more: int = 0
    """How many further tickets have changed, of those that were looked at."""
    is_cut: bool = False
    """Whether more was written in the shift than was looked at."""
    questions: list[QuestionView] = field(default_factory=list)
    notes: list[NoteView] = field(default_factory=list)
    drafts: list[tuple[str, int]] = field(default_factory=list)
    """What the reader has typed and not saved: which form, on which ticket. Only they are told."""
    planned: dict[int, tuple[datetime | None, datetime | None]] = field(default_factory=dict)

    @property
    def warnings(self) -> list[tuple[str, int, bool]]:
        """Where the handover is not clean: a code, how many tickets, and whether there are more."""
        found = [
            (name, len(self.lists[name].rows), self.lists[name].more)
            for name in outstanding.WARNINGS
            if name in self.lists and self.lists[name].rows
        ]
        if self.questions:
            found.append(("question", len(self.questions), False))
        return found

    @property
    def not_begun(self) -> tuple[int, bool]:
        """How many new tickets say nothing yet of what comes next, and whether there are more.

        That is no fault of the shift: whoever begins one says it. They are told of beside what is not clean, so that
        nobody takes its count for all that a board shows without a next action.
        """
        listed = self.lists.get("not_begun", Listed())
        return len(listed.rows), listed.more

    @property
    def is_quiet(self) -> bool:
        return not (self.must or self.changed or self.lists["untouched"].rows)


def present(shift: Shift, reader: Actor, *, now: datetime, shown: int = SHOWN) -> Handover:
    """Write the handover of the shift that runs.

    :raises Refusal: the desk's query is not understood, or not for this reader.
    """
    made = Handover(shift, now)
    lists = outstanding.found(shift.desk, reader, now=now, since=shift.since, names=LISTS, limit=shown)
    pins = questions.pinned(
        outstanding.pins(shift.desk, reader, now=now).values(*questions.PIN)[:shown], reader
    )
    touched, made.is_cut = handover.touched(shift.since, shift.until)
    changed, made.changed_more = _chosen(touched, shift, reader, now=now, most=shown)
    wanted = {number for numbers in lists.values() for number in numbers[:shown]}
    rows = handover.rows(reader, wanted | {each.number for each in pins} | set(changed))
    for name, numbers in lists.items():
        kept: list[Row] = [rows[number] for number in numbers[:shown] if number in rows]
        made.lists[name] = Listed(kept, len(numbers) > shown)
    _put_together_who_waits(made.lists, shown)
    made.must = _must(made.lists, pins, rows)
    made.must_more = any(made.lists[name].more for name in MUST)
    made.planned = handover.planned_times([row["number"] for row in made.lists["planned"].rows])
    known = {row["number"] for row, *_ in made.must}
    rest = made.lists["untouched"]
    rest.rows = [row for row in rest.rows if row["number"] not in known]
    made.changed = _changed(changed, rows, shift, reader)
    found = outstanding.questions(shift.desk, reader, now=now)
    made.questions = questions.views(found.values(*questions.QUESTION)[:shown], reader)
    made.notes = shift_notes.notes(shift, reader)
    made.drafts = drafts(reader)
    return made


def past(shift: Shift, reader: Actor, *, now: datetime, shown: int = SHOWN) -> Handover:
    """Write what is left of a shift that is over: what changed in it, and its notes."""
    made = Handover(shift, now, lists={"untouched": Listed()})
    touched, made.is_cut = handover.touched(shift.since, shift.until)
    changed, made.changed_more = _chosen(touched, shift, reader, now=now, most=shown)
    made.changed = _changed(changed, handover.rows(reader, changed), shift, reader)
    made.notes = shift_notes.notes(shift, reader)
    return made


def _put_together_who_waits(lists: Mapping[str, Listed], shown: int) -> None:
    """Put whatever waits into one list: without a timer, with one that is due, and then by when theirs goes off."""
    due = [row for row in lists["ringing"].rows if row.get("meaning") == "waiting"]
    waiting = lists["waiting"]
    together = {row["number"]: row for row in (*lists["no_timer"].rows, *due, *waiting.rows)}
    waiting.more = waiting.more or len(together) > shown
    waiting.rows = list(together.values())[:shown]


def _must(
    lists: Mapping[str, Listed], pins: Sequence[PinView], rows: Mapping[int, Row]
) -> list[tuple[Row, list[str], PinView | None]]:
    """Put together what must be known, each ticket once, with all the reasons why."""
    why: dict[int, list[str]] = {}
    by_number = {each.number: each for each in pins}
    for number in by_number:
        why.setdefault(number, []).append("pinned")
    for name in MUST:
        for row in lists[name].rows:
            why.setdefault(row["number"], []).append(name)
    order = sorted(
        (number for number in why if number in rows),
        key=lambda number: (
            rows[number].get("priority") or 9,
            rows[number].get("severity") or 9,
            "ringing" not in why[number],
            number,
        ),
    )
    return [(rows[number], why[number], by_number.get(number)) for number in order]


def _chosen(
    touched: Sequence[int], shift: Shift, reader: Actor, *, now: datetime, most: int
) -> tuple[list[int], int]:
    """Choose the tickets whose changes are told, the latest touched first, and count the others."""
    scope = desks.scope(shift.desk, reader, now=now)
    visible = Ticket.objects.visible_to(reader).filter(pk__in=touched)
    if scope is not None:
        visible = visible.filter(scope)
    allowed = set(visible.values_list("pk", flat=True))
    ordered = [number for number in touched if number in allowed]
    return ordered[:most], max(len(ordered) - most, 0)


def _changed(numbers: Sequence[int], rows: Mapping[int, Row], shift: Shift, reader: Actor) -> list[Changed]:
    """Fold what was written on some tickets in a shift to then → now, as far as its reader may read it."""
    if not numbers:
        return []
    written = handover.written(numbers, shift.since, shift.until)
    seen = handover.classes_on(reader, numbers)
    changes = {
        number: [change for row in found for change in [*row["changes"], *(row["words__changes"] or [])]]
        for number, found in written.items()
    }
    names = {number: {name for name, *_ in each} for number, each in changes.items()}
    before = handover.sensitive_then(names, shift.since)
    told = []
    for number in numbers:
        if number not in rows:
            continue
        classes, found = seen.get(number, frozenset()), written.get(number, [])
        visible = [row for row in found if row["shown_class"] in classes]
        is_new = any(row["kind"] == Kind.OPENED and row["seq"] == 1 for row in found)
        then_now = [] if is_new else _shown(moved(changes.get(number, ()), before.get(number, {})), classes)
        if visible or then_now or is_new:
            people = dict.fromkeys(
                row["author_label"] for row in visible if row["author_kind"] not in ("system", "machine")
            )
            told.append(Changed(rows[number], is_new, then_now, len(visible), list(people)))
    told.sort(key=_urgency)
    return told


def _urgency(changed: Changed) -> tuple[Any, ...]:
    row = changed.row
    has_ended = row.get("meaning") not in ("new", "open", "waiting", None)
    return (has_ended, row.get("priority") or 9, row.get("severity") or 9, row["number"])


def _shown(found: Iterable[Moved], classes: Numbers) -> list[tuple[str, Any, Any]]:
    return entries.shown_changes(((each.column, each.then, each.now) for each in found), classes)


def drafts(reader: Actor) -> list[tuple[str, int]]:
    """List what somebody has typed on tickets and not saved, for them alone."""
    rows = (
        Draft.objects.filter(user_id=reader.id or 0)
        .order_by("-saved_at")
        .values_list("place", flat=True)[:20]
    )
    found = [(match[1], int(match[2])) for place in rows if (match := _DRAFT.fullmatch(place))]
    known = set(
        Ticket.objects.visible_to(reader)
        .filter(pk__in=[number for _, number in found])
        .values_list("pk", flat=True)
    )
    return [(place, number) for place, number in found if number in known]


__all__ = ["LISTS", "SHOWN", "TOLD", "Changed", "Handover", "Listed", "past", "present"]
