"""A running Nocturne on a place's data, and beside it the floor: bare Django on the same data and server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.place import ROOT, SQLITE, Place, cache
from tests.bench.wire import Wire
from tests.sink import free_port

PATIENCE = 120.0


@dataclass
class Served:
    """What answers for one place, and who asks."""

    place: Place
    port: int
    floor_port: int
    floor_pid: int
    cookie: str
    administrators: str
    limited: str
    token: str
    open_tickets: list[int]

    @property
    def browser(self) -> Wire:
        return Wire(self.port, Cookie=self.cookie, Accept="text/html")

    @property
    def program(self) -> Wire:
        return Wire(self.port, Authorization=f"Bearer {self.token}", Accept="application/json")

    @property
    def floor(self) -> Wire:
        return Wire(self.floor_port, Cookie=self.cookie, Accept="text/html")

    def pid(self, name: str) -> int:
        return int((self.place.home / "run" / f"{name}.pid").read_text())

    @property
    def web_pids(self) -> list[int]:
        return children(self.pid("web"))

    @property
    def floor_pids(self) -> list[int]:
        return children(self.floor_pid)

    @property
    def database_pids(self) -> list[int]:
        """PostgreSQL's own processes; SQLite works inside of those that ask it."""
        file = cache() / "postgresql/data/postmaster.pid"
        if self.place.database == SQLITE or not file.exists():
            return []
        return children(int(file.read_text().splitlines()[0]))


@contextmanager
def served(place: Place) -> Iterator[Served]:
    """This will run Nocturne and the floor on a place until the block ends."""
    port, floor_port = free_port(), free_port()
    place.inside("tidy", str(place.tickets))
    who = place.inside("person")
    with ExitStack() as stack:
        log = stack.enter_context(open(place.home / "serve.log", "wb"))
        command = [Path(sys.executable).parent / "nocturne", "serve"]
        house = stack.enter_context(_running(command, place.environ(port=port), log))
        bare = [sys.executable, "-m", "tests.bench.bare"]
        floor = stack.enter_context(_running(bare, place.environ(port=floor_port), log))
        found = Served(
            place,
            port,
            floor_port,
            floor.pid,
            who["cookie"],
            who["administrators"],
            who["limited"],
            who["token"],
            who["open"],
        )
        _wait(house, found.browser, "/healthz", place.home / "serve.log")
        _wait(floor, found.floor, "/bare", place.home / "serve.log")
        yield found


@contextmanager
def _running(command: list[Any], environment: dict[str, str], log: Any) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(process: subprocess.Popen[bytes], wire: Wire, path: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        with suppress(OSError):
            if wire.get(path).status < 500:
                return
        alive = process.poll() is None
        assert alive and time.monotonic() < deadline, f"it does not answer:\n{log.read_text()[-4000:]}"
        time.sleep(0.1)


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()]


def cpu(pids: list[int]) -> float:
    """This will add up the milliseconds of processor time that processes have used, all threads."""
    used = 0
    for pid in pids:
        with suppress(OSError):
            for thread in os.listdir(f"/proc/{pid}/task"):
                used += int(Path(f"/proc/{pid}/task/{thread}/schedstat").read_text().split()[0])
    return used / 1e6


def memory(pids: list[int]) -> dict[str, float]:
    """This will add up resident and proportional memory, in MB."""
    found = {"rss": 0.0, "pss": 0.0}
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name.lower() in found:
                found[name.lower()] += int(rest.split()[0]) / 1024
    return {name: round(value, 1) for name, value in found.items()}
