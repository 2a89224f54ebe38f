"""Does what one line says: `4711 called site; no answer next:"call again" timer:"2h remind site"`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from nocturne.core import oneline, permits
from nocturne.core.configuration import current
from nocturne.core.entry import Door, Kind
from nocturne.core.lifecycle import Meaning
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import calendars, ending, reception, relations, work
from nocturne.desk.charts import header
from nocturne.desk.terms import NOTHING, Extra, Written
from nocturne.store.db import writing

SETS = {"machine": "machines", "cc": "cc", "tag": "tags"}
_FIELDS = ("queue", "priority", "severity", "circuit", "vendor")


@dataclass(frozen=True, slots=True)
class Understood:
    """What was done, and what had been understood (chips of key and value)."""

    written: Written
    chips: list[tuple[str, str]]


def perform(
    given: str | Sequence[str],
    *,
    by: Actor,
    door: Door,
    now: datetime,
    number: int | None = None,
    text: str = "",
    extra: Extra = NOTHING,
) -> Understood:
    """Carry out one line on one ticket, all of it or nothing.

    :param given: what was typed, or its words as a shell split them.
    :param number: the ticket, where the line does not begin with one.
    :param text: what came through a pipe: kept verbatim after the line's own words, never parsed.
    :raises Invalid: the line names no ticket, or a key holds a value that cannot be.
    """
    line = oneline.parse_line(
        given,
        now,
        by.zone,
        numbered=number is None,
        calendar=lambda found: calendars.of_ticket(number if number is not None else found, by),
        reads=partial(permits.sees_column, by),
    )
    target = line.number if number is None else number
    if target is None:
        raise Invalid("no_number", field="line", line=line.raw)
    said = "\n\n".join(part for part in (line.text, text) if part)
    values: dict[str, Any] = dict(line.values)
    extra = along(values, extra)
    with writing():
        written = _act(target, said, values, by=by, door=door, extra=extra)
    return Understood(written, oneline.chips(line, by.zone))


def along(values: dict[str, Any], extra: Extra = NOTHING) -> Extra:
    """Read what a line's keys bring along with whatever act it is."""
    cleared = {name: None for name in _FIELDS if values.get(name) is oneline.CLEAR}
    return replace(
        extra,
        at=values.get("at", extra.at),
        next_action="" if values.get("next") is oneline.CLEAR else values.get("next", extra.next_action),
        alarm=values.get("timer", extra.alarm),
        worked=values.get("worked", extra.worked) or 0,
        fields={
            **extra.fields,
            **{name: values[name] for name in _FIELDS if name in values},
            **cleared,
            **oneline.local(values),
        },
    )


def add_to_sets(
    number: int, values: dict[str, Any], *, by: Actor, door: Door, extra: Extra = NOTHING
) -> None:
    """Add the machines, watchers and tags that a line names."""
    sets = {name: values[key] for key, name in SETS.items() if key in values}
    if sets:
        work.update(number, extra=Extra(at=extra.at), by=by, door=door, **sets)


def _act(number: int, said: str, values: dict[str, Any], *, by: Actor, door: Door, extra: Extra) -> Written:
    """Choose the verb that the keys ask for; the words and all else come along with it."""
    extra = replace(extra, text=said)
    sets = {name: values[key] for key, name in SETS.items() if key in values}
    rest: dict[str, Any] = {"by": by, "door": door}
    if not permits.may(by, Kind.NOTE) and permits.may(by, Kind.RECEIVED):
        return _from_outside(number, said, values, sets, extra=extra, **rest)
    written: Written | None = None
    if "parent" in values:
        written = _point(number, values["parent"], **rest)
    if "owner" in values:
        written = _give(number, values["owner"], **rest)
    state, clock = values.get("state"), values.get("clock")
    if state is not None:
        add_to_sets(number, values, extra=extra, **rest)
        return _move(number, str(state), clock, said, extra=extra, **rest)
    if clock is not None:
        add_to_sets(number, values, extra=extra, **rest)
        if clock == "noc":
            return work.resume(number, extra=extra, **rest)
        return work.suspend(number, clock, extra=extra, **rest)
    if written is not None and not (said or sets or _says(extra)):
        return written
    return work.update(number, said, extra=replace(extra, text=""), **sets, **rest)


def _from_outside(
    number: int,
    said: str,
    values: dict[str, Any],
    sets: dict[str, Any],
    *,
    by: Actor,
    door: Door,
    extra: Extra,
) -> Written:
    """Take a line of somebody outside for what it is: words to the NOC, and nothing that moves or changes a ticket.

    :raises Forbidden: the line would do more.
    """
    for name in ("parent", "owner", "state", "clock"):
        if name in values:
            raise Forbidden("not_permitted", field=name)
    if sets:
        raise Forbidden("field_not_permitted", field=next(iter(sets)))
    return reception.receive(number, said, by=by, door=door, extra=replace(extra, text=""))


def _says(extra: Extra) -> bool:
    return bool(
        extra.files
        or extra.fields
        or extra.worked
        or extra.next_action is not None
        or extra.alarm is not None
    )


def _point(number: int, parent: Any, *, by: Actor, door: Door) -> Written:
    if parent is not oneline.CLEAR:
        return relations.relate(number, "parent", parent, by=by, door=door)
    now = header(number, by).header.get("parent")
    if now is None:
        raise NotFound("no_such_relation", field="parent")
    return relations.unrelate(number, "parent", now, by=by, door=door)


def _give(number: int, owner: Any, *, by: Actor, door: Door) -> Written:
    if owner is oneline.CLEAR:
        return work.give(number, "", by=by, door=door)
    if owner.lower() in ("me", by.label.lower()):
        return work.take(number, by=by, door=door)
    return work.give(number, owner, by=by, door=door)


_ORDER = (
    Kind.MOVED, Kind.RESUMED, Kind.TAKEN, Kind.REOPENED, Kind.SUSPENDED, Kind.RESOLVED, Kind.CHECKED, Kind.CLOSED,
    Kind.REJECTED, Kind.RESTORED,
)  # fmt: skip
"""Which act it is that brings a ticket into a state, where several could."""
_BY_MEANING = {
    Meaning.NEW: Kind.REOPENED, Meaning.OPEN: Kind.REOPENED, Meaning.WAITING: Kind.SUSPENDED,
    Meaning.RESOLVED: Kind.RESOLVED, Meaning.CLOSED: Kind.CLOSED, Meaning.REJECTED: Kind.REJECTED,
}  # fmt: skip
"""Which act it would be where none leads there: its refusal says why."""


def _move(
    number: int, state: str, clock: str | None, said: str, *, by: Actor, door: Door, extra: Extra
) -> Written:
    """Bring the ticket into a state by the act that leads there in its life cycle."""
    rest: dict[str, Any] = {"by": by, "door": door}
    now = header(number, by).header
    cycle = current().lifecycle_of(str(now.get("type") or ""), now.get("queue"))
    target = cycle.called(state)
    if target is None and state == "restored":
        return ending.restore(number, extra=extra, **rest)
    if target is None:
        raise Invalid("unknown_state", field="state", given=state, known=[each.name for each in cycle.states])
    ways = {
        move.kind for move in cycle.ways(cycle.at(now["state"], now["meaning"])) if move.to == target.name
    }
    kind = next((each for each in _ORDER if each in ways), _BY_MEANING[target.meaning])
    rest["extra"] = replace(extra, state=target.name if kind in ways else "")
    if kind in (Kind.RESOLVED, Kind.REJECTED):
        rest["extra"] = replace(rest["extra"], text="")
    match kind:
        case Kind.MOVED:
            return work.move(number, target.name, **rest)
        case Kind.SUSPENDED:
            return work.suspend(number, clock or "", **rest)
        case Kind.RESOLVED:
            return ending.resolve(number, said, **rest)
        case Kind.REJECTED:
            return ending.reject(number, said, **rest)
    return _PLAIN[kind](number, **rest)


def brought(number: int, state: str, clock: str = "", *, by: Actor, door: Door) -> Written:
    """Bring a ticket into a state, whichever act of its life cycle leads there.

    :param clock: whose time shall run there, if it waits.
    :raises Refusal: no act leads there, or it is not the actor's.
    """
    return _move(number, state, clock or None, "", by=by, door=door, extra=NOTHING)


_PLAIN: dict[Kind, Callable[..., Written]] = {
    Kind.RESUMED: work.resume,
    Kind.TAKEN: work.take,
    Kind.REOPENED: ending.reopen,
    Kind.CHECKED: ending.check,
    Kind.CLOSED: ending.close,
    Kind.RESTORED: ending.restore,
}


__all__ = ["SETS", "Understood", "add_to_sets", "along", "brought", "perform"]
