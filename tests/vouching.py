"""A provider of OpenID Connect in a process of its own, and the way to it and back."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests
from django.http import HttpResponse

from tests.sink import free_port
from tests.visitor import Visitor

PEOPLE: tuple[dict[str, object], ...] = (
    {"sub": "u-4711", "email": "anna@lakenet.example", "email_verified": True, "preferred_username": "anna"},
    {"sub": "u-forger", "email": "ada@lakenet.example", "email_verified": False, "preferred_username": "ada"},
    {
        "sub": "u-new",
        "email": "ines@lakenet.example",
        "email_verified": True,
        "preferred_username": "ines",
        "name": "Inês Duarte",
    },
    {
        "sub": "u-word",
        "email": "omar@lakenet.example",
        "email_verified": "true",
        "preferred_username": "omar",
    },
    {"sub": "u-else", "email": "eve@elsewhere.example", "email_verified": True, "preferred_username": "eve"},
)


@contextmanager
def provider() -> Iterator[str]:
    """This will run a provider that knows some people, and give its address."""
    port = free_port()
    people = [word for each in PEOPLE for word in ("--user-claims", json.dumps(each))]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *people],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=5).raise_for_status()
                break
            except requests.RequestException:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def go(visitor: Visitor, name: str = "campus", **values: str) -> str:
    """This will press the button of a provider, and give the address one is led to."""
    answer = visitor.post(f"/sign-on/with/{name}", values)
    assert answer.status_code == 200, answer.content.decode()
    seconds, _, address = answer.headers["Refresh"].partition("; url=")
    assert seconds == "0"
    return address


def prove(address: str, subject: str) -> str:
    """This will sign on at the provider as somebody, and give the page here that it leads back to."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
    assert answer.status_code in (302, 303), answer.text
    back = urlsplit(answer.headers["Location"])
    assert (back.scheme, back.netloc) == ("http", "noc.lakenet.example"), "the configured address"
    return f"{back.path}?{back.query}"


def sign_on(visitor: Visitor, subject: str, **values: str) -> HttpResponse:
    """This will go all the way."""
    return visitor.get(prove(go(visitor, **values), subject))
