"""The forms of a feed: Atom (RFC 4287), JSON Feed 1.1 and iCalendar (RFC 5545), of the same few plain facts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

_STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
FOLDED = 75
"""Octets of a line of a calendar, without its end."""


@dataclass(frozen=True, slots=True)
class Item:
    """A ticket as a feed tells of it. `id` is opaque and stays; the words hold what its reader may read and no more."""

    id: str
    title: str
    url: str
    text: str
    opened: datetime | None
    changed: datetime
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Date:
    """Something in a calendar: planned work from `start` to `end`, or what is due at `start`."""

    id: str
    title: str
    url: str
    text: str
    start: datetime
    end: datetime | None
    changed: datetime
    is_task: bool = False
    state: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a feed is: its own id, its title, who makes it, and the page that shows the same; `says` is how much of that
    is in it."""

    id: str
    title: str
    maker: str
    url: str
    changed: datetime
    says: str = ""


def atom(about: About, items: Iterable[Item]) -> bytes:
    """Spell a feed as Atom. Its own address is not in it: whoever has that may read all of it."""
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{_xml(about.id)}</id><title>{_xml(about.title)}</title>",
        f"<updated>{stamp(about.changed)}</updated><author><name>{_xml(about.maker)}</name></author>",
        f'<link rel="alternate" type="text/html" href={_quoted(about.url)}/><generator>Nocturne</generator>\n',
        f"<subtitle>{_xml(about.says)}</subtitle>\n" if about.says else "",
        *(_entry(item) for item in items),
        "</feed>\n",
    ]
    return "".join(parts).encode()


def _entry(item: Item) -> str:
    opened = f"<published>{stamp(item.opened)}</published>" if item.opened else ""
    words = "".join(f"<category term={_quoted(word)}/>" for word in item.words)
    return (
        f"<entry><id>{_xml(item.id)}</id><title>{_xml(item.title)}</title><updated>{stamp(item.changed)}</updated>"
        f'{opened}<link rel="alternate" type="text/html" href={_quoted(item.url)}/>{words}'
        f'<content type="text">{_xml(item.text)}</content></entry>\n'
    )


def json_feed(about: About, items: Iterable[Item]) -> bytes:
    """Spell a feed as JSON Feed 1.1."""
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": about.title,
        "home_page_url": about.url,
        **({"description": about.says} if about.says else {}),
        "authors": [{"name": about.maker}],
        "items": [
            {
                "id": item.id,
                "url": item.url,
                "title": item.title,
                "content_text": item.text,
                **({"date_published": stamp(item.opened)} if item.opened else {}),
                "date_modified": stamp(item.changed),
                **({"tags": list(item.words)} if item.words else {}),
            }
            for item in items
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def calendar(about: About, dates: Iterable[Date]) -> bytes:
    """Spell dates as a calendar; times are UTC, lines are folded by octets and end as RFC 5545 wants."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Nocturne//Tickets//EN", "CALSCALE:GREGORIAN",
        f"NAME:{_text(about.title)}", f"X-WR-CALNAME:{_text(about.title)}", "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
    ]  # fmt: skip
    if about.says:
        lines += [f"DESCRIPTION:{_text(about.says)}", f"X-WR-CALDESC:{_text(about.says)}"]
    for date in dates:
        lines += _date(date)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _date(date: Date) -> Sequence[str]:
    kind = "VTODO" if date.is_task else "VEVENT"
    if date.is_task:
        when = [f"DUE:{compact(date.start)}", "STATUS:NEEDS-ACTION"]
    else:
        end = [f"DTEND:{compact(date.end)}"] if date.end and date.end > date.start else []
        when = [f"DTSTART:{compact(date.start)}", *end, f"STATUS:{date.state or 'CONFIRMED'}"]
    alarm = (
        ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(date.title)}", "TRIGGER;RELATED=END:PT0S", "END:VALARM"]
        if date.is_task
        else []
    )  # fmt: skip
    return [
        f"BEGIN:{kind}",
        f"UID:{date.id}",
        f"DTSTAMP:{compact(date.changed)}",
        f"LAST-MODIFIED:{compact(date.changed)}",
        *when,
        f"SUMMARY:{_text(date.title)}",
        *([f"DESCRIPTION:{_text(date.text)}"] if date.text else []),
        f"URL:{date.url}",
        *alarm,
        f"END:{kind}",
    ]


def folded(line: str) -> bytes:
    """Fold a line of a calendar after 75 octets, and never within a letter."""
    return b"\r\n ".join(_pieces(line.encode("utf-8", "replace"))) + b"\r\n"


def _pieces(raw: bytes) -> Iterator[bytes]:
    room = FOLDED
    while len(raw) > room:
        cut = room
        while raw[cut] & 0b1100_0000 == 0b1000_0000:  # the middle of a letter
            cut -= 1
        yield raw[:cut]
        raw, room = raw[cut:], FOLDED - 1  # the blank that a further line begins with counts
    yield raw


def stamp(at: datetime) -> str:
    """Spell an instant: RFC 3339, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def compact(at: datetime) -> str:
    """Spell an instant as calendars do."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    clean = _STRANGE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"([\\;,])", r"\\\1", clean).replace("\n", "\\n")


def _xml(text: str) -> str:
    return escape(_STRANGE.sub("\N{REPLACEMENT CHARACTER}", text))


def _quoted(text: str) -> str:
    return quoteattr(_STRANGE.sub("\N{REPLACEMENT CHARACTER}", text))
