"""After an upgrade the worker makes the index of the past, while everybody works: no turn is lost, none is doubled."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from typer.testing import CliRunner

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import clock, finding
from nocturne.desk.terms import Extra, Opening
from nocturne.doors.cli import indexes
from nocturne.store import pastbuilding, pasts
from nocturne.store.lists import Rows
from nocturne.store.models import ClockTotal, PastState, Ticket, Turn
from nocturne.watch import indexing
from tests.caller import caller
from tests.cast import Cast
from tests.visitor import Visitor

WEB = Door.WEB
TAKEN = "was:owner:none owner:anna"


@pytest.fixture
def upgraded(cast: Cast, anna: Actor) -> list[int]:
    """Five tickets that anna took, in a house that comes from before there was an index of the past."""
    numbers = []
    for place in range(5):
        numbers.append(desk.open(Opening(subject=f"Fault {place}"), by=anna, door=WEB).number)
        desk.take(numbers[-1], by=anna, door=WEB)
    Turn.objects.all().delete()
    ClockTotal.objects.all().delete()
    PastState.objects.all().delete()
    _begin()
    return numbers


def _begin() -> None:
    import_module("nocturne.store.migrations.0029_past_state").begin(apps, None)


def found(actor: Actor, text: str) -> Rows:
    now = clock.now()
    return finding.page(actor, finding.ask(text, actor, now=now), now=now)


@pytest.mark.req("R16.1")
def test_the_newest_are_found_first_and_questions_say_that_old_ones_are_missing(
    anna: Actor, upgraded: list[int]
) -> None:
    first, *_, last = upgraded
    assert PastState.objects.get().below == max(upgraded) + 1
    assert found(anna, "changed:owner").building
    assert not found(anna, "owner:anna").building, "what does not look into the past is whole"
    assert pastbuilding.step(2) == 2
    page = found(anna, "changed:owner")
    assert [row["number"] for row in page.rows] == [last, last - 1]
    assert page.building
    assert caller(anna).get("/tickets?q=changed:owner")["is_index_building"]
    assert "is still being made" in Visitor("anna").text("/search?q=changed:owner")
    assert pastbuilding.run() == 3
    page = found(anna, "changed:owner")
    assert [row["number"] for row in page.rows] == sorted(upgraded, reverse=True)
    assert not page.building
    assert first in {row["number"] for row in page.rows}


@pytest.mark.req("R16.1")
def test_what_is_written_meanwhile_is_neither_lost_nor_doubled(anna: Actor, upgraded: list[int]) -> None:
    first, *_, last = upgraded
    pastbuilding.step(2)
    for number in (first, last):
        desk.update(number, "called", by=anna, door=WEB, extra=Extra(fields={"severity": 1}))
    new = desk.open(Opening(subject="A new one"), by=anna, door=WEB).number
    desk.take(new, by=anna, door=WEB)
    assert not Turn.objects.filter(ticket=first).exists(), (
        "it is made when its turn comes, from all of its entries"
    )
    while pastbuilding.step(1):
        pass
    numbers = [*upgraded, new]
    assert pasts.differing(numbers) == []
    for number in (first, last):
        assert Turn.objects.filter(ticket=number, column="severity").count() == 1
        assert Turn.objects.filter(ticket=number, column="owner").count() == 1
    assert ClockTotal.objects.filter(ticket__in=numbers, since__isnull=False).count() == len(numbers)


@pytest.mark.req("R16.1")
def test_a_step_that_is_broken_off_is_made_once_more(
    anna: Actor, upgraded: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = pasts.rebuild

    def broken(numbers: list[int]) -> None:
        made(numbers)
        raise KeyboardInterrupt

    pastbuilding.step(2)
    monkeypatch.setattr(pasts, "rebuild", broken)
    with pytest.raises(KeyboardInterrupt):
        pastbuilding.step(2)
    monkeypatch.setattr(pasts, "rebuild", made)
    assert PastState.objects.get().below == upgraded[-2]
    assert pastbuilding.run() == 3
    assert pasts.differing(upgraded) == []
    assert Turn.objects.filter(column="owner").count() == len(upgraded)


@pytest.mark.req("R16.1")
def test_the_worker_makes_it_by_itself_and_reindex_at_once(anna: Actor, upgraded: list[int]) -> None:
    indexing.turn()
    assert PastState.objects.get().below == 0
    assert pasts.differing(upgraded) == []
    Turn.objects.all().delete()
    PastState.objects.update(below=max(upgraded) + 1)
    said = CliRunner().invoke(indexes.app, ["history"])
    assert said.exit_code == 0, said.output
    assert "history: 5 tickets" in said.output
    assert pasts.differing(upgraded) == []


@pytest.mark.req("R16.1")
def test_a_house_in_which_it_was_filled_by_an_earlier_edition_is_left_alone(
    anna: Actor, trouble: int
) -> None:
    PastState.objects.all().delete()
    _begin()
    assert PastState.objects.get().below == 0
    assert pastbuilding.step() == 0
    assert Ticket.objects.exists()


@pytest.mark.req("R16.1")
def test_a_new_house_has_nothing_to_make(cast: Cast) -> None:
    Ticket.objects.all().delete()
    PastState.objects.all().delete()
    _begin()
    assert PastState.objects.get().below == 0
