"""Signing on as a browser sees it: by a provider, without scripts, and a screen on the wall."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import vouching
from tests.browser.conftest import Sit
from tests.browser.looking import picture
from tests.house import Account, House, ready_made

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def vouched_house() -> Iterator[House]:
    """A house whose people may sign on by a provider."""
    with vouching.provider() as issuer:
        own = ready_made()
        (own.home / "nocturne.toml").write_text(
            f'[[oidc]]\nid = "campus"\nname = "Campus login"\nissuer = "{issuer}"\nclient_id = "nocturne"\n'
            'secret = "hush-hush-hush"\n'
        )
        try:
            yield own.start()
        finally:
            own.remove()


@pytest.mark.req("R16.5")
@pytest.mark.parametrize("scripts", [True, False])
def test_a_browser_is_led_to_the_provider_and_back(
    vouched_house: House, browser: Browser, scripts: bool
) -> None:
    name, subject = ("anna", "u-4711") if scripts else ("kofi", "u-else")
    vouched_house.add_user(name)
    context = browser.new_context(java_script_enabled=scripts)
    context.route(
        "**/cdn.jsdelivr.net/**", lambda route: route.abort()
    )  # the provider would dress itself up there
    page = context.new_page()
    wrongs: list[str] = []
    page.on("console", lambda message: wrongs.append(message.text) if "Policy" in message.text else None)

    def go() -> None:
        page.goto(f"{vouched_house.url}/sign-on")
        page.get_by_role("button", name="Sign on with Campus login").click()
        page.wait_for_url(re.compile("/oauth2/authorize"))
        page.locator("input[name=sub]").fill(subject)
        page.locator("input[name=sub]").press("Enter")
        page.wait_for_url(re.compile(re.escape(vouched_house.url)))

    go()
    expect(page.get_by_role("alert")).to_contain_text("no account here is linked to you")
    expect(page.get_by_role("alert")).to_contain_text(subject)
    vouched_house.run("sign-on", "link", name, "campus", subject)
    go()
    expect(page.get_by_role("navigation", name="Views")).to_be_visible()
    assert wrongs == []
    context.close()


@pytest.mark.req("R16.5")
def test_a_screen_on_the_wall_draws_itself_anew(
    house: House, browser: Browser, sit: Sit, anna: Account, trouble: int
) -> None:
    page = sit(anna).go("/account/displays")
    page.get_by_label("Where it hangs").fill("control room")
    page.get_by_role("button", name="Put a screen up").click()
    address = page.locator("code.secret").inner_text()
    wall = sit(None, viewport={"width": 1920, "height": 1080}).page
    wall.goto(address)
    expect(wall).to_have_url(f"{house.url}/display")
    expect(wall.get_by_text("Ann Arbor – Chicago 100G down").first).to_be_visible()
    picture(wall, "wall")
    house.call("POST", "/api/v1/tickets", {"subject": "Lansing has no light", "priority": 1}, by=anna)
    expect(wall.get_by_text("Lansing has no light").first).to_be_visible(timeout=15_000)
    assert not the_wall_can_do_anything(wall)


def the_wall_can_do_anything(wall: Page) -> bool:
    return bool(wall.locator("form, button, input, textarea").count())
