"""Browsers on a running house, and the people who sit before them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.browser.looking import WIDE
from tests.house import Account, House, ready_made

ORDINARY = "Failed to load resource|Response Status Error Code 401"
"""What a browser notes where a page was refused on purpose."""
expect.set_options(timeout=15_000)


@dataclass
class Seat:
    """A browser at the console. It notes whatever goes wrong in it: violations of the policy, errors, dialogs."""

    house: House
    page: Page
    wrongs: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.house.url}{path}")
        return self.page

    def sign_on(self, who: Account) -> Seat:
        """This will sign somebody on at the page, as they do themselves."""
        self.go("/sign-on")
        self.page.get_by_label("Name").fill(who.name)
        self.page.get_by_label("Password").fill(who.password)
        self.page.get_by_role("button", name="Sign on").click()
        expect(self.page.get_by_role("navigation", name="Views")).to_be_visible()
        return self

    def sit_down_as(self, who: Account) -> Seat:
        """This will sign somebody on beside the page, which costs a tenth of drawing it and the board."""
        asked = self.page.context.request
        form = asked.get(f"{self.house.url}/sign-on").text()
        token = form.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]
        answer = asked.post(
            f"{self.house.url}/sign-on",
            form={"name": who.name, "password": who.password, "csrfmiddlewaretoken": token},
            headers={"Origin": self.house.url.removesuffix(self.house.base_path)},
            max_redirects=0,
        )
        assert answer.status == 302, answer.text()
        return self

    def watch(self) -> Seat:
        def on_console(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and not re.search(ORDINARY, message.text):
                self.wrongs.append(message.text)

        self.page.on("console", on_console)
        self.page.on("pageerror", lambda error: self.wrongs.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.wrongs.append(dialog.message), dialog.dismiss()))
        return self


class Night(NamedTuple):
    """Lakenet at night: its house, an operator, an administrator, and the number of the night's trouble."""

    house: House
    anna: Account
    ada: Account
    number: int


Sit = Callable[..., Seat]


@pytest.fixture
def sit(browser: Browser, house: House) -> Iterator[Sit]:
    """Opens browsers; at the end of the test none of them may have noted anything wrong."""
    seats: list[Seat] = []
    contexts: list[BrowserContext] = []

    def sit_down(who: Account | None = None, **options: Any) -> Seat:
        context = browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **options})
        contexts.append(context)
        seat = Seat(house, context.new_page()).watch()
        seats.append(seat)
        return seat.sit_down_as(who) if who else seat

    yield sit_down
    wrongs = [wrong for seat in seats for wrong in seat.wrongs]
    for context in contexts:
        context.close()
    assert wrongs == []


@pytest.fixture(scope="session")
def night() -> Iterator[Night]:
    """The house of the demonstration: a believable night, with tickets of every kind."""
    shared, password = ready_made(), secrets.token_urlsafe(12)
    try:
        said = shared.run("demo", "--password-stdin", given=f"{password}\n")
        number = re.findall(r"trouble is (\d+)", said.err)
        assert shared.administrator is not None
        yield Night(shared.start(), Account("anna", password, ""), shared.administrator, int(number[0]))
    finally:
        shared.remove()


@pytest.fixture(scope="session")
def anna(house: House) -> Account:
    return house.add_user("anna")


@pytest.fixture(scope="session")
def kofi(house: House) -> Account:
    return house.add_user("kofi")


@pytest.fixture
def trouble(house: House, anna: Account) -> int:
    """A trouble that anna has opened, with a customer who reported it."""
    answer = house.call(
        "POST",
        "/api/v1/tickets",
        {
            "subject": "Ann Arbor – Chicago 100G down",
            "text": "No light since 10:55.\n\ntraceroute to cr2.chi\n 1  cr1.aa   0.4 ms\n 2  *  *  *",
            "severity": 2,
            "priority": 1,
            "reporter": {"name": "Rowe", "email": "rowe@site.example"},
            "next_action": "Call Norlink",
            "alarm": "2h ETA?",
        },
        by=anna,
    )
    assert answer.status == 201, answer.body
    return int(answer.json["number"])


def say(house: House, who: Account, number: int, text: str) -> None:
    """This will let somebody write a note from elsewhere."""
    answer = house.call("POST", f"/api/v1/tickets/{number}/entries", {"text": text}, by=who)
    assert answer.status in (200, 201), answer.body
