"""Takes back what was just done on a ticket, by acts that lead back: nothing that was written is taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from nocturne.core.entry import Door, Kind
from nocturne.core.lifecycle import OPEN_MEANINGS, Meaning
from nocturne.core.permits import Actor, demand
from nocturne.core.refusals import Invalid, WrongState
from nocturne.core.when import Alarm
from nocturne.desk import charts, clock, ending, line, moving, relations, work
from nocturne.desk.settling import SETTABLE
from nocturne.desk.terms import CLEAR, NOTHING, Extra, Written
from nocturne.desk.write import Step, add_unasked, running_clock, take_in_hand
from nocturne.store.db import writing

_FOLLOWS = frozenset(
    {
        "state", "clock", "resolution", "resolved_at", "closed_at", "restored_at", "worked", "objected", "checked_by",
        "checked_at", "self_checked", "ringing_since", "alarm_at", "alarm_text", "next_action", "owner", "parent",
    }
)  # fmt: skip
"""Columns that go back with the act that leads back, or have an act of their own."""
_ACTING = frozenset({"state", "clock", "owner", "parent", "next_action", "alarm_at", "alarm_text"})


def reverse(number: int, since: str, *, by: Actor, door: Door) -> Written:
    """Undo what was written on a ticket since a version, as far as its asker can read it.

    :raises WrongState: nothing of it can be undone: words stay.
    :raises Refusal: the act that would lead back is not the actor's, or its life cycle has none.
    """
    first, last = _changes(number, since, by)
    written: Written | None = None
    rest: dict[str, Any] = {"by": by, "door": door}
    if "state" in first or "clock" in first:
        written = _state(number, first, last, **rest)
    if "owner" in first:
        written = work.give(number, str(first["owner"] or ""), **rest)
    if "parent" in first:
        written = _parent(number, first["parent"], last["parent"], **rest)
    for name in first:
        if name.startswith("relation/"):
            written = _relation(number, name, is_there=last[name] is not None, **rest)
    fields = {name: first[name] for name in first if name in SETTABLE - _FOLLOWS or name.startswith("field/")}
    tags = [name for name in fields if name.startswith("field/tag:")]
    untagged = [("-" if last[name] is not None else "") + name.partition("tag:")[2] for name in tags]
    unwatched = [
        _watcher(name, first[name], last[name]) for name in first if name.startswith("party/watcher:")
    ]
    extra = _extra(first, {name: value for name, value in fields.items() if name not in tags})
    if any(name.startswith("machine/") for name in first):
        written = work.change(number, {}, machines=_machines(number, first, last, by), **rest)
    if untagged or unwatched or extra is not NOTHING:
        written = work.update(number, extra=extra, tags=untagged, cc=unwatched, **rest)
    if "state" in first and (begun := _begun(number, str(first["state"]), **rest)) is not None:
        written = begun
    if written is None:
        raise WrongState("nothing_to_undo")
    return written


def _changes(number: int, since: str, by: Actor) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read what columns held before and after all that was written since a version; what is as it was is left out."""
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for entry in charts.entries(number, by, after=since).entries:
        for name, before, after in entry.changes:
            first.setdefault(name, before)
            last[name] = after
    same = [name for name in first if first[name] == last[name]]
    return (
        {name: first[name] for name in first if name not in same},
        {name: last[name] for name in last if name not in same},
    )


def _state(
    number: int, first: dict[str, Any], last: dict[str, Any], *, by: Actor, door: Door
) -> Written | None:
    """Bring a ticket back into the state that it was in, on the clock that ran then, or to where it is worked on."""
    before, rest = first.get("clock"), dict[str, Any](by=by, door=door)
    wait = str(before) if before in work.WAIT_CLOCKS else ""
    if "state" not in first:
        if wait:
            return work.suspend(number, wait, **rest)
        return work.resume(number, **rest) if last.get("clock") in work.WAIT_CLOCKS else None
    try:
        return line.brought(number, str(first["state"]), wait, **rest)
    except (WrongState, Invalid):
        meaning = charts.header(number, by).header["meaning"]
        if wait or meaning not in _BACK:
            raise
        back = _BACK[meaning]
        return back(number, **rest) if back is not None else None


def _begun(number: int, state: str, *, by: Actor, door: Door) -> Written | None:
    """Put a ticket back to where nobody had begun to work on it. Few life cycles have a way there, because nobody goes
    there but by taking something back: so it needs none, and the entry says what it is."""
    with writing():
        case = take_in_hand(number, by=by, door=door)
        target = moving.cycle_of(case).find(state)
        if target is None or target.meaning is not Meaning.NEW or case.state == target:
            return None
        if case.meaning not in OPEN_MEANINGS:
            return None
        demand(by, Kind.MOVED, case.place, number=number)
        after: dict[str, Any] = {"state": target.stored()}
        if case.meaning is Meaning.WAITING:
            after |= {"clock": running_clock(case, target.starts or "noc"), "referred_to": None}
        return add_unasked(case, Kind.MOVED, Step(after=after, facts={"to": target.name, "back": True}))


def _relation(number: int, name: str, *, is_there: bool, by: Actor, door: Door) -> Written:
    kind, _colon, other = name.partition("/")[2].partition(":")
    act = relations.unrelate if is_there else relations.relate
    return act(number, kind, int(other), by=by, door=door)


_BACK: dict[str, Callable[..., Written] | None] = {
    "new": None,
    "open": None,
    "waiting": work.resume,
    "resolved": ending.reopen,
    "closed": ending.reopen,
    "rejected": ending.reopen,
}
"""The act that leads a ticket back to where it is worked on, by what its state stands for."""


def _parent(number: int, before: Any, after: Any, *, by: Actor, door: Door) -> Written:
    if before:
        return relations.relate(number, "parent", int(before), by=by, door=door)
    return relations.unrelate(number, "parent", int(after), by=by, door=door)


def _extra(first: dict[str, Any], fields: dict[str, Any]) -> Extra:
    """Spell the next action, the timer and the columns that are to be as they were; a time that has passed is none."""
    given: dict[str, Any] = {}
    if "next_action" in first:
        given["next_action"] = first["next_action"] or ""
    if "alarm_at" in first or "alarm_text" in first:
        at = first.get("alarm_at")
        text = str(first.get("alarm_text") or "")
        given["alarm"] = Alarm(at, text) if isinstance(at, datetime) and at > clock.now() else CLEAR
    if fields:
        given["fields"] = fields
    return Extra(**given) if given else NOTHING


def _watcher(name: str, before: Any, after: Any) -> str:
    """Name somebody who watches: with a minus before it where they are to go."""
    who = after or before
    called = str(who["label"] if name.startswith("party/watcher:account:") else who["email"])
    return f"-{called}" if after is not None else called


def _machines(number: int, first: dict[str, Any], last: dict[str, Any], by: Actor) -> list[str]:
    """List the machines that a ticket had."""
    names = [name for name in first if name.startswith("machine/")]
    gone = {str(last[name]) for name in names if last[name] is not None}
    back = {str(first[name]) for name in names if first[name] is not None}
    stand = set(charts.chart(number, by).machines)
    return sorted((stand - gone) | back)
