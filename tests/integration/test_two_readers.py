"""Two readers of different class on one ticket: what is hidden from one of them leaves no trace on any page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.refusals import NotFound
from nocturne.desk import charts
from nocturne.desk.terms import Extra, Opening, Reporter
from tests.cast import PASSWORD, Cast, account


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    """Time stands still: pages say how long things have taken."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


ONE_TIME = re.compile(rb'(?<=csrfmiddlewaretoken" value=")[^"]*|(?<=name=key value=)[^>]*')
AGES = re.compile(rb"<time[^>]*>[^<]*</time>|\b\d+\s?(?:s|min|h)\b|\b\d\d:\d\d\b")


def signed_on(name: str) -> Client:
    browser = Client()
    answer = browser.post("/sign-on", {"name": name, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return browser


def page(browser: Client, path: str) -> tuple[int, bytes, str]:
    """A page without what is drawn anew each time: one-time tokens, and ages."""
    answer = browser.get(path)
    content = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, AGES.sub(b"", ONE_TIME.sub(b"", content)), answer.headers.get("ETag", "")


@pytest.mark.req("R16.6", "R16.5", "S18")
def test_the_staffs_notes_leave_no_trace_on_any_page_of_a_customers(cast: Cast, complaint: int) -> None:
    account("cleo", contact=cast.cleo_contact)
    browser = signed_on("cleo")
    paths = ["/", f"/tickets/{complaint}", f"/tickets/{complaint}/print", "/account"]
    before = [page(browser, path) for path in paths]
    assert [each[0] for each in before] == [200] * len(paths)
    note = desk.update(
        complaint, "She is difficult", by=cast.anna, door=Door.WEB, extra=Extra(next_action="Shaper")
    )
    desk.update(complaint, "Legal", by=cast.mei, door=Door.WEB, extra=Extra(data_class=DataClass.RESTRICTED))
    desk.change(complaint, {"priority": 1}, by=cast.anna, door=Door.WEB)
    for path, old in zip(paths, before, strict=True):
        assert page(browser, path) == old, path
    hidden = browser.get(f"/tickets/{complaint}/entries/{note.address}")
    missing = browser.get(f"/tickets/{complaint}/entries/{'A' * len(note.address)}")
    assert (hidden.status_code, missing.status_code) == (404, 404)


@pytest.mark.req("R16.6")
def test_what_is_restricted_leaves_no_trace_on_any_page_of_an_operators(cast: Cast, trouble: int) -> None:
    browser = signed_on("anna")
    paths = ["/", f"/tickets/{trouble}", f"/tickets/{trouble}/print", "/account"]
    before = [page(browser, path) for path in paths]
    desk.update(
        trouble, "Security matter", by=cast.mei, door=Door.WEB, extra=Extra(data_class=DataClass.RESTRICTED)
    )
    desk.change(
        trouble,
        {"check_marks": "audit 7"},
        by=cast.mei,
        door=Door.WEB,
        extra=Extra(data_class=DataClass.RESTRICTED),
    )
    for path, old in zip(paths, before, strict=True):
        assert page(browser, path) == old, path
    assert b"Security matter" in page(signed_on("mei"), f"/tickets/{trouble}")[1]


@pytest.mark.req("S4")
def test_somebody_elses_ticket_and_one_that_does_not_exist_look_the_same(cast: Cast) -> None:
    hidden = desk.open(Opening(subject="Not hers", number=700123), by=cast.anna, door=Door.IMPORT).number
    account("cleo", contact=cast.cleo_contact)
    browser = signed_on("cleo")
    for path in ("/tickets/{}", "/tickets/{}/print", "/tickets/{}/entries"):
        there, nowhere = page(browser, path.format(hidden)), page(browser, path.format(700999))
        assert there[0] == nowhere[0] == 404
        assert there[1].replace(b"700123", b"N") == nowhere[1].replace(b"700999", b"N")


@pytest.mark.req("R16.6")
def test_who_reads_the_time_worked_learns_nothing_of_work_in_confidence(cast: Cast, trouble: int) -> None:
    desk.update(trouble, "Measured", by=cast.anna, door=Door.WEB, extra=Extra(worked=600))
    secret = Extra(worked=1200, data_class=DataClass.RESTRICTED)
    desk.update(trouble, "Legal has asked", by=cast.mei, door=Door.WEB, extra=secret)
    assert charts.header(trouble, cast.anna).header["worked"] == 600


@pytest.mark.req("R16.6", "S4")
def test_a_number_that_was_merged_into_hers_is_nothing_to_a_customer(cast: Cast, complaint: int) -> None:
    rowe = Reporter(name="Rowe", email="rowe@site.example")
    other = desk.open(
        Opening(subject="Hers", type="complaint", reporter=rowe), by=cast.anna, door=Door.WEB
    ).number
    desk.merge(other, complaint, by=cast.anna, door=Door.WEB)
    with pytest.raises(NotFound):
        charts.entries(other, cast.cleo)
    with pytest.raises(NotFound):
        desk.receive(other, "Hello?", by=cast.cleo, door=Door.WEB)
    assert desk.receive(complaint, "Hello?", by=cast.cleo, door=Door.WEB).number == complaint
    assert desk.update(other, "Same cause", by=cast.anna, door=Door.WEB).number == complaint
