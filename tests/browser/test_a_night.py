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
@pytest.mark.timeout(300)
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
    tab_to(page, "details.more-acts > summary")
    keys.press("Enter")
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


@pytest.mark.req("S3", "R2.1")
@pytest.mark.timeout(300)
def test_a_night_is_worked_without_scripts(sit: Sit, anna: Account, trouble: int, storm: list[int]) -> None:
    seat = sit(anna, java_script_enabled=False)
    page = seat.go(f"/tickets/{trouble}")
    said = page.locator("#said")

    # A reply that is thought better of, and the trouble is over.
    page.get_by_role("link", name="Reply to the customer").click()
    page.locator("form[action$='/replies'] textarea").first.fill("We know and work on it.")
    page.locator("form[action$='/replies'] button").last.click()
    expect(said).to_contain_text("goes out in")
    said.get_by_role("button", name="Undo").click()
    expect(page.locator("#entries")).to_contain_text("taken back, not sent")
    page.get_by_role("link", name="Resolve").click()
    page.get_by_label("What it was and what was done").fill("Fibre spliced")
    page.locator("form[action$='/resolution'] button").last.click()
    expect(page.locator("#chart .line")).to_contain_text("resolved")

    # What the storm has left behind is found, and kept as a view.
    page.get_by_label("Command line").fill("lightning is:open")
    page.get_by_label("Command line").press("Enter")
    expect(page.locator("#rows > tr")).to_have_count(3)
    page.locator("summary", has_text="View").click()
    page.get_by_role("link", name="Save as a view").first.click()
    page.locator("main [name=title]").fill("After the storm")
    page.get_by_role("button", name="Save the view").click()
    expect(page.get_by_role("link", name=re.compile("After the storm")).first).to_be_visible()

    # All of it is resolved at once.
    seat.go("/batches/new?q=lightning+is:open")
    page.locator("summary", has_text="any act as a line").click()
    page.locator("main [name=line]").fill("resolve Lightning; radio links retrained")
    page.get_by_role("button", name="See what would happen").click()
    page.get_by_role("button", name="Do it on 3 tickets").click()
    expect(page.locator("tr.is-done, tr.is-waiting")).to_have_count(3)

    # The desk is taken over.
    seat.go("/handover")
    page.locator("form[action*='takeover'] button").click()
    expect(page.locator("main")).to_contain_text("The desk is yours")
