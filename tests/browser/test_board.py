"""The board in a browser: changed by keyboard where it stands, and nothing moves under the cursor."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.house import Account, House

pytestmark = pytest.mark.browser


def hears(page: Page) -> None:
    expect(page.locator("body[data-hears]")).to_be_attached(timeout=15_000)


def opened(house: House, who: Account, subject: str, **more: object) -> int:
    answer = house.call("POST", "/api/v1/tickets", {"subject": subject, **more}, by=who)
    assert answer.status == 201, answer.body
    return int(answer.json["number"])


def changed(house: House, who: Account, number: int, **fields: object) -> None:
    answer = house.call("PATCH", f"/api/v1/tickets/{number}", fields, by=who)
    assert answer.status == 200, answer.body


def cell(page: Page, number: int, css: str) -> object:
    return page.locator(f"#row-{number} td.{css}")


@pytest.mark.req("R2.1", "R16.1")
def test_a_cell_is_changed_by_keyboard_and_taken_back(sit: Sit, house: House, anna: Account) -> None:
    number = opened(house, anna, "Fan tray", priority=3, machines=[])
    page = sit(anna).go(f"/search?q={number}")
    page.keyboard.press("ArrowRight")
    expect(cell(page, number, "c-p")).to_be_focused()
    page.keyboard.press("F2")
    choice = page.locator(".editor select")
    expect(choice).to_be_focused()
    choice.select_option("1")
    page.keyboard.press("Enter")
    expect(cell(page, number, "c-p")).to_have_text("P1")
    expect(cell(page, number, "c-p")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(cell(page, number, "c-p")).to_have_text("P3")
    page.keyboard.press("F2")
    expect(page.locator(".editor select")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".editor")).to_have_count(0)


@pytest.mark.req("R2.1", "R16.1")
def test_a_state_is_changed_in_its_cell_by_keyboard_and_taken_back(
    sit: Sit, house: House, anna: Account
) -> None:
    number = opened(house, anna, "Fan tray seven")
    page = sit(anna).go(f"/search?q={number}")
    page.locator(f"#row-{number} td.c-what a").focus()
    cell(page, number, "c-clock").dblclick()
    ways = page.locator(".editor .ways-from")
    expect(ways.get_by_role("button", name="Take")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(ways.get_by_role("link", name="Give")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(cell(page, number, "c-who")).to_have_text("anna")
    expect(cell(page, number, "c-clock")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(cell(page, number, "c-who")).to_have_text("—")
    header = house.call("GET", f"/api/v1/tickets/{number}", by=anna).json
    assert (header["state"], header["owner"]) == ("new", None)


@pytest.mark.req("R2.1")
def test_with_shift_a_heading_comes_behind_the_order_there_is(sit: Sit, house: House, anna: Account) -> None:
    number = opened(house, anna, "Fan tray eight")
    page = sit(anna).go(f"/search?q={number}")
    page.locator(".board thead th.c-p a").click()
    expect(page).to_have_url(re.compile("order=priority"))
    page.locator(".board thead th.c-who a").focus()
    page.keyboard.press("Shift+Enter")
    expect(page).to_have_url(re.compile("order=priority%2Cowner"))
    expect(page.locator(".board thead th.c-who")).to_contain_text("2")


@pytest.mark.req("R2.1", "S18")
def test_who_changes_a_cell_that_a_colleague_just_changed_sees_both_values(
    sit: Sit, house: House, anna: Account, kofi: Account
) -> None:
    number = opened(house, anna, "Optics")
    page = sit(anna).go(f"/search?q={number}")
    cell(page, number, "c-p").dblclick()
    expect(page.locator(".editor select")).to_be_focused()
    changed(house, kofi, number, priority=2)
    page.locator(".editor select").select_option("1")
    page.keyboard.press("Enter")
    expect(page.locator(".editor .refusal")).to_contain_text("kofi")
    page.locator(".editor select").focus()
    page.keyboard.press("Enter")
    expect(cell(page, number, "c-p")).to_have_text("P1")


@pytest.mark.req("S17", "R2.2")
def test_what_others_do_shows_where_it_stands_and_new_tickets_wait_to_be_asked_for(
    sit: Sit, house: House, anna: Account, kofi: Account
) -> None:
    one = opened(house, anna, "Rack 12 one")
    two = opened(house, anna, "Rack 12 two")
    page = sit(anna).go('/search?q="rack 12"')
    hears(page)
    order = page.locator(".board tr[data-number]").evaluate_all("rows => rows.map(row => row.dataset.number)")
    changed(house, kofi, two, priority=1, next_action="Call the site")
    expect(cell(page, two, "c-p")).to_have_text("P1", timeout=5_000)
    expect(page.locator(f"#row-{two}")).to_contain_text("Call the site")
    third = opened(house, kofi, "Rack 12 three")
    expect(page.locator("#changed .fresh")).to_contain_text("1 new", timeout=5_000)
    now = page.locator(".board tr[data-number]").evaluate_all("rows => rows.map(row => row.dataset.number)")
    assert now == order, "nothing moves before it is asked for"
    page.keyboard.press(".")
    expect(page.locator(f"#row-{third}")).to_be_visible()
    expect(page.locator("#changed")).to_be_empty()
    assert one


@pytest.mark.req("R2.1")
def test_typing_into_an_empty_search_is_never_cut_off_and_what_is_completed_is_asked(
    sit: Sit, house: House, anna: Account
) -> None:
    number = opened(house, anna, "Quasar link flaps")
    page = sit(anna).go("/search")
    field = page.get_by_label("Which tickets")
    field.press_sequentially("quasar own")
    expect(page.locator("#query-options [role=option]").first).to_contain_text("owner:")
    expect(page.locator(".list > .empty")).to_be_visible()
    expect(field).to_be_focused()
    field.press("Tab")
    field.press_sequentially("non")
    expect(page.locator("#query-options [role=option]").first).to_contain_text("none")
    field.press("Tab")
    expect(page.locator(f"#row-{number}")).to_be_visible()
    expect(field).to_be_focused()


@pytest.mark.req("R2.1")
def test_a_search_answers_while_it_is_typed_and_becomes_a_pinned_view(
    sit: Sit, house: House, anna: Account
) -> None:
    number = opened(house, anna, "Zephyr link flaps")
    opened(house, anna, "Something else")
    page = sit(anna).go("/search?q=is:open")
    field = page.get_by_label("Which tickets")
    field.fill("zephyr is:opn")
    expect(page.locator("#query-trouble mark")).to_have_text("opn")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("zephyr is:open")
    expect(page.locator(".board tr[data-number]")).to_have_count(1)
    expect(page.locator(f"#row-{number}")).to_be_visible()
    expect(page.locator(".chip.found")).to_have_text("1 found")
    expect(page).to_have_url(re.compile("q=zephyr"))
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Save as a view").first.click()
    page.get_by_label("Name").fill("Zephyr")
    page.get_by_role("button", name="Save the view").click()
    rail = page.get_by_role("navigation", name="Views")
    link = rail.get_by_role("link", name=re.compile("Zephyr"))
    expect(link).to_have_attribute("aria-current", "page")
    expect(link.locator(".count")).to_have_text("1")
    link.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(link).to_be_focused()
    with page.expect_response(lambda answer: answer.url.endswith("/views/pins")):
        page.keyboard.press("Alt+ArrowUp")
    page.reload()
    names = rail.locator("#pins .name").all_inner_texts()
    assert names.index("Zephyr") < len(names) - 1, names


@pytest.mark.req("R2.1")
def test_a_wall_turns_its_pages_and_says_when_it_is_not_up_to_date(
    sit: Sit, house: House, anna: Account
) -> None:
    for place in range(14):
        opened(house, anna, f"Wallflower {place}")
    page = sit(anna, viewport={"width": 1280, "height": 620}).go("/search?q=wallflower&wall")
    expect(page.locator(".folio")).to_have_text(re.compile(r"^1 / [2-9]$"))
    expect(page.locator(".board tbody tr:visible").first).to_contain_text("Wallflower 13")
    page.evaluate("document.dispatchEvent(new CustomEvent('nocturne:offline', { detail: {} }))")
    expect(page.get_by_text("Not up to date")).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "wall" not in url.partition("?")[2].replace("wallflower", ""))


@pytest.mark.req("R2.1", "R16.1")
def test_how_urgent_a_ticket_is_is_never_cut(sit: Sit, house: House, anna: Account) -> None:
    number = opened(house, anna, "Larkspur", priority=3)
    desk = {"width": 1440, "height": 900}
    for how in ("/search?q=larkspur&wall", "/search?q=larkspur"):
        urgent = sit(anna, viewport=desk).go(how).locator(f"#row-{number} td.c-p")
        # As one that is another than at the last look.
        urgent.evaluate("cell => cell.classList.add('changed')")
        assert urgent.evaluate("cell => cell.scrollWidth <= cell.clientWidth"), how


@pytest.mark.req("R16.5", "S17")
def test_what_comes_in_is_on_the_wall_at_once_whichever_page_it_shows(
    sit: Sit, house: House, anna: Account
) -> None:
    for place in range(14):
        opened(house, anna, f"Hydrangea {place}", priority=2)
    page = sit(anna, viewport={"width": 1280, "height": 620}).go("/search?q=hydrangea&order=priority&wall")
    folio = page.locator(".folio")
    expect(folio).to_have_text(re.compile(r"^2 / [2-9]$"), timeout=20_000)
    opened(house, anna, "Hydrangea in the dark", priority=1)
    came = page.locator(".board tbody tr:visible", has_text="Hydrangea in the dark")
    expect(came).to_be_visible(timeout=10_000)  # pages turn after twelve seconds
    expect(folio).to_have_text(re.compile(r"^1 / [2-9]$"))
    expect(came).to_have_class(re.compile("is-new"))
    opened(house, anna, "Hydrangea with time", priority=4)
    expect(page.locator(".board tbody tr:visible", has_text="Hydrangea with time")).to_be_visible(
        timeout=10_000
    )
    expect(folio).not_to_have_text(re.compile(r"^1 / "))
