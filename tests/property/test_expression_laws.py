"""Laws of what the full-text index is asked: said in fewer words, it finds the same tickets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nocturne.core.fulltext import (
    ANY,
    OPEN,
    All,
    AnyOf,
    But,
    Expression,
    Some,
    facet,
    facets,
    holds,
    machine,
    pared,
)

QUEUES, OWNERS, WORDS = (1, 2, 3), (None, 4, 5), ("t1fibre", "t2fibre", "s1crew")

TICKETS = st.builds(
    lambda queue, owner, meaning, machines, words: (
        facets({"queue": queue, "owner": owner, "meaning": meaning}, machines) | set(words)
    ),
    st.sampled_from(QUEUES),
    st.sampled_from(OWNERS),
    st.sampled_from(["open", "waiting", "closed"]),
    st.sets(st.sampled_from([1, 2, 3])),
    st.sets(st.sampled_from(WORDS)),
)


def _some(tokens: list[str]) -> st.SearchStrategy[Expression]:
    return st.lists(st.sampled_from(tokens), max_size=3, unique=True).map(lambda each: AnyOf(tuple(each)))


ASKED: st.SearchStrategy[Expression] = st.recursive(
    st.one_of(
        _some([facet("queue", each) for each in QUEUES]),
        _some([facet("owner", each) for each in OWNERS]),
        _some([facet("meaning", "open"), facet("meaning", "waiting"), facet("state", "waiting")]),
        _some([machine(each) for each in (1, 2, 3)]),
        _some([*WORDS, ANY, OPEN]),
        st.just(AnyOf((), ("t1fi", "s"))),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: Some(tuple(parts))),
        st.builds(But, inner, inner),
    ),
    max_leaves=12,
)


@pytest.mark.req("R2.1")
@given(ASKED, st.lists(TICKETS, min_size=1, max_size=5))
def test_what_is_asked_in_fewer_words_finds_the_same(asked: Expression, tickets: list[set[str]]) -> None:
    briefly = pared(asked)
    for ticket in tickets:
        assert holds(ticket, briefly) == holds(ticket, asked)
