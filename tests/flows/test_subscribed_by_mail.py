"""A subscription on a running house, by real mail: refused by a mail server at first, and left with one click."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from aiosmtpd.smtp import Envelope

from tests.house import Account, House

pytestmark = pytest.mark.req("R15.8")
WORDS = {"kind": "query", "query": "is:open", "rhythm": "weekdays 06:45"}


@pytest.fixture(scope="module")
def lena(house: House) -> Account:
    return house.add_user("lena.reads", language="de", email="lena.reads@noc.example")


def test_a_subscription_is_looked_at_by_mail_and_left_with_one_click(house: House, lena: Account) -> None:
    to = f"{lena.name}@noc.example"
    opened = house.call("POST", "/api/v1/tickets", {"subject": "Fähre ohne Strom"}, by=lena)
    made = house.call("POST", "/api/v1/me/subscriptions", WORDS, by=lena)
    assert (opened.status, made.status) == (201, 201), made.body
    again = f"/api/v1/me/subscriptions/{made.json['key']}/mail"
    tries: list[str] = []

    def busy(envelope: Envelope) -> str:
        if to in envelope.rcpt_tos:
            tries.append(to)
        return "451 come back later" if to in envelope.rcpt_tos and len(tries) == 1 else "250 kept"

    house.smtp.answer = busy
    try:
        assert house.call("POST", again, {}, by=lena).status == 202
        (letter,) = house.smtp.wait_for(to, seconds=120)
    finally:
        house.smtp.answer = None
    assert len(tries) == 2
    plain, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None and page is not None
    for part in (plain.get_content(), page.get_content()):
        assert "Fähre ohne Strom" in part
    assert "Mit einem Klick abbestellen" in plain.get_content(), "in the words of whoever reads it"
    leave = re.fullmatch(r"<([^>]+)>", letter["List-Unsubscribe"])
    assert leave is not None and letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert house.call("POST", urlsplit(leave[1]).path, b"List-Unsubscribe=One-Click").status == 200
    assert house.call("GET", "/api/v1/me/subscriptions", by=lena).json["subscriptions"] == []
    assert house.call("POST", again, {}, by=lena).status == 404
    assert len(house.smtp.to(to)) == 1, "one mail, however often it was tried"
