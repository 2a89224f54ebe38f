"""One night shift, told twice: with the keyboard alone, and in a browser without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.looking import tab_to
from tests.house import Account, House

pytestmark = pytest.mark.browser


@pytest.fixture
def storm(house: House, kofi: Account) -> list[int]:
    """Three small troubles that a thunderstorm has left behind."""
    made = []
    for place in ("Lansing", "Flint", "Jackson"):
        new = {"subject": f"{place}: lightning, radio link flaps", "priority": 3, "severity": 3}
        answer = house.call("POST", "/api/v1/tickets", new, by=kofi)
        assert answer.status == 201, answer.body
        made.append(answer.json["number"])
    return made


def focused(page: Page, selector: str) -> None:
    expect(page.locator(selector).first).to_be_focused()


@pytest.mark.req("S3", "R2.1")
def test_a_night_is_worked_with_the_keyboard_alone(
    sit: Sit, anna: Account, kofi: Account, trouble: int, storm: list[int]
) -> None:
    page = sit().go("/")
    keys = page.keyboard
    keys.type(kofi.name)
    keys.press("Tab")
    keys.type(kofi.password)
    keys.press("Enter")

    # The board: down to a ticket, looked at beside the list, and up again.
    row = page.locator(f"#row-{trouble}")
    expect(row).to_be_visible()
    for _ in range(40):
        if "on" in (row.get_attribute("class") or "").split():
            break
        keys.press("j")
    expect(row).to_have_class(re.compile(r"\bon\b"))
    expect(page.locator("#peek #chart")).to_have_attribute("data-number", str(trouble))
    keys.press("Enter")
    expect(page).to_have_url(re.compile(rf"/tickets/{trouble}$"))

    # A note, and a reply that is thought better of.
    keys.press("n")
    focused(page, "#note-text, [name=text]")
    keys.type("Called Norlink, they look.")
    keys.press("Control+Enter")
    expect(page.locator("#entries article").last).to_contain_text("they look")
    keys.press("Escape")
    keys.press("r")
    focused(page, "#act textarea")
    keys.type("We know and work on it.")
    keys.press("Control+Enter")
    said = page.locator("#said")
    expect(said).to_contain_text("goes out in")
    tab_to(page, "#said button")
    keys.press("Enter")
    expect(page.locator("#entries")).to_contain_text("taken back, not sent")

    # Handed to the vendor, who has an hour.
    page.locator("body").press("Escape")
    keys.press("w")
    focused(page, "#act [name=to]")
    keys.type("Norlink NOC")
    tab_to(page, "#act [name=timer]")
    keys.type("1h ETA?")
    keys.press("Control+Enter")
    expect(page.locator("#chart .line")).to_contain_text("waiting")
    expect(page.locator("#chart")).to_contain_text("ETA?")

    # The storm's tickets are found, chosen and resolved together.
    keys.press("/")
    keys.type("lightning is:open")
    keys.press("Enter")
    rows = page.locator("#rows > tr")
    expect(rows).to_have_count(3)
    for _ in range(3):
        keys.press("x")
        keys.press("j")
    tab_to(page, "a[href*='/batches/new'], [formaction*='/batches/new'], #chosen button, #chosen a")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="What is to be done on 3 tickets?")).to_be_visible()
    tab_to(page, "button[name=step][value=preview]")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("There is nothing to save")
    expect(page.get_by_role("heading", name="What is to be done on 3 tickets?")).to_be_visible()
    tab_to(page, "main [name=line]")
    keys.type("resolve Lightning; radio links retrained")
    tab_to(page, "button[name=step][value=preview]")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="It would be done on 3 tickets")).to_be_visible()
    tab_to(page, "button[name=step][value=run]")
    keys.press("Enter")
    expect(page.locator("tr.is-done")).to_have_count(3)

    # The morning shift takes over.
    page.locator("body").press("Escape")
    keys.press("g")
    keys.press("h")
    expect(page).to_have_url(re.compile("/handover"))
    expect(page.locator("main")).to_contain_text("Ann Arbor – Chicago 100G down")
    tab_to(page, "form[action*='takeover'] button")
    keys.press("Enter")
    expect(page.locator("main")).to_contain_text("The desk is yours")
