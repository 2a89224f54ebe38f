"""Who asks, as told by a reverse proxy: believed from the named ones, from nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from nocturne.config.proxy import BehindProxy


def seen(path: str = "", **environ: str) -> dict[str, Any]:
    """This will return the request as the application sees it."""
    caught: dict[str, Any] = {}

    def application(given: dict[str, Any], _start: object) -> list[bytes]:
        caught.update(given)
        return []

    request = {"REMOTE_ADDR": "127.0.0.1", "PATH_INFO": "/", "wsgi.url_scheme": "http"} | environ
    BehindProxy(application, trusted=["127.0.0.1", "10.0.0.1"], path=path)(request, None)
    return caught


def test_the_proxy_tells_who_asks_and_that_it_was_https():
    request = seen(HTTP_X_FORWARDED_FOR="203.0.113.9", HTTP_X_FORWARDED_PROTO="https")
    assert (request["REMOTE_ADDR"], request["wsgi.url_scheme"]) == ("203.0.113.9", "https")


def test_a_stranger_who_pretends_to_be_a_proxy_is_not_believed():
    request = seen(
        REMOTE_ADDR="203.0.113.66", HTTP_X_FORWARDED_FOR="10.0.0.1", HTTP_X_FORWARDED_PROTO="https"
    )
    assert (request["REMOTE_ADDR"], request["wsgi.url_scheme"]) == ("203.0.113.66", "http")
    assert not [name for name in request if "FORWARDED" in name]


def test_what_a_stranger_adds_before_the_proxys_own_word_does_not_count():
    request = seen(HTTP_X_FORWARDED_FOR="10.9.9.9, 203.0.113.9, 10.0.0.1")
    assert request["REMOTE_ADDR"] == "203.0.113.9"


def test_a_broken_address_ends_the_belief():
    assert seen(HTTP_X_FORWARDED_FOR="evil\x1b, not-an-address")["REMOTE_ADDR"] == "127.0.0.1"


@pytest.mark.parametrize(
    "header", ["HTTP_REMOTE_USER", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_X_REAL_IP"]
)
def test_headers_that_would_name_the_user_or_the_host_never_get_through(header):
    assert header not in seen(**{header: "ada"})


@pytest.mark.parametrize(
    ("asked", "inside"),
    [
        ("/noc/tickets/1", "/tickets/1"),
        ("/noc", "/"),
        ("/noc/", "/"),
        ("/tickets/1", "/tickets/1"),
        ("/nocx", "/nocx"),
    ],
)
def test_the_path_that_nocturne_lives_under_is_taken_off(asked, inside):
    request = seen(path="/noc", PATH_INFO=asked)
    assert (request["PATH_INFO"], request["SCRIPT_NAME"]) == (inside, "/noc")
