"""Passkeys in a real browser, with a key that Chromium plays."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Seat
from tests.browser.looking import picture, violations
from tests.house import BIN, Account, House, ready_made

ASK = """
import django
django.setup()
from nocturne.core.entry import Door
from nocturne.desk import accounts, configuring
from nocturne.store.models import User
ada = accounts.actor_of(User.objects.get(name="ada"))
configuring.change({("site", "site"): {"second_factor": "staff"}}, by=ada, door=Door.CLI)
"""
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def strict_house() -> Iterator[House]:
    """A house that asks its staff for a second factor. A passkey needs a name for the house, not a bare address."""
    own = ready_made()
    own.options = {"BASE_URL": f"http://localhost:{own.port}"}
    asked = subprocess.run(
        [BIN / "python", "-c", ASK],
        env={**own.environ, "DJANGO_SETTINGS_MODULE": "nocturne.config.settings"},
        check=False,
    )
    assert asked.returncode == 0
    try:
        yield own.start()
    finally:
        own.remove()


@pytest.fixture
def seat(browser: Browser, strict_house: House) -> Iterator[Seat]:
    context = browser.new_context(reduced_motion="reduce")
    seat = Seat(strict_house, context.new_page()).watch()
    yield seat
    context.close()
    assert seat.wrongs == []


def plug_in(page: Page) -> None:
    """This will plug a security key into the browser; it is touched as soon as it blinks."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    line.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "usb",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def give_password(house: House, page: Page, who: Account) -> None:
    page.goto(f"http://localhost:{house.port}/sign-on")
    page.get_by_label("Name").fill(who.name)
    page.get_by_label("Password").fill(who.password)
    page.get_by_role("button", name="Sign on").click()


@pytest.mark.req("R16.5")
def test_an_operator_adds_a_passkey_because_the_house_asks_and_signs_on_with_it(
    strict_house: House, seat: Seat
) -> None:
    anna, page = strict_house.add_user("anna"), seat.page
    plug_in(page)
    give_password(strict_house, page, anna)
    expect(page.get_by_text("Your NOC asks for a second factor")).to_be_visible()
    picture(page, "enrol")
    assert not violations(page, "enrol")
    page.get_by_label("Name of the passkey").fill("blue key")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("They are shown this once")).to_be_visible()
    assert page.locator("ul.codes li").count() == 10
    assert not violations(page, "recovery codes")
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_role("navigation", name="Views")).to_be_visible()

    page.get_by_text("anna").first.click()
    page.get_by_role("button", name="Sign off").click()
    give_password(strict_house, page, anna)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    picture(page, "second")
    assert not violations(page, "second factor")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("navigation", name="Views")).to_be_visible()

    page.goto(f"http://localhost:{strict_house.port}/account/factors")
    picture(page, "factors")
    name = page.locator("table").get_by_label("Name of the passkey")
    expect(name).to_have_value("blue key")
    name.fill("key on the ring")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator("table").get_by_label("Name of the passkey")).to_have_value("key on the ring")


def test_an_answer_of_the_browser_is_good_once(strict_house: House, seat: Seat) -> None:
    kofi, page = strict_house.add_user("kofi"), seat.page
    plug_in(page)
    give_password(strict_house, page, kofi)
    page.get_by_label("Name of the passkey").fill("mine")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("They are shown this once")).to_be_visible()
    page.context.clear_cookies()
    give_password(strict_house, page, kofi)
    with page.expect_request("**/sign-on/second") as sent:
        page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("navigation", name="Views")).to_be_visible()
    again = sent.value.post_data
    page.context.clear_cookies()
    give_password(strict_house, page, kofi)
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    body = "&".join(
        [f"csrfmiddlewaretoken={token}"]
        + [each for each in (again or "").split("&") if not each.startswith("csrf")]
    )
    answer = page.request.post(
        f"http://localhost:{strict_house.port}/sign-on/second",
        data=body,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://localhost:{strict_house.port}",
        },
        max_redirects=0,
    )
    assert answer.status == 422
    assert "was sent twice" in answer.text()
