"""Pages that hear of changes by themselves: within a second, in every window of one browser, and after an outage."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit, say
from tests.house import Account, House, ready_made

pytestmark = pytest.mark.browser
NOTING = """() => {
  const before = fetch;
  window.asked = [];
  fetch = (...all) => { asked.push(String(all[0])); return before(...all); };
}"""


def hears(page: Page, seconds: float = 15) -> None:
    """Wait until a page hears of changes."""
    expect(page.locator("body[data-hears]")).to_be_attached(timeout=seconds * 1000)


def streams_of(page: Page) -> list[str]:
    """Note each stream that a window opens from now on."""
    opened: list[str] = []
    page.on("request", lambda asked: opened.append(asked.url) if "/events" in asked.url else None)
    return opened


@pytest.mark.req("S17", "R16.1")
def test_what_a_colleague_writes_is_on_the_open_page_within_a_second(
    sit: Sit, house: House, anna: Account, kofi: Account, trouble: int
) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    hears(page)
    page.wait_for_timeout(1_000)  # what it asks for once on being drawn is over
    page.evaluate(NOTING)
    page.wait_for_timeout(2_500)
    asked = page.evaluate("window.asked")
    # It says who is here, of this ticket alone; again only after three quarters of a minute.
    assert asked in ([], [f"{house.base_path}/tickets/{trouble}/presence"]), "it asks for nothing else"
    began = time.monotonic()
    say(house, kofi, trouble, "Called the site")
    expect(page.locator("#new .fresh")).to_have_text(re.compile("1 new"), timeout=1_500)
    assert time.monotonic() - began < 1.5


def test_all_windows_of_a_browser_share_one_stream(
    sit: Sit, house: House, anna: Account, kofi: Account, trouble: int
) -> None:
    seat = sit(anna)
    first = seat.go(f"/tickets/{trouble}")
    hears(first)
    second = seat.page.context.new_page()
    opened = streams_of(second)
    second.goto(f"{house.url}/tickets/{trouble}")
    hears(second)
    assert opened == []
    say(house, kofi, trouble, "Called the site")
    for page in (first, second):
        expect(page.locator("#new .fresh")).to_be_visible()
    first.close()
    hears(second)
    say(house, kofi, trouble, "And again")
    expect(second.locator("#new .fresh")).to_have_text(re.compile("2 new"))
    assert len(opened) == 1, "whoever is left holds the stream"


@pytest.mark.req("S10", "S17")
def test_a_page_says_since_when_the_house_is_away_and_catches_up_by_itself(sit: Sit) -> None:
    own = ready_made()
    try:
        own.start()
        anna, kofi = own.add_user("anna"), own.add_user("kofi")
        number = own.call("POST", "/api/v1/tickets", {"subject": "Flapping"}, by=kofi).json["number"]
        seat = sit()
        seat.house = own
        page = seat.sit_down_as(anna).go(f"/tickets/{number}")
        hears(page)
        note = page.get_by_label("Note", exact=True)
        note.fill("Half a thought")
        expect(page.locator("#away")).to_be_hidden()
        own.stop()
        expect(page.locator("#away")).to_have_text(re.compile(r"No connection since \d\d:\d\d"))
        note.fill("Half a thought and a bit")
        page.wait_for_timeout(1_500)
        own.start()
        say(own, kofi, number, "Back again")
        expect(page.locator("#new .fresh")).to_be_visible(timeout=40_000)
        expect(page.locator("#away")).to_be_hidden()
        hears(page, 40)
        expect(note).to_have_value("Half a thought and a bit")
        expect(page.locator("#note .kept")).not_to_be_empty()
        seat.go(f"/tickets/{number}")
        expect(page.get_by_label("Note", exact=True)).to_have_value("Half a thought and a bit")
        seat.wrongs.clear()  # a browser notes each connection that is refused
    finally:
        own.remove()


@pytest.mark.req("S17", "R16.1")
def test_two_at_one_ticket_see_that_the_other_writes_and_nothing_moves(
    sit: Sit, anna: Account, kofi: Account, trouble: int
) -> None:
    mine = sit(anna).go(f"/tickets/{trouble}")
    hears(mine)
    note = mine.locator("#note-text")
    before = note.bounding_box()
    theirs = sit(kofi).go(f"/tickets/{trouble}")
    expect(mine.locator("#here")).to_have_text("kofi is reading")
    theirs.get_by_label("Note", exact=True).fill("I call Norlink")
    expect(mine.locator("#here")).to_have_text("kofi is writing")
    expect(theirs.locator("#here")).to_have_text("anna is reading")
    assert note.bounding_box() == before
    theirs.get_by_role("button", name="Save note").click()
    expect(mine.locator("#here")).to_have_text("kofi is reading")
    theirs.goto("about:blank")
    expect(mine.locator("#here")).to_be_empty()
