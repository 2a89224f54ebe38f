"""How many a ticket hits puts it before others, and says so where its priority stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import charts, finding
from nocturne.desk.terms import Affected, Opening
from nocturne.store import books, repair
from nocturne.store.models import Ticket
from tests.cast import Cast
from tests.command import Nocturne
from tests.configured import in_force

WEB = Door.WEB
pytestmark = pytest.mark.django_db
COLLEGES = ("Lansing College", "Flint College", "Detroit College", "Ann Arbor College")


@pytest.fixture
def night(anna: Actor) -> dict[str, int]:
    """Three troubles of one priority: the oldest hits one, the next many, the last nobody."""
    found = {}
    for name, hit in (("one", 1), ("many", 4), ("none", 0)):
        hits = [Affected("customer", college) for college in COLLEGES[:hit]]
        new = Opening(subject=f"Down for {name}", text="It is down.", affected=hits)
        found[name] = desk.open(new, by=anna, door=WEB).number
    return found


def listed(
    actor: Actor, text: str = "is:open", order: str = "priority", limit: int = 50
) -> list[dict[str, Any]]:
    now = timezone.now()
    asked = finding.ask(text, actor, now=now)
    rows, after = [], None
    while True:
        page = finding.page(actor, asked, now=now, order=order, after=after, limit=limit)
        rows += page.rows
        if page.after is None:
            return rows
        after = page.after


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    return [row["number"] for row in rows]


@pytest.mark.req("R2.1", "R2.2")
def test_what_hits_many_stands_before_its_like_a_row_at_a_time_and_in_groups(
    anna: Actor, night: dict[str, int]
) -> None:
    wanted = [night["many"], night["one"], night["none"]]
    assert numbers(listed(anna)) == wanted
    assert numbers(listed(anna, limit=1)) == wanted
    assert numbers(listed(anna, text="down")) == wanted
    assert numbers(listed(anna, text="queue:general", limit=2)) == wanted
    assert numbers(listed(anna, text="is:open group:queue order:priority", order="", limit=1)) == wanted
    assert numbers(listed(anna, order="affected", limit=1)) == wanted
    assert numbers(listed(anna, order="-affected")) == [night["one"], night["many"], night["none"]]
    desk.change(night["one"], {"priority": 1}, by=anna, door=WEB)
    assert numbers(listed(anna))[0] == night["one"]


@pytest.mark.req("R2.1", "R10.2")
def test_who_is_well_again_counts_no_more(anna: Actor, night: dict[str, int]) -> None:
    many = night["many"]
    hits = charts.chart(many, anna).affected
    assert [row["raised"] for row in listed(anna)] == [4, 0, 0]
    over = Affected(
        "customer", hits[0]["name"], start=timezone.now() - timedelta(hours=1), end=timezone.now()
    )
    desk.affected(many, over, key=hits[0]["key"], by=anna, door=WEB)
    desk.affected(many, None, key=hits[1]["key"], by=anna, door=WEB)
    assert numbers(listed(anna))[0] == night["one"]
    row = next(row for row in listed(anna) if row["number"] == many)
    assert (row["affected_count"], row["raised"]) == (2, 0)
    assert books.first_difference(many) is None


@pytest.mark.req("S18", "R10.2")
def test_how_many_are_hit_can_be_asked_for(anna: Actor, night: dict[str, int]) -> None:
    def found(text: str) -> set[int]:
        return set(numbers(listed(anna, text=text)))

    assert found("affected:>2") == {night["many"]}
    assert found("affected:1..3") == {night["one"]}
    assert found("affected:<2") == {night["one"], night["none"]}
    assert found('affected:"Lansing College"') == {night["one"], night["many"]}
    assert found('affected:>3,"Lansing College"') == {night["one"], night["many"]}


@pytest.mark.req("S5")
def test_a_count_that_was_changed_by_hand_is_found_and_set_right(
    night: dict[str, int], nocturne: Nocturne
) -> None:
    many = night["many"]
    Ticket.objects.filter(pk=many).update(affected_count=99, raised=99)
    said = nocturne("refold", "--check")
    assert said.code != 0
    assert "affected_count" in said.out
    assert "affected_count" in repair.repair(many)
    assert Ticket.objects.values_list("affected_count", "raised").get(pk=many) == (4, 4)
    assert nocturne("refold", "--check").code == 0


@pytest.mark.req("R2.1", "R7.1")
def test_who_may_not_read_everywhere_whom_it_hits_is_not_told_by_the_order(
    cast: Cast, night: dict[str, int]
) -> None:
    with in_force({("field", "affected"): {"class": "restricted"}}):
        wanted = [night["one"], night["many"], night["none"]]
        assert numbers(listed(cast.anna)) == wanted
        assert numbers(listed(cast.anna, limit=1)) == wanted
        assert numbers(listed(cast.anna, text="down", limit=1)) == wanted
        assert (
            numbers(listed(cast.anna, text="is:open group:queue order:priority", order="", limit=1)) == wanted
        )
