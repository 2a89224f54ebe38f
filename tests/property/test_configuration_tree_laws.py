"""Whatever a site configures, its tree of files says the same, and two trees of one configuration are one tree."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nocturne.core.configuration.difference import differences
from nocturne.core.configuration.tree import document_at, documents_in, path_of, write
from nocturne.core.configuration.whole import KINDS

NAMES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,12}", fullmatch=True)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ['"""', "''' {x}", "line\nline", "\n", "a\r\nb", "\\", "# no comment", "[queue]", 'x = "', "\x7f\0"]
    ),
)
VALUES = st.recursive(
    st.one_of(
        TEXTS,
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(
    st.one_of(
        st.just(("site", "site")),
        st.tuples(st.sampled_from([kind for kind in KINDS if kind != "site"]), NAMES),
    ),
    st.dictionaries(
        st.one_of(TEXTS, st.sampled_from(["title", "moves", "hours", "text", "retired"])), VALUES, max_size=5
    ),
    max_size=4,
)


@pytest.mark.req("R9.5")
@given(DOCUMENTS)
def test_documents_become_files_and_the_same_documents_again(documents: dict[Any, Any]) -> None:
    files = write(documents)
    again, wrongs = documents_in(files)
    assert (again, wrongs) == (documents, [])
    assert write(again) == files
    assert {document_at(path) for path in files} == documents.keys()


@given(DOCUMENTS, DOCUMENTS)
def test_there_is_a_difference_exactly_where_the_files_differ(
    before: dict[Any, Any], after: dict[Any, Any]
) -> None:
    old, new = write(before), write(after)
    differing = {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}
    assert {path_of(change.document) for change in differences(before, after)} == differing


@given(st.text(alphabet="ab[]{}=\"'\n# .1", max_size=60))
def test_a_file_that_is_no_toml_is_named_with_a_line_in_it(text: str) -> None:
    _, wrongs = documents_in({"queues/security.toml": text})
    for wrong in wrongs:
        assert wrong.refusal.code == "configuration_bad_toml"
        assert 1 <= wrong.line <= text.count("\n") + 1
