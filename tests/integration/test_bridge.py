"""What stands between the server and the application: bodies, headers, long answers, and those who go away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from nocturne.config import bridge
from nocturne.config.bridge import Bridge
from nocturne.config.proxy import BehindProxy

Start = Callable[..., Any]


async def no_hold(_stream: Any, _receive: Any, _send: Any) -> None: ...
async def no_life(_receive: Any, _send: Any) -> None: ...


def asked(
    application: Any,
    *,
    body: bytes = b"",
    pieces: int = 1,
    most: int = 10_000_000,
    hold: Any = no_hold,
    **scope: Any,
) -> list[dict[str, Any]]:
    """This will ask the application by way of the bridge, and give what was sent back."""
    sent: list[dict[str, Any]] = []
    size = max(1, -(-len(body) // pieces))
    parts = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
    waiting = [
        {"type": "http.request", "body": part, "more_body": at < len(parts) - 1}
        for at, part in enumerate(parts)
    ]

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def note(message: dict[str, Any]) -> None:
        sent.append(message)

    length = [(b"content-length", str(len(body)).encode())] if body else []
    whole = {
        "type": "http", "method": "POST" if body else "GET", "path": "/x", "raw_path": b"/x", "query_string": b"",
        "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 5),
        "headers": length, **scope,
    }  # fmt: skip

    async def ask() -> None:
        made = Bridge(application, threads=2, most=most, hold=hold, live=no_life)
        try:
            await made(whole, receive, note)
        finally:
            made.threads.shutdown()

    asyncio.run(ask())
    return sent


def echo(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read()]


def test_a_body_arrives_whole_however_it_was_cut_and_however_large_it_is():
    for body in (b"a", b"ab" * 1000, b"x" * (bridge.IN_MEMORY + 5)):
        assert asked(echo, body=body, pieces=7)[1]["body"] == body


def test_what_is_too_large_is_not_even_read():
    seen = {}

    def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        seen["body"] = environ["wsgi.input"].read()
        start("413 Content Too Large", [])
        return [b"no"]

    assert asked(application, body=b"x" * 2000, most=1000)[0]["status"] == 413
    assert seen["body"] == b""


def test_addresses_headers_and_cookies_are_spelt_as_the_application_expects():
    found: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        found.update(environ)
        start("204 No Content", [])
        return []

    headers = [
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"x-real-ip", b"1.1.1.1"),
        (b"content-type", b"a/b"),
    ]
    asked(application, raw_path=b"/a%20b%c3%a9/%ff", query_string=b"q=%20a+b", headers=headers)
    assert found["PATH_INFO"].encode("latin-1") == b"/a b\xc3\xa9/\xff"
    assert found["QUERY_STRING"] == "q=%20a+b"
    assert found["HTTP_COOKIE"] == "a=1; b=2"
    assert (found["CONTENT_TYPE"], found["HTTP_X_REAL_IP"]) == ("a/b", "1.1.1.1")
    assert "CONTENT_LENGTH" not in found


@pytest.mark.req("R16.6")
def test_nobody_speaks_for_the_proxy_with_a_header_that_is_spelt_nearly_as_its_own():
    found: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        found.update(environ)
        start("204 No Content", [])
        return []

    headers = [
        (b"x-forwarded-for", b"192.0.2.7"),
        (b"x-forwarded-proto", b"https"),
        (b"x_forwarded_for", b"198.51.100.1"),
        (b"x_forwarded_proto", b"http"),
        (b"remote_user", b"ada"),
    ]
    asked(BehindProxy(application, trusted=["127.0.0.1"], path=""), headers=headers)
    assert found["REMOTE_ADDR"] == "192.0.2.7"
    assert found["wsgi.url_scheme"] == "https"
    assert "HTTP_REMOTE_USER" not in found


def test_a_long_answer_goes_out_piece_by_piece_and_is_closed_when_the_asker_leaves():
    closed, made = [], []

    class Long:
        def __iter__(self) -> Any:
            for place in range(1000):
                made.append(place)
                yield b"x" * bridge.AT_ONCE

        def close(self) -> None:
            closed.append(True)

    def application(_environ: dict[str, Any], start: Start) -> Any:
        start("200 OK", [])
        return Long()

    asked(application)  # nobody is there any more when it is made
    assert closed == [True]
    assert len(made) < 10, "nobody makes what nobody takes"


def test_a_head_request_is_answered_without_a_body():
    def application(_environ: dict[str, Any], start: Start) -> Any:
        start("200 OK", [("Content-Length", "3000000")])
        return iter([b"x"])

    sent = asked(application, method="HEAD")
    assert [each.get("body") for each in sent[1:]] == [b""]


def test_what_a_view_leaves_open_is_held_after_its_answer_has_gone_out():
    held = []

    async def hold(stream: Any, _receive: Any, send: Any) -> None:
        held.append(stream)
        await send({"type": "http.response.body", "body": b"later", "more_body": False})

    def application(environ: dict[str, Any], start: Start) -> Any:
        environ["nocturne.hold"]("stream")
        start("200 OK", [])
        return iter([b"now"])

    sent = asked(application, hold=hold)
    assert [(each["body"], each["more_body"]) for each in sent[1:]] == [(b"now", True), (b"later", False)]
    assert held == ["stream"]


def test_whoever_goes_away_while_they_send_costs_no_thread():
    def application(_environ: dict[str, Any], _start: Start) -> Any:
        raise AssertionError("nobody is there")

    headers = [(b"content-length", b"500")]

    async def ask() -> None:
        made = Bridge(application, threads=1, most=1000, hold=no_hold, live=no_life)

        async def receive() -> dict[str, Any]:
            return {"type": "http.disconnect"}

        async def send(_message: Any) -> None:
            raise AssertionError("there is nobody to answer")

        await made({"type": "http", "method": "POST", "headers": headers}, receive, send)

    asyncio.run(ask())
