"""In which order a question is answered that asks for none."""

from __future__ import annotations

import pytest

from nocturne.core import query
from nocturne.core.query.usual import usual


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    "asked",
    [
        "is:open", "is:untaken severity:1", "is:waiting clock:vendor>4h", "is:noalarm", "is:overdue,ringing", "is:new",
        "is:open (owner:me or owner:none)", "is:untaken or is:ringing", "is:open opened:>2d limit:3",
    ],
)  # fmt: skip
def test_open_work_is_read_like_the_board(asked: str) -> None:
    assert usual(query.parse(asked)) == "priority"


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    "asked",
    [
        "", "fibre", "is:open fibre", 'is:open "fibre cut"', "is:open subject:cut", "node:cr1.aa", "severity:1",
        "-is:open", "is:open,closed", "is:open or severity:1", "is:mine", "was:owner:me is:open",
        "is:open changed:state", "parent.is:open", "is:open parent.was:state:waiting", "opened:today",
    ],
)  # fmt: skip
def test_whoever_looks_something_up_has_the_newest_first(asked: str) -> None:
    assert usual(query.parse(asked)) == "newest"
