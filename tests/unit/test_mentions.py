"""Whom a note asks: names that a person says, and nothing that a machine printed or somebody else wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nocturne.core.mentions import MOST, mentioned

pytestmark = pytest.mark.req("R1.2")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@kofi is the spare in Lansing?", ["kofi"]),
        ("No answer there (@kofi, @mei).", ["kofi", "mei"]),
        ("@Kofi and again @kofi", ["Kofi"]),
        ("@a.lee@lakenet.example: may we?", ["a.lee@lakenet.example"]),
        ("write to kofi@lakenet.example", []),
        ("> @kofi said so", []),
        ("    user root@cr1; @kofi", []),
        ("`@kofi` and ```@mei```", []),
        ("```\n@kofi\n```\n@mei", ["mei"]),
        ("@@kofi is nobody", []),
        ("10G @10:25", []),
        ("https://example.net/@kofi", []),
    ],
)
def test_a_name_is_asked_where_a_person_would_take_it_so(text: str, names: list[str]) -> None:
    assert mentioned(text) == names


@given(st.text(alphabet="@ab.`> \n\t-", max_size=80))
def test_whatever_is_written_names_are_names(text: str) -> None:
    found = mentioned(text)
    assert len(found) <= MOST
    assert all(name and name[0].isalpha() and f"@{name}" in text for name in found)


def test_the_twenty_first_name_is_not_read() -> None:
    assert len(mentioned(" ".join(f"@p{n}" for n in range(40)))) == MOST
