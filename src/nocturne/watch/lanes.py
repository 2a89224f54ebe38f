"""The worker's lanes: each is one kind of work that is done in turns, beside all others and never behind them.

Floors above add theirs when Django starts; `nocturne.doors.mail` adds the one for incoming mail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nocturne.desk import clock


def _nothing_to_close() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of work.

    :param turn: does what is due, and returns after how many seconds it wants to be asked again even if nothing is
        written meanwhile; 0 means at once. It is asked earlier when somebody writes to the database.
    :param watches: whether something written to the database can make work for it.
    :param threads: how many do it side by side.
    :param close: called once when the worker stops.
    """

    name: str
    turn: Callable[[], float]
    watches: bool = True
    threads: int = 1
    close: Callable[[], None] = _nothing_to_close


def rest_until(due: datetime | None, *, most: float, least: float = 0.2) -> float:
    """Say how many seconds a lane may rest until the first of what waits for it is due.

    :param due: when that is; None where nothing waits.
    :param most, least: bounds, in seconds: other workers make work as well, and clocks do not agree to the last bit.
    """
    return most if due is None else min(most, max((due - clock.now()).total_seconds(), least))


makers: list[Callable[[], Lane]] = []
"""Make the lanes that other floors add; called once by each worker."""
