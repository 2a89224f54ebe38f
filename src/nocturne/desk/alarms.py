"""A ticket's alarm clock going off, and somebody answering it."""

from __future__ import annotations

from nocturne.core.entry import Door, Kind, instant
from nocturne.core.permits import Actor
from nocturne.core.refusals import WrongState
from nocturne.desk.terms import NOTHING, Extra, Written
from nocturne.desk.write import Case, Step, add, take_in_hand, write
from nocturne.store.db import writing

MACHINERY = Actor("system", None, "Nocturne")
"""Nocturne itself, where it acts by the clock."""


def ring(number: int) -> Written | None:
    """Let a due alarm go off, once: whoever comes second finds it no longer set.

    :return: None where nothing was due any more.
    """
    with writing():
        case = take_in_hand(number, by=MACHINERY, door=Door.ALARM, follow=False)
        due = case.ticket.alarm_at
        if due is None or due > case.now:
            return None
        late = int((case.now - due).total_seconds())

        def plan(_: Case) -> Step:
            return Step(
                after={"alarm_at": None, "ringing_since": instant(due)},
                facts={"due": instant(due)} | ({"late": late} if late > 30 else {}),
            )

        return add(case, Kind.RANG, plan, NOTHING)


def acknowledge(number: int, *, by: Actor, door: Door, extra: Extra = NOTHING) -> Written:
    """Answer an alarm that went off: it leaves the strip.

    :raises WrongState: none is ringing.
    """

    def plan(case: Case) -> Step:
        if "ringing_since" not in case.header:
            raise WrongState("nothing_rings", number=case.number)
        gone = {"ringing_since": None}
        return Step(after=gone if "alarm_at" in case.header else gone | {"alarm_text": None})

    return write(number, Kind.ACKNOWLEDGED, plan, by=by, door=door, extra=extra)
