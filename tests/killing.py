"""Processes of a house that a test starts, kills and starts again itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.house import BIN, House, ready_made

AGAIN = """
import django, json, sys
django.setup()
from django.db import connection
for _ in sys.stdin:
    exec(sys.argv[1], {"json": json})
    sys.stdout.flush()
    connection.close()
"""


@dataclass
class Process:
    """A web or a worker that is started again whenever it is killed."""

    house: House
    name: str
    kills: int = 0
    _running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with open(self.house.home / f"{self.name}.log", "ab") as log:
            self._running = subprocess.Popen(
                [BIN / "nocturne", self.name], env=self.house.environ, stdout=log, stderr=log, process_group=0
            )

    def kill(self) -> None:
        assert self._running
        assert self._running.poll() is None, (self.house.home / f"{self.name}.log").read_text()[-4000:]
        os.kill(self._running.pid, signal.SIGKILL)
        self._running.wait()
        self.kills += 1
        self.start()

    def stop(self) -> None:
        if self._running and self._running.poll() is None:
            self._running.send_signal(signal.SIGTERM)
            self._running.wait(30)


@contextmanager
def bare_house(**options: str) -> Iterator[House]:
    """A house that is set up, and whose processes the test starts itself."""
    house = ready_made(**options)
    try:
        yield house
    finally:
        house.remove()


def in_the_house(house: House, script: str) -> Any:
    """This will run a script in a house's own settings, and read the JSON that it prints."""
    said = subprocess.run(
        [sys.executable, "-c", "import django, json\ndjango.setup()\n" + script],
        env={**house.environ, "DJANGO_SETTINGS_MODULE": "nocturne.config.settings"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(said.stdout or b"null")


class Reading:
    """One process that runs a script in a house's settings again and again: a new one each time would take longer."""

    def __init__(self, house: House, script: str) -> None:
        self._running = subprocess.Popen(
            [sys.executable, "-c", AGAIN, script],
            env={**house.environ, "DJANGO_SETTINGS_MODULE": "nocturne.config.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def now(self) -> Any:
        """This will run the script, and read the JSON that it prints."""
        assert self._running.stdin
        assert self._running.stdout
        self._running.stdin.write("\n")
        self._running.stdin.flush()
        return json.loads(self._running.stdout.readline())

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._running.stdin
        self._running.stdin.close()
        self._running.wait(30)


def until(what: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.5)
    return False
