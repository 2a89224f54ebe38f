"""Lets due timers go off: exactly one entry each, whatever is killed, within a second of their time."""

from __future__ import annotations

import logging
import time

from nocturne import desk
from nocturne.core.refusals import Unavailable
from nocturne.desk import clock
from nocturne.store.models import Ticket

AT_ONCE = 100
LONGEST_REST = 20.0
RESTS_AFTER_TROUBLE = 30.0

log = logging.getLogger("nocturne.watch")
_resting: dict[int, float] = {}
"""Tickets whose timer could not go off, by when to try again: one of them keeps no other from ringing."""


def turn() -> float:
    """This will let every timer that is due go off.

    :return: how many seconds until the next one.
    """
    now = time.monotonic()
    for number in [each for each, until in _resting.items() if until <= now]:
        del _resting[number]
    set_ones = Ticket.objects.filter(alarm_at__isnull=False).exclude(pk__in=list(_resting))
    due = list(
        set_ones.filter(alarm_at__lte=clock.now()).order_by("alarm_at").values_list("pk", flat=True)[:AT_ONCE]
    )
    for number in due:
        _ring(number)
    if due:
        return 0.0
    following = set_ones.order_by("alarm_at").values_list("alarm_at", flat=True).first()
    if following is None:
        return LONGEST_REST
    # The clock on the wall may be put forward at any time, so it is looked at often while a timer is near.
    return min(max((following - clock.now()).total_seconds(), 0.0), 1.0)


def _ring(number: int) -> None:
    try:
        desk.ring(number)
    except Unavailable:
        raise
    except Exception:
        log.exception("the timer of ticket %s could not go off", number)
        _resting[number] = time.monotonic() + RESTS_AFTER_TROUBLE
