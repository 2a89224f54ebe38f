"""What could come next in a query."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from nocturne.core.query.completing import complete

NAMES = {
    "machine": ["cr1.aa", "cr2.chi"],
    "person": ["anna", "kofi"],
    "site": ["Ann Arbor"],
    "group": ["backbone"],
    "organisation": ["Lansing College"],
}


def names(kind: str, part: str) -> Iterable[str]:
    return [each for each in NAMES.get(kind, ()) if each.lower().startswith(part.lower())]


def offered(text: str, at: int | None = None, hidden: frozenset[str] = frozenset()) -> list[str]:
    """List what the text could become."""
    found = complete(
        text, len(text) if at is None else at, reads=lambda name: name not in hidden, names=names
    )
    return [text[: each.start] + each.text + text[each.end :] for each in found]


@pytest.mark.req("R16.1", "R2.1")
@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", "is:"),
        ("sev", "severity:"),
        ("is:open own", "is:open owner:"),
        ("is:op", "is:open"),
        ("ope", "is:open"),
        ("state:open,wai", "state:open,waiting"),
        ("node:cr", "node:cr1.aa"),
        ("-(node:cr1.aa or node:cr", "-(node:cr1.aa or node:cr2.chi"),
        ("cr", "machine:cr1.aa"),
        ("site:ann", 'site:"Ann Arbor"'),
        ("owner:m", "owner:me"),
        ("owner:no", "owner:none"),
        ("owner:@back", "owner:@backbone"),
        ("clock:ven", "clock:vendor"),
        ("opened:yes", "opened:yesterday"),
        ("was:own", "was:owner:"),
        ("was:owner:ko", "was:owner:kofi"),
        ("changed:sta", "changed:state"),
        ("has:compl", "has:complaints"),
        ("parent.sta", "parent.state:"),
        ("parent.state:wai", "parent.state:waiting"),
        ("order:-open", "order:-opened"),
        ("group:que", "group:queue"),
        ("changed:state to:", "changed:state to:waiting"),
        ("changed:state after:1d to:w", "changed:state after:1d to:waiting"),
        ("changed:severity from:", "changed:severity from:1"),
        ("changed:owner from:", "changed:owner from:kofi"),
        ("changed:owner to:n", "changed:owner to:none"),
        ("changed:node from:cr", "changed:node from:cr1.aa"),
        ("changed:state ", "changed:state after:"),
        ("changed:state ", "changed:state to:"),
        ("-changed:state after:1d ", "-changed:state after:1d by:"),
        ("has:complaints>", "has:complaints>5"),
        ("has:machines:", "has:machines:2"),
        ("customer:lans", 'customer:"Lansing College"'),
        ("affected:lans", 'affected:"Lansing College"'),
        ("reporter.organisation:", 'reporter.organisation:"Lansing College"'),
        ("opened:", "opened:yesterday"),
        ("due:", "due:tomorrow"),
    ],
)
def test_whoever_types_is_offered_what_could_come_next(typed: str, wanted: str) -> None:
    assert wanted in offered(typed)


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    ("typed", "unwanted"),
    [
        ("changed:state to:", "changed:state to:me"),
        ("changed:owner from:", "changed:owner from:waiting"),
        ("opened:", "opened:tomorrow"),
        ("due:", "due:yesterday"),
    ],
)
def test_what_cannot_be_is_not_offered(typed: str, unwanted: str) -> None:
    assert unwanted not in offered(typed)


def test_the_word_at_the_cursor_is_replaced_and_the_others_stay() -> None:
    assert "is:open severity:1" in offered("is:op severity:1", 5)
    assert "is:waiting severity:1" not in offered("is:op severity:1", 5)


@pytest.mark.req("R16.5")
def test_a_key_that_somebody_may_not_read_is_not_offered_nor_are_its_values() -> None:
    assert "owner:" not in offered("own", hidden=frozenset({"owner"}))
    assert offered("owner:ko", hidden=frozenset({"owner"})) == []
    assert "is:mine" not in offered("is:m", hidden=frozenset({"owner"}))
    assert "was:owner:" not in offered("was:o", hidden=frozenset({"owner"}))
    assert "parent.owner:" not in offered("parent.o", hidden=frozenset({"owner"}))
    assert "changed:owner to:kofi" not in offered("changed:owner to:k", hidden=frozenset({"owner"}))
