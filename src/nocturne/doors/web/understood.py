"""What a line is understood as while it is typed: a chip for each key, and what is wrong with one at that one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from nocturne.core import oneline, permits
from nocturne.core.oneline import Line
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, NotFound
from nocturne.desk import calendars, charts, lookups, nearby, wording
from nocturne.doors.web import completing

MOST_WRONG = 5
_LISTS = {
    "owner": "people",
    "queue": "queues",
    "machine": "machines",
    "circuit": "circuits",
    "vendor": "vendors",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that was understood, or was not: `says` why; `place` is where it stands in the line, from 1."""

    name: str
    value: str
    kind: str = "key"
    says: str = ""
    place: int = 0


def chips(given: str, actor: Actor, now: datetime) -> list[Chip]:
    """Read a line that acts, as far as it can be read: what cannot be is a chip of its own, in its place."""
    wrong: list[Chip] = []
    rest = given
    while len(wrong) < MOST_WRONG:
        try:
            line = _parsed(rest, actor, now)
            break
        except Invalid as refused:
            start = int(refused.params.get("position", 0))
            end = _end_of_word(rest, start)
            wrong.append(_bad(refused, rest[start:end], start + 1, is_last=not rest[end:].strip()))
            rest = rest[:start] + " " * (end - start) + rest[end:]
    else:
        line = _parsed(given.split()[0], actor, now)
    return [*_understood(line, given, actor), *wrong]


def _parsed(line: str, actor: Actor, now: datetime) -> Line:
    return oneline.parse_line(
        line,
        now,
        actor.zone,
        calendar=lambda number: calendars.of_ticket(number, actor),
        reads=partial(permits.sees_column, actor),
    )


def _end_of_word(line: str, start: int) -> int:
    """Find where the key that begins here ends with its value."""
    key = re.compile(r'[^\s:]+:("(?:[^"\\]|\\.)*("|$)|\'[^\']*(\'|$)|“[^”]*(”|$)|\S*)').match(line, start)
    return max(key.end() if key else len(line), start + 1)


def _bad(refused: Invalid, given: str, place: int, *, is_last: bool) -> Chip:
    key, _colon, value = given.partition(":")
    if is_last and refused.code in ("empty_value", "unclosed_quote"):
        return Chip(key, f"{value}…", "begun")  # it is being typed
    return Chip(key, value, "bad", wording.refusal(refused), place)


def _understood(line: Line, given: str, actor: Actor) -> Iterator[Chip]:
    states = _states_on(line, actor)
    for name, value in oneline.chips(line, actor.zone):
        if name == "ticket":
            continue
        if name == "text":
            yield Chip(_("note"), value, "note")
            continue
        says = _unknown(name, value, actor) if value != "none" else ""
        if name == "state" and states and value.casefold() not in (*states, "restored"):
            shown = ", ".join(dict.fromkeys(states.values()))
            says = _("From here it can go to: %(states)s") % {"states": shown}
        place = given.casefold().find(f"{name}:") + 1
        yield Chip(name, value, "bad" if says else "key", says, place if says else 0)
    for each in line.leftovers:
        yield Chip(_("read as text"), each, "left", _("Keys stand at the end of the line."))


def _unknown(name: str, value: str, actor: Actor) -> str:
    """Say that there is nothing of this name, and what is there that is like it."""
    names = _LISTS.get(name)
    if names is None or (name == "owner" and value.casefold() in ("me", actor.label.casefold())):
        return ""
    plain = lookups.queue_name(value) if name == "queue" else value.lstrip("-")
    if not plain or nearby.knows(names, plain, actor):
        return ""
    near = nearby.matching(names, plain[:3], actor)[:3]
    code = "unknown_person" if name == "owner" else f"unknown_{name}"
    said = wording.refusal(Invalid(code, field=name, given=value))
    return f"{said} {_('Near it: %(names)s') % {'names': ', '.join(near)}}" if near else said


def _states_on(line: Line, actor: Actor) -> dict[str, str]:
    """Map the names by which a state can be reached to how it is called, where the line asks for one."""
    if "state" not in line.values or line.number is None:
        return {}
    try:
        chart = charts.header(line.number, actor)
    except NotFound:
        return {}
    found: dict[str, str] = {}
    for name, title in completing.states(chart, actor):
        found |= {name.casefold(): str(title), str(title).casefold(): str(title)}
    return found


__all__ = ["Chip", "chips"]
