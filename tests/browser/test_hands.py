"""The hands of an operator: completion, the palette, chosen rows, two tickets at once, and keys as one wants them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.looking import PHONE
from tests.house import Account, House

pytestmark = [pytest.mark.browser, pytest.mark.req("S3")]


@pytest.fixture
def pair(house: House, anna: Account, trouble: int) -> tuple[int, int]:
    answer = house.call("POST", "/api/v1/tickets", {"subject": "DNS is slow", "priority": 1}, by=anna)
    return trouble, int(answer.json["number"])


def test_a_line_is_completed_and_its_chips_say_what_is_understood(
    sit: Sit, anna: Account, kofi: Account, trouble: int
) -> None:
    page = sit(anna).go("/")
    page.keyboard.press("/")
    line = page.get_by_role("combobox", name="Command line")
    expect(line).to_be_focused()
    page.keyboard.type(f"{trouble} called site own")
    expect(page.get_by_role("option", name="owner:")).to_be_visible()
    page.keyboard.press("Tab")
    expect(line).to_have_value(f"{trouble} called site owner:")
    page.keyboard.type("kof")
    page.keyboard.press("ArrowDown")
    expect(line).to_have_attribute("aria-activedescendant", re.compile("o-1-1"))
    page.keyboard.press("Enter")
    expect(line).to_have_value(f"{trouble} called site owner:kofi ")
    page.keyboard.type("clock:nope")
    expect(page.locator("#read .is-bad")).to_contain_text("nope")
    expect(page.locator("#read .is-key")).to_contain_text("kofi")
    expect(page.locator("#read .is-note")).to_contain_text("called site")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(line).not_to_be_focused()


def test_the_palette_opens_what_is_chosen_in_it(sit: Sit, anna: Account, trouble: int) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Resolve")).to_be_visible()
    page.keyboard.type(">refer")
    expect(page.locator("#line-options [aria-selected=true]")).to_contain_text("Refer or wait")
    page.keyboard.press("Enter")
    expect(page.locator("#act").get_by_role("heading", name="Refer or wait")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type(">workl")
    expect(page.locator("#line-options [aria-selected=true]")).to_contain_text("Workload")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Workload")).to_be_visible()


def test_rows_are_chosen_and_given_away_together_and_taken_back(
    sit: Sit, house: House, anna: Account, kofi: Account, pair: tuple[int, int]
) -> None:
    page = sit(anna).go("/")
    expect(page.locator("#rows > tr.on")).to_be_visible()
    rows = [each.get_attribute("data-number") for each in page.locator("#rows > tr[data-number]").all()]
    for _ in rows:
        page.keyboard.press("k")
    for each in rows:
        if each in map(str, pair):
            page.keyboard.press("x")
        page.keyboard.press("j")
    expect(page.locator("#chosen")).to_contain_text("2 tickets are chosen")
    page.keyboard.press("a")
    expect(page.get_by_label("New owner")).to_be_focused()
    page.keyboard.type("kofi")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="It would be done on 2 tickets")).to_be_visible()
    page.get_by_role("button", name="Do it on 2 tickets").press("Enter")
    expect(page.locator(".outcomes .is-done")).to_have_count(2)
    owners = {house.call("GET", f"/api/v1/tickets/{number}", by=anna).json["owner"] for number in pair}
    assert owners == {"kofi"}
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("This takes back")).to_be_visible()
    owners = {house.call("GET", f"/api/v1/tickets/{number}", by=anna).json["owner"] for number in pair}
    assert owners == {None}


@pytest.mark.req("R15.1")
def test_who_searches_while_an_update_is_half_written_copies_what_they_find_and_goes_on_writing(
    sit: Sit, house: House, anna: Account, pair: tuple[int, int]
) -> None:
    trouble, other = pair
    page = sit(anna).go(f"/tickets/{trouble}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    note = page.get_by_label("Note", exact=True)
    note.fill("Norlink says it is the same as")
    note.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type('"DNS is slow"')
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search"))
    expect(page.locator(f"tr[data-number='{other}']").first).to_contain_text("DNS is slow")
    page.goto(f"{house.url}/tickets/{other}")
    page.keyboard.press("y")
    page.keyboard.press("y")
    wanted = f"{other} DNS is slow"
    page.wait_for_function(
        "wanted => navigator.clipboard.readText().then((text) => text === wanted)", arg=wanted
    )
    page.goto(f"{house.url}/tickets/{trouble}")
    expect(note).to_have_value("Norlink says it is the same as")
    note.press("End")
    page.keyboard.type(" ")
    page.keyboard.press("Control+v")
    expect(note).to_have_value(f"Norlink says it is the same as {wanted}")
    note.press("Control+Enter")
    expect(page.locator("#entries article").last).to_contain_text(f"the same as {wanted}")


@pytest.mark.req("R15.1")
def test_two_tickets_stand_side_by_side_and_one_is_quoted_in_the_other(
    sit: Sit, anna: Account, pair: tuple[int, int]
) -> None:
    page = sit(anna).go(f"/{pair[0]}|{pair[1]}")
    left, right = page.frame_locator("#pane-a"), page.frame_locator("#pane-b")
    expect(left.get_by_role("heading", name="Ann Arbor – Chicago 100G down")).to_be_visible()
    expect(right.get_by_role("heading", name="DNS is slow")).to_be_visible()
    left.locator("#entries article").last.click()
    page.keyboard.press("q")
    note = right.get_by_label("Note", exact=True)
    expect(note).to_be_focused()
    expect(note).to_have_value(re.compile(rf"> No light since 10:55\.[\s\S]*{pair[0]} http"))
    page.keyboard.press("Control+Enter")
    expect(right.locator("#entries article").last).to_contain_text("No light since 10:55.")
    page.keyboard.press("F6")
    page.keyboard.press("p")
    expect(left.locator("#act").get_by_role("heading", name="Priority")).to_be_visible()


def test_on_a_phone_they_are_two_tabs(sit: Sit, anna: Account, pair: tuple[int, int]) -> None:
    page = sit(anna, viewport=PHONE).go(f"/{pair[0]}|{pair[1]}")
    expect(page.locator("#pane-a")).to_be_visible()
    expect(page.locator("#pane-b")).to_be_hidden()
    page.locator("label[for=tab-b]").click()
    expect(page.locator("#pane-b")).to_be_visible()
    expect(page.locator("#pane-a")).to_be_hidden()


def test_whoever_wants_no_bare_letters_has_them_with_alt_or_not_at_all(
    sit: Sit, house: House, trouble: int
) -> None:
    mira = house.add_user("mira")
    page = sit(mira).go("/keys")
    page.get_by_label("Letters with Alt").check()
    page.get_by_role("button", name="Save").click()
    page.goto(f"{house.url}/tickets/{trouble}")
    page.keyboard.press("t")
    page.keyboard.press("Alt+p")
    expect(page.locator("#act").get_by_role("heading", name="Priority")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto(f"{house.url}/keys")
    page.get_by_label("No letters").check()
    page.get_by_role("button", name="Save").click()
    page.goto(f"{house.url}/tickets/{trouble}")
    page.keyboard.press("Alt+p")
    page.keyboard.press("p")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Command line")).to_be_focused()
    expect(page.locator("#act")).to_be_empty()


def test_on_a_phone_the_board_says_whose_a_ticket_is_and_the_workload_is_read_without_scrolling_sideways(
    sit: Sit, house: House, anna: Account, kofi: Account, trouble: int
) -> None:
    house.call("POST", "/api/v1/line", {"line": f"{trouble} owner:kofi"}, by=anna)
    page = sit(anna, viewport=PHONE).go("/")
    whose = page.locator(f"#row-{trouble} .c-who")
    expect(whose).to_have_text("kofi")
    whose.dblclick()
    editor = page.locator(f"#row-{trouble} .editor")
    expect(editor).to_be_visible()
    box = editor.bounding_box()
    assert (
        box is not None and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"] and box["width"] > 250
    )
    for width in (320, PHONE["width"]):
        page.set_viewport_size({"width": width, "height": 640})
        page.goto(f"{house.url}/workload")
        wide = "[...document.querySelectorAll('.scroll')].filter(each => each.scrollWidth > each.clientWidth).length"
        assert page.evaluate(wide) == 0
        shown = page.locator("tr[data-person=kofi] td").filter(has_text="1").first
        assert shown.evaluate("each => getComputedStyle(each, '::before').content").startswith('"Open')
