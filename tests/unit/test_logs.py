"""The log: one line of JSON each, whatever a stranger sends."""

from __future__ import annotations

import json
import logging

import pytest

from nocturne.config.logs import OneLine


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


@pytest.mark.req("R15.8", "S10")
@pytest.mark.parametrize("place", ["feeds", "t", "display", "setup", "subscriptions", "sign-on/new-password"])
def test_a_key_in_an_address_stays_out_of_the_log(place):
    said = "Not Found: %s"
    address = f"/noc/{place}/Zm9vYmFyYmF6cXV4Zm9vYmFy_-4.atom"
    record = logging.LogRecord("django.request", logging.WARNING, "file", 1, said, (address,), None)
    line = OneLine().format(record)
    assert "Zm9v" not in line
    assert f"/noc/{place}/" in line
