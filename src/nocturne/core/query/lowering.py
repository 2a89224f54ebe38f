"""What terms mean: each comes down to probes of columns."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from nocturne.core.configuration.inforce import current
from nocturne.core.fieldvalues import Searchable
from nocturne.core.fieldvalues.asking import Range
from nocturne.core.fieldvalues.rules import PREFIX, names
from nocturne.core.query import conditions
from nocturne.core.query.counted import COUNTED, counted_types
from nocturne.core.query.tree import (
    And,
    Happened,
    Linked,
    Measured,
    Not,
    Or,
    Past,
    Prefix,
    Probe,
    Term,
    Tree,
    Value,
)
from nocturne.core.query.vocabulary import LINKS, Key, key_of, paths


def lowered(tree: Tree, now: datetime) -> Tree:
    """Turn the terms of a tree into probes of columns."""
    match tree:
        case And(parts):
            return And(tuple(lowered(part, now) for part in parts))
        case Or(parts):
            return Or(tuple(lowered(part, now) for part in parts))
        case Not(part):
            return Not(lowered(part, now))
        case Term(name):
            link, rest = paths(name)
            if link:
                return Linked(link, lowered(replace(tree, key=rest), now))
            return _term(key_of(name), tree, now)
    return tree


def _term(key: Key, term: Term, now: datetime) -> Tree:
    values = term.values
    match key.form:
        case "choice" if key.name == "is":
            return _any([conditions.named(str(name), now) for name in values])
        case "words":
            return _any([Probe(key.name, "words", (value,)) for value in values])
        case "local":
            return _local(key.name, values)
        case "person":
            return _people(key.name, values)
        case "line":
            return _each(key.name, values, "contains")
        case "affected":
            return _affected(key.name, values)
        case "instant" | "age":
            return _instant(key.name, values)
        case "span":
            return Probe(key.column, "within", values)
        case "link":
            return _any([_pointing(key.name, value) for value in values])
        case "clock":
            return _any([_clock(value) for value in values])
        case "has":
            return _any([_has(value, now) for value in values])
        case "was":
            return _any([_was(value, now) for value in values])
        case "changed":
            return _any([_changed(value) for value in values])
    return _valued(key.name, values)


# --- values of columns -----------------------------------------------------------------------------------------------


def _valued(column: str, values: tuple[Value, ...]) -> Tree:
    """Ask for any of some values, of which None is the empty one."""
    ranges = tuple(value for value in values if isinstance(value, Range))
    plain = tuple(value for value in values if value is not None and not isinstance(value, Range | Prefix))
    named = with_other_names(column, plain)
    parts: list[Tree] = [Probe(column, "in", named)] if named else []
    parts += [Probe(column, "within", ranges)] if ranges else []
    begun = [value.start for value in values if isinstance(value, Prefix)]
    parts += [Probe(column, "starts", (start,)) if start else _there(column) for start in begun]
    parts += [Probe(column, "empty")] if None in values else []
    return _any(parts)


def _there(column: str) -> Tree:
    """Ask for any value at all."""
    return And((Probe(column, "readable"), Not(Probe(column, "empty"))))


def _each(column: str, values: tuple[Value, ...], how: str) -> Tree:
    """Ask for each value by itself."""
    parts: list[Tree] = []
    for value in values:
        if value is None:
            parts.append(Probe(column, "empty"))
        elif isinstance(value, Prefix):
            parts.append(Probe(column, "starts", (value.start,)) if value.start else _there(column))
        else:
            parts.append(Probe(column, how, (value,)))
    return _any(parts)


def _people(column: str, values: tuple[Value, ...]) -> Tree:
    """Ask who somebody is: `me`, a name, an address, `@group` or `@domain`."""
    anybody = Prefix("")
    given = tuple(value for value in values if value is not None and value not in ("me", anybody))
    parts: list[Tree] = [Probe(column, "called", given)] if given else []
    parts += [_there(column)] if anybody in values else []
    parts += [Probe(column, "mine")] if "me" in values else []
    parts += [Probe(column, "empty")] if None in values else []
    return _any(parts)


def _affected(column: str, values: tuple[Value, ...]) -> Tree:
    """Ask who is affected, by name, or how many are now."""
    ranges = tuple(value for value in values if isinstance(value, Range))
    named = tuple(value for value in values if not isinstance(value, Range))
    parts: list[Tree] = [_valued(column, named)] if named else []
    parts += [Probe("affected_count", "within", ranges)] if ranges else []
    if any(each.holds(Searchable(number=Decimal(0))) for each in ranges):
        parts.append(Probe("affected_count", "empty"))
    return _any(parts)


def _local(key: str, values: tuple[Value, ...]) -> Tree:
    """Ask a local field for any of some ranges, of which None is no value and a range without ends is any."""
    ranges = tuple(each for each in values if isinstance(each, Range))
    parts: list[Tree] = []
    if any(each.is_all for each in ranges):
        parts.append(Probe(key, "filled"))
    elif ranges:
        parts.append(Probe(key, "within", ranges))
    if None in values:
        parts.append(Probe(key, "empty"))
    return _any(parts)


_INSTANTS: dict[str, tuple[str, ...]] = {
    "due": ("alarm_at", "ringing_since"),
    "age": ("opened_at",),
    "updated": ("touched_staff_at",),
    "idle": ("touched_staff_at",),
}


def _instant(name: str, values: tuple[Value, ...]) -> Tree:
    columns = _INSTANTS.get(name) or (key_of(name).column,)
    if columns == ("touched_staff_at",):
        # Whoever does not read what the staff does is told when there was last something for them.
        outside = And((Not(Probe("clock", "readable")), _instants(("touched_customer_at",), values)))
        return Or((_instants(columns, values), outside))
    return _instants(columns, values)


def _instants(columns: tuple[str, ...], values: tuple[Value, ...]) -> Tree:
    ranges = tuple(value for value in values if isinstance(value, Range) and not value.is_all)
    parts: list[Tree] = [Probe(column, "within", ranges) for column in columns if ranges]
    nothing = And(tuple(Probe(column, "empty") for column in columns))
    if any(isinstance(value, Range) and value.is_all for value in values):
        readable = tuple(Probe(column, "readable") for column in columns)
        parts.append(And((*readable, Not(nothing))))
    if None in values:
        parts.append(nothing if len(columns) > 1 else Probe(columns[0], "empty"))
    return _any(parts)


# --- other tickets, clocks, counts -----------------------------------------------------------------------------------


def _pointing(link: str, value: Value) -> Tree:
    if value is None:
        return And((Probe(key_of(link).column, "readable"), Not(Linked(link, And(())))))
    if isinstance(value, Prefix):
        return Linked(link, And(()))
    return Linked(link, Probe("number", "in", (value,)))


def _clock(value: Value) -> Tree:
    if isinstance(value, Measured):
        return _measured(value.range, Probe("clock", "least", (value.name,)))
    return Probe("clock", "in", (value,))


def _has(value: Value, now: datetime) -> Tree:
    if not isinstance(value, Measured):
        raise TypeError("what a ticket has is measured")
    name = value.name
    if name.startswith(PREFIX) and name != COUNTED["tags"]:
        return Probe(name, "filled")
    if name in LINKS:
        return Linked(name, And(()))
    if name in COUNTED:
        return _measured(value.range, Probe(COUNTED[name], "least", (None,)))
    if types := counted_types().get(name):
        return _measured(value.range, Probe("child", "least", (types,)))
    empty = _term(key_of(name), Term(name, (None,)), now)
    return And((Probe(key_of(name).column, "readable"), Not(empty)))


def _measured(asked: Range, probe: Probe) -> Tree:
    """Ask for an amount between two ends by what there must be at least."""
    low = 0 if asked.low is None else _whole(asked.low, up=not asked.closed_low)
    parts: list[Tree] = []
    if low > 0:
        parts.append(replace(probe, values=(*probe.values, low)))
    else:
        parts.append(Probe(probe.column, "readable"))
    if asked.high is not None:
        over = _whole(asked.high, up=asked.closed_high)
        parts.append(Not(replace(probe, values=(*probe.values, max(over, 0)))))
    return And(tuple(parts))


def _whole(bound: Any, *, up: bool) -> int:
    """Give the least whole number that is not below a bound, or that is above it."""
    return int(math.floor(bound) + 1 if up else math.ceil(bound))


# --- history ---------------------------------------------------------------------------------------------------------


def _was(value: Value, now: datetime) -> Tree:
    """A ticket was so if it is so now, or if an entry made it another."""
    if not isinstance(value, Past):
        raise TypeError("what was is of the past")
    now_so = _term(key_of(value.column), Term(value.column, value.befores), now)
    return Or((now_so, Probe("history", "happened", (_happened(value),))))


def _changed(value: Value) -> Tree:
    if not isinstance(value, Past):
        raise TypeError("what changed is of the past")
    return Probe("history", "happened", (_happened(value),))


def _happened(past: Past) -> Happened:
    column = history_column(past.column) if past.column else ""
    columns: tuple[str, ...] = (column,) if column else ()
    if column.startswith(PREFIX) and (field := current().field(column.removeprefix(PREFIX))):
        columns = tuple(sorted(PREFIX + each for each in names(field)))
    return Happened(
        columns,
        with_other_names(past.column, past.befores),
        with_other_names(past.column, past.afters),
        past.when,
        past.by,
    )


def history_column(name: str) -> str:
    """Name the column of the books that a key asks for."""
    column = key_of(name).column
    return column if column.startswith(PREFIX) else column.partition("/")[0]


def with_other_names(key: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Put beside a name the others under which tickets may keep the same thing: what was renamed is found by both."""
    known = current()
    found: list[Value] = []
    for value in values:
        if not isinstance(value, str):
            found.append(value)
        elif key == "state":
            found += sorted(known.states_called.get(value.casefold(), {value}))
        elif key == "type":
            found += known.type_names(value)
        elif key == "queue" and (queue := known.queue_named(value.lower())):
            found.append(queue.name)
        else:
            found.append(value)
    return tuple(dict.fromkeys(found))


def _any(parts: list[Tree]) -> Tree:
    return parts[0] if len(parts) == 1 else Or(tuple(parts))
