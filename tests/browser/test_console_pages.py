"""Every page of the console in a real browser: reachable for everybody, weighed, dark and on the phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Seat, Sit
from tests.browser.looking import PHONE, POLICY_BROKEN, WIDE, ZOOMED, at_rest, picture, violations
from tests.house import Account, House, ready_made

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("key", ["e", "r", "w"])
def test_a_form_that_has_opened_can_be_used_by_everybody(
    sit: Sit, anna: Account, trouble: int, key: str
) -> None:
    page = sit(anna).go(f"/tickets/{trouble}")
    page.keyboard.press(key)
    expect(page.locator("#act form")).to_be_visible()
    picture(page, f"form-{key}")
    found = violations(page, key)
    assert not found, "\n".join(found)


def test_no_page_breaks_its_own_policy(sit: Sit, house: House, anna: Account, trouble: int) -> None:
    seat = sit(anna)
    seat.page.add_init_script(POLICY_BROKEN)
    foreign: list[str] = []
    seat.page.on(
        "request", lambda asked: foreign.append(asked.url) if not asked.url.startswith(house.url) else None
    )
    for path in (
        "/",
        f"/tickets/{trouble}",
        f"/tickets/{trouble}/referral",
        "/account",
        "/?wall",
        "/api/v1/docs",
    ):
        answer = seat.page.goto(house.url + path)
        at_rest(seat.page)
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "nonce" not in policy
    assert foreign == []


def test_hostile_words_run_nowhere(sit: Sit, house: House, anna: Account) -> None:
    hostile = (
        "<img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>"
        "\"'><a href=javascript:alert(4)>x</a> javascript:alert(5) {{constructor.constructor('alert(6)')()}}"
        ' <b hx-get="/" hx-trigger="load" hx-on:click="alert(7)">'
    )
    made = house.call(
        "POST",
        "/api/v1/tickets",
        {
            "subject": hostile[:300],
            "text": hostile,
            "next_action": hostile[:300],
            "priority": 1,
            "reporter": {"name": hostile[:150], "organisation": hostile[:150], "email": "x@y.example"},
            "affected": [{"kind": "customer", "name": hostile[:150]}],
        },
        by=anna,
    )
    assert made.status == 201, made.body
    number = made.json["number"]
    seat = sit(anna)
    seat.page.add_init_script("window.alert = words => console.error('ran ' + words)")
    for path in ("/", f"/tickets/{number}", f"/tickets/{number}/print", f"/tickets/{number}/fields",
                 f"/tickets/{number}/merge", f"/tickets/{number}/split", f"/tickets/{number}/replies",
                 "/search?q=onerror", "/views/all"):  # fmt: skip
        page = seat.go(path)
        at_rest(page)
        assert page.locator("main img, main svg[onload], main script, main [hx-on\\:click]").count() == 0, (
            path
        )
    page = seat.go(f"/tickets/{number}")
    page.keyboard.press("n")
    page.keyboard.type(hostile)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries article")).to_have_count(2)


def test_sixteen_troubles_with_long_names_are_seen_at_once(sit: Sit, house: House, anna: Account) -> None:
    long = "Ann Arbor – Chicago 100G wave is down since the work on the Jackson splice enclosure, number"
    made = []
    for place in range(18):
        new = {"subject": f"{long} {place}", "priority": 1, "next_action": f"Call Norlink again. {long}"}
        answer = house.call("POST", "/api/v1/tickets", new, by=anna)
        assert answer.status == 201, answer.body
        made.append(answer.json["number"])
    page = sit(anna).go("/")
    at_rest(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        picture(page, f"dense-{scheme}")
    row = page.locator("#rows > tr").nth(15)
    box = row.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= WIDE["height"]
    link = page.locator("#rows > tr", has_text=long).first.locator("td.c-what a")
    assert str(link.get_attribute("title")).startswith(long)
    for number in made:  # they are nothing to the boards of the other tests
        house.call("POST", f"/api/v1/tickets/{number}/resolution", {"line": "Spliced"}, by=anna)


@pytest.mark.req("S3")
def test_everything_is_done_without_javascript(sit: Sit, anna: Account, trouble: int) -> None:
    seat = sit(anna, java_script_enabled=False)
    page = seat.go("/")
    page.get_by_role("link", name=re.compile("Ann Arbor")).first.click()
    seat.go(f"/tickets/{trouble}")
    page.get_by_label("Note", exact=True).fill("Without a script")
    page.get_by_label("Timer").fill("2h call")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("#said")).to_contain_text("Saved. Timer:")
    expect(page.locator("#entries")).to_contain_text("Without a script")
    page.get_by_role("link", name="Take t").click()
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#chart .meta")).to_contain_text("owner anna")
    page.get_by_role("link", name="Refer or wait").click()
    page.get_by_role("button", name="Refer").click()
    expect(page.locator("#chart .line")).to_contain_text("waiting")
    page.locator("#said").get_by_role("button", name="Resume").click()
    expect(page.locator("#chart .line")).to_contain_text("open")
    page.get_by_label("Command line").fill(f"{trouble} called again")
    page.get_by_label("Command line").press("Enter")
    expect(page.locator("#entries")).to_contain_text("called again")
    page.get_by_role("link", name="New ticket").click()
    page.get_by_label("What is wrong").fill("Opened without a script")
    page.get_by_role("button", name="Open the ticket").click()
    expect(page.get_by_role("heading", name="Opened without a script")).to_be_visible()
    page.locator(".me summary").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_on_the_phone_a_timer_is_answered_and_a_line_is_written(
    sit: Sit, house: House, anna: Account, trouble: int
) -> None:
    page = sit(anna, viewport=PHONE, has_touch=True).go(f"/tickets/{trouble}")
    box = page.get_by_label("Note", exact=True)
    expect(box).to_be_in_viewport()
    box.fill("From the car park")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("#entries")).to_contain_text("From the car park")


@pytest.mark.req("S3")
def test_what_is_listed_on_ones_account_is_read_on_a_phone_without_scrolling_sideways(
    sit: Sit, house: House, anna: Account
) -> None:
    """Each line stands as a block, and what a heading said stands before its value."""
    page = sit(anna, viewport=PHONE).go("/account/reach")
    page.get_by_label("Address or number").fill("+1 734 555 0152")
    page.get_by_label("Kind").select_option("phone")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("button", name="Remove +1 734")).to_be_visible()
    for path in ("/account/reach", "/account"):
        page.goto(house.url + path)
        wide = page.evaluate(
            "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth).length"
        )
        assert wide == 0, path


@pytest.mark.req("S3")
def test_at_400_percent_nothing_stands_before_what_is_read(sit: Sit, anna: Account, trouble: int) -> None:
    """On a screen of 320 by 256 the bar, the rail and the composer pass by with the page."""
    page = sit(anna, viewport=ZOOMED).go(f"/tickets/{trouble}")
    page.evaluate("window.scrollTo(0, 400)")
    assert page.evaluate("scrollY") > 0
    for stands in (".bar", ".rail", "#note"):
        box = page.locator(stands).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 0 or box["y"] >= ZOOMED["height"], stands


@pytest.mark.req("S3")
def test_where_nothing_is_the_console_stands_as_ever(sit: Sit, anna: Account) -> None:
    page = sit(anna).go("/tickets/999999")
    rail, bar = page.locator(".rail").bounding_box(), page.locator(".bar").bounding_box()
    assert rail is not None
    assert bar is not None
    assert rail["width"] < 240
    assert bar["height"] == 44
    expect(page.get_by_role("link", name="To the board")).to_be_visible()


@pytest.mark.req("S9")
def test_the_console_lives_under_a_path_as_well(browser: Browser) -> None:
    house = ready_made()
    house.base_path = "/noc"
    try:
        house.start()
        anna = house.add_user("anna")
        house.call("POST", "/api/v1/tickets", {"subject": "Under a path"}, by=anna)
        context = browser.new_context(viewport=WIDE)
        seat = Seat(house, context.new_page()).watch().sign_on(anna)
        page = seat.page
        expect(page).to_have_url(re.compile("/noc/$"))
        expect(page.locator("#peek #chart h1")).to_have_text("Under a path")
        page.keyboard.press("Enter")
        page.get_by_label("Note", exact=True).fill("Saved under a path")
        page.get_by_label("Note", exact=True).press("Control+Enter")
        expect(page.locator("#entries")).to_contain_text("Saved under a path")
        assert seat.wrongs == []
        context.close()
    finally:
        house.remove()


@pytest.mark.req("S2", "R16.6")
def test_a_customer_reads_writes_and_opens_on_their_own_pages(sit: Sit, house: House, trouble: int) -> None:
    password = "carrier-pigeon-7"
    house.run(
        "user", "add", "rowe", "--contact", "rowe@site.example", "--password-stdin", given=f"{password}\n"
    )
    seat = sit(Account("rowe", password, ""))
    page = seat.go(f"/tickets/{trouble}")
    page.get_by_label("Message to the NOC").fill("Still dark here.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#entries")).to_contain_text("Still dark here.")
    found = []
    for path in ("/", f"/tickets/{trouble}", "/tickets/open", "/views/all", "/account"):
        at_rest(seat.go(path))
        found += violations(page, path)
        for word in ("Norlink", "anna", "priority", "Owner"):
            assert word not in page.locator("main").inner_text(), f"{path} shows {word}"
    assert not found, "\n".join(found)
    seat.go("/tickets/open")
    page.get_by_label("What is wrong").fill("The printer as well")
    page.get_by_role("button", name="Open the ticket").click()
    expect(page.get_by_role("heading", name="The printer as well")).to_be_visible()
