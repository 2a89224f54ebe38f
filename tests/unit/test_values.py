"""What people set by hand is checked, and what cannot be is given back with its field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nocturne.core.refusals import Invalid
from nocturne.core.values import spelt


@pytest.mark.req("R9.1")
@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("severity", "1", 1),
        ("priority", "P2", 2),
        ("severity", "s3", 3),
        ("subject", "  two \n words\x00 ", "two words"),
        ("next_action", "", None),
        ("started_at", datetime(2026, 11, 22, 3, tzinfo=UTC), "2026-11-22T03:00:00.000000Z"),
        ("type", "planned", "planned"),
    ],
)
def test_a_good_value_is_kept_in_one_spelling(name: str, given: object, kept: object) -> None:
    assert spelt(name, given) == kept


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("severity", 0),
        ("severity", "high"),
        ("priority", 9),
        ("subject", " \x00 "),
        ("subject", "x" * 301),
        ("type", "incident"),
        ("started_at", "yesterday"),
        ("started_at", datetime(2026, 11, 22, 3)),
        ("severity", None),
    ],
)
def test_a_value_that_cannot_be_names_its_field(name: str, given: object) -> None:
    with pytest.raises(Invalid) as refused:
        spelt(name, given)
    assert refused.value.field == name
