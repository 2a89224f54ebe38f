"""The settings in a real browser: for everybody, by keyboard, without scripts, and in force at once in another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Seat
from tests.browser.looking import WIDE, looked_at, picture
from tests.house import Account, House, ready_made

pytestmark = pytest.mark.browser
At = Callable[..., Page]


@pytest.fixture(scope="module")
def own_house() -> Iterator[House]:
    """A house of these tests' own: what is configured here is nothing to the other tests."""
    own = ready_made()
    try:
        yield own.start()
    finally:
        own.remove()


@pytest.fixture(scope="module")
def anna(own_house: House) -> Account:
    return own_house.add_user("anna")


@pytest.fixture
def at(browser: Browser, own_house: House) -> Iterator[At]:
    """Opens browsers at that house."""
    seats: list[Seat] = []
    contexts: list[BrowserContext] = []

    def open_at(who: Account, **options: object) -> Page:
        context = browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **options})
        contexts.append(context)
        seat = Seat(own_house, context.new_page()).watch()
        seats.append(seat)
        return seat.sit_down_as(who).page

    yield open_at
    wrongs = [wrong for seat in seats for wrong in seat.wrongs]
    for context in contexts:
        context.close()
    assert wrongs == []


@pytest.fixture
def ada(own_house: House) -> Account:
    assert own_house.administrator is not None
    return own_house.administrator


def go(page: Page, house: House, path: str) -> Page:
    page.goto(f"{house.url}{path}")
    return page


def put_in_force(page: Page, reason: str = "") -> None:
    page.get_by_role("button", name="See what this changes").last.click()
    expect(page.get_by_role("heading", name="What this changes")).to_be_visible()
    page.get_by_label("Why").fill(reason)
    page.get_by_role("button", name="Put it in force").last.click()
    expect(page.get_by_text("It holds now, for everybody.")).to_be_visible()


def begin(page: Page, house: House, kind: str, name: str, title: str = "") -> None:
    go(page, house, f"/settings/new/{kind}")
    page.get_by_label("Name *").fill(name)
    if title:
        page.get_by_label("Title", exact=True).first.fill(title)


@pytest.mark.req("R9.5", "R16.6", "S8", "S10")
def test_a_queue_for_few_is_built_by_hand_and_others_get_nothing_of_it(
    own_house: House, at: At, ada: Account, anna: Account
) -> None:
    house, page = own_house, at(ada)
    theirs = at(anna)
    begin(page, house, "classes", "security", "Security")
    put_in_force(page)
    begin(page, house, "groups", "csirt", "CSIRT")
    put_in_force(page)
    begin(page, house, "clearances", "csirt")
    page.get_by_label("A group").select_option("csirt")
    for verb in ("reads", "writes updates", "changes fields"):
        page.get_by_label(f"Up the ladder to, {verb}").select_option("staff")
        page.get_by_label(f"{verb} Security").check()
    page.get_by_label("Work on tickets").check()
    picture(page, "settings-clearance")
    put_in_force(page, "The security team")
    begin(page, house, "fields", "cve", "CVE")
    page.get_by_label("Pattern").fill("CVE-[0-9]{4}-[0-9]{4,}")
    page.get_by_label("In words").fill("such as CVE-2026-12345")
    page.get_by_label("Who reads it").select_option("security")
    put_in_force(page)
    begin(page, house, "lifecycles", "signed-off", "Signed off")
    row = page.locator(
        "tr", has=page.locator("select[name^=moves-][name$=-act] option[value=closed][selected]")
    )
    row.locator("input[name$=-right]").fill("checked")
    put_in_force(page)
    begin(page, house, "queues", "security", "Security")
    page.get_by_label("Its tickets are for").select_option("security")
    page.get_by_label("Life cycle").select_option("signed-off")
    put_in_force(page, "Incidents are for few")

    sam = house.add_user("sam", group="csirt")
    seat = at(sam)
    go(seat, house, "/tickets/open")
    seat.get_by_label("What is wrong").fill("Stolen laptop")
    seat.get_by_label("Queue").fill("security")
    seat.get_by_role("button", name="Open the ticket").click()
    expect(seat.get_by_role("heading", name="Stolen laptop")).to_be_visible()
    address = seat.url.partition("?")[0].removeprefix(house.url)

    go(theirs, house, "/")
    expect(theirs.get_by_role("link", name=re.compile("^Board"))).to_contain_text("0")
    for path in ("/", "/views/all", "/search?q=laptop", "/search?q=queue:security", address, "/tickets/open"):
        go(theirs, house, path)
        expect(theirs.locator("body")).not_to_contain_text("Stolen")
        assert "CVE" not in theirs.content(), path
    expect(theirs.locator("#near-queues option[value=security]")).to_have_count(0)


@pytest.mark.req("R9.5")
def test_what_one_browser_puts_in_force_holds_in_another_at_once(
    own_house: House, at: At, ada: Account, anna: Account
) -> None:
    page, other = at(ada), at(anna)
    for number in range(4):
        begin(page, own_house, "queues", f"queue-{number}", f"Queue {number}")
        put_in_force(page)
        go(other, own_house, "/tickets/open")
        expect(other.locator(f"#near-queues option[value=queue-{number}]")).to_have_count(1)
        answer = own_house.call(
            "POST", "/api/v1/tickets", {"subject": "x", "queue": f"queue-{number}"}, by=anna
        )
        assert answer.status == 201, answer.body


@pytest.mark.req("S3")
def test_a_group_is_made_and_taken_back_by_keyboard_alone(own_house: House, at: At, ada: Account) -> None:
    page = go(at(ada), own_house, "/")
    keys = page.keyboard
    keys.press("/")
    keys.type(">settings")
    keys.press("Enter")
    page.locator(".kinds").get_by_role("link", name="Groups", exact=True).focus()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Groups")).to_be_visible()
    page.get_by_role("link", name="New group").focus()
    keys.press("Enter")
    expect(page.get_by_label("Name *")).to_be_focused()
    keys.type("night")
    keys.press("Tab")
    keys.type("Night shift")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="What this changes")).to_be_visible()
    page.get_by_label("Why").focus()
    keys.type("Somebody has to")
    keys.press("Control+Enter")
    expect(page.get_by_text("What has changed, and taking it back")).to_be_visible()
    page.get_by_text("What has changed, and taking it back").focus()
    keys.press("Enter")
    expect(page.get_by_text("Somebody has to")).to_be_visible()
    page.get_by_role("button", name="Take it back").focus()
    keys.press("Enter")
    expect(page.get_by_text("night is not there any more")).to_be_visible()


@pytest.mark.req("S3")
def test_without_scripts_a_field_with_choices_is_built_row_by_row(
    own_house: House, at: At, ada: Account
) -> None:
    page = at(ada, java_script_enabled=False)
    begin(page, own_house, "fields", "media", "Media")
    page.get_by_label("What it holds").select_option("choice")
    page.get_by_label("Value 1").fill("fibre")
    page.get_by_role("button", name="More rows").first.click()
    expect(page.get_by_label("Value 2")).to_be_focused()
    page.get_by_label("Value 2").fill("radio")
    page.get_by_label("Value 3").fill("copper")
    page.get_by_role("button", name="More rows").first.click()
    page.get_by_role("button", name="Row 3 up").click()
    expect(page.get_by_label("Value 2")).to_have_value("copper")
    page.get_by_role("button", name="See what this changes").last.click()
    expect(page.locator(".change")).to_contain_text(re.compile(r"fibre\s+copper\s+radio"))
    page.get_by_role("button", name="Back to the form").click()
    expect(page.get_by_label("Value 2")).to_have_value("copper")
    put_in_force(page)
    expect(page.get_by_label("Value 3")).to_have_value("radio")


@pytest.mark.req("S3")
def test_what_a_change_of_the_settings_leads_to_can_be_used_by_everybody(
    own_house: House, at: At, ada: Account
) -> None:
    page, house = at(ada), own_house
    field = {"title": "Media", "kind": "choice", "choices": [{"value": "fibre"}, {"value": "radio"}]}
    office = {"title": "Office", "hours": {"monday": ["08:00-17:00"]}}
    changes = [
        {"kind": "field", "name": "media", "body": field},
        {"kind": "calendar", "name": "office", "body": office},
    ]
    token = _administers(house)
    answer = house.call("POST", "/api/v1/configuration", {"changes": changes}, by=token)
    assert answer.status == 200, answer.body
    past = house.call("GET", "/api/v1/configuration/field/media/history", by=token).json["changes"]
    found = []
    for path in ("fields/media", "calendars/office", "fields/media/history", f"fields/media/history/{past[0]['row']}",
                 "fields/media/name", "fields/media/retirement", "fields/media/removal", "fields/nothing"):  # fmt: skip
        go(page, house, f"/settings/{path}")
        found += looked_at(page, f"settings-{path.replace('/', '-')}")
    go(page, house, "/settings/fields/media")
    page.get_by_label("Pattern").fill("(")
    page.get_by_role("button", name="See what this changes").last.click()
    expect(page.get_by_label("Pattern")).to_have_attribute("aria-invalid", "true")
    found += looked_at(page, "settings-wrong")
    page.get_by_label("Pattern").fill("")
    page.get_by_label("Title", exact=True).first.fill("Medium")
    page.get_by_role("button", name="See what this changes").last.click()
    expect(page.get_by_role("heading", name="What this changes")).to_be_visible()
    found += looked_at(page, "settings-look")
    house.call("PUT", "/api/v1/configuration/field/media", {"body": {**field, "title": "Carrier"}}, by=token)
    page.get_by_role("button", name="Put it in force").last.click()
    expect(page.get_by_text("has changed this meanwhile")).to_be_visible()
    found += looked_at(page, "settings-clash")
    assert not found, "\n".join(found)


def _administers(house: House) -> Account:
    """This will give the administrator a token that may administer."""
    said = house.run("token", "create", "ada", "--label", "settings", "--scope", "admin")
    return Account("ada", "", said.out.strip().splitlines()[-1])
