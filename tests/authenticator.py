"""A telephone with an app for codes on it (RFC 6238), written from the standard and not from what it is to test."""

from __future__ import annotations

import base64
import hmac
import re
import time

from tests.visitor import Form, Visitor, forms_on


def code(secret: str, *, ahead: int = 0) -> str:
    """This will show the code of this half minute, or of a later one."""
    counter = int(time.time()) // 30 + ahead
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def secret_on(page: str) -> str:
    """This will read the key that a page offers for the app."""
    found = re.search(r"<code class=secret>([A-Z2-7]{32})</code>", page)
    assert found, page
    return found[1]


def codes_on(page: str) -> list[str]:
    """This will read the recovery codes that a page tells."""
    return re.findall(r"<code class=secret>(\d{5}-\d{5})</code>", page)


def offered(page: str) -> tuple[Form, str]:
    """This will read the form that sets an app up, and the key it offers."""
    [form] = [each for each in forms_on(page) if "offer" in each.values]
    return form, secret_on(page)


def set_up(visitor: Visitor) -> tuple[str, list[str]]:
    """This will set an app up on the page of one's account; gives its key and the recovery codes."""
    form, secret = offered(visitor.text("/account/factors"))
    done = visitor.post("/account/factors", {**form.values, "code": code(secret)})
    assert done.status_code == 200, done.content.decode()
    return secret, codes_on(done.content.decode())
