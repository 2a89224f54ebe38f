"""The console by keyboard alone, as at 03:00 with the phone at the ear."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Sit, say
from tests.house import Account, House

pytestmark = pytest.mark.browser


@pytest.mark.req("S3")
def test_from_sign_on_to_a_saved_note_without_a_mouse(sit: Sit, anna: Account, trouble: int) -> None:
    seat = sit()
    page = seat.go("/")
    page.keyboard.type(anna.name)
    page.keyboard.press("Tab")
    page.keyboard.type(anna.password)
    page.keyboard.press("Enter")
    row = page.locator(f"#row-{trouble}")
    expect(row).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(str(trouble))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ann Arbor – Chicago 100G down")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_label("Note", exact=True)).to_be_focused()
    page.keyboard.type("Called the site, no answer.")
    page.keyboard.press("Enter")
    page.keyboard.type("Again at four.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries article").last).to_contain_text("Again at four.")
    expect(page.locator("#said")).to_contain_text("Saved.")
    expect(page.get_by_label("Note", exact=True)).to_have_value("")


def test_the_list_is_walked_and_looked_at_beside_itself(
    sit: Sit, house: House, anna: Account, trouble: int
) -> None:
    house.call("POST", "/api/v1/tickets", {"subject": "DNS is slow", "priority": 2}, by=anna)
    page = sit(anna).go("/")
    rows = page.locator("#rows > tr")
    expect(rows.first).to_have_class(re.compile(r"\bon\b"))
    expect(page.locator("#peek #chart")).to_be_visible()
    for _ in range(rows.count()):
        page.keyboard.press("k")
    page.keyboard.press("j")
    chosen = page.locator("#rows > tr.on")
    number = chosen.get_attribute("data-number")
    expect(page.locator("#peek #chart")).to_have_attribute("data-number", str(number))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/tickets/{number}$"))
    page.keyboard.press("[")
    expect(page).not_to_have_url(re.compile(rf"/tickets/{number}$"))
    page.keyboard.press("g")
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="My work")).to_be_visible()


@pytest.mark.parametrize(
    ("key", "title"),
    [("t", "Take"), ("a", "Give"), ("p", "Priority"), ("w", "Refer or wait"), ("e", "Resolve"), ("l", "Relate"),
     ("m", "Merge into"), ("u", "Next action and timer"), ("r", "Reply")],
)  # fmt: skip
def test_a_key_opens_a_form_and_acts_on_nothing(
    sit: Sit, house: House, anna: Account, trouble: int, key: str, title: str
) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    expect(page.locator("#chart")).to_be_visible()
    page.keyboard.press(key)
    expect(page.locator("#act").get_by_role("heading", name=title)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#act")).to_be_empty()
    entries = house.call("GET", f"/api/v1/tickets/{trouble}/entries", by=anna).json
    assert len(entries["entries"]) == 1


def test_keys_are_letters_while_one_types(sit: Sit, anna: Account, trouble: int) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    page.keyboard.press("n")
    page.keyboard.type("take me, e, t, ? and /")
    expect(page.get_by_label("Note", exact=True)).to_have_value("take me, e, t, ? and /")
    expect(page.locator("#act")).to_be_empty()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()


def test_a_ticket_is_taken_and_resolved_without_leaving_its_page(
    sit: Sit, anna: Account, trouble: int
) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    page.keyboard.press("t")
    page.locator("#act").get_by_role("button", name="Take it").click()
    expect(page.locator("#chart .meta")).to_contain_text("owner anna")
    page.keyboard.press("e")
    page.keyboard.type("Fibre cut near Jackson; spliced")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#chart .line")).to_contain_text("resolved")
    expect(page.locator("#act")).to_be_empty()
    page.locator("#said").get_by_role("button", name="Reopen").click()
    expect(page.locator("#chart .line")).to_contain_text("open")


def test_what_is_typed_before_a_slow_form_is_there_goes_into_it(
    sit: Sit, anna: Account, trouble: int
) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    slow: list[Route] = []
    page.route(
        "**/resolution",
        lambda route: slow.append(route) if route.request.method == "GET" else route.continue_(),
    )
    with page.expect_request("**/resolution"):
        page.keyboard.press("e")
    page.keyboard.type("Fibre cuts")
    page.keyboard.press("Backspace")
    page.keyboard.type(" near Jackson; relit")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#act")).to_be_empty()
    slow[0].continue_()
    expect(page.locator("#chart .line")).to_contain_text("resolved")
    expect(page.locator("#chart .resolution")).to_contain_text("Fibre cut near Jackson; relit")


@pytest.mark.req("S3")
def test_enter_in_a_line_of_a_form_sends_nothing(sit: Sit, house: House, anna: Account, trouble: int) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    page.keyboard.press("n")
    page.keyboard.type("Called the site")
    page.get_by_label("Next action", exact=True).first.press("Enter")
    expect(page.locator("#said")).to_contain_text("Ctrl-Enter saves.")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    line = page.locator("#act").get_by_label("What it was and what was done")
    line.fill("Spliced")
    line.press("Enter")
    expect(line).to_be_focused()
    entries = house.call("GET", f"/api/v1/tickets/{trouble}/entries", by=anna).json
    assert len(entries["entries"]) == 1
    line.press("Control+Enter")
    expect(page.locator("#chart .line")).to_contain_text("resolved")


@pytest.mark.req("R16.2")
def test_the_command_line_shows_what_it_understood_and_then_does_it(
    sit: Sit, anna: Account, trouble: int
) -> None:
    page = sit(anna).go("/")
    page.keyboard.press("Control+k")
    page.keyboard.type(f'{trouble} called site next:"call again" timer:2h')
    read = page.locator("#read")
    expect(read.get_by_text("call again")).to_be_visible()
    expect(read).to_contain_text("UTC")
    page.keyboard.press("Enter")
    expect(page.locator("#chart .next")).to_contain_text("call again")
    expect(page.locator("#entries article").last).to_contain_text("called site")


def test_a_reply_says_to_how_many_it_goes_and_can_be_held_back(
    sit: Sit, house: House, anna: Account, trouble: int
) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    page.keyboard.press("r")
    act = page.locator("#act")
    expect(act.get_by_role("button", name="Send to 1 person")).to_be_visible()
    act.get_by_label("And to").fill("mo@site.example")
    expect(act.get_by_role("button", name="Send to 2 people")).to_be_visible()
    act.get_by_label("Rowe").uncheck()
    act.get_by_label("And to").fill("")
    expect(act.get_by_role("button", name="Save, mail nobody")).to_be_visible()
    act.get_by_label("Rowe").check()
    act.get_by_role("textbox", name="Reply").fill("We are on it.")
    act.get_by_role("button", name="Send to 1 person").click()
    said = page.locator("#said")
    expect(said).to_contain_text("goes out in")
    said.get_by_role("button", name="Undo").click()
    expect(page.locator("#entries")).to_contain_text("taken back, not sent")
    assert house.smtp.to("rowe@site.example") == [] or all(
        "We are on it." not in str(letter.get_content()) for letter in house.smtp.to("rowe@site.example")
    )


@pytest.mark.req("R2.1")
def test_what_somebody_else_writes_is_announced_and_moves_nothing(
    sit: Sit, house: House, anna: Account, kofi: Account, trouble: int
) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    page.keyboard.press("n")
    page.keyboard.type("I am writ")
    say(house, kofi, trouble, "Kofi was here")
    fresh = page.locator("#new")
    expect(fresh).to_contain_text("1 new", timeout=5_000)
    expect(page.locator("#entries")).not_to_contain_text("Kofi was here")
    assert fresh.get_attribute("aria-live") == "polite"
    page.keyboard.type("ing")
    expect(page.get_by_label("Note", exact=True)).to_have_value("I am writing")
    fresh.get_by_role("link").click()
    expect(page.locator("#entries article").last).to_contain_text("Kofi was here")
    expect(fresh).to_be_empty()
    expect(page.get_by_label("Note", exact=True)).to_have_value("I am writing")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("#entries article").last).to_contain_text("I am writing")
    assert page.locator("#entries article").count() == 3
    expect(fresh).to_be_empty()


def test_a_board_says_that_something_has_changed(
    sit: Sit, house: House, anna: Account, kofi: Account, trouble: int
) -> None:
    page = sit(anna).go("/")
    say(house, kofi, trouble, "Kofi was here")
    expect(page.locator("#changed")).to_contain_text("Something has changed", timeout=5_000)
    page.keyboard.press(".")
    expect(page.locator("#changed")).to_be_empty()


def test_what_one_types_is_there_again_after_anything(
    sit: Sit, anna: Account, kofi: Account, house: House, trouble: int
) -> None:
    seat = sit(anna)
    page = seat.go(f"/tickets/{trouble}")
    with page.expect_response(lambda answer: answer.url.endswith("/drafts")):
        page.get_by_label("Note", exact=True).fill("Half a thought")
    say(house, kofi, trouble, "Meanwhile")
    page.reload()
    expect(page.get_by_label("Note", exact=True)).to_have_value("Half a thought")
    page.locator(".me summary").click()
    page.get_by_role("button", name="Sign off").click()
    expect(page.get_by_label("Password")).to_be_visible()
    seat.sign_on(anna)
    seat.go(f"/tickets/{trouble}")
    expect(page.get_by_label("Note", exact=True)).to_have_value("Half a thought")


def test_a_session_that_ended_while_one_typed_loses_nothing(sit: Sit, anna: Account, trouble: int) -> None:
    seat = sit(anna)
    page = seat.page
    # The page hears already: beginning to without a session is what a browser complains of.
    with page.expect_response(re.compile(r"/events\b")):
        seat.go(f"/tickets/{trouble}")
    page.context.clear_cookies(name="nocturne-session")
    page.get_by_label("Note", exact=True).fill("Typed into the dark")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    page.get_by_label("Name").fill(anna.name)
    page.get_by_label("Password").fill(anna.password)
    page.get_by_role("button", name="Sign on").click()
    expect(page.get_by_label("Note", exact=True)).to_have_value("Typed into the dark")


def test_two_who_set_one_field_see_both_values(
    sit: Sit, house: House, anna: Account, kofi: Account, trouble: int
) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    page.keyboard.press("p")
    act = page.locator("#act")
    act.get_by_role("combobox", name="Priority").select_option("4")
    done = house.call("PATCH", f"/api/v1/tickets/{trouble}", {"priority": 2}, by=kofi)
    assert done.status == 200, done.body
    act.get_by_role("button", name="Set").click()
    expect(act.get_by_role("alert")).to_contain_text("kofi has changed this meanwhile")
    expect(act.get_by_role("combobox", name="Priority")).to_have_value("4")
    act.get_by_role("button", name="Set").click()
    expect(page.locator("#chart .meta")).to_contain_text("P4")


@pytest.mark.req("R11.3")
def test_a_note_whose_timer_is_not_understood_says_so_and_keeps_its_words(
    sit: Sit, anna: Account, trouble: int
) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    page.locator("#note-text").fill("Called the site; nobody there.")
    page.locator("#note [name=timer]").fill("some day")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#act [role=alert], #act .refusal").first).to_contain_text("some day")
    expect(page.locator("#act [name=text]")).to_have_value("Called the site; nobody there.")
    page.locator("#act [name=timer]").fill("2h")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries")).to_contain_text("Called the site; nobody there.")
    expect(page.locator("#act form")).to_have_count(0)


@pytest.mark.req("R11.3")
@pytest.mark.parametrize("key", ["a", "r"])
def test_a_key_behind_g_that_leads_nowhere_says_so_and_opens_no_form(
    sit: Sit, anna: Account, trouble: int, key: str
) -> None:
    """Whoever looks for alerts or reports, which there are not yet, begins no reply to a customer."""
    page = sit(anna).go(f"/tickets/{trouble}")
    expect(page.locator("#chart")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press(key)
    expect(page.locator("#said")).to_contain_text("No page has this key behind g")
    expect(page.locator("#act form")).to_have_count(0)
    page.keyboard.press(key)
    expect(page.locator("#act form")).to_be_visible()
