"""What is far too large is refused before a byte of it is read."""

from __future__ import annotations

from typing import Any

import pytest

from nocturne.config.bounds import Bounded


def answered(length: str) -> str:
    said: list[str] = []

    def application(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return []

    list(
        Bounded(application, most=1000)(
            {"CONTENT_LENGTH": length}, lambda status, _headers: said.append(status)
        )
    )
    return said[0]


@pytest.mark.parametrize("length", ["", "0", "999", "1000"])
def test_an_ordinary_request_passes(length):
    assert answered(length) == "200 OK"


@pytest.mark.parametrize("length", ["1001", "9" * 40, "-1", "1e3", "١٢", "1000, 1"])
def test_a_flood_or_a_lie_about_the_length_is_refused(length):
    assert answered(length).startswith("413")
