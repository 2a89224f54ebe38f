"""Every page of the house in a real browser, taken from its own table of addresses, on a believable night.

Whoever adds an address gets it looked at here: with axe, wide and on a phone, light and dark, at 400 % zoom, for what
moves by itself and for what breaks its own policy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Response

from nocturne.doors.web import permissions
from tests.browser.conftest import Night, Seat
from tests.browser.looking import NOTE_SHIFTS, POLICY_BROKEN, WIDE, at_rest, looked_at, shifts
from tests.house import Account
from tests.integration.test_web_routes import PUBLIC
from tests.pages import PAGES, is_page, ways

pytestmark = [pytest.mark.browser, pytest.mark.long]
Seats = Callable[[Account | None], Seat]


@pytest.fixture(scope="module")
def seats(browser: Browser, night: Night) -> Iterator[Seats]:
    """One browser for each who looks: a stranger, an operator, an administrator."""
    taken: dict[str, Seat] = {}

    def seat_of(who: Account | None) -> Seat:
        name = who.name if who else ""
        if name not in taken:
            context = browser.new_context(viewport=WIDE, reduced_motion="reduce")  # type: ignore[arg-type]
            context.add_init_script(NOTE_SHIFTS + POLICY_BROKEN)
            taken[name] = Seat(night.house, context.new_page()).watch()
            if who:
                taken[name].sit_down_as(who)
        return taken[name]

    yield seat_of
    for seat in taken.values():
        seat.page.context.close()


@pytest.fixture(scope="module")
def entry(seats: Seats, night: Night) -> str:
    """The address of an update on the night's trouble."""
    page = seats(night.anna).page.context.request.get(f"{night.house.url}/tickets/{night.number}").text()
    return re.findall(rf"/tickets/{night.number}/entries/([\w-]+)", page)[0]


@pytest.mark.req("S3")
@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_used_by_everybody(seats: Seats, night: Night, entry: str, name: str) -> None:
    needs = permissions.NEEDS[name]
    staff = needs in (permissions.GUESTS, permissions.SIGNED_ON, permissions.TICKET, permissions.STAFF)
    who = None if name in PUBLIC else night.anna if staff else night.ada
    seat, found = seats(who), []
    for way in ways(name, night.number, entry):
        found += looked_over(seat, night.house.url + way, way.strip("/").replace("/", "-") or "board")
    assert not found + seat.wrongs, "\n".join(found + seat.wrongs)


def looked_over(seat: Seat, url: str, name: str) -> Iterator[str]:
    if not is_page(seat.page.context.request.get(url).body()[:100].decode("utf-8", "replace")):
        return
    seat.page.goto(url)
    at_rest(seat.page)
    yield from shifts(seat.page, name)
    yield from looked_at(seat.page, name)


@pytest.mark.req("R16.1")
def test_a_page_weighs_little_and_no_script_holds_it_up(seats: Seats, night: Night) -> None:
    seat = seats(night.anna)
    sizes: dict[str, int] = {}

    def weigh(answer: Response) -> None:
        if answer.request.resource_type in ("document", "stylesheet", "script", "image", "xhr", "fetch"):
            sizes[answer.url] = answer.request.sizes()["responseBodySize"]

    seat.page.on("response", weigh)
    page = seat.go("/")
    at_rest(page)
    assert sum(sizes.values()) < 60_000, sizes
    scripts = page.locator("script")
    assert all(scripts.nth(place).get_attribute("defer") is not None for place in range(scripts.count()))
    sizes.clear()
    document = page.request.get(f"{seat.house.url}/tickets/{night.number}")
    assert len(document.body()) < 20_000, "the night's trouble, with all that was said on it"
    sizes.clear()
    answer = seat.go(f"/tickets/{night.number}")
    at_rest(answer)
    assert sizes[f"{seat.house.url}/tickets/{night.number}"] < 12_000, "as it is sent"
