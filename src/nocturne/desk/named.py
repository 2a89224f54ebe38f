"""Acts by the names that `noc` gives them: whom they are about stands first, then words and keys as in any line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from nocturne import desk
from nocturne.core import oneline, permits
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid
from nocturne.desk import calendars, clock, line, relations
from nocturne.desk.terms import NOTHING, Extra, Opening, Written
from nocturne.store.db import writing


def perform(
    what: str,
    typed: str | Sequence[str],
    piped: str = "",
    *,
    by: Actor,
    door: Door,
    now: datetime,
    extra: Extra = NOTHING,
) -> tuple[Written, list[tuple[str, str]]]:
    """Do an act that was named before the line: its number first, whom it is about next, then words and keys.

    :raises Invalid: something is missing, or a key has no meaning with this act.
    """
    needs = (
        ["line", *([ACTS[what].whom] if what in ACTS and ACTS[what].whom else [])] if what != "open" else []
    )
    heads, rest = _heads(typed, needs)
    number = _number(heads[0], typed) if needs else None
    read = oneline.parse_line(
        rest,
        now,
        by.zone,
        numbered=False,
        calendar=lambda _: calendars.of_ticket(number, by),
        reads=partial(permits.sees_column, by),
    )
    values: dict[str, Any] = dict(read.values)
    _refuse_strange(what, values)
    chips = oneline.chips(read, by.zone)
    said = Said(read.text, piped, values, line.along(values, extra), {"by": by, "door": door})
    with writing():
        if number is None:
            return _open(said), chips
        line.add_to_sets(number, values, extra=said.extra, **said.rest)
        written = ACTS[what].do(number, heads[1] if len(heads) > 1 else "", said)
    return written, [("ticket", str(number)), *chips]


def on(
    number: int,
    words: Sequence[str],
    *,
    by: Actor,
    door: Door,
    now: datetime,
    extra: Extra = NOTHING,
) -> Written:
    """Do on one ticket what a line says: an act by its name first, or an update.

    :param words: as a shell split them; a single one with spaces in it is a line as it was typed.
    :raises Refusal: with the reason.
    """
    typed = words[0].strip() if len(words) == 1 else ""
    what, _, rest = (typed or (words[0] if words else "")).partition(" ")
    if what.lower() in ACTS:
        given = f"{number} {rest}" if typed else [str(number), *words[1:]]
        return perform(what.lower(), given, by=by, door=door, now=now, extra=extra)[0]
    line_given = typed or list(words)
    return line.perform(line_given, number=number, by=by, door=door, now=now, extra=extra).written


@dataclass(frozen=True, slots=True)
class Said:
    """A line in hand: its words, what came through the pipe, what its keys mean and bring along, and who says it."""

    words: str
    piped: str
    values: dict[str, Any]
    extra: Extra
    rest: dict[str, Any]

    @property
    def all(self) -> str:
        return "\n\n".join(part for part in (self.words, self.piped) if part)

    def along(self, text: str) -> dict[str, Any]:
        """Give what comes along with an act, with these words."""
        return self.rest | {"extra": replace(self.extra, text=text)}


@dataclass(frozen=True, slots=True)
class Named:
    """An act by the name that `noc` gives it: how it is done, whom the second word names, and keys of its own."""

    do: Callable[[int, str, Said], Written]
    whom: str = ""
    keys: frozenset[str] = frozenset()


def _clock(said: Said) -> str:
    return str(said.values.get("clock", ""))


_CLOCK = frozenset({"clock"})
ACTS: dict[str, Named] = {
    "note": Named(lambda number, _, said: desk.update(number, said.all, **said.along(""))),
    "reply": Named(lambda number, _, said: desk.reply(number, said.all, **said.along(""))),
    "take": Named(lambda number, _, said: desk.take(number, **said.along(said.all))),
    "give": Named(lambda number, whom, said: desk.give(number, whom, **said.along(said.all)), whom="owner"),
    "refer": Named(
        lambda number, whom, said: desk.refer(
            number, whom, reference=said.words, clock=_clock(said), **said.along(said.piped)
        ),
        whom="to",
        keys=_CLOCK,
    ),
    "dispatch": Named(
        lambda number, whom, said: desk.dispatch(number, whom, **said.along(said.all)), whom="to"
    ),
    "escalate": Named(
        lambda number, whom, said: desk.escalate(number, whom, **said.along(said.all)), whom="to"
    ),
    "suspend": Named(
        lambda number, _, said: desk.suspend(number, _clock(said), **said.along(said.all)),
        keys=_CLOCK,
    ),
    "resume": Named(lambda number, _, said: desk.resume(number, **said.along(said.all))),
    "restore": Named(lambda number, _, said: desk.restore(number, **said.along(said.all))),
    "resolve": Named(lambda number, _, said: desk.resolve(number, said.words, **said.along(said.piped))),
    "check": Named(lambda number, _, said: desk.check(number, **said.along(said.all))),
    "close": Named(lambda number, _, said: desk.close(number, **said.along(said.all))),
    "reopen": Named(lambda number, _, said: desk.reopen(number, **said.along(said.all))),
    "reject": Named(lambda number, _, said: desk.reject(number, said.all, **said.along(""))),
    "move": Named(lambda number, state, said: desk.move(number, state, **said.along(said.all)), whom="state"),
    "ask": Named(
        lambda number, whom, said: desk.ask(number, whom.split(","), said.all, **said.along("")), whom="to"
    ),
    "answer": Named(lambda number, _, said: desk.answer_mine(number, said.all, **said.along(""))),
    "pin": Named(lambda number, _, said: desk.pin(number, said.all, **said.along(""))),
    "unpin": Named(lambda number, _, said: desk.unpin(number, **said.along(said.all))),
    "merge": Named(
        lambda number, into, said: desk.merge(number, _other(into, "into"), **said.along(said.all)),
        whom="into",
    ),
    "relate": Named(lambda number, other, said: _relate(number, other, said), whom="other"),
    "acknowledge": Named(lambda number, _, said: desk.acknowledge(number, **said.along(said.all))),
}
"""Acts that a line can be given for; `update` and `open` stand beside them."""


def _other(given: str, field: str) -> int:
    read = oneline.parse_line([given], clock.now(), "UTC")
    if read.number is None:
        raise Invalid("bad_number", field=field, given=given[:60])
    return read.number


def _relate(number: int, other: str, said: Said) -> Written:
    """Let a ticket point to another: to look at it too, or as the first word says (`parent`, `depends_on`)."""
    kind, _blank, rest = said.words.partition(" ")
    if kind in relations.KINDS:
        said = replace(said, words=rest.strip())
    else:
        kind = "refers_to"
    return desk.relate(number, kind, _other(other, "other"), **said.along(said.all))


_MOVING = frozenset({"state", "clock", "owner", "parent"})
"""Keys that are acts of their own."""
_OPENING = ("queue", "owner", "circuit", "vendor")


def _refuse_strange(what: str, values: dict[str, Any]) -> None:
    allowed = frozenset({"owner", "parent"}) if what == "open" else ACTS[what].keys
    for key in values:
        cleared = values[key] is oneline.CLEAR and key in oneline.KEYS
        if key in _MOVING - allowed or (what == "open" and cleared):
            raise Invalid("key_not_here", field=key, given=key)


def _open(said: Said) -> Written:
    """Open a ticket: the words are its subject, the pipe its description."""
    values = said.values
    new = Opening(
        subject=said.words,
        text=said.piped,
        severity=values.get("severity"),
        priority=values.get("priority"),
        machines=values.get("machine", ()),
        cc=values.get("cc", ()),
        parent=values.get("parent"),
        fields=oneline.local(values),
        **{name: values[name] for name in _OPENING if name in values},
    )
    if new.owner.lower() == "me":
        new = replace(new, owner=said.rest["by"].label)
    written = desk.open(new, **said.rest, extra=replace(said.extra, fields={}))
    line.add_to_sets(written.number, {name: values[name] for name in ("tag",) if name in values}, **said.rest)
    return written


_HEAD = re.compile(r'\s*(?:"([^"]*)"|(\S+))')


def _heads(typed: str | Sequence[str], fields: Sequence[str]) -> tuple[list[str], str | Sequence[str]]:
    """Take the words off the front that are not said but name something.

    :raises Invalid: there are fewer; `field` says what is missing.
    """
    heads: list[str] = []
    for field in fields:
        if isinstance(typed, str):
            match = _HEAD.match(typed)
            found, typed = (match[1] or match[2] or "", typed[match.end() :]) if match else ("", "")
        else:
            found, typed = (typed[0], typed[1:]) if typed else ("", typed)
        if not found.strip():
            codes = {
                "line": "no_number",
                "state": "no_state_named",
                "into": "no_other_ticket",
                "other": "no_other_ticket",
            }
            raise Invalid(codes.get(field, "nobody_named"), field=field)
        heads.append(found.strip())
    return heads, typed


def _number(head: str, typed: str | Sequence[str]) -> int:
    read = oneline.parse_line([head], clock.now(), "UTC")
    if read.number is None:
        raise Invalid("no_number", field="line", line=typed if isinstance(typed, str) else " ".join(typed))
    return read.number
