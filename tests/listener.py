"""Somebody who listens: reads server-sent events, from a house that runs or from one answer."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Event(NamedTuple):
    """One event: its name, what it holds, its id, and when it came (seconds, monotonic)."""

    name: str
    data: Any
    id: str
    at: float


def events_in(text: str) -> list[Event]:
    """This will read the events of an answer that is there already."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.partition(": ")[::2] for line in block.splitlines())
        if "event" in lines:
            found.append(
                Event(lines["event"], json.loads(lines["data"]), lines.get("id", ""), time.monotonic())
            )
    return found


@dataclass
class Listener:
    """A connection that is held open; what comes is collected beside the test."""

    port: int
    path: str = "/api/v1/events"
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 0
    events: list[Event] = field(default_factory=list)
    ended_at: float = 0.0

    def start(self) -> Listener:
        """This will begin to listen, and wait for the first word.

        :raises AssertionError: nothing comes.
        """
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self._connection.request("GET", self.path, headers=dict(self.headers))
        assert self._connection.sock is not None
        self._socket = self._connection.sock
        self._reply = self._connection.getresponse()
        self.status = self._reply.status
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        if self.status == 200:
            self.wait_for(lambda event: event.name == "hello")
        return self

    def _read(self) -> None:
        block = ""
        try:
            while line := self._reply.readline().decode():
                block += line
                if line == "\n":
                    self.events += events_in(block)
                    block = ""
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass
        self.ended_at = time.monotonic()

    def wait_for(self, fits: Callable[[Event], bool], seconds: float = 20.0) -> Event:
        """This will wait until an event has come.

        :raises AssertionError: it does not.
        """
        deadline = time.monotonic() + seconds
        while True:
            found = next((each for each in self.events if fits(each)), None)
            if found is not None:
                return found
            assert time.monotonic() < deadline, f"it did not come: {self.events}"
            time.sleep(0.01)

    def wait_for_end(self, seconds: float = 20.0) -> float:
        """This will wait until the stream has ended, and say when.

        :raises AssertionError: it does not end.
        """
        self._thread.join(seconds)
        assert self.ended_at, f"it goes on: {self.events}"
        return self.ended_at

    def stop(self) -> None:
        """This will go away, as a closed window does."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._reply.close()


def tells_of(number: int) -> Callable[[Event], bool]:
    """Tell whether an event says that a ticket has changed."""

    def fits(event: Event) -> bool:
        return event.name == "changed" and number in [
            each["number"] for each in event.data.get("tickets", ())
        ]

    return fits
