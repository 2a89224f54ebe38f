"""Texts that would be markup, in everything that people write and scripts show: they stay texts, on every page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit, say
from tests.house import Account, House

pytestmark = [pytest.mark.browser, pytest.mark.req("R16.5", "S10")]

HOSTILE = "zq <b data-hit>\"'><svg data-hit onload=alert(1)></b>{{ 1 }}"
"""An element of it in a page is one that somebody has written into it, whether the policy lets it run or not."""


def made(house: House, who: Account, path: str, body: dict[str, Any], method: str = "POST") -> Any:
    answer = house.call(method, f"/api/v1{path}", body, by=who)
    assert answer.status in (200, 201), answer.body
    return answer.json


@pytest.fixture(scope="module")
def anna(house: House) -> Account:
    """Somebody of whom nothing is left to others: what is typed here stays in drafts, and what is made is pinned."""
    return house.add_user("hanna")


@pytest.fixture
def number(house: House, anna: Account) -> int:
    """A ticket on which everything that people write is hostile."""
    ticket: int = made(
        house,
        anna,
        "/tickets",
        {
            "subject": HOSTILE,
            "text": f"{HOSTILE}\n\nhttp://x.example/{HOSTILE}",
            "priority": 1,
            "next_action": HOSTILE,
            "alarm": f"2h {HOSTILE}",
            "reporter": {"name": HOSTILE, "organisation": HOSTILE, "phone": "<b data-hit>1"},
            "affected": [{"kind": "customer", "name": HOSTILE, "effect": "down"}],
        },
    )["number"]
    return ticket


def clean(page: Page, where: str) -> None:
    """Nothing that somebody has written is an element of a page."""
    assert page.locator("[data-hit]").count() == 0, where


def test_nothing_that_is_written_on_a_ticket_is_markup_wherever_it_is_shown(
    sit: Sit, house: House, anna: Account, kofi: Account, number: int
) -> None:
    page = sit(anna, viewport={"width": 1600, "height": 900}).go("/")
    expect(page.locator(f"#rows tr[data-number='{number}']")).to_be_visible()
    page.locator(f"#rows tr[data-number='{number}'] td.c-n").click()
    expect(page.locator("#peek #chart")).to_contain_text("zq <b data-hit>")
    clean(page, "the board with its peek")
    say(house, kofi, number, HOSTILE)
    made(house, kofi, f"/tickets/{number}", {"priority": 2}, "PATCH")
    expect(page.locator(f"#rows tr[data-number='{number}'] td.c-p")).to_have_text("P2", timeout=10_000)
    clean(page, "a row that was painted anew")
    for path, shown in (
        (f"/tickets/{number}", "#chart"),
        (f"/tickets/{number}/print", "body"),
        ("/search?q=zq", "#rows"),
        ("/timeline", "main"),
        ("/handover", "main"),
        ("/workload?owner=", "main"),
        (f"/batches/new?numbers={number}", "main"),
        ("/?columns=problem,next,reporter,where", "#rows"),
    ):
        page.goto(f"{house.url}{path}")
        expect(page.locator(shown).first).to_be_visible()
        page.wait_for_load_state("networkidle")
        clean(page, path)


def test_nothing_that_is_written_is_markup_in_what_comes_up_while_one_types(
    sit: Sit, house: House, anna: Account, number: int
) -> None:
    page = sit(anna).go("/")
    line = page.get_by_role("combobox", name="Command line")
    for typed in (f"#{number}", "zq", f"{number} {HOSTILE}", f"owner:{HOSTILE}", f"{HOSTILE}:1", ">zq"):
        line.fill("")
        line.press_sequentially(typed[:60], delay=5)
        page.wait_for_timeout(600)
        clean(page, f"what is offered behind {typed}")
    page.goto(f"{house.url}/tickets/open")
    page.get_by_label("What is wrong").press_sequentially("zq data hit", delay=5)
    page.wait_for_timeout(1_000)
    clean(page, "what is like it")
    page.goto(f"{house.url}/search")
    page.locator("main input[name=q]").first.press_sequentially(f"subject:{HOSTILE}", delay=5)
    page.wait_for_timeout(800)
    clean(page, "the search")


def test_nothing_that_things_are_called_is_markup(sit: Sit, house: House, anna: Account, number: int) -> None:
    view = made(
        house,
        anna,
        "/views",
        {"title": HOSTILE, "query": "is:open", "description": HOSTILE, "is_pinned": True},
    )["key"]
    board = made(
        house,
        anna,
        "/dashboards",
        {
            "title": HOSTILE,
            "description": HOSTILE,
            "tiles": [
                {"kind": "count", "query": "is:open", "title": HOSTILE},
                {"kind": "view", "view": view},
                {
                    "kind": "chart",
                    "query": f'"{HOSTILE[:40]}"'.replace('"', ""),
                    "by": "owner",
                    "title": HOSTILE,
                },
            ],
        },
    )["key"]
    page = sit(anna).go("/")
    clean(page, "the rail")
    page.keyboard.press("Control+k")
    page.keyboard.type(">zq")
    expect(page.locator("#line-options")).to_contain_text("zq <b data-hit>")
    clean(page, "the palette")
    for path in (
        f"/views/{view}", f"/views/{view}/edit", "/views", f"/dashboards/{board}", f"/dashboards/{board}?wall=1",
        f"/dashboards/{board}/arranging", "/dashboards", "/account/displays", "/account/subscriptions",
        "/account/feeds", f"/views/{view}?wall",
    ):  # fmt: skip
        page.goto(f"{house.url}{path}")
        page.wait_for_load_state("load")
        page.wait_for_timeout(300)
        clean(page, path)
    say(house, anna, number, "Still down")
    page.goto(f"{house.url}/dashboards/{board}")
    made(house, anna, f"/tickets/{number}", {"priority": 3}, "PATCH")
    page.wait_for_timeout(3_500)
    clean(page, "a tile that was painted anew")


def test_a_refusal_says_what_was_typed_and_is_no_markup(
    sit: Sit, house: House, anna: Account, number: int
) -> None:
    page = sit(anna).go(f"/search?q=owner:{HOSTILE.replace('#', '')}%20severity:9")
    expect(page.locator("main")).to_be_visible()
    clean(page, "a question that is refused")
    for path in (
        "/timeline?who=%3Cb%20data-hit%3E&q=ownr:%3Cb%20data-hit%3E",
        "/views/%3Cb%20data-hit%3E",
        "/batches/new?numbers=%3Cb%20data-hit%3E",
        "/go?q=%3Cb%20data-hit%3E",
        "/sign-on?next=javascript:alert(1)",
        "/search/export?q=ownr:%3Cb%20data-hit%3E",
        f"/tickets/{number}/owner?to=%3Cb%20data-hit%3E",
        "/tickets/open?subject=%3Cb%20data-hit%3E&machines=%3Cb%20data-hit%3E",
    ):
        page.goto(f"{house.url}{path}")
        clean(page, path)
    page.goto(f"{house.url}/tickets/{number}/owner")
    page.locator("main input[name=to]").first.fill("<b data-hit>")
    page.locator("main form.act button").last.click()
    page.wait_for_timeout(800)
    clean(page, "an owner who is none")
