"""What is being typed at the cursor of a line."""

from __future__ import annotations

import pytest

from nocturne.core import typed
from nocturne.core.typed import Typed


@pytest.mark.req("S3")
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("|", Typed(0, 0, "", is_first=True)),
        ("47|", Typed(0, 2, "47", is_first=True)),
        ("4711 called own|er", Typed(12, 17, "own")),
        ("4711 called owner:ko|", Typed(18, 20, "ko", "owner")),
        ("4711 called owner:|kofi x", Typed(18, 22, "", "owner")),
        ('4711 x timer:"2h remind| site" owner:me', Typed(13, 29, "2h remind", "timer")),
        ('4711 x next:"call again|', Typed(12, 23, "call again", "next")),
        ("machine:cr1.aa,cr2|", Typed(15, 18, "cr2", "machine")),
        ('machine:"a,b|', Typed(8, 12, "a,b", "machine")),
        ("is:open | owner:me", Typed(8, 8, "")),
        ("-owner:an|", Typed(7, 9, "an", "owner")),
    ],
)
def test_the_word_under_the_cursor_is_found_with_its_key(line: str, found: Typed) -> None:
    cursor = line.index("|")
    assert typed.at(line.replace("|", ""), cursor) == found


def test_a_value_that_is_put_in_is_read_as_one() -> None:
    assert typed.quoted("cr1.aa") == "cr1.aa"
    assert typed.quoted("call again") == '"call again"'
    assert typed.quoted('say "now"') == r'"say \"now\""'
