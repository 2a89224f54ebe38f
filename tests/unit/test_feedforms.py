"""What feeds look like to the programs that read them, whatever people have written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from xml.etree import ElementTree

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nocturne.core import feedforms
from nocturne.core.feedforms import About, Date, Item

AT = datetime(2026, 11, 26, 10, 55, tzinfo=UTC)
ABOUT = About("urn:uuid:0", "Open · Lakenet", "Lakenet", "https://noc.example/views/board", AT)
ATOM = "{http://www.w3.org/2005/Atom}"
TEXTS = st.text(max_size=200)


@pytest.mark.req("R15.8")
@given(TEXTS, TEXTS)
def test_every_form_stands_whatever_is_in_a_subject(title: str, text: str) -> None:
    item = Item("urn:uuid:1", title, "https://noc.example/tickets/1", text, AT, AT, (title,))
    entry = ElementTree.fromstring(feedforms.atom(ABOUT, [item])).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}updated") == "2026-11-26T10:55:00Z"
    (told,) = json.loads(feedforms.json_feed(ABOUT, [item]))["items"]
    assert told["content_text"] == text.encode("utf-8", "replace").decode()
    date = Date("urn:uuid:1", title, item.url, text, AT, None, AT, is_task=True)
    calendar = icalendar.Calendar.from_ical(feedforms.calendar(ABOUT, [date]))
    (task,) = calendar.walk("VTODO")
    assert task["DUE"].dt == AT
    assert task["DTSTAMP"].dt == AT


@given(st.text(alphabet="aé東🌙 ", max_size=300))
def test_a_line_is_folded_by_octets_and_never_within_a_letter(text: str) -> None:
    raw = feedforms.folded(f"SUMMARY:{text}")
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert raw.replace(b"\r\n ", b"").decode() == f"SUMMARY:{text}\r\n"


@pytest.mark.req("R15.8")
def test_what_calendars_split_by_is_marked() -> None:
    date = Date("u", "a, b; c\\d\ne", "https://noc.example/tickets/1", "", AT, AT.replace(hour=12), AT)
    raw = feedforms.calendar(ABOUT, [date])
    assert b"SUMMARY:a\\, b\\; c\\\\d\\ne\r\n" in raw
    (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert str(event["SUMMARY"]) == "a, b; c\\d\ne"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (AT, AT.replace(hour=12))
