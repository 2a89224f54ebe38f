"""Where a page of the timeline ends tells nobody how much lies there that they may not read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import Extra, Opening, accounts, configuring, timeline
from nocturne.store import configured
from nocturne.store import timeline as walking
from tests.caller import caller
from tests.cast import Cast, account
from tests.unit.test_configuration import SECURITY
from tests.visitor import Visitor

pytestmark = pytest.mark.req("S17", "R16.5")

WEB = Door.WEB
NIGHT = datetime(2026, 11, 2, 22, tzinfo=UTC)


@pytest.fixture
def hour(db: None) -> Any:
    with time_machine.travel(NIGHT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sam(hour: Any, cast: Cast, ada: Actor) -> Actor:
    configuring.change(SECURITY, by=ada, door=WEB)
    configured.refresh()
    return accounts.actor_of(account("sam", "csirt"))


def opened(queue: str, by: Actor) -> int:
    return desk.open(Opening(subject="Fan", queue=queue), by=by, door=WEB).number


def pages(reader: Actor, **asked: Any) -> list[tuple[list[str], bool, datetime | None]]:
    """All pages that somebody turns, without their sealed places."""
    found, after = [], ""
    while True:
        page = timeline.page(reader, timeline.Asked(**asked), now=datetime.now(UTC), after=after, limit=3)
        found.append(([each.view.address for each in page.lines], page.is_tired, page.reached))
        if not page.after:
            return found
        after = page.after


def test_hidden_entries_move_the_end_of_no_page(
    hour: Any, cast: Cast, sam: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "STEP", 4)
    monkeypatch.setattr(walking, "FURTHEST", 8)
    number, mine = opened("general", cast.anna), opened("security", sam)
    for _ in range(5):
        hour.shift(timedelta(days=5))
        desk.update(number, "still", by=cast.anna, door=WEB)
        desk.update(mine, "still", by=sam, door=WEB)
    hour.shift(timedelta(days=1))
    readers = (sam, cast.anna, cast.mei)
    limited, plain = pages(sam), pages(cast.anna)
    assert sum(len(lines) for lines, *_ in limited) == 6 and any(tired for _, tired, _ in limited)
    assert sum(len(lines) for lines, *_ in plain) == 6
    secret = Extra(data_class=DataClass.RESTRICTED)
    for back in range(0, 26, 2):
        hour.move_to(NIGHT + timedelta(days=26) - timedelta(days=back))
        for _ in range(6):
            desk.update(number, "in confidence", by=cast.mei, door=WEB, extra=secret)
    hour.move_to(NIGHT + timedelta(days=26))
    assert pages(sam) == limited and pages(cast.anna) == plain
    assert len(pages(cast.mei)) > len(plain)
    assert all(timeline.mark(reader) for reader in readers)


def test_who_sees_not_all_tickets_looks_back_a_week_at_a_time_to_the_first_day_of_the_house(
    hour: Any, cast: Cast, sam: Actor
) -> None:
    opened("general", cast.anna)
    hour.shift(timedelta(days=20))
    mine = opened("security", sam)
    hour.shift(timedelta(days=10))
    now = datetime.now(UTC)
    found = pages(sam)
    assert [len(lines) for lines, *_ in found] == [0, 1, 0, 0, 0]
    assert [reached for *_, reached in found[:-1]] == [
        now - timedelta(days=7 * each) for each in (1, 2, 3, 4)
    ]
    assert found[-1][1:] == (False, None)
    assert [len(lines) for lines, *_ in pages(sam, since=now - timedelta(days=5))] == [0]
    assert len(pages(cast.mei)) == 5, "a queue is hidden from her as well"
    page = Visitor("sam").text("/timeline")
    assert "Looked back until" in page and "Look further back" in page
    told = caller(sam).get("/timeline")
    assert told["is_tired"] and told["entries"] == [] and told["reached"].startswith("2026-11-25T22:00")
    further = caller(sam).get(f"/timeline?after={told['after']}")
    assert [each["ticket"] for each in further["entries"]] == [mine]


def test_a_timeline_that_showed_nothing_hears_of_what_is_new_alone(hour: Any, cast: Cast, sam: Actor) -> None:
    mine = opened("security", sam)
    hour.shift(timedelta(days=30))
    page = timeline.page(sam, timeline.Asked(), now=datetime.now(UTC))
    assert page.lines == []
    hour.shift(timedelta(minutes=1))

    def heard() -> int:
        return timeline.newer(sam, timeline.Asked(), page.mark, now=datetime.now(UTC))

    assert heard() == 0
    opened("general", cast.anna)
    for _ in range(3):
        desk.update(opened("general", cast.anna), "x", by=cast.mei, door=WEB)
    assert heard() == 0
    desk.update(mine, "smoke", by=sam, door=WEB)
    assert heard() == 1


def test_where_a_page_is_full_of_ones_own_hidden_entries_move_no_end_either(
    hour: Any, cast: Cast, sam: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "STEP", 4)
    monkeypatch.setattr(walking, "FURTHEST", 6)
    number, mine = opened("general", cast.anna), opened("security", sam)
    for minute in range(20):
        hour.move_to(NIGHT + timedelta(minutes=5 + 5 * minute))
        desk.update(mine, "still", by=sam, door=WEB)
    asked = {"who": "nobody"}
    before = pages(sam, **asked)
    assert any(reached for _lines, _tired, reached in before)
    for minute in range(7, 90, 5):
        hour.move_to(NIGHT + timedelta(minutes=minute))
        desk.update(number, "quiet", by=cast.anna, door=WEB)
    hour.move_to(NIGHT + timedelta(minutes=5 + 5 * 19))
    assert pages(sam, **asked) == before, "neither how far it looked back, nor in how many pages"


def test_what_is_hidden_takes_no_room_among_what_is_newer(
    hour: Any, cast: Cast, sam: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "STEP", 4)
    number, mine = opened("general", cast.anna), opened("security", sam)
    hour.shift(timedelta(minutes=1))
    mark = timeline.page(sam, timeline.Asked(), now=datetime.now(UTC)).mark
    hour.shift(timedelta(minutes=1))
    desk.update(mine, "news", by=sam, door=WEB)
    for _ in range(12):
        hour.shift(timedelta(minutes=1))
        desk.update(number, "hidden from sam", by=cast.anna, door=WEB)
    assert timeline.newer(sam, timeline.Asked(), mark, now=datetime.now(UTC)) == 1
