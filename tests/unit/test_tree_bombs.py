"""A tree that was made to keep its reader busy is refused at once, with the line that is to blame."""

from __future__ import annotations

import time

import pytest

from nocturne.core.configuration import tree

PATH = "queues/general.toml"


@pytest.mark.req("R9.5")
@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 100_000,
        ".".join(["a"] * 150_000) + " = 1",
        "x = {" + ".".join(["a"] * 150_000) + " = 1}",
        "[" + ".".join(["a"] * 150_000) + "]",
        "a = " + "9" * 5_000,
        "\n".join(f"k{number} = {number}" for number in range(5_000)),
    ],
)
def test_a_bomb_is_refused_before_it_costs_anything(text: str) -> None:
    began = time.monotonic()
    wrongs = tree.problems({PATH: text})
    assert time.monotonic() - began < 5
    assert 0 < len(wrongs) <= tree.MOST_WRONGS
    assert wrongs[0].file == PATH


def test_many_dots_in_a_text_are_no_bomb() -> None:
    assert tree.documents_in({PATH: 'title = "' + "." * 1_000 + '"'})[1] == []
