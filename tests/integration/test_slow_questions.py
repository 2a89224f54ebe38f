"""A question that takes too long is given up: nobody's page waits for it, and what was typed is still there."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.db.models import BigIntegerField, Q
from django.db.models.expressions import RawSQL

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import TakesTooLong
from nocturne.desk import clock, exports, finding, savedviews, viewacts, viewcounts
from nocturne.desk.viewacts import Wanted
from nocturne.store import deadlines, search
from nocturne.store.models import Ticket
from tests.caller import caller
from tests.cast import Cast
from tests.visitor import Visitor

WEB = Door.WEB
FOR_EVER = 2_000_000_000
TYPED = "restored:none number:1..999999999"
"""No index of columns answers it, so that the tickets are asked."""


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let every question of the tickets count to a number first, and be given up after a fifth of a second."""
    counted_to = {"number": FOR_EVER, "asked": 0}
    asked = search.where

    def where(*given: Any, **also: Any) -> Q:
        counted_to["asked"] += 1
        counting = (
            "SELECT n FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < %s)"
            " SELECT max(n) AS n FROM c) counted"
        )
        number = RawSQL(counting, [counted_to["number"]], output_field=BigIntegerField())
        return asked(*given, **also) & Q(pk__lt=number)

    monkeypatch.setattr(search, "where", where)
    monkeypatch.setattr(deadlines, "QUESTION", 0.2)
    return counted_to


@pytest.mark.req("R2.1", "R16.1")
def test_a_question_that_takes_too_long_is_given_up_and_the_next_one_is_answered(
    anna: Actor, trouble: int, slow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    for ask in (finding.page, finding.counted):
        with pytest.raises(TakesTooLong) as refused:
            ask(anna, finding.ask(TYPED, anna, now=now), now=now)
        assert (refused.value.code, refused.value.field) == ("takes_too_long", "query")
    slow["number"] = 10_000
    monkeypatch.setattr(deadlines, "QUESTION", 60.0)
    assert [row["number"] for row in finding.page(anna, finding.ask(TYPED, anna, now=now), now=now).rows] == [
        trouble
    ]
    assert Ticket.objects.filter(pk=trouble).exists()


@pytest.mark.req("R2.1")
def test_the_page_says_so_and_keeps_what_was_typed(cast: Cast, trouble: int, slow: Any) -> None:
    visitor = Visitor("anna")
    answer = visitor.get(f"/search?q={TYPED}")
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "This question takes too long" in page
    assert "Narrow it" in page
    assert f'value="{TYPED}"' in page
    counted = visitor.get(f"/search/count?q={TYPED}").json()
    assert counted["count"] is None
    assert visitor.get("/").status_code == 200, "the next page is there"


@pytest.mark.req("R16.1", "R15.9")
def test_programs_are_told_by_a_status_and_a_code(anna: Actor, trouble: int, slow: Any) -> None:
    ask = caller(anna)
    for path in (f"/tickets?q={TYPED}", f"/tickets/count?q={TYPED}"):
        problem = ask.get(path)
        assert (ask.status, problem["code"], problem["field"]) == (422, "takes_too_long", "query")
        assert "Narrow it" in problem["detail"]


@pytest.mark.req("R2.1")
def test_a_view_whose_count_takes_too_long_is_shown_without_one_and_not_counted_again_at_once(
    anna: Actor, trouble: int, slow: Any
) -> None:
    view = viewacts.create(Wanted("Not restored", TYPED), by=anna, door=WEB)
    viewcounts.forget()
    view = savedviews.named(view.key, anna)
    assert viewcounts.count(view, anna) is None
    asked = slow["asked"]
    assert viewcounts.count(view, anna) is None
    assert slow["asked"] == asked
    viewcounts.forget()


@pytest.mark.req("R2.1")
def test_a_file_that_is_taken_away_has_more_time(cast: Cast, trouble: int, slow: Any) -> None:
    slow["number"] = 3_000_000
    with pytest.raises(TakesTooLong):
        finding.page(cast.mei, finding.ask(TYPED, cast.mei, now=clock.now()), now=clock.now())
    taken = exports.take(TYPED, "csv", by=cast.mei, door=WEB)
    assert len(b"".join(taken.pieces).splitlines()) == 2
