"""A shift in a real browser: names behind an @, the desk taken over, the page copied and printed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.house import Account, House

pytestmark = [pytest.mark.browser, pytest.mark.req("R1.2")]


@pytest.fixture(scope="module")
def mei(house: House) -> Account:
    return house.add_user("mei.shift", "supervisors")


def test_a_colleague_is_named_by_two_keys_and_answers(
    sit: Sit, anna: Account, mei: Account, trouble: int
) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    page.keyboard.press("n")
    page.keyboard.type("Is the spare there, @mei.s")
    expect(page.get_by_role("option", name="mei.shift")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Note", exact=True)).to_have_value("Is the spare there, @mei.shift ")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#chart .asked")).to_contain_text(f"{anna.name} asks mei.shift")
    theirs = sit(mei).go("/")
    theirs.keyboard.press("g")
    theirs.keyboard.press("q")
    theirs.get_by_role("link", name="answer").first.click()
    theirs.get_by_role("textbox", name="Answer").fill("Yes, shelf 3.")
    theirs.keyboard.press("Control+Enter")
    expect(theirs.locator("main")).to_contain_text("Yes, shelf 3.")


def test_the_desk_is_taken_over_and_the_page_copied(
    sit: Sit, house: House, anna: Account, mei: Account, trouble: int
) -> None:
    house.call("PUT", f"/api/v1/tickets/{trouble}/pin", {"text": "Vendor calls at 03:00"}, by=anna)
    seat = sit(mei)
    seat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = seat.go("/")
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_role("heading", name="Handover")).to_be_visible()
    expect(page.locator(".ho-main")).to_contain_text("Vendor calls at 03:00")
    page.get_by_role("button", name="Take over").click()
    expect(page.locator(".ho-lead")).to_contain_text("mei.shift has the desk")
    page.keyboard.press("y")
    expect(page.locator("#said")).to_contain_text("copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"MUST BE KNOWN NOW\n.*Ann Arbor", copied, re.DOTALL)


def test_on_paper_there_are_words_and_no_buttons(sit: Sit, anna: Account, trouble: int) -> None:
    page = sit(anna).go("/handover")
    page.emulate_media(media="print")
    expect(page.locator("#must")).to_be_visible()
    for gone in (".bar", ".rail", ".ho-nav", ".ho-note"):
        expect(page.locator(gone).first).to_be_hidden()


@pytest.mark.req("S3")
def test_notes_longer_than_a_line_break_no_policy(sit: Sit, anna: Account, trouble: int) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    note = page.get_by_label("Note", exact=True)
    for words in ("First", "Second"):
        page.keyboard.press("n")
        for line in range(1, 6):
            page.keyboard.type(f"{words} {line}")
            page.keyboard.press("Shift+Enter")
        # What a hand on its corner leaves, and a browser that lets it grow.
        note.evaluate("field => { field.style.height = '200px'; field.style.removeProperty('height') }")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#entries")).to_contain_text(f"{words} 5")
        expect(note).to_have_value("")
