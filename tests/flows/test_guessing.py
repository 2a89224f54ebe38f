"""Somebody guesses a password with many hands at once, against the house as it runs."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
import requests

from tests.authenticator import code, codes_on, secret_on
from tests.house import House
from tests.passerby import Passerby

HANDS = 50
MOST = 10


@pytest.mark.req("R16.5")
def test_of_fifty_tries_at_once_only_the_allowed_ones_are_looked_at(own_house: House) -> None:
    anna = own_house.add_user("anna")
    page = own_house.call("GET", "/sign-on", headers={"Accept": "text/html"})
    mark = re.search(rb'name="?csrfmiddlewaretoken"? value="([^"]+)"', page.body)
    assert mark
    headers = {
        "Accept": "text/html",
        "Cookie": page.headers["set-cookie"].partition(";")[0],
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": own_house.url,
        "Sec-Fetch-Site": "same-origin",
    }

    def guess(number: int) -> int:
        typed = {"name": "anna", "password": f"guess {number}", "csrfmiddlewaretoken": mark[1].decode()}
        return own_house.call("POST", "/sign-on", urlencode(typed).encode(), headers=headers).status

    with ThreadPoolExecutor(HANDS) as hands:
        answers = Counter(hands.map(guess, range(HANDS)))

    assert answers == {422: MOST, 429: HANDS - MOST}
    right = {"name": "anna", "password": anna.password, "csrfmiddlewaretoken": mark[1].decode()}
    assert own_house.call("POST", "/sign-on", urlencode(right).encode(), headers=headers).status == 429


@pytest.mark.req("R16.5")
def test_a_recovery_code_opens_one_browser_however_many_hands_send_it(own_house: House) -> None:
    anna = own_house.add_user("anna")
    here = Passerby(own_house)
    here.sign_on("anna", anna.password)
    page = here.get("/account/factors")
    codes = codes_on(here.fill(page, "/account/factors", code=code(secret_on(page.text))).text)
    waiting = []
    for _ in range(12):
        browser = Passerby(own_house)
        waiting.append((browser, browser.sign_on("anna", anna.password)))

    def send(one: tuple[Passerby, requests.Response]) -> int:
        browser, asked = one
        return browser.fill(asked, "/sign-on/second", code=codes[0]).status_code

    with ThreadPoolExecutor(len(waiting)) as hands:
        answers = Counter(hands.map(send, waiting))

    assert answers[302] == 1
    assert set(answers) <= {302, 422, 429}
    assert sum(browser.is_in for browser, _ in waiting) == 1
