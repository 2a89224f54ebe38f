"""The log: one line of JSON each, whatever a stranger sends."""

from __future__ import annotations

import json
import logging

import pytest
from django.core.exceptions import DisallowedHost

from nocturne.config import logs
from nocturne.config.logs import OneLine, Seldom


@pytest.mark.parametrize(
    "nasty", ["a\nb", "a\r\nb", "\x1b[31mred", "nul\x00", "\x7f", "\u2028line", "\x85next"]
)
def test_a_strangers_control_characters_stay_within_one_line(nasty):
    record = logging.LogRecord("django.request", logging.WARNING, "file", 1, "Not Found: %s", (nasty,), None)
    line = OneLine().format(record)
    assert line.isprintable() and line.isascii()
    assert json.loads(line)["says"] == f"Not Found: {nasty}"


def test_an_error_keeps_its_trace_within_the_line():
    try:
        raise ValueError("first\nsecond")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "broke", None, (type(error), error, None))
    line = OneLine().format(record)
    assert "\n" not in line
    assert "first\nsecond" in json.loads(line)["trace"]


@pytest.mark.req("R16.5", "S10")
@pytest.mark.parametrize("place", ["feeds", "t", "display", "setup", "subscriptions", "sign-on/new-password"])
def test_a_key_in_an_address_stays_out_of_the_log(place):
    said = "Not Found: %s"
    address = f"/noc/{place}/Zm9vYmFyYmF6cXV4Zm9vYmFy_-4.atom"
    record = logging.LogRecord("django.request", logging.WARNING, "file", 1, said, (address,), None)
    line = OneLine().format(record)
    assert "Zm9v" not in line
    assert f"/noc/{place}/" in line


def _foreign(host: str) -> logging.LogRecord:
    try:
        raise DisallowedHost(f"Invalid HTTP_HOST header: {host!r}. You may need to add {host!r}.")
    except DisallowedHost as error:
        trace = (type(error), error, error.__traceback__)
        return logging.LogRecord(
            "django.security.DisallowedHost", logging.ERROR, "f", 1, str(error), None, trace
        )


@pytest.mark.req("R16.7", "S10")
@pytest.mark.parametrize("host", ["evil.example", "e" * 60_000])
def test_a_foreign_host_is_a_short_line_without_a_trace(host):
    line = OneLine().format(_foreign(host))
    assert "trace" not in json.loads(line)
    assert "Invalid HTTP_HOST header" in line
    assert len(line) < 800


@pytest.mark.req("R16.7", "S10")
def test_what_strangers_make_the_log_say_has_an_end_and_what_was_left_out_is_counted():
    seldom = Seldom()
    let_through = [seldom.filter(_foreign(f"{place}.example")) for place in range(5_000)]
    assert sum(let_through) == logs.MOST_OF_STRANGERS
    assert let_through[0], "the first of them is written"
    missing = logging.LogRecord("django.request", logging.WARNING, "f", 1, "Not Found: %s", ("/x",), None)
    missing.status_code = 404
    assert seldom.filter(missing), "another kind has a count of its own"
    broke = logging.LogRecord("django.request", logging.ERROR, "f", 1, "broke", None, None)
    broke.status_code = 500
    assert all(seldom.filter(broke) for _ in range(5_000)), "what breaks here is always written"


def test_the_first_line_after_a_flood_says_how_many_there_were(monkeypatch):
    now = 1000.0
    monkeypatch.setattr(logs.time, "monotonic", lambda: now)
    seldom = Seldom()
    for _ in range(100):
        seldom.filter(_foreign("evil.example"))
    now += logs.WITHIN
    record = _foreign("evil.example")
    assert seldom.filter(record)
    assert json.loads(OneLine().format(record))["left_out"] == 100 - logs.MOST_OF_STRANGERS
