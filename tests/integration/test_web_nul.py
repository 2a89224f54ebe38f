"""A NUL in what was sent breaks no page, signed on or not."""

from __future__ import annotations

import pytest
from django.test import Client

from nocturne.desk import charts
from tests.cast import PASSWORD, Cast


@pytest.mark.parametrize("field", ["name", "password"])
def test_signing_on_with_a_nul_is_refused_like_any_other(cast: Cast, field: str) -> None:
    given = {"name": "anna", "password": "wrong"} | {field: "an\0na"}
    assert Client().post("/sign-on", given).status_code < 500


def test_words_with_a_nul_are_kept_without_it(cast: Cast, trouble: int) -> None:
    browser = Client()
    browser.post("/sign-on", {"name": "anna", "password": PASSWORD})
    for path in (
        f"/tickets/{trouble}?before=%00",
        f"/tickets/{trouble}/entries?after=%00",
        "/search?q=a%00b",
    ):
        assert browser.get(path).status_code < 500, path
    assert browser.post("/line", {"line": f"{trouble} called\0 site machine:c\0r1.aa"}).status_code < 500
    assert "\0" not in str(charts.entries(trouble, cast.anna).entries)
