"""One question finds the same tickets in the same order wherever it is asked: those that were seen are acted on."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import icalendar
import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import batch, clock, dashboards, feeds, finding, looks, subscriptions, viewacts, viewcounts
from nocturne.desk.dashboards import Wanted as Board
from nocturne.desk.savedviews import named, question
from nocturne.desk.subscriptions import Wanted
from nocturne.desk.terms import Opening
from nocturne.desk.viewacts import Wanted as View
from nocturne.watch import digests
from tests.caller import Caller, caller
from tests.visitor import Visitor

WEB = Door.WEB
ASKED = (
    "is:open limit:3",
    "is:untaken limit:2",
    "severity:1..4 limit:3",
    "down limit:3",
    "is:open down limit:3",
    "is:open order:oldest limit:3",
    "is:open order:severity,-opened limit:3",
    "is:open group:queue limit:3",
    "was:queue:general limit:3",
)


@pytest.fixture
def night(anna: Actor) -> list[int]:
    """Tickets of which the newest are not the most urgent, nor the last changed the newest."""
    made = []
    for place, (priority, severity) in enumerate([(3, 1), (1, 4), (4, 4), (2, 3), (1, 2), (4, 1), (3, 3)]):
        opening = Opening(
            subject=f"Line {place} down", priority=priority, severity=severity, planned_start=clock.now()
        )
        made.append(desk.open(opening, by=anna, door=WEB).number)
    return made


def numbers_on(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"<tr id=row-(\d+)", page)]


def in_files(calls: Caller, asked: str, at: str = "/tickets") -> dict[str, list[int]]:
    """This will take the list away in two forms."""
    calls.get(f"{at}.csv?q={quote(asked)}&columns=number")
    assert calls.last is not None
    rows = list(csv.reader(io.StringIO(b"".join(calls.last.streaming_content).decode())))[1:]
    calls.get(f"{at}.jsonl?q={quote(asked)}&columns=number")
    lines = b"".join(calls.last.streaming_content).decode().splitlines()
    return {"csv": [int(row[0]) for row in rows], "jsonl": [json.loads(each)["number"] for each in lines]}


def mailed(by: Actor, **what: Any) -> list[int]:
    """This will subscribe to something, and read the mail that comes of it."""
    row = subscriptions.create(Wanted(rhythm="daily 06:45", **what), by=by, door=WEB)
    text = digests.digest(row, by, leave="http://noc.lakenet.example/leave").text
    return [int(number) for number in re.findall(r"^(\d+)  ", text, re.MULTILINE)]


def fed(by: Actor, **what: str) -> dict[str, list[int]]:
    """This will make a feed of something, and read it in each of its forms."""
    plain = feeds.create(by=by, door=WEB, **what)[1]
    atom = ElementTree.fromstring(feeds.read(plain, "atom").content)
    titles = [each.text or "" for each in atom.findall("{*}entry/{*}title")]
    told = json.loads(feeds.read(plain, "json").content)
    events = icalendar.Calendar.from_ical(feeds.read(plain, "ics").content).walk("VEVENT")
    return {
        "atom": [int(each.split()[0]) for each in titles],
        "json": [int(each["title"].split()[0]) for each in told["items"]],
        "ics": [int(str(each["url"]).rsplit("/", 1)[1]) for each in events],
    }


@pytest.mark.req("R2.1", "R15.8", "R15.9", "S18")
@pytest.mark.parametrize("asked", ASKED)
def test_a_question_without_an_order_finds_the_same_at_every_door(
    anna: Actor, night: list[int], asked: str
) -> None:
    calls, visitor, now = caller(anna), Visitor("anna"), clock.now()
    view = viewacts.create(View("Three", asked), by=anna, door=WEB)
    seen = [each["number"] for each in calls.get(f"/tickets?q={quote(asked)}")["tickets"]]
    assert 0 < len(seen) < len(night)
    page = visitor.text(f"/search?q={quote(asked)}")
    board = dashboards.create(
        Board(
            "Tonight",
            tiles=[
                {"kind": "view", "query": asked, "rows": 9},
                {"kind": "view", "view": view.key, "rows": 9},
                {"kind": "count", "query": asked},
                {"kind": "chart", "query": asked, "by": "severity"},
            ],
        ),
        by=anna,
        door=WEB,
    )  # fmt: skip
    parts = calls.get(f"/dashboards/{board.key}/tiles")["tiles"]
    calls.get(f"/tickets/count?q={quote(asked)}")
    asked_again = question(named(view.key, anna), anna, now=now)
    ways = {
        "page": numbers_on(page),
        "wall": numbers_on(visitor.text(f"/search?q={quote(asked)}&wall")),
        "view": numbers_on(visitor.text(f"/views/{view.key}")),
        "view over the API": [each["number"] for each in calls.get(f"/views/{view.key}/tickets")["tickets"]],
        "tile": [each["number"] for each in parts[0]["tickets"]],
        "tile of the view": [each["number"] for each in parts[1]["tickets"]],
        "batch": batch.found(asked, anna, now=now),
        "mail": mailed(anna, kind="query", query=asked),
        "mail of the view": mailed(anna, kind="view", what=view.key),
        **in_files(calls, asked),
    }
    assert {way: found for way, found in ways.items() if found != seen} == {}
    few = {
        "look": finding.numbers(anna, asked_again, now=now, most=looks.MOST_KNOWN),
        "rail": getattr(viewcounts.count(named(view.key, anna), anna), "numbers", ()),
        **{f"feed, {form}": found for form, found in fed(anna, query=asked).items()},
        **{f"feed of the view, {form}": found for form, found in fed(anna, view=view.key).items()},
    }
    assert {way: found for way, found in few.items() if set(found) != set(seen)} == {}, (
        "in an order of their own"
    )
    assert parts[2]["count"] == len(seen)
    assert sum(each["value"] for each in parts[3]["series"]) == len(seen)


@pytest.mark.req("R2.1", "S18")
def test_what_is_done_with_all_of_a_list_is_done_with_those_that_stand_there(
    anna: Actor, night: list[int]
) -> None:
    """Also where the view has an order of its own, or its reader has chosen another."""
    calls, visitor = caller(anna), Visitor("anna")
    view = viewacts.create(
        View("Two", "is:open limit:2", order="oldest", grouped="severity"), by=anna, door=WEB
    )
    there = numbers_on(visitor.text(f"/views/{view.key}"))
    assert [each["number"] for each in calls.get(f"/views/{view.key}/tickets")["tickets"]] == there
    for arranged in ("", "?order=newest&group="):
        page = visitor.text(f"/views/{view.key}{arranged}")
        there = numbers_on(page)
        links = {
            act: next(each for each in re.findall(r'href="([^"]+)"', page) if act in each).replace(
                "&amp;", "&"
            )
            for act in ("/batches/new", "/search/export")
        }
        form = visitor.form(links["/batches/new"], "/batches/new")
        assert [int(each) for each in str(form.values["numbers"]).split(",")] == there
        form = visitor.form(links["/search/export"])
        answer = visitor.get(
            f"/search/export?q={quote('is:open limit:2')}&order={form.values['order']}&form=csv&columns=number"
        )
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))[1:]  # type: ignore[attr-defined]
        assert [int(row[0]) for row in rows] == there


@pytest.mark.req("R2.1", "R16.5")
def test_who_may_not_follow_priorities_has_the_newest_first_everywhere(
    cleo: Actor, night: list[int], anna: Actor
) -> None:
    del night
    numbers = []
    for severity in (1, 2, 3):
        opening = Opening(
            subject="Nothing loads", type="complaint", severity=severity, reporter_id=cleo.contact
        )
        numbers.append(desk.open(opening, by=anna, door=WEB).number)
    now = clock.now()
    asked = finding.ask("is:open limit:2", cleo, now=now)
    wanted = numbers[:0:-1] if finding.order_of(asked, cleo) == "newest" else numbers[:2]
    assert [row["number"] for row in finding.page(cleo, asked, now=now).rows] == wanted
    assert finding.numbers(cleo, asked, now=now, most=9) == wanted


@pytest.mark.req("S18")
def test_a_heading_counts_no_more_than_the_list_may_have(anna: Actor, night: list[int]) -> None:
    del night
    page = Visitor("anna").text("/search?q=is:open+group:queue+limit:3")
    assert re.findall(r"</button> <span class=count>(\d+)", page) == ["3"]


@pytest.mark.req("R2.1", "S18")
def test_what_stands_together_by_a_column_of_the_usual_order_stands_under_its_own_heading(
    anna: Actor, night: list[int]
) -> None:
    told = caller(anna).get("/tickets?q=is:open+group:severity")["tickets"]
    by_group = [each["severity"] for each in told]
    assert by_group == sorted(by_group)
    page = Visitor("anna").text("/search?q=is:open+group:severity")
    headings = re.findall(r"</span> (severity \d)</button> <span class=count>(\d+)", page)
    assert headings == [(f"severity {n}", str(by_group.count(n))) for n in (1, 2, 3, 4)]
    assert numbers_on(page) == [each["number"] for each in told]
    assert len(told) == len(night)


@pytest.mark.req("R2.1", "R15.8", "S18")
def test_what_stands_together_does_so_in_tiles_and_mails_as_well(anna: Actor, night: list[int]) -> None:
    view = viewacts.create(View("By severity", "is:open", grouped="severity"), by=anna, door=WEB)
    calls = caller(anna)
    told = calls.get(f"/views/{view.key}/tickets")
    assert told["group"] == "severity"
    by_group = [each["severity"] for each in told["tickets"]]
    assert by_group == sorted(by_group)
    board = dashboards.create(
        Board("Mine", tiles=[{"kind": "view", "view": view.key, "rows": 9}]), by=anna, door=WEB
    )
    headings = [f"severity {level}" for level in dict.fromkeys(by_group)]
    page = Visitor("anna").text(f"/dashboards/{board.key}")
    assert re.findall("<h3 class=soft>([^<]+)</h3>", page) == headings
    row = subscriptions.create(Wanted("view", view.key, rhythm="daily 06:45"), by=anna, door=WEB)
    made = digests.digest(row, anna, leave="http://noc.lakenet.example/leave")
    assert re.findall("^— (.+) —$", made.text, re.MULTILINE) == headings
    assert re.findall("<h3[^>]*>([^<]+)</h3>", made.html) == headings
    assert len(night) == made.text.count("/tickets/")
