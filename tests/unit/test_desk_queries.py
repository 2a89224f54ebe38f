"""What a desk asks for is read when it is saved, with the fields that will be there then."""

from __future__ import annotations

import pytest

from nocturne.core.configuration import current
from nocturne.core.configuration.inforce import supposing
from nocturne.core.configuration.standard import STANDARD, STANDARD_DOCUMENTS
from nocturne.core.configuration.whole import read
from nocturne.core.refusals import Invalid

pytestmark = pytest.mark.req("R1.2", "S9")

Body = dict[str, object]


def wrongs(*documents: tuple[tuple[str, str], Body]) -> list[Invalid]:
    return read({**STANDARD_DOCUMENTS, **dict(documents)})[1]


@pytest.mark.parametrize("query", ["", "queue:general", "queue:general,transit severity:1..2 -is:merged"])
def test_a_desk_may_ask_what_the_search_box_understands(query: str) -> None:
    assert wrongs((("desk", "backbone"), {"query": query})) == []


@pytest.mark.parametrize(
    ("query", "reason", "position", "suggestion"),
    [
        ("is:open ownr:anna", "unknown_key", 8, "owner"),
        ("is:open (queue:general", "bracket_not_closed", 8, None),
        ("severity:9", "unknown_value", 0, None),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place_and_a_fix(
    query: str, reason: str, position: int, suggestion: str | None
) -> None:
    [refusal] = wrongs((("desk", "backbone"), {"query": query}))
    assert refusal.code == "bad_query" and refusal.field == "desk/backbone.query"
    assert refusal.params["where"] == "desk/backbone.query"
    assert (refusal.params["reason"], refusal.params["position"]) == (reason, position)
    assert suggestion is None or suggestion in str(refusal.params["suggestion"])


def test_a_field_of_the_same_tree_is_asked_for_and_one_that_goes_is_missed() -> None:
    field: tuple[tuple[str, str], Body] = (("field", "ring"), {"kind": "text"})
    desk: tuple[tuple[str, str], Body] = (("desk", "backbone"), {"query": "ring:north"})
    assert wrongs(field, desk) == []
    [refusal] = wrongs(desk)
    assert (refusal.field, refusal.params["reason"]) == ("desk/backbone.query", "unknown_key")


def test_what_is_supposed_holds_for_whoever_supposes_it_alone() -> None:
    found, _wrongs = read({**STANDARD_DOCUMENTS, ("field", "ring"): {"kind": "text"}})
    with supposing(found):
        assert current() is found
        with supposing(STANDARD):
            assert current() is STANDARD
        assert current() is found
    assert current() is not found
