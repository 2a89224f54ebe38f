"""Keeps the child process in which mails are read, and starts another when one has died of a mail."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

from nocturne.doors.mail.letter import Letter

PATIENCE = 20.0
"""Seconds of waiting for one mail; the child's own limit on computing is lower, unless the mail is very large."""
PATIENCE_PER_BYTE = 1 / 1_000_000
MOST_MAILS = 500
IDLE_ENDS_AFTER = 10.0


class Died(Exception):
    """The child has died of a mail, or was killed for taking too long."""


class _Child:
    """The process, and the pipes to it."""

    def __init__(self) -> None:
        to_child, self._asking = os.pipe()
        self._answers, from_child = os.pipe()
        command = [sys.executable, "-P", "-m", "nocturne.doors.mail.reader"]
        try:
            self._process = subprocess.Popen(command, stdin=to_child, stdout=from_child)
        finally:
            os.close(to_child)
            os.close(from_child)

    @property
    def code(self) -> int | None:
        return self._process.poll()

    def ask(self, line: bytes) -> None:
        os.write(self._asking, line)

    def answer(self, patience: float) -> bytes:
        """This will wait for one line.

        :raises TimeoutError: it does not come in time.
        :raises EOFError: the child has died.
        """
        deadline = time.monotonic() + patience
        gathered: list[bytes] = []
        while not (gathered and gathered[-1].endswith(b"\n")):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._answers], [], [], left)[0]:
                raise TimeoutError
            piece = os.read(self._answers, 1024 * 1024)
            if not piece:
                raise EOFError
            gathered.append(piece)
        return b"".join(gathered)

    def end(self) -> int:
        self._process.kill()
        os.close(self._asking)
        os.close(self._answers)
        return self._process.wait()


class Reader:
    """One child process, started when there is something to read and ended when there is nothing for a while."""

    def __init__(self) -> None:
        self._child: _Child | None = None
        self._read = 0
        self._used_at = 0.0

    def read(self, path: Path, folder: Path, *, size: int) -> Letter:
        """This will have a spooled mail read.

        :param folder: where the parts that are kept as files are written.
        :raises Died: the mail was too much for the child.
        """
        child = self._running()
        try:
            child.ask(json.dumps({"path": str(path), "folder": str(folder)}).encode("ascii") + b"\n")
            line = child.answer(PATIENCE + size * PATIENCE_PER_BYTE)
            self._read += 1
            self._used_at = time.monotonic()
            return Letter.from_stored(json.loads(line))
        except (OSError, EOFError, ValueError, TypeError) as problem:
            raise Died(f"{type(problem).__name__}, code {self.end()}") from problem

    def end_when_idle(self) -> None:
        if self._child and time.monotonic() - self._used_at > IDLE_ENDS_AFTER:
            self.end()

    def end(self) -> int | None:
        """This will end the child, and say how it ended."""
        child, self._child = self._child, None
        return child.end() if child else None

    def _running(self) -> _Child:
        if self._child and (self._read >= MOST_MAILS or self._child.code is not None):
            self.end()
        if self._child is None:
            self._child, self._read = _Child(), 0
        return self._child
