"""Whoever writes a value of a query wrongly is shown how it is written, and what is shown is understood."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nocturne.core.configuration.inforce import supposing
from nocturne.core.configuration.standard import STANDARD, STANDARD_DOCUMENTS
from nocturne.core.configuration.whole import read
from nocturne.core.fieldvalues import KINDS
from nocturne.core.query import keys, parse
from nocturne.core.query.vocabulary import SPELLINGS, UNLINKED, key_of
from nocturne.core.refusals import Invalid
from nocturne.desk import wording

pytestmark = pytest.mark.req("R2.1")

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIELDS = {f"f-{kind.replace(' ', '-')}": kind for kind in KINDS}
DOCUMENTS: dict[tuple[str, str], dict[str, Any]] = {
    ("field", name): {"kind": kind, "strict": True}
    | ({"choices": [{"value": "north ring"}, {"value": "south"}]} if kind == "choice" else {})
    for name, kind in FIELDS.items()
}
WRONG = ("zzzz", ">2", "9", "2026-13", ">>", "1..x", "=", "a:b", "none", "*", "@x", '"', "")


def with_fields() -> Any:
    found, wrongs = read({**STANDARD_DOCUMENTS, **DOCUMENTS})
    assert not wrongs, wrongs
    return supposing(found)


def refusal(text: str) -> Invalid | None:
    try:
        parse(text, now=NOW)
    except Invalid as refused:
        return refused
    return None


def mended(text: str, refused: Invalid) -> list[str]:
    """Give what the refusal says would be understood: the fix in its place, and each example."""
    start, end = refused.params["span"]
    suggestion = refused.params["suggestion"]
    fixed = [f"{text[:start]}{suggestion}{text[end:]}"] if suggestion else []
    return fixed + refused.params.get("examples", [])


KEYS = sorted({*SPELLINGS, *FIELDS, "tag", "parent.age", "depends.parent.severity", "reporter.organisation"})
PASTS = [f"was:{name}" for name in ("severity", "state", "parent", "owner")] + [
    "changed:state to", "changed:severity from", "changed:any to", "changed:machine from", "changed:any after",
    "changed:any before", "changed:any by",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    key=st.sampled_from([*KEYS, *PASTS]),
    wrong=st.sampled_from(WRONG) | st.text("abz019<>=.-*:@,", max_size=6),
)
def test_every_refusal_of_a_value_shows_what_is_understood(key: str, wrong: str) -> None:
    with with_fields():
        text = f"{key}:{wrong}"
        refused = refusal(text)
        if refused is None or refused.params["reason"] in ("quote_not_closed", "beside_nothing"):
            return
        shown = mended(text, refused)
        assert shown, refused.params
        for each in shown:
            assert refusal(each) is None, (text, each)
        assert any(f"“{each}”" in wording.refusal(refused) for each in [refused.params["suggestion"], *shown])


@pytest.mark.parametrize("key", [*KEYS, *PASTS])
def test_a_key_without_a_value_is_shown_with_one(key: str) -> None:
    with with_fields():
        refused = refusal(f"{key}:")
        assert refused is not None
        for each in mended(f"{key}:", refused):
            assert refusal(each) is None, each


@pytest.mark.parametrize(
    "text",
    [
        *(f"{name}.zzzz:x" for name in sorted({each for each in SPELLINGS if "." not in each})),
        "machine.vendor:Norlink", "node.vendor:x", "circuit.machine:cr1.aa", "owner.name:kofi", "children.zz:1",
        "children.severity:1", "parent.order:newest", "parent.parent.parent.parent.parent.state:open",
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_refused_and_shown_one_that_does(text: str) -> None:
    with with_fields():
        refused = refusal(text)
        assert refused is not None
        first = SPELLINGS.get(text.partition(".")[0], "")
        shown = mended(text, refused)
        assert shown or key_of(first).form in UNLINKED, refused.params
        for each in shown:
            assert refusal(each) is None, each


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "machine.vendor:Norlink",
            (
                "“machine.vendor:” is no word of the search. "
                "Try “machine.site:NAME” or “machine.network:NAME”. (Character 1.)"
            ),
        ),
        ("age:>2", "age: cannot be “>2”. Try “age:>2h” or “age:>2d”. (Character 5.)"),
        (
            "opened:2026-13",
            "opened: cannot be “2026-13”. Try “opened:yesterday”, “opened:2026-11” or “opened:>2d”. (Character 8.)",
        ),
        (
            "is:open severity:9",
            "severity: cannot be “9”. Try “severity:1”, “severity:1..2” or “severity:<=2”. (Character 18.)",
        ),
        (
            "timer:bogus",
            "timer: cannot be “bogus”. Try “timer:today”, “timer:<2h” or “timer:2026-12-01”. (Character 7.)",
        ),
        ("is:opn", "is: cannot be “opn”. Is “open” meant? (Character 4.)"),
        ("limit:many", "limit: cannot be “many”. Try “limit:20”. (Character 7.)"),
        (
            "was:severity:9",
            "severity: cannot be “9”. Try “was:severity:1”. (Character 14.)",
        ),
    ],
)
def test_a_wrong_value_is_said_with_its_place_and_how_it_is_written(text: str, says: str) -> None:
    refused = refusal(text)
    assert refused is not None
    assert wording.refusal(refused) == says


def test_what_a_key_of_nobody_is_called_by_is_not_shown_as_a_value() -> None:
    with supposing(STANDARD):
        refused = refusal("zzzq:3")
    assert refused is not None
    assert "examples" not in refused.params
    assert "zzzq" not in keys()
