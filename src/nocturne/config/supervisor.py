"""Keeps Nocturne's processes alive: starts them, restarts what died, and stops them all together."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

SHORTEST_WAIT, LONGEST_WAIT = 0.1, 15.0
# Who lived this long was well; its next restart is immediate again.
HEALTHY_AFTER = 5.0
STOPS_WITHIN = 8.0


@dataclass
class Child:
    """One supervised process: its name, its command, and how its restarts went."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    wait: float = field(default=SHORTEST_WAIT)

    def is_due(self, now: float) -> bool:
        return self.process is None and now >= self.due_at

    def died(self, now: float) -> None:
        """This will plan the restart: at once after a healthy life, else after twice the wait of last time."""
        self.wait = (
            SHORTEST_WAIT if now - self.started_at > HEALTHY_AFTER else min(self.wait * 2, LONGEST_WAIT)
        )
        self.process, self.due_at = None, now + self.wait


class Supervisor:
    """Runs children until it is told to stop by SIGTERM, SIGINT (Ctrl-C) or SIGHUP."""

    def __init__(self, children: Sequence[Child], *, run: Path, environment: Mapping[str, str]) -> None:
        self.children = children
        self.run_folder = run
        self.environment = {**environment, "NOCTURNE_SUPERVISOR": str(os.getpid())}
        self.is_stopping = False
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self, *, when_up: Callable[[], bool]) -> None:
        """This will run the children until told to stop.

        :param when_up: called at every turn until it returns True: it says so once the web answers.
        """
        self._listen()
        is_up = False
        while not self.is_stopping:
            now = time.monotonic()
            self._mourn(now)
            for child in self.children:
                if child.is_due(now):
                    self._start(child, now)
            is_up = is_up or when_up()
            self._sleep(0.05 if not is_up else 1.0)
        self._stop()

    def _listen(self) -> None:
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(sign, self._told_to_stop)

    def _told_to_stop(self, _sign: int, _frame: FrameType | None) -> None:
        if self.is_stopping:  # told twice: somebody is in a hurry
            self._send(signal.SIGKILL)
        self.is_stopping = True

    def _start(self, child: Child, now: float) -> None:
        # Its own process group: Ctrl-C in a terminal must reach the supervisor alone, which then stops them in order.
        child.process = subprocess.Popen(child.command, env=self.environment, process_group=0)
        child.started_at = now
        (self.run_folder / f"{child.name}.pid").write_text(f"{child.process.pid}\n")

    def _mourn(self, now: float) -> None:
        for child in self.children:
            if child.process and child.process.poll() is not None:
                code = child.process.returncode
                child.died(now)
                how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
                print(
                    f"{child.name} {how}; starting it again in {child.wait:.1f} s",
                    file=sys.stderr,
                    flush=True,
                )

    def _sleep(self, longest: float) -> None:
        now = time.monotonic()
        due = [child.due_at - now for child in self.children if child.process is None]
        select.select([self._wake_read], [], [], max(0.0, min([longest, *due])))
        with suppress(BlockingIOError):
            os.read(self._wake_read, 4096)

    def _stop(self) -> None:
        self._send(signal.SIGTERM)
        deadline = time.monotonic() + STOPS_WITHIN
        for child in self.children:
            if child.process:
                try:
                    child.process.wait(max(0.1, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    print(f"{child.name} did not stop in time and is killed", file=sys.stderr, flush=True)
                    child.process.kill()
                    child.process.wait()
            (self.run_folder / f"{child.name}.pid").unlink(missing_ok=True)

    def _send(self, sign: signal.Signals) -> None:
        for child in self.children:
            if child.process and child.process.poll() is None:
                child.process.send_signal(sign)
