"""What happens at Lakenet, one module per kind of trouble. A story is told by minutes and can be told many times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nocturne.desk.demo.stage import Scene


@dataclass(frozen=True, slots=True)
class Story:
    """How a kind of problem goes.

    :param tell: plays it on a scene.
    :param runs: how often it happens in the sixty days.
    :param tickets: how many tickets one telling opens.
    :param hours: how long it takes at most until nothing of it is open any more.
    """

    name: str
    tell: Callable[[Scene], None]
    runs: int
    tickets: int
    hours: float
