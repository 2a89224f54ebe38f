"""Administration in a real browser: by keyboard, on the phone, in the dark, and readable for everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.looking import tab_to
from tests.house import Account, House

pytestmark = pytest.mark.browser


@pytest.fixture
def ada(house: House) -> Account:
    assert house.administrator is not None
    return house.administrator


@pytest.mark.req("R16.5")
def test_a_new_colleague_gets_account_and_group_by_keyboard_and_it_stands_in_the_audit(
    sit: Sit, ada: Account
) -> None:
    page = sit(ada).go("/administration/people")
    tab_to(page, "a[href$='/people/new']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="New account")).to_be_visible()
    tab_to(page, "[name=name]")
    page.keyboard.type("runa")
    tab_to(page, "[name=full_name]")
    page.keyboard.type("Runa Dahl")
    tab_to(page, "[name=email]")
    page.keyboard.type("runa@lakenet.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="The account is made.")).to_be_visible()
    tab_to(page, "[name=groups][value=operators]")
    page.keyboard.press("Space")
    tab_to(page, "#groups button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator("dl.facts")).to_contain_text("operators")
    tab_to(page, "a[href*='subject=runa']")
    page.keyboard.press("Enter")
    rows = page.locator("table.trail tbody tr")
    expect(rows.first).to_contain_text("changed the groups of an account")
    expect(rows.last).to_contain_text("made an account")
    rows.first.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.locator("table.before")).to_contain_text("operators")


def test_health_brings_itself_up_to_date_and_nothing_moves(sit: Sit, ada: Account) -> None:
    page = sit(ada).go("/administration/health")
    part = page.locator("[data-poll$='/health/parts']")
    expect(part).to_contain_text("Database")
    before = part.bounding_box()
    with page.expect_response("**/administration/health/parts", timeout=30_000) as answer:
        pass
    assert answer.value.status == 200
    assert part.bounding_box() == before


@pytest.mark.parametrize("path", ["/administration/people", "/administration/audit"])
def test_administration_works_without_scripts(sit: Sit, ada: Account, path: str) -> None:
    page = sit(ada, java_script_enabled=False).go(path)
    page.locator("form.sought button").click()
    expect(page.locator("table.plain tbody tr").first).to_be_visible()
