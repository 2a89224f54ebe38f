"""Anna says when she wants to be told of what, and where to; her nights are quiet, and nothing is lost by it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import admitting, ways
from nocturne.store.models import Notice, User
from nocturne.watch import holding, post
from tests.cast import Cast
from tests.post import PostOffice

pytestmark = pytest.mark.usefixtures("as_if_committed", "sink")

ANNA = "anna@lakenet.example"
WEB = Door.WEB


@pytest.fixture
def hers(trouble: int, anna: Actor) -> int:
    """Anna's own trouble."""
    desk.take(trouble, by=anna, door=WEB)
    return trouble


def letters(office: PostOffice, address: str = ANNA) -> list[EmailMessage]:
    """This will let what is due leave, and give what somebody got."""
    office.follow()
    holding.release()
    for _ in range(50):
        if post.turn() > 0:
            break
    assert office.sink is not None
    return office.sink.to(address)


def choose(name: str, *, quiet: tuple[time, time] | None = None, **told: str) -> None:
    user = User.objects.get(name=name)
    ways.choose(user, told, quiet=quiet, by=desk.alarms.MACHINERY, door=WEB)


def at(when: str) -> Any:
    """This will stand at an instant of a December night, in UTC."""
    return time_machine.travel(datetime.fromisoformat(f"2026-12-{when}").replace(tzinfo=UTC), tick=True)


def says(number: int, text: str, by: Actor) -> None:
    desk.update(number, text, by=by, door=WEB)


@pytest.mark.req("R15.5", "S6")
def test_who_wants_none_of_it_is_told_nothing_and_who_is_sent_is_told_all_the_same(
    office: PostOffice, hers: int, kofi: Actor
) -> None:
    choose("anna", update="never", owner="never")
    says(hers, "line card swapped", kofi)
    assert letters(office) == []
    desk.dispatch(hers, "anna", by=kofi, door=WEB)
    [letter] = letters(office)
    assert "sends you" in letter.get_content()


@pytest.mark.req("R15.5", "S6")
def test_news_of_a_day_come_in_one_mail_in_the_morning_of_their_reader(
    office: PostOffice, hers: int, kofi: Actor, mei: Actor
) -> None:
    User.objects.filter(name="anna").update(zone="America/Detroit")
    choose("anna", update="daily")
    with at("01 15:00"):
        for number in range(3):
            says(hers, f"news {number}", kofi)
        assert letters(office) == []
        assert set(Notice.objects.filter(address=ANNA).values_list("state", flat=True)) == {"held"}
    with at("02 11:59"):
        assert letters(office) == [], "it is not seven in Detroit yet"
    with at("02 12:01"):
        [letter] = letters(office)
        assert letter["Subject"] == "[lakenet] 3 updates"
        body = letter.get_content()
        assert [f"news {number}" in body for number in range(3)] == [True] * 3
        assert letters(office) == [letter]
    states = sorted(Notice.objects.filter(address=ANNA).values_list("state", flat=True))
    assert states == ["carried", "carried", "sent"]


@pytest.mark.req("R15.5")
def test_in_quiet_hours_nothing_is_mailed_and_afterwards_it_is(
    office: PostOffice, hers: int, kofi: Actor
) -> None:
    choose("anna", quiet=(time(22), time(6, 30)))
    with at("01 21:59"):
        says(hers, "before", kofi)
        assert len(letters(office)) == 1
    with at("01 23:00"):
        says(hers, "in the night", kofi)
        assert len(letters(office)) == 1
    with at("02 05:00"):
        says(hers, "towards morning", kofi)
        desk.dispatch(hers, "anna", by=kofi, door=WEB)
        assert "sends you" in letters(office)[-1].get_content(), "who is sent is woken"
    with at("02 06:31"):
        last = letters(office)[-1].get_content()
        assert "in the night" in last
        assert "towards morning" in last
    assert len(letters(office)) == 3


def test_one_notice_that_was_held_back_comes_as_it_always_does(
    office: PostOffice, hers: int, kofi: Actor
) -> None:
    choose("anna", quiet=(time(22), time(6, 30)))
    with at("01 23:00"):
        says(hers, "in the night", kofi)
        office.follow()
    with at("02 06:31"):
        [letter] = letters(office)
        assert f"#{hers}" in letter["Subject"]


def test_what_is_redacted_meanwhile_is_left_out_and_the_rest_still_comes(
    office: PostOffice, hers: int, kofi: Actor, ada: Actor
) -> None:
    choose("anna", update="daily")
    with at("01 15:00"):
        says(hers, "the first", kofi)
        says(hers, "her private number", kofi)
        last = desk.update(hers, "the last", by=kofi, door=WEB)
        office.follow()
        entries = desk.charts.entries(hers, ada).entries
        secret = next(each.address for each in entries if each.text == "her private number")
        desk.redact(hers, secret, "private", by=ada, door=WEB)
    with at("02 07:01"):
        office.follow()
        holding.release()  # the last one carries the others now
        desk.redact(hers, last.address, "private too", by=ada, door=WEB)
        for _ in range(3):  # one carrier after the other falls away
            found = letters(office)
        [letter] = found
        body = letter.get_content()
    assert "the first" in body
    assert "private number" not in body
    assert "the last" not in body


def test_who_is_disabled_meanwhile_is_told_nothing(
    office: PostOffice, hers: int, kofi: Actor, ada: Actor
) -> None:
    choose("anna", update="daily")
    with at("01 15:00"):
        says(hers, "news", kofi)
        says(hers, "more", kofi)
        office.follow()
    admitting.disable("anna", by=ada, door=WEB)
    with at("02 07:01"):
        assert letters(office) == []


@pytest.mark.req("R15.5")
def test_notices_go_to_the_address_that_is_marked_for_them_once_it_is_verified(
    office: PostOffice, hers: int, anna: Actor, kofi: Actor, ada: Actor
) -> None:
    user = User.objects.get(name="anna")
    way = ways.add(user, "mail", "anna@pager.example", for_notices=True, by=anna, door=WEB)
    says(hers, "to the old one", kofi)
    assert len(letters(office)) == 1
    ways.verify(user, way.number, by=ada, door=WEB)
    says(hers, "to the new one", kofi)
    [letter] = letters(office, "anna@pager.example")
    assert "to the new one" in letter.get_content()
    assert len(letters(office)) == 1


@pytest.mark.parametrize(
    ("now", "told", "quiet", "until"),
    [
        ("01 12:00", "now", None, None),
        ("01 12:00", "daily", None, "02 06:00"),
        ("01 05:59", "daily", None, "01 06:00"),
        ("01 06:00", "daily", None, "02 06:00"),
        ("01 12:00", "daily", (time(22), time(8)), "02 07:00"),
        ("01 22:30", "now", (time(22), time(6)), "02 05:00"),
        ("01 20:59", "now", (time(22), time(6)), None),
        ("01 21:00", "now", (time(22), time(6)), "02 05:00"),
        ("01 05:00", "now", (time(22), time(6)), None),
        ("01 12:30", "now", (time(13), time(14)), "01 13:00"),
        ("01 12:30", "now", (time(13), time(13)), None),
    ],
)
def test_until_when_a_notice_is_held_is_reckoned_in_its_readers_zone(
    cast: Cast, now: str, told: str, quiet: tuple[time, time] | None, until: str | None
) -> None:
    first, last = quiet or (None, None)
    person = User(zone="Europe/Paris", quiet_from=first, quiet_until=last)
    found = holding.until(person, told, now=_utc(now))
    assert (found.astimezone(UTC) if found else None) == (_utc(until) if until else None)


def _utc(when: str) -> datetime:
    return datetime.fromisoformat(f"2026-12-{when}").replace(tzinfo=UTC)


def test_a_night_with_a_change_of_the_clocks_ends_at_its_readers_morning(cast: Cast) -> None:
    person = User(zone="Europe/Paris", quiet_from=time(22), quiet_until=time(6))
    night = datetime(2026, 10, 24, 23, tzinfo=UTC)
    found = holding.until(person, "now", now=night)
    assert found is not None
    assert found.astimezone(UTC) == datetime(2026, 10, 25, 5, tzinfo=UTC)
    assert found - night == timedelta(hours=6)
