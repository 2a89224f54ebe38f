"""Lena builds a life cycle in the browser, sees what it does to live tickets, and anna works by its buttons."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.looking import PHONE, WIDE, picture, violations
from tests.house import Account, House

pytestmark = pytest.mark.browser
FIELD = """\
title = "Field work"
states = [
    { name = "new", meaning = "new" },
    { name = "working", title = "being worked on", meaning = "open" },
    { name = "on-site", title = "crew on site", meaning = "open" },
    { name = "vendor", title = "waiting for vendor", meaning = "waiting", clock = "vendor", timer = "4h" },
    { name = "done", meaning = "resolved" },
]
moves = [
    { act = "taken", from = ["new"], to = "working" },
    { act = "moved", from = ["working"], to = "on-site", label = "Crew has arrived", note = true },
    { act = "suspended", from = ["new", "working"], to = "vendor", label = "Wait for the vendor" },
    { act = "resumed", to = "working" },
    { act = "resolved", to = "done", requires = ["cause"] },
]
"""


@pytest.fixture(scope="session")
def lena(house: House) -> Account:
    return house.add_user("lena", "administrators")


def usable(page: Page, name: str) -> None:
    """This will check that everybody can use a page, and that it is no wider than its screen."""
    picture(page, name)
    found = violations(page, name)
    assert not found, "\n".join(found)
    size = page.viewport_size or WIDE
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.timeout(300)  # three pages are weighed
@pytest.mark.req("R9.5", "S1", "S3")
def test_a_life_cycle_is_built_in_the_browser_and_worked_by_its_buttons(
    sit: Sit, house: House, lena: Account, anna: Account
) -> None:
    page = sit(lena).go("/settings/new/lifecycles")
    token = house.run("token", "create", lena.name, "--label", "settings", "--scope", "admin").out.split()[-1]
    first: dict[str, object] = {
        "states": [{"name": "new", "meaning": "new"}, {"name": "done", "meaning": "resolved"}],
        "moves": [{"act": "resolved", "to": "done"}, {"act": "taken"}],
    }
    program = Account(lena.name, lena.password, token)
    made = house.call("PUT", "/api/v1/configuration/lifecycle/field", {"body": first}, by=program)
    assert made.status == 200, made.body
    page.goto(f"{house.url}/settings/types/engineering/text")
    text = page.get_by_role("textbox").last
    text.fill(f'{text.input_value()}\nlifecycle = "field"\n')
    page.get_by_role("button", name="See what this changes").last.click()
    page.get_by_role("button", name="Put it in force").last.click()
    opened = house.call(
        "POST", "/api/v1/tickets", {"subject": "Rack 4 has no light", "type": "engineering"}, by=anna
    )
    number = int(opened.json["number"])

    page.goto(f"{house.url}/settings/lifecycles/field/text")
    page.get_by_role("textbox").last.fill(FIELD)
    page.get_by_role("button", name="See what this changes").last.click()
    effects = page.get_by_role("region", name="What it does to live tickets")
    expect(effects).to_contain_text("Take → being worked on")
    usable(page, "lifecycle-effects")
    page.get_by_role("button", name="Put it in force").last.click()
    page.get_by_role("link", name="Diagram").click()
    expect(page.get_by_role("img", name="Life cycle Field work")).to_be_visible()
    usable(page, "lifecycle-diagram")
    phone = sit(lena, viewport=PHONE, color_scheme="dark").go("/settings/lifecycles/field/diagram")
    usable(phone, "lifecycle-diagram-phone")

    page = sit(anna).go(f"/tickets/{number}")
    page.keyboard.press("t")
    page.locator("#act button").last.click()
    expect(page.locator("#chart")).to_contain_text("being worked on")
    arrived = page.get_by_role("link", name="Crew has arrived")
    arrived.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("New state")).to_have_value("on-site")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("alert")).to_contain_text("needs a note")
    page.locator("#act").get_by_label("Note").fill("Two of them, with the new fuse.")
    page.get_by_role("button", name="Move it").click()
    expect(page.locator("#chart")).to_contain_text("crew on site")
    expect(page.locator("article").last).to_contain_text(re.compile("moved it to “crew on site”"))
