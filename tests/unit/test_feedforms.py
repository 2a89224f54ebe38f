"""What feeds look like to the programs that read them, whatever people have written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nocturne.core import feedforms
from nocturne.core.feedforms import About, Date, Item

AT = datetime(2026, 11, 26, 10, 55, tzinfo=UTC)
ABOUT = About(
    "urn:uuid:0", "Open · Lakenet", "Lakenet", "https://noc.example/views/board", AT, "The newest; 50"
)
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


RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def wrongs(feed: dict[str, Any]) -> Iterator[str]:
    """What JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) would not have so."""
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield "version must be the address of the version"
    if not isinstance(feed.get("title"), str):
        yield "title is needed, and a text"
    for name in ("home_page_url", "feed_url", "icon", "favicon", "next_url"):
        if name in feed and not str(feed[name]).startswith(("http://", "https://")):
            yield f"{name} must be an address"
    if not isinstance(feed.get("description", ""), str) or not isinstance(feed.get("expired", False), bool):
        yield "description is a text, expired a flag"
    for author in feed.get("authors", []):
        if not author.keys() & {"name", "url", "avatar"}:
            yield "an author has a name, an address or a picture"
    if not isinstance(feed.get("items"), list):
        yield "items are needed"
        return
    ids = [item.get("id") for item in feed["items"]]
    if len(set(ids)) != len(ids):
        yield "ids are unique"
    for item in feed["items"]:
        if not isinstance(item.get("id"), str) or not item["id"]:
            yield "an item has an id, and it is a text"
        if not any(isinstance(item.get(name), str) for name in ("content_html", "content_text")):
            yield "an item has content"
        for name in ("date_published", "date_modified"):
            if name in item and not RFC_3339.fullmatch(item[name]):
                yield f"{name} is spelt as RFC 3339 says"
        if not all(isinstance(tag, str) for tag in item.get("tags", [])):
            yield "tags are texts"
        if not set(item) <= {"id", "url", "title", "content_text", "date_published", "date_modified", "tags"}:
            yield "what is in it is said in the specification"


@pytest.mark.req("R15.8")
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
def test_a_json_feed_is_as_its_specification_says(texts: list[tuple[str, str]]) -> None:
    items = [
        Item(
            f"urn:uuid:{place}",
            title,
            "https://noc.example/tickets/1",
            text,
            AT if place else None,
            AT,
            (title,),
        )
        for place, (title, text) in enumerate(texts, start=1)
    ]
    assert list(wrongs(json.loads(feedforms.json_feed(ABOUT, items)))) == []
    assert list(wrongs({"version": "1", "items": [{"id": 1}]}))


@pytest.mark.req("R15.8")
def test_each_form_says_how_much_of_the_list_is_in_it() -> None:
    assert ElementTree.fromstring(feedforms.atom(ABOUT, [])).findtext(f"{ATOM}subtitle") == "The newest; 50"
    assert json.loads(feedforms.json_feed(ABOUT, []))["description"] == "The newest; 50"
    calendar = icalendar.Calendar.from_ical(feedforms.calendar(ABOUT, []))
    assert str(calendar["DESCRIPTION"]) == "The newest; 50"
    assert "X-WR-CALDESC" in calendar, "what calendars that are older than RFC 7986 show"
