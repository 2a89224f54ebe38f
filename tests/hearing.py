"""Somebody who listens in the test's own process, with or without a server that holds their stream open."""

from __future__ import annotations

from typing import Any

from nocturne.watch.live.hub import Hub
from nocturne.watch.live.listening import HOLD
from tests.listener import Event, events_in
from tests.visitor import Visitor


def heard(visitor: Visitor, address: str = "/events", after: str = "") -> list[Event]:
    """What one asking tells, where nothing is held open."""
    answer = visitor.get(f"{address}?after={after}" if after else address)
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["X-Accel-Buffering"] == "no"
    return events_in(b"".join(answer).decode())


class Held:
    """A server that can hold a stream open."""

    def __init__(self) -> None:
        self.held: Any = None

    def __call__(self, stream: Any) -> None:
        self.held = stream


def listening(hub: Hub, visitor: Visitor | None = None, address: str = "/events", **headers: str) -> Any:
    """The stream of somebody who has begun to listen."""
    taken = Held()
    visitor = visitor or Visitor()
    answer = visitor.client.get(address, headers=headers, **{HOLD: taken})
    assert answer.status_code == 200, answer.content
    taken.held.is_open = True
    hub.book.begin()
    hub.turn()
    taken.held._waiting.clear()
    return taken.held


def said_by(stream: Any) -> list[Event]:
    found = events_in(b"".join(stream._waiting).decode())
    stream._waiting.clear()
    return [each for each in found if each.name != "beat"]
