"""A complainer who says that it is not over."""

from __future__ import annotations

from nocturne.core.entry import Door, Kind
from nocturne.desk.alarms import MACHINERY
from nocturne.desk.terms import Extra, Written
from nocturne.desk.write import Step, add, lock, take_in_hand
from nocturne.store.families import survivor_of
from nocturne.store.models import Ticket


def objection(trouble: int, complaint: int, *, cause: int) -> Written | None:
    """Flag a trouble one of whose complainers says that it is not over."""
    case = take_in_hand(trouble, by=MACHINERY, door=Door.RULE)
    return add(
        case,
        Kind.OBJECTED,
        lambda _: Step(after={"objected": True}, facts={"complaint": complaint}),
        Extra(cause=cause),
    )


def lock_in_order(survivor: int, own: int | None = None) -> None:
    """Lock the parent, which an objection flags, and the tickets written on, the lowest number first."""
    parent = Ticket.objects.filter(pk=survivor).values_list("parent_id", flat=True).first()
    others = {each for each in (survivor, own, parent and survivor_of(parent)) if each}
    for each in sorted(others) if len(others) > 1 else ():
        lock(each, follow=False)
