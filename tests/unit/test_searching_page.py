"""The page on searching says what is so: each of its examples is understood, and each word has its place on it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nocturne.core.configuration import assemble, use
from nocturne.core.configuration.standard import STANDARD_DOCUMENTS
from nocturne.core.query import CHOICES, ORDERS, SORTED, parse
from nocturne.core.query.canonical import canonical
from nocturne.core.query.vocabulary import BY_NAME
from tests.local_fields import FIELDS

PAGE = (Path(__file__).parents[2] / "docs/operators/searching.md").read_text()
EXAMPLES = re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE) + re.findall(
    r"^    (\S.*)$", PAGE, re.MULTILINE
)
NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


@pytest.mark.req("R2.1", "S18")
@pytest.mark.parametrize("text", EXAMPLES)
def test_each_example_is_understood(text: str) -> None:
    query = parse(text, now=NOW, zone="Europe/Zurich")
    assert parse(canonical(query), now=NOW, zone="Europe/Zurich") == query


def test_examples_of_a_sites_own_fields_are_understood_where_it_has_them() -> None:
    use(assemble({**STANDARD_DOCUMENTS, **FIELDS}))
    try:
        assert all(parse(each, now=NOW) for each in ("cve:CVE-2026-*", "bandwidth:>10G", "timer:<1d"))
    finally:
        use(None)


def test_every_word_stands_on_the_page() -> None:
    words = {*BY_NAME, *CHOICES["is"], *CHOICES["clock"], *ORDERS, *SORTED} - RARE
    missing = {each for each in words if not re.search(rf"\b{re.escape(each)}\b", PAGE)}
    assert not missing, "say on docs/operators/searching.md what these find"


RARE = {
    *(
        "number",
        "text",
        "escalated_to",
        "dispatched_to",
        "referred_to",
        "user_address",
        "destination_address",
    ),
    *("opened_by", "vendor_reference", "key_component", "next_action"),
    *("machine.network", "site.network", "circuit.network", "circuit.site", "stopped", "scheduled"),
}
"""What is found by a shorter word, or is clear from the others."""
