"""Watches a list of tickets: on a terminal it is drawn anew as things happen, through a pipe each change is a line."""

from __future__ import annotations

import json
import os
import select
import sys
import time
from datetime import UTC, datetime
from typing import Any

from noc import ls, paint, places, rows, say, wire
from noc.ends import DONE, REFUSED, UNREACHABLE, Ended
from noc.times import Zone

EVERY = 3.0
"""Seconds between two looks where the server tells nothing by itself."""
LONGEST_WAIT = 30.0
MARKED_FOR = 60.0
"""Seconds for which a row bears what happened to it."""
TICK = 1.0
SOON = 0.3
"""Seconds in which what happens together is looked at together."""


class Watched:
    """What is watched: the rows as they were last seen, and what has happened to each since the one before."""

    def __init__(self, server: places.Server, asked: ls.Asked) -> None:
        self.server, self.asked = server, asked
        self.rows: list[dict[str, Any]] = []
        self.marks: dict[int, tuple[str, float]] = {}
        self.gone: list[dict[str, Any]] = []
        self.zone = Zone("")
        self.has_more = self.is_known = False
        self.trouble = ""
        self.seen_at: datetime | None = None
        self._tag = ""
        self._wait = EVERY

    def look(self) -> list[tuple[str, dict[str, Any]]]:
        """Ask what there is now, and list what is new, changed and gone since; nothing where the server is away.

        :raises Ended: the server says no for good.
        """
        count = min(self.asked.count or ls.USUAL, 200)
        path = f"/tickets?limit={count}{self.asked.path}"
        try:
            answer = wire.call(self.server, "GET", path, tag=self._tag)
        except wire.Unreachable as unreachable:
            return self._away(str(unreachable))
        if answer.status in say.AGAIN:
            return self._away(f"it answers {answer.status}")
        if answer.status >= 400:
            raise Ended(REFUSED, say.refusal(answer, ""))
        self.trouble, self._wait, self.seen_at = "", EVERY, datetime.now(UTC)
        if answer.status == 304:
            return []
        self._tag = answer.headers.get("etag", "")
        self.zone = Zone(answer.headers.get("nocturne-zone", ""))
        page = json.loads(answer.body)
        self.has_more = page["after"] is not None
        return self._compared(page["tickets"])

    def _away(self, why: str) -> list[tuple[str, dict[str, Any]]]:
        self.trouble = why
        self._wait = min(self._wait * 2, LONGEST_WAIT)
        if not self.is_known:
            raise Ended(UNREACHABLE, f"noc: {self.server.url} cannot be reached: {why}.")
        return []

    @property
    def wait(self) -> float:
        """How many seconds until the next look."""
        return self._wait

    def _compared(self, found: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
        before = {row["number"]: row for row in self.rows}
        now = {row["number"] for row in found}
        happened = []
        if self.is_known:
            for row in found:
                old = before.get(row["number"])
                if old is None:
                    happened.append(("new", row))
                elif _told(old) != _told(row):
                    happened.append(("changed", row))
            happened += [("gone", row) for row in self._left(now)]
        at = time.monotonic()
        for word, row in happened:
            self.marks[row["number"]] = (word, at)
        kept = {row["number"] for word, row in happened if word == "gone"}
        self.gone = [row for row in (*self.gone, *self.rows) if row["number"] not in now and (
            row["number"] in kept or row["number"] in self.marks
        )]  # fmt: skip
        self.gone = list({row["number"]: row for row in self.gone}.values())
        self.rows, self.is_known = found, True
        return happened

    def _left(self, now: set[int]) -> list[dict[str, Any]]:
        """List the rows that are there no longer; what was only pushed off the end of a full list is still there."""
        left = [(place, row) for place, row in enumerate(self.rows) if row["number"] not in now]
        if self.has_more:
            end = max((place for place, row in enumerate(self.rows) if row["number"] in now), default=-1)
            left = [(place, row) for place, row in left if place < end]
        return [row for _, row in left]

    def forget(self) -> None:
        """Let marks go whose time is over, and with them the rows that are no longer there."""
        limit = time.monotonic() - MARKED_FOR
        self.marks = {number: mark for number, mark in self.marks.items() if mark[1] > limit}
        self.gone = [row for row in self.gone if row["number"] in self.marks]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "web_url"}


class Bell:
    """The server's own word that something has happened; where it gives none, it is asked every few seconds."""

    def __init__(self, server: places.Server) -> None:
        self.server = server
        self._connection: Any = None
        self._again_at = 0.0
        self._is_there = True

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    def open(self) -> None:
        """This will listen, unless it has just been tried in vain."""
        if self._connection is not None or not self._is_there or time.monotonic() < self._again_at:
            return
        self._again_at = time.monotonic() + LONGEST_WAIT
        try:
            connection = wire.opened(self.server, "/events", accept="text/event-stream")
            head = connection.recv(4096)
        except OSError:
            return
        status = head.split(b" ", 2)[1:2]
        if status == [b"200"] and b"text/event-stream" in head.lower():
            connection.setblocking(False)
            self._connection = connection
        else:
            connection.close()
            self._is_there = status not in ([b"404"], [b"405"], [b"406"])

    def rang(self) -> bool:
        """Take in what has come, and tell whether there was anything that says that something happened."""
        if self._connection is None:
            return False
        has_rung = False
        try:
            while True:
                piece = self._connection.recv(65_536)
                if not piece:
                    self.close()
                    return True
                has_rung = has_rung or any(word in piece for word in (b"event: changed", b"event: again"))
        except (BlockingIOError, InterruptedError):
            return has_rung
        except OSError as error:
            if "want read" in str(error).lower() or "did not complete" in str(error).lower():
                return has_rung  # encrypted, and there is half a record
            self.close()
            return True

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def fileno(self) -> int:
        return int(self._connection.fileno())


def run(command: str, words: list[str]) -> int:
    """This will watch a list until somebody presses q."""
    asked = ls.read(words, command)
    if asked.form in ("csv", "xlsx"):
        raise Ended(2, "noc: watch shows a list, or with --json a line for each change; noc ls makes files.")
    asked.query = asked.query or "is:open"
    watched, bell = Watched(places.present(), asked), Bell(places.present())
    watched.look()
    try:
        if asked.form or not (sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"):
            return _lines(watched, bell)
        return _screen(watched, bell)
    finally:
        bell.close()


# --- through a pipe --------------------------------------------------------------------------------------------------


def _lines(watched: Watched, bell: Bell) -> int:
    """Print what there is, and then a line for each change."""
    _print(watched, [("there", row) for row in watched.rows])
    while True:
        bell.open()
        ready, _, _ = select.select([bell] if bell.is_open else [], [], [], watched.wait)
        if ready:
            time.sleep(SOON)
            if not bell.rang():
                continue
        _print(watched, watched.look())


def _print(watched: Watched, happened: list[tuple[str, dict[str, Any]]]) -> None:
    now = datetime.now(UTC)
    for word, row in happened:
        if watched.asked.form:
            text = json.dumps(
                {"at": f"{now:%Y-%m-%dT%H:%M:%SZ}", "what": word, "ticket": row}, ensure_ascii=False
            )
        else:
            names = watched.asked.columns or [name for name in rows.USUAL if name not in rows.PASSING]
            cells = [rows.cell(row, name, now) for name in names]
            text = "  ".join([f"{now:%Y-%m-%dT%H:%M:%SZ}", f"{word:<7}", *(each for each in cells if each)])
        print(text, flush=True)


# --- on a terminal ---------------------------------------------------------------------------------------------------


def _screen(watched: Watched, bell: Bell) -> int:
    """Draw the list again and again."""
    from noc.screen import Screen

    next_look = time.monotonic() + watched.wait
    with Screen() as screen:
        while True:
            watched.forget()
            screen.draw(page(watched, *screen.size(), is_live=bell.is_open))
            bell.open()
            listened = [screen.keys, *([bell] if bell.is_open else [])]
            wait = min(TICK, max(0.0, next_look - time.monotonic()))
            ready, _, _ = select.select(listened, [], [], wait)
            if screen.keys in ready:
                pressed = screen.key()
                if not pressed or pressed[0] in "qQ\x03\x04":
                    return DONE
                if pressed[0] in " r\r\n":
                    watched.marks.clear()
                    next_look = 0.0
            if bell in ready and bell.rang():
                next_look = min(next_look, time.monotonic() + SOON)
            if time.monotonic() >= next_look:
                watched.look()
                # A bell that rings is believed; now and then it is asked all the same.
                next_look = time.monotonic() + (LONGEST_WAIT if bell.is_open else watched.wait)


def page(watched: Watched, width: int, height: int, *, is_live: bool) -> list[str]:
    """Lay out what is watched: a line about it, the rows that fit, and how to stop."""
    now = datetime.now(UTC)
    shown = [*watched.rows, *watched.gone]
    count = f"{len(watched.rows)}{'+' if watched.has_more else ''}"
    marks = {number: word for number, (word, _) in watched.marks.items()}
    clock = f"{now:%H:%M:%S} UTC"
    told = f"{count} · {watched.asked.query}"
    head = rows.fitted(rows.cut(told, width - len(clock) - 1), width - len(clock)) + clock
    if watched.trouble:
        seen = f"{watched.seen_at:%H:%M:%S}" if watched.seen_at else "the beginning"
        state = paint.red(rows.cut(f"not reached since {seen} UTC: {watched.trouble}", width))
    else:
        state = paint.dim(
            rows.cut(
                ("live" if is_live else f"asked every {EVERY:.0f} s") + " · space clears the marks · q ends",
                width,
            )
        )
    lines = rows.table(shown, now=now, width=width, names=watched.asked.columns, marks=marks)
    if not shown:
        lines = [paint.dim("No ticket fits just now.")]
    room = height - 2
    if len(lines) > room:
        left = len(lines) - room + 1
        lines = [*lines[: room - 1], paint.dim(rows.cut(f"… and {left} more than fit", width))]
    return [paint.bold(head), *lines, *[""] * (height - 2 - len(lines)), state]
