"""Opens a stream for somebody who has shown who they are; whatever serves the web holds it open, if it can."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from nocturne.desk import marks
from nocturne.watch.live import news, wire
from nocturne.watch.live.book import Book
from nocturne.watch.live.company import Company
from nocturne.watch.live.hub import changed, hub
from nocturne.watch.live.readers import Reader
from nocturne.watch.live.stream import Stream

HOLD = "nocturne.hold"
"""Where a server that can hold a stream open takes it; a server that cannot ends it, and the browser comes back."""
JUST_NOW_MS = 500
OVERLAP_MS = 5_000
"""By so much more is told again than was missed: clocks and transactions do not end at the same moment."""
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


def listen(environ: MutableMapping[str, Any], reader: Reader, *, after: str = "") -> bytes:
    """Let somebody listen.

    :param after: the id of the last event that they were told: what has happened since is told again.
    :return: what the stream begins with.
    :raises TooMany: they listen too often already.
    """
    last = wire.time_of(news.who(reader.actor), after) if after else None
    since = None if last is None else last - OVERLAP_MS
    hold = environ.get(HOLD)
    if hold is None:
        return _hello(reader) + _missed(reader, since, was_asked=bool(after)) + _present(reader)
    if not after:
        since = wire.now_ms() - JUST_NOW_MS
    stream = Stream(reader, since=since or 0)
    hub().adopt(stream)  # from here on what is told waits in the stream, so that nothing falls between
    hold(stream)
    return _hello(reader)


def _hello(reader: Reader) -> bytes:
    actor = reader.actor
    at = wire.now_ms()
    content = {"mark": marks.of(actor), "pace": hub().pace}
    return wire.opening() + wire.event("hello", content, mark=wire.mark(news.who(actor), at))


def _present(reader: Reader) -> bytes:
    """Tell who is before which ticket."""
    if reader.is_screen:
        return b""
    company = Company()
    company.look(has_changed=True)
    found = company.at(company.everywhere).told(reader.actor)
    return wire.event("presence", {"tickets": found, "whole": True}) if found else b""


def _missed(reader: Reader, since: int | None, *, was_asked: bool) -> bytes:
    """Tell what a stream would have told since a time; a server that holds nothing open is asked again and again."""
    if not was_asked:
        return b""
    book = Book()
    book.begin()
    missed = book.since(since) if since is not None else None
    if missed is None:
        return wire.event("again", {})
    found = news.told(reader.actor, book.batch(missed))
    return changed(reader, found, wire.now_ms()) if found else b""
