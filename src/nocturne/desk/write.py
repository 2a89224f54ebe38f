"""The only writer: locks the ticket, asks the permits and the life cycle, appends the entry, updates the header."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from nocturne import hooks
from nocturne.core import permits
from nocturne.core.chart import column, plain
from nocturne.core.configuration import current
from nocturne.core.entry import DataClass, Door, Kind, instant
from nocturne.core.fieldvalues.rules import is_local
from nocturne.core.lifecycle import Meaning, State
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import asking, clock, localfields, lookups, moving, together
from nocturne.desk.settling import (
    SETTABLE,
    accompanying,
    clean_text,
    one_line,
    refuse_if_changed,
    refuse_impossible_times,
    settled,
)
from nocturne.desk.terms import NOTHING, Extra, Written
from nocturne.store import configured, prepared, reach
from nocturne.store.append import NewEntry, append
from nocturne.store.db import writing
from nocturne.store.families import survivor_of
from nocturne.store.headers import elements_of, header_of
from nocturne.store.models import Ticket

SHARED = frozenset({Kind.RESTORED, Kind.RESOLVED, Kind.CLOSED, Kind.REOPENED, Kind.REPLY, Kind.RECEIVED})
"""Acts that customers may read of, when no words for the staff came with them."""
SPEAKING = frozenset({Kind.REPLY, Kind.RECEIVED})


@dataclass(slots=True)
class Case:
    """A ticket in hand: its locked row, its header, who acts, and when it happened."""

    ticket: Ticket
    header: dict[str, Any]
    by: Actor
    door: Door
    at: datetime
    now: datetime
    _elements: dict[str, Any] | None = None
    _place: dict[str, Any] | None = None
    goes: moving.Going | None = None
    """Where the act that is being planned takes the ticket."""

    @property
    def place(self) -> dict[str, Any]:
        """What the permits ask of the ticket: where it is, and which part the actor has in it."""
        if self._place is None:
            row = {name: getattr(self.ticket, name) for name in reach.PLACE}
            self._place = reach.places([row], self.by)[0]
        return self._place

    @property
    def seen(self) -> frozenset[int]:
        """The data classes that the actor may read on the ticket."""
        return permits.classes(self.by, self.place)

    @property
    def number(self) -> int:
        return self.ticket.pk

    @property
    def elements(self) -> dict[str, Any]:
        """The sets on the chart (machines, parties, relations, outages, affected), read when first asked for."""
        if self._elements is None:
            self._elements = elements_of(self.ticket.pk)
        return self._elements

    @property
    def meaning(self) -> Meaning:
        return Meaning(self.ticket.meaning)

    @property
    def going(self) -> moving.Going:
        """Where the act that is being planned takes the ticket; without one, nowhere."""
        return self.goes or moving.Going(moving.state_of(self))

    @property
    def state(self) -> State:
        """The state of its life cycle that the ticket is in."""
        return moving.state_of(self)


@dataclass(slots=True)
class Step:
    """What a verb wants written: new values by column, and facts of its own.

    `mine` are columns that the actor set by hand: they are judged by the permits and by what others changed.
    """

    after: dict[str, Any] = field(default_factory=dict)
    mine: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    data_class: DataClass | None = None
    corrects: int | None = None


Plan = Callable[[Case], Step]


def lock(number: int, *, follow: bool = True) -> Ticket:
    """Lock a ticket's row; a number that was merged away leads to the ticket it was merged into.

    Only that one row is locked, so that writers who lock several in the order of their numbers never wait in a ring.

    :raises NotFound: there is no such ticket.
    """
    while True:
        target = (survivor_of(number) or number) if follow else number
        ticket = prepared.lock_row(Ticket, target)
        if ticket is None:
            raise NotFound("no_such_ticket", number=number)
        if not follow or ticket.merged_into_id is None:
            return ticket


def take_in_hand(
    number: int, *, by: Actor, door: Door, at: datetime | None = None, follow: bool = True
) -> Case:
    """Lock a ticket inside a running write and read its header.

    The time of writing never runs backwards on one ticket, whatever happens to the machine's clock; an act whose time
    nobody gave happens after the last switch of the ticket's clock.
    """
    configured.refresh()
    ticket = lock(number, follow=follow)
    now = max(clock.now(), ticket.touched_at)
    happened = max(now, ticket.clock_since) if at is None else clock.happened(at, now=now)
    return Case(ticket, header_of(ticket), by, door, happened, max(now, happened) if at is None else now)


def write(
    number: int,
    kind: Kind,
    plan: Plan,
    *,
    by: Actor,
    door: Door,
    extra: Extra = NOTHING,
    clock: str = "",
) -> Written:
    """Write one entry on one ticket, whole or not at all.

    :param clock: whose time shall run afterwards, where that chooses between moves.
    :raises Refusal: with the reason, when it cannot be written; nothing is, then.
    """
    with writing():
        case = take_in_hand(number, by=by, door=door, at=extra.at)
        return add(case, kind, plan, extra, clock=clock)


def add(case: Case, kind: Kind, plan: Plan, extra: Extra = NOTHING, *, clock: str = "") -> Written:
    """Write one entry on a ticket in hand, if the permits and the life cycle allow it.

    :raises Refusal: with the reason.
    """
    permits.demand(case.by, kind, case.place, number=case.number)
    case.goes = moving.going(case, kind, to=extra.state, clock=clock)
    moving.demand_right(case, case.goes.move)
    step = plan(case)
    if (end := case.goes.end) is not None:
        step.after = {"state": end.stored()} | step.after
        if end.starts is not None and "clock" not in step.after:
            runs = running_clock(case, end.starts)
            if runs != case.ticket.clock:
                step.after["clock"] = runs
    return add_unasked(case, kind, step, extra)


def add_unasked(case: Case, kind: Kind, step: Step, extra: Extra = NOTHING) -> Written:
    """Write one entry that has been allowed already.

    :raises Refusal: a value, a time or a data class is not right, or an auditor says no.
    """
    given = step.mine | dict(extra.fields)
    local = localfields.settle(case, {name: given.pop(name) for name in list(given) if is_local(name)})
    # Asked before anything is looked up: else an unknown circuit would be refused otherwise than one that is there.
    theirs = [name for name in given if name in SETTABLE]
    permits.may_write(case.by, theirs, DataClass.PUBLIC, case.place)
    mine = settled(given) | local.after | accompanying(case, extra)
    after = step.after | mine
    if mine.get("queue") and not permits.knows_queue(case.by, mine["queue"]["id"]):
        raise Invalid("unknown_queue", field="queue", given=str(given["queue"]))
    if "type" in mine and (fits := clock_of_type(case, mine["type"])):
        after["clock"] = fits
    if "type" in mine or "queue" in mine:
        after |= moving.remapped(case, after)
    text = clean_text(step.text if step.text is not None else extra.text)
    asked = None if kind in SPEAKING else extra.data_class
    chosen = [*mine, "worked"] if extra.worked else mine
    permits.may_write(case.by, chosen, asked if asked is not None else DataClass.PUBLIC, case.place)
    data_class = step.data_class if step.data_class is not None else asked
    if data_class is None:
        data_class = DataClass.CUSTOMER if kind in SPEAKING else usual_class(kind, text)
        if kind is Kind.CHANGED and not text:
            data_class = localfields.class_of_change(after, data_class)
        if data_class is not DataClass.CUSTOMER:
            data_class = within_reach(case, data_class)
    guarded = mine | {name: after[name] for name in after if name == "owner" or name.startswith("machine/")}
    if extra.seen is not None and guarded:
        refuse_if_changed(case, extra.seen, guarded)
    if extra.worked and data_class <= current().class_of("worked"):
        # Who reads the sum but not the entry must not learn from the one that there is the other.
        after["worked"] = (case.ticket.worked or 0) + extra.worked
    if case.goes is not None:
        moving.demand_filled(case, case.goes.move, after, text)
    after |= moving.timer(case, case.going, after)
    warnings = [*local.warnings, *moving.warnings(case, case.going, after)]
    refuse_impossible_times(case, after)
    localfields.demand(case, kind, after)
    for auditor in hooks.auditors:
        auditor(hooks.Proposal(case.number, kind, case.by, case.at, case.header, after, text))
    called = asking.read(case, kind, text, data_class)
    has_elements = any("/" in name for name in after)
    entry = append(
        case.ticket,
        case.header | case.elements if has_elements else case.header,
        NewEntry(
            kind=kind,
            at=case.at,
            recorded_at=case.now,
            author=case.by.author,
            door=case.door,
            data_class=data_class,
            after=after,
            before_labels=labels_before(case, after),
            text=text or None,
            # Whoever follows the journal tells nobody of a quiet entry.
            facts=step.facts
            | dict(extra.facts)
            | ({"asks": list(called.facts)} if called.facts else {})
            | together.facts()
            | ({"quiet": True} if clock.is_told() else {}),
            worked=extra.worked,
            cause=extra.cause,
            corrects=step.corrects,
            files=extra.files,
        ),
    )
    asking.follow(case, kind, entry)
    return Written(case.number, entry.pk, entry.address, case.now, kind.value, [*warnings, *called.warnings])


def labels_before(case: Case, after: Mapping[str, Any]) -> dict[str, str]:
    """Say how the rows were called that the header pointed to until now."""
    return {
        name: lookups.label(name, case.header[name])
        for name in after
        if name in case.header
        and column(name).form == "row"
        and plain("row", after[name]) != case.header[name]
    }


def usual_class(kind: Kind, text: str) -> DataClass:
    """Choose an entry's class when its writer did not: what staff write is for staff, unless it is an answer."""
    if kind in SHARED and not text:
        return DataClass.CUSTOMER
    return DataClass.named(current().site.note_class) if kind is Kind.NOTE else DataClass.STAFF


def within_reach(case: Case, usual: DataClass) -> DataClass:
    """Take the usual class of an entry, or the highest rung that its writer may write in where that is lower.

    :raises Forbidden: there is none.
    """
    writes = permits.appends(case.by, case.place)
    if int(usual) in writes:
        return usual
    rungs = [DataClass(each) for each in writes if each <= DataClass.RESTRICTED]
    if not rungs:
        raise Forbidden("class_not_permitted", field="data_class", data_class=usual.word)
    return max(rungs)


def running_clock(case: Case, usual: str) -> str:
    """Choose whose time runs in a working state: planned work stands on its schedule, all else is the NOC's."""
    planned = current().type(case.ticket.type).is_planned
    return "scheduled" if usual == "noc" and planned else usual


def clock_of_type(case: Case, type_: str) -> str | None:
    """Say which clock a working ticket's new type needs: planned work stands on its schedule, all else does not."""
    wanted = {"noc": "scheduled"} if current().type(type_).is_planned else {"scheduled": "noc"}
    return wanted.get(case.ticket.clock) if case.ticket.is_open else None


def utc(at: datetime) -> str:
    """Spell an instant as the books have it, in UTC."""
    return instant(at.astimezone(UTC))


__all__ = [
    "Case",
    "Plan",
    "Step",
    "add",
    "add_unasked",
    "clean_text",
    "lock",
    "one_line",
    "take_in_hand",
    "write",
]
