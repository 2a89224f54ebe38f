"""Tells all who listen in this process: one thread reads the journal once for everybody, a few times a second."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import Any

from django.db import connection

from nocturne.core.refusals import TooMany
from nocturne.store import configured, journal
from nocturne.store.hearing import Ear
from nocturne.watch.live import news, readers, wire
from nocturne.watch.live.book import AT_ONCE, Book
from nocturne.watch.live.company import Company, Seats
from nocturne.watch.live.news import Batch, Fact, News
from nocturne.watch.live.readers import GUEST, Reader
from nocturne.watch.live.resting import Rest
from nocturne.watch.live.stream import Stream, wake

GATHERS = 0.05
"""Seconds between two turns at least, so that what is written quickly, one after another, is told together."""
BEAT = 15.0
RECHECK, RECHECK_QUIET = 2.0, 10.0
"""How often is asked whether those who listen still may: soon after something was written, else now and then."""
MOST_BY_PERSON, MOST = 16, 2_000
OPENED_WITHIN = 15.0
LINGERS = 60.0
FIRST_REST, LONGEST_REST = 0.5, 15.0
CONSOLES_A_SECOND = 40
"""How many consoles may ask for more within a second once they were told that something has changed."""

log = logging.getLogger("nocturne.live")


class Hub:
    """Everybody who listens in this process."""

    def __init__(self) -> None:
        self.book = Book()
        self.company = Company()
        self._streams: list[Stream] = []
        self._new: list[Stream] = []
        self._lock = threading.Lock()
        self._someone = threading.Event()
        self._stop = threading.Event()
        self._rest = Rest()
        self._ear = Ear()
        self._behind_since: float | None = None
        self._thread: threading.Thread | None = None
        self._mark: int | None = None
        self._beaten = self._checked = 0.0
        self._has_news = False
        self._edition = ""
        self._seated: dict[Hashable, dict[str, list[dict[str, str]]]] = {}
        """What each scope has been told of who is where."""

    # --- what others call ------------------------------------------------------------------------------------------

    def adopt(self, stream: Stream) -> None:
        """Let somebody listen from now on.

        :raises TooMany: they listen too often already, or too many do.
        """
        with self._lock:
            everyone = [each for each in (*self._streams, *self._new) if not each.is_over]
            mine = sum(each.reader.person == stream.reader.person for each in everyone)
            if mine >= MOST_BY_PERSON or len(everyone) >= MOST or self._stop.is_set():
                raise TooMany("too_many_streams", seconds=60)
            self._new.append(stream)
            if self._thread is None:
                self._thread = threading.Thread(target=self._walk, name="live", daemon=True)
                self._thread.start()
        self._someone.set()
        self._rest.end()

    def end(self) -> None:
        """Let every stream end at once: the process is about to."""
        self._stop.set()
        self._someone.set()
        self._rest.end()
        with self._lock:
            for each in (*self._streams, *self._new):
                each.end()

    @property
    def pace(self) -> float:
        """Over how many seconds consoles spread their questions when they are told that something has changed."""
        return round(max(0.2, len(self._streams) / CONSOLES_A_SECOND), 1)

    # --- the thread ------------------------------------------------------------------------------------------------

    def _walk(self) -> None:
        """Take turn after turn. What fails is tried again after a rest, longer each time."""
        rest, quiet_since, has_begun = FIRST_REST, time.monotonic(), False
        while not self._stop.is_set():
            try:
                if not has_begun:
                    self._mark = journal.change_mark()
                    self._edition = configured.refresh().edition
                    self.book.begin()
                    has_begun = True
                self.turn()
                rest = FIRST_REST
            except Exception as problem:
                log.warning("live pages rest for %.1f s: %s", rest, problem)
                connection.close()
                self._ear.close()
                self._stop.wait(rest)
                rest, has_begun = min(rest * 2, LONGEST_REST), False
                continue
            if self._streams or self._new:
                quiet_since = time.monotonic()
            if time.monotonic() - quiet_since < LINGERS:
                self._stop.wait(GATHERS)
                self._rest.take(self._ear, behind_since=self._behind_since)
            else:  # nobody has listened for a while: nothing is read until somebody does
                self._someone.clear()
                if not self._new:
                    self._ear.close()
                    connection.close()
                    self._someone.wait()
                    has_begun = False
        self._ear.close()
        connection.close()

    def turn(self) -> None:
        """Read what is new and tell it; welcome who is new, and let go who may listen no more."""
        now = time.monotonic()
        mark = journal.change_mark()
        has_changed = self._ear.has_heard() if mark is None else mark != self._mark
        self._mark = mark
        facts = self._read(now) if has_changed or self._behind_since is not None else []
        self._has_news |= has_changed if mark is not None else bool(facts)
        touched = self._tell(self._streams, self.book.batch(facts)) if facts else set()
        moved = self.company.look(has_changed=has_changed)
        if moved:
            touched |= self._seat(self._streams, self.company.at(moved))
        touched |= self._welcome(now)
        if now - self._checked >= (RECHECK if self._has_news or mark is None else RECHECK_QUIET):
            self._checked, self._has_news = now, False
            touched |= self._check()
        if now - self._beaten >= BEAT:
            self._beaten = now
            self.book.forget_old()
            self._seated = {each.scope: self._seated.get(each.scope, {}) for each in self._streams}
            touched |= self._beat()
            self.company.keep(
                each.reader.actor.id or 0 for each in self._streams if _is_somebody(each.reader)
            )
        wake(touched)

    def _read(self, now: float) -> list[Fact]:
        """Read on, and note whether there is more that cannot be read yet."""
        facts = self.book.read_on()
        is_behind = len(facts) == AT_ONCE or journal.is_held_back(self.book.place)
        self._behind_since = (self._behind_since or now) if is_behind else None
        return facts

    def _welcome(self, now: float) -> set[Stream]:
        """Take in who is new, and tell them what they missed; drop who has left, or never came."""
        with self._lock:
            fresh, self._new = self._new, []
            touched = {each for each in self._streams if each.is_over or _never_came(each, now)}
            self._streams = [each for each in self._streams if each not in touched] + fresh
        for each in fresh:
            each.scope = news.scope_of(each.reader.actor)
            missed = self.book.since(each.since)
            if missed is None:
                each.put(wire.event("again", {}))
            elif missed:
                self._tell([each], self.book.batch(missed))
            touched.add(each)
        if fresh and self.company.everywhere:
            self._seat(fresh, self.company.at(self.company.everywhere), whole=True)
        return touched

    def _seat(self, streams: Iterable[Stream], seats: Seats, *, whole: bool = False) -> set[Stream]:
        """Tell those who may know who is before some tickets, or (`whole`) before any."""
        touched: set[Stream] = set()
        spelt: dict[Hashable, bytes] = {}
        for each in streams:
            if each.reader.is_screen:
                continue
            if each.scope not in spelt:
                found = seats.told(each.reader.actor)
                known = self._seated.setdefault(each.scope, {})
                if not whole:  # nobody hears of a change that is none to them
                    found = {number: there for number, there in found.items() if there != known.get(number)}
                known.update(found)
                more = {"whole": True} if whole else {}
                spelt[each.scope] = wire.event("presence", {"tickets": found, **more}) if found else b""
            if message := spelt[each.scope]:
                each.put(message)
                touched.add(each)
        return touched

    def _tell(self, streams: Iterable[Stream], batch: Batch) -> set[Stream]:
        """Leave with every stream what its reader may know of a batch; those alike are told the same bytes."""
        touched: set[Stream] = set()
        by_scope: dict[Hashable, News] = {}
        spelt: dict[tuple[Hashable, str, bool], bytes] = {}
        at = wire.now_ms()
        for each in streams:
            actor, scope = each.reader.actor, each.scope
            if scope not in by_scope:
                by_scope[scope] = news.told(actor, batch)
            found = by_scope[scope]
            if not found:
                continue
            who = news.who(actor)
            key = scope, who, each.reader.is_screen
            message = spelt.get(key)
            if message is None:
                message = spelt[key] = changed(each.reader, found, at)
            each.put(message)
            touched.add(each)
        return touched

    def _check(self) -> set[Stream]:
        """Ask whether all who listen may still, and tell those anew whose rights are others now."""
        edition = configured.refresh().edition
        found = readers.still(each.reader for each in self._streams)
        touched: set[Stream] = set()
        for each in self._streams:
            actor = found[each.reader]
            if actor is None:
                each.is_over = True
                touched.add(each)
            elif actor != each.reader.actor or edition != self._edition:
                each.reader = replace(each.reader, actor=actor)
                scope = news.scope_of(actor)
                if scope != each.scope:
                    each.scope = scope
                    each.put(wire.event("again", {}))
                    self._seat([each], self.company.at(self.company.everywhere), whole=True)
                    touched.add(each)
        self._edition = edition
        return touched

    def _beat(self) -> set[Stream]:
        """Let everybody know that the way is open, and from when on to ask should it close."""
        at, pace = wire.now_ms(), self.pace
        spelt: dict[str, bytes] = {}
        for each in self._streams:
            who = news.who(each.reader.actor)
            if who not in spelt:
                spelt[who] = wire.event("beat", {"pace": pace}, mark=wire.mark(who, at))
            each.put(spelt[who])
        return set(self._streams)

    def count(self) -> Counter[str]:
        """Count who listens, by what they have shown."""
        return Counter(each.reader.by for each in self._streams)


def changed(reader: Reader, found: News, at: int) -> bytes:
    """Spell what somebody is told to have changed."""
    actor = reader.actor
    content: dict[str, Any] = {}
    if not reader.is_screen:
        content = {"tickets": found.tickets, "gone": found.gone, "mark": news.mark_after(actor, found)}
    return wire.event(
        "changed",
        {name: value for name, value in content.items() if value},
        mark=wire.mark(news.who(actor), at),
    )


def _is_somebody(reader: Reader) -> bool:
    """Tell whether there is a person who listens: a screen does not keep whoever put it up before a ticket."""
    return reader.by != GUEST and not reader.is_screen


def _never_came(stream: Stream, now: float) -> bool:
    """Tell whether somebody was let in who went away before the first word."""
    return not stream.is_open and now - stream.born > OPENED_WITHIN


_hub: Hub | None = None
_making = threading.Lock()


def hub() -> Hub:
    """Give this process's hub."""
    global _hub
    with _making:
        if _hub is None:
            _hub = Hub()
        return _hub


def end() -> None:
    """Let every stream of this process end, if there are any."""
    if _hub is not None:
        _hub.end()
