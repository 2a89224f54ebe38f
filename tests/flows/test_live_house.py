"""A house that runs, and people who listen: told within a second, through restarts, until they may not any more."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.house import Account, House, ready_made
from tests.listener import Event, Listener, tells_of

NOTE = {"kind": "note", "text": "Called the site"}


@pytest.fixture(scope="module")
def lively() -> Iterator[House]:
    """A running house of these tests."""
    house = ready_made()
    try:
        yield house.start()
    finally:
        house.remove()


@pytest.fixture(scope="module")
def kofi(lively: House) -> Account:
    return lively.add_user("kofi")


@pytest.fixture(scope="module")
def anna(lively: House) -> Account:
    return lively.add_user("anna")


@pytest.fixture(scope="module")
def trouble(lively: House, anna: Account) -> int:
    opened = lively.call("POST", "/api/v1/tickets", {"subject": "Ann Arbor – Chicago down"}, by=anna)
    return int(opened.json["number"])


def listener(house: House, by: Account, after: str = "") -> Listener:
    path = f"/api/v1/events?after={after}" if after else "/api/v1/events"
    return Listener(house.port, path, {"Authorization": f"Bearer {by.token}"}).start()


def heard(ear: Listener, number: int, after: float) -> Event:
    """This will wait until somebody is told of a ticket, behind an instant."""
    fits = tells_of(number)
    return ear.wait_for(lambda event: event.at >= after and fits(event))


@pytest.mark.req("S17", "R16.1")
def test_an_update_is_seen_by_another_within_a_second(
    lively: House, kofi: Account, anna: Account, trouble: int
) -> None:
    ears = [listener(lively, kofi) for _ in range(4)]  # over all web processes

    def latest() -> float:
        for ear in ears:
            ear.events.clear()
        began = time.monotonic()
        assert lively.call("POST", f"/api/v1/tickets/{trouble}/entries", NOTE, by=anna).status == 201
        return max(heard(ear, trouble, began).at for ear in ears) - began

    # Once of five: what else the machine and the database's server are busy with is not the house's affair.
    assert any(latest() < 1.0 for _ in range(5))
    for ear in ears:
        ear.stop()


@pytest.mark.req("S17")
def test_more_streams_than_threads_do_not_keep_anybody_from_a_page(
    lively: House, kofi: Account, anna: Account
) -> None:
    ears = [listener(lively, by) for _ in range(8) for by in (kofi, anna)]
    began = time.monotonic()
    answers: list[int] = []

    def ask() -> None:
        answers.append(lively.call("GET", "/api/v1/tickets", by=kofi).status)

    asking = [threading.Thread(target=ask) for _ in range(12)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert answers == [200] * 12
    assert time.monotonic() - began < 10
    for ear in ears:
        ear.stop()


def callers(house: House, *, but: frozenset[int] = frozenset()) -> frozenset[int]:
    """The connections on which PostgreSQL calls the web processes, as soon as there are some; SQLite needs none.

    How many there are is the house's own affair: a process to which nobody listens has none, and where a call takes
    longer than it waits for one, it listens anew.
    """
    if not house.database_url:
        return frozenset()
    asked = "SELECT pid FROM pg_stat_activity WHERE application_name = 'nocturne live'"
    deadline = time.monotonic() + 60
    with psycopg.connect(house.database_url, autocommit=True) as database:
        while not (found := frozenset(pid for (pid,) in database.execute(asked)) - but):
            assert time.monotonic() < deadline, "nobody is called any more"
            time.sleep(0.2)
    return found


@pytest.mark.req("S17", "R16.1")
def test_a_database_that_lets_go_of_whom_it_calls_keeps_nobody_from_hearing(
    lively: House, kofi: Account, anna: Account, trouble: int
) -> None:
    ears = [listener(lively, kofi) for _ in range(6)]  # over both web processes

    def all_hear() -> None:
        for ear in ears:
            ear.events.clear()
        began = time.monotonic()
        assert lively.call("POST", f"/api/v1/tickets/{trouble}/entries", NOTE, by=anna).status == 201
        for ear in ears:
            heard(ear, trouble, began)

    all_hear()
    before = callers(lively)
    assert len(before) <= 4, "at most one for each web process, and those that are being let go"
    for pid in before:
        with psycopg.connect(lively.database_url, autocommit=True) as database:
            database.execute("SELECT pg_terminate_backend(%s)", [pid])
    all_hear()
    callers(lively, but=before)
    all_hear()
    for ear in ears:
        ear.stop()


@pytest.mark.req("R16.5")
def test_the_stream_of_an_account_that_is_disabled_ends(lively: House) -> None:
    gone = lively.add_user("gone")
    ear = listener(lively, gone)
    lively.run("user", "disable", "gone")
    began = time.monotonic()
    assert ear.wait_for_end() - began < 8
    again = Listener(lively.port, "/api/v1/events", {"Authorization": f"Bearer {gone.token}"}).start()
    assert again.status == 401


@pytest.mark.req("S10", "S17")
def test_it_stops_at_once_though_many_listen_and_who_comes_back_has_missed_nothing() -> None:
    house = ready_made()
    try:
        house.start()
        kofi, anna = house.add_user("kofi"), house.add_user("anna")
        number = house.call("POST", "/api/v1/tickets", {"subject": "Flapping"}, by=anna).json["number"]
        ears = [listener(house, by) for _ in range(8) for by in (kofi, anna)]
        last = ears[0].wait_for(lambda event: event.name == "beat").id
        began = time.monotonic()
        house.stop()
        assert time.monotonic() - began < 5  # unended, streams keep it for ten seconds
        for ear in ears:
            ear.wait_for_end()
        house.start()
        assert house.call("POST", f"/api/v1/tickets/{number}/entries", NOTE, by=anna).status == 201
        back = listener(house, kofi, after=last)
        back.wait_for(tells_of(number))
        assert "again" not in [event.name for event in back.events]
        back.stop()
        strange = listener(house, anna, after="A" * 24)
        strange.wait_for(lambda event: event.name == "again")
        strange.stop()
    finally:
        house.remove()
