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
WRONG = (
    "zzzz", ">2", "9", "2026-13", ">>", "1..x", "=", "a:b", "!open", "-me", "open|waiting", "2..1", "*x",
    "x*y", "closed", "none", "*", "@x", '"', "",
)  # fmt: skip


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


OTHERWISE = {
    "severity=1": "severity:1",
    "severity = 1": "severity:1",
    "opened>2026-11-20 is:open": "opened:>2026-11-20 is:open",
    "opened > 2026-11-20 10:00": "opened:>2026-11-20 10:00",
    "is:open && owner:me": "is:open and owner:me",
    "owner:me || owner:none": "owner:me or owner:none",
    "fibre | copper": "fibre or copper",
    "fibre|copper": "(fibre or copper)",
    "!is:open": "-is:open",
    "!(is:open or owner:me)": "-(is:open or owner:me)",
    '!"fibre cut"': '-"fibre cut"',
    "*": "number:1..",
    "* is:open": "is:open",
    "is:open *": "is:open",
    "owner!=kofi": "-owner:kofi",
    "complaints>5 is:open": "has:complaints>5 is:open",
    "Queue = 'backbone' AND Subject LIKE 'fibre'": "queue:backbone AND subject:fibre",
    "Owner = '__CurrentUser__' AND Status = '__Active__'": "owner:me AND is:open",
    "Owner IS NULL AND Subject NOT LIKE '%fibre cut%'": 'owner:none AND -subject:"fibre cut"',
    "Status = 'stalled'": "is:waiting",
    "id = 4711": "number:4711",
    "(severity=1 or severity=2) owner=me": "(severity:1 or severity:2) owner:me",
    "severity:2..1": "severity:1..2",
    "opened:today..yesterday": "opened:yesterday..today",
    "number:20..1": "number:1..20",
    "affected:9..2": "affected:2..9",
    "age:2d..1d": "age:1d..2d",
    "clock:vendor:4h..1h": "clock:vendor:1h..4h",
    "cause:*fibre*": "cause:fibre",
    "is:!open": "-is:open",
    "is:-open": "-is:open",
    "has:no:owner": "-has:owner",
    "has:complaint>5": "has:complaints>5",
    "state:open|waiting": "state:open,waiting",
    "state:opne|waiting": "state:open,waiting",
    "owner:!me": "-owner:me",
    "is:open owner:-anna": "is:open -owner:anna",
    "owner:me|anna": "owner:me,anna",
    "severity:1|2": "severity:1,2",
    "priority:!1": "-priority:1",
    "complaints:>5": "has:complaints>5",
    "children:>2": "has:children>2",
    "children:4711": "parent:4711",
    "from:kofi": "changed:owner from:kofi",
    "to:closed": "changed:state to:closed",
    "to:trouble": "changed:type to:trouble",
    "from:2": "changed:severity from:2",
    "to:p1": "changed:priority to:p1",
    "from:cleo@college.example": "reporter:cleo@college.example",
    "by:anna": "changed:any by:anna",
    "status:resolved": "state:resolved",
    "status:stalled": "state:waiting",
    "status:active": "is:open",
    "assignee:me": "owner:me",
    "author:anna": "opened_by:anna",
    "requestor:cleo": "reporter:cleo",
    "created:today": "opened:today",
    "id:4711": "number:4711",
    "content:fibre": "text:fibre",
    "sort:-created": "order:-opened",
    "device:cr1.aa": "machine:cr1.aa",
    "host:cr1.aa": "machine:cr1.aa",
    "attachment:trace": "file:trace",
    "has:attachments": "has:files",
    "is:unassigned": "is:untaken",
    "older_than:2d": "age:>2d",
    "newer_than:2d is:open": "age:<2d is:open",
}
"""What people are used to type elsewhere, and how it is asked here."""


@pytest.mark.parametrize(("typed", "meant"), OTHERWISE.items())
def test_what_is_written_otherwise_elsewhere_is_refused_with_what_was_meant(typed: str, meant: str) -> None:
    with with_fields():
        refused = refusal(typed)
        assert refused is not None
        assert mended(typed, refused)[0] == meant
        assert refusal(meant) is None


@pytest.mark.parametrize(
    "typed", ["*ibre", "cr*.aa", "fi?re", "node:cr*.aa", "is:open subject:*ibre", "was:node:c*1"]
)
def test_a_star_that_stands_elsewhere_than_at_the_end_is_refused(typed: str) -> None:
    refused = refusal(typed)
    assert refused is not None
    assert refused.params["reason"] == "star_within" or typed == "is:open subject:*ibre"
    for each in mended(typed, refused):
        assert refusal(each) is None, each
    assert refused.params["examples"]


@pytest.mark.parametrize(
    "typed",
    [
        "https://noc.example/?a=1&b=2", "foo=1", "down!", "down?", '"a && b"', 'owner:"x*y"', 'owner:"x*y"*',
        'text:"x*y"*', '"x*y"*', 'was:owner:"x*y"',
        'owner:"!me"', 'owner:"a|b"', "fib*", "age:>2h",
        'cause:"a | b"', "opened:mon..fri", "opened:fri..mon", "due:fri..mon", "opened:3d..1d", "opened:1d..3d",
    ],
)  # fmt: skip
def test_what_may_be_meant_as_it_stands_is_read_as_it_stands(typed: str) -> None:
    assert refusal(typed) is None


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
        if refused is None or refused.params["reason"] == "quote_not_closed":
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
