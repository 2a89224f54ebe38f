"""The worker's lanes: entries are followed, timers go off, jobs are done and appointments kept, each once in effect."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Unavailable
from nocturne.desk import Alarm, Extra, Opening
from nocturne.desk import jobs as left
from nocturne.store import journal
from nocturne.store.models import (
    Contact,
    DeviceCode,
    Entry,
    Follower,
    Heartbeat,
    Job,
    Notice,
    Queue,
    Receipt,
    Ticket,
)
from nocturne.watch import alarms, followers, jobs, lanes, timetable, worker
from nocturne.watch.lanes import Lane
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("as_if_committed")


def now() -> datetime:
    return datetime.now(UTC)


def walk(turn: Any, turns: int = 500) -> None:
    for _ in range(turns):
        if turn() > 0:
            return


# --- the journal and its followers ----------------------------------------------------------------------------------


def test_entries_are_followed_in_their_order_and_each_once(
    trouble: int, complaint: int, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    monkeypatch.setattr(
        followers, "FOLLOWERS", [followers.Follower("test", lambda entry: seen.append(entry.pk))]
    )
    for number in range(120):
        desk.update(trouble, f"Note {number}", by=anna, door=Door.WEB)

    walk(followers.turn)
    assert seen == list(Entry.objects.order_by("pk").values_list("pk", flat=True))

    desk.update(trouble, "One more", by=anna, door=Door.WEB)
    walk(followers.turn)
    assert seen == list(Entry.objects.order_by("pk").values_list("pk", flat=True))


def test_one_entry_that_cannot_be_followed_stops_none_of_the_others(
    trouble: int, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    bad = desk.update(trouble, "poison", by=anna, door=Door.WEB).entry
    good = desk.update(trouble, "fine", by=anna, door=Door.WEB).entry
    cured = False

    def follow(entry: Entry) -> None:
        if entry.pk == bad and not cured:
            raise ZeroDivisionError
        seen.append(entry.pk)

    monkeypatch.setattr(followers, "FOLLOWERS", [followers.Follower("test", follow)])
    walk(followers.turn)
    assert good in seen
    assert bad not in seen

    walk(jobs.turn)
    job = Job.objects.get(kind=followers.AGAIN)
    assert (job.state, job.attempts) == ("ready", 1)
    cured = True
    Job.objects.update(run_at=now())
    walk(jobs.turn)

    assert bad in seen
    assert Job.objects.get(kind=followers.AGAIN).state == "done"


def test_an_entry_that_can_never_be_followed_is_set_aside(
    trouble: int, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def follow(_entry: Entry) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(followers, "FOLLOWERS", [followers.Follower("test", follow)])
    walk(followers.turn)
    for _ in range(jobs.TRIES + 2):
        Job.objects.filter(state="ready").update(run_at=now())
        walk(jobs.turn)

    assert set(Job.objects.values_list("state", "attempts")) == {("dead", jobs.TRIES)}
    assert "ZeroDivisionError" in Job.objects.first().error  # type: ignore[union-attr]


def test_place_and_follow_up_are_one_transaction(trouble: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that dies between them follows the entry again, and nothing of the first time is left."""

    def follow(entry: Entry) -> None:
        Contact.objects.create(name=f"follow-up of {entry.pk}")
        raise KeyboardInterrupt

    monkeypatch.setattr(followers, "FOLLOWERS", [followers.Follower("test", follow)])
    with pytest.raises(KeyboardInterrupt):
        followers.turn()

    assert not Contact.objects.filter(name__startswith="follow-up").exists()
    assert not Follower.objects.filter(pk="test", entry__gt=0).exists()


def test_a_database_that_is_away_is_no_fault_of_the_entry(
    trouble: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def follow(_entry: Entry) -> None:
        raise Unavailable("database_unavailable")

    monkeypatch.setattr(followers, "FOLLOWERS", [followers.Follower("test", follow)])
    with pytest.raises(Unavailable):
        followers.turn()

    assert not Job.objects.exists()


def test_following_twice_tells_nobody_twice(complaint: int) -> None:
    walk(followers.turn)
    before = list(Notice.objects.values_list("pk", "message_id"))
    Follower.objects.all().delete()
    walk(followers.turn)

    assert before
    assert list(Notice.objects.values_list("pk", "message_id")) == before


def test_whoever_begins_at_the_end_sees_only_what_comes(trouble: int, anna: Actor) -> None:
    place = journal.end()
    assert not journal.has_more(place)

    written = desk.update(trouble, "new", by=anna, door=Door.WEB)

    assert [each.pk for each in journal.after(place, limit=10)] == [written.entry]
    assert journal.place_of(Entry.objects.get(pk=written.entry)) > place


# --- timers ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def timed(anna: Actor) -> list[int]:
    """Ten tickets whose timers are due."""
    numbers = []
    for number in range(10):
        opened = desk.open(Opening(subject=f"Ticket {number}"), by=anna, door=Door.WEB).number
        desk.update(
            opened, by=anna, door=Door.WEB, extra=Extra(alarm=Alarm(now() + timedelta(hours=1), "call"))
        )
        Ticket.objects.filter(pk=opened).update(alarm_at=now() - timedelta(seconds=number))
        numbers.append(opened)
    return numbers


@pytest.mark.req("R4.1")
def test_every_due_timer_goes_off_once(timed: list[int]) -> None:
    for _ in range(3):
        walk(alarms.turn)

    rang = Entry.objects.filter(kind="rang").values_list("ticket", flat=True)
    assert sorted(rang) == timed
    assert not Ticket.objects.filter(alarm_at__isnull=False).exists()


@pytest.mark.req("R4.1")
def test_a_timer_that_cannot_go_off_keeps_no_other_from_ringing(
    timed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = desk.ring

    def ring(number: int) -> Any:
        if number == timed[-1]:
            raise ZeroDivisionError
        return real(number)

    monkeypatch.setattr(desk, "ring", ring)
    monkeypatch.setattr(alarms, "_resting", {})
    walk(alarms.turn)

    assert Entry.objects.filter(kind="rang").count() == 9
    assert list(alarms._resting) == [timed[-1]]


@pytest.mark.req("R4.1")
def test_the_lane_looks_again_within_a_second_while_a_timer_is_set(trouble: int, anna: Actor) -> None:
    assert alarms.turn() > 1.0
    desk.update(trouble, by=anna, door=Door.WEB, extra=Extra(alarm=Alarm(now() + timedelta(hours=1), "")))
    assert 0 < alarms.turn() <= 1.0
    Ticket.objects.filter(pk=trouble).update(alarm_at=now() + timedelta(milliseconds=200))
    assert 0 < alarms.turn() <= 0.2


@pytest.mark.req("R4.1")
def test_a_clock_that_is_put_back_lets_nothing_ring_twice(timed: list[int]) -> None:
    walk(alarms.turn)
    with time_machine.travel(now() - timedelta(hours=1), tick=True):
        walk(alarms.turn)
    with time_machine.travel(now() + timedelta(hours=1), tick=True):
        walk(alarms.turn)

    assert Entry.objects.filter(kind="rang").count() == 10


# --- jobs -----------------------------------------------------------------------------------------------------------


@pytest.mark.req("R13.1")
def test_every_complainer_is_told_once_and_the_outcome_of_each_is_to_be_seen(
    cast: Cast, trouble: int, anna: Actor
) -> None:
    numbers = []
    for number in range(25):
        contact = Contact.objects.create(email=f"person{number}@college.example")
        new = Opening(subject="No network", type="complaint", reporter_id=contact.pk, parent=trouble)
        numbers.append(desk.open(new, by=anna, door=Door.WEB).number)
    told = desk.tell(trouble, "The fibre is repaired.\n\nSorry.", by=anna, door=Door.WEB)

    walk(jobs.turn)
    walk(followers.turn)

    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    assert Ticket.objects.filter(pk__in=numbers, state="resolved").count() == 25
    notices = Notice.objects.filter(purpose="resolved")
    assert notices.count() == 25
    assert {each.entry.cause_id for each in notices.select_related("entry")} == {told.entry}


def test_a_job_that_fails_waits_longer_each_time_and_is_set_aside(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        Contact.objects.create(name="half done")
        raise ZeroDivisionError

    monkeypatch.setitem(jobs.HANDLERS, "fail", fail)
    left.leave("desk", "fail", [({}, "once"), ({}, "once")], now=now())
    waits = []
    for _ in range(jobs.TRIES):
        walk(jobs.turn)
        job = Job.objects.get()
        waits.append((job.run_at - now()).total_seconds())
        Job.objects.update(run_at=now())

    assert (Job.objects.get().state, Job.objects.get().attempts) == ("dead", jobs.TRIES)
    assert waits[0] < waits[1] < waits[2]
    assert not Contact.objects.filter(name="half done").exists()


def test_a_job_that_nobody_can_do_is_set_aside_at_once(cast: Cast) -> None:
    left.leave("desk", "unheard of", [({}, None)], now=now())

    walk(jobs.turn)

    assert Job.objects.get().state == "dead"


def test_a_job_whose_holder_died_is_taken_up_when_its_lease_has_run_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    monkeypatch.setitem(jobs.HANDLERS, "note", lambda: done.append(1))
    left.leave("desk", "note", [({}, None)], now=now())
    Job.objects.update(state="running", holder="dead:1", attempts=1, lease_until=now() + timedelta(seconds=5))

    walk(jobs.turn)
    assert done == []
    Job.objects.update(lease_until=now() - timedelta(seconds=1))
    walk(jobs.turn)

    assert done == [1]
    assert (Job.objects.get().state, Job.objects.get().attempts) == ("done", 2)


def test_a_job_that_was_taken_over_by_another_worker_is_not_done_by_both(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever lost the lease notices it in the very transaction that would have had the effect."""
    done: list[int] = []
    monkeypatch.setitem(jobs.HANDLERS, "note", lambda: done.append(1))
    left.leave("desk", "note", [({}, None)], now=now())
    [job] = jobs.claim("desk", now())
    Job.objects.update(holder="other:2")

    jobs._do(job)

    assert done == []


# --- the timetable --------------------------------------------------------------------------------------------------


def test_a_complaint_closes_after_its_queues_days_of_silence_and_a_trouble_does_not(
    complaint: int, trouble: int, anna: Actor
) -> None:
    Queue.objects.update(silence_days=5)
    desk.resolve(complaint, "Repaired.", by=anna, door=Door.WEB)
    desk.resolve(trouble, "Repaired.", by=anna, door=Door.WEB)

    timetable.close_silent_complaints()
    assert Ticket.objects.get(pk=complaint).state == "resolved"
    with time_machine.travel(now() + timedelta(days=5, minutes=1), tick=True):
        timetable.close_silent_complaints()
        timetable.close_silent_complaints()

    assert Ticket.objects.get(pk=complaint).state == "closed"
    assert Ticket.objects.get(pk=trouble).state == "resolved"
    assert Entry.objects.filter(ticket=complaint, kind="closed").count() == 1


def test_what_nobody_needs_any_more_is_forgotten_and_nothing_else(cast: Cast) -> None:
    for days in (1, 6, 8, 30):
        then = now() - timedelta(days=days)
        Receipt.objects.create(key=f"{days}", fingerprint="x", created_at=then)
        DeviceCode.objects.create(
            digest=f"{days}", shown=f"{days}", label="x", created_at=then, expires_at=then
        )
        for state in ("done", "dead"):
            Job.objects.create(lane="desk", kind="x", state=state, run_at=then, created_at=then)

    timetable.forget_old()

    assert sorted(Receipt.objects.values_list("key", flat=True)) == ["1", "6"]
    assert not DeviceCode.objects.exists()
    assert Job.objects.filter(state="done").count() == 2
    assert Job.objects.filter(state="dead").count() == 4


def test_a_notice_dated_by_a_clock_that_ran_ahead_leaves_all_the_same(complaint: int) -> None:
    walk(followers.turn)
    Notice.objects.update(run_at=now() + timedelta(hours=1))

    timetable.mend_dates()

    assert not Notice.objects.filter(run_at__gt=now()).exists()


def test_the_worker_says_that_it_lives_and_takes_its_name_off_when_it_stops(cast: Cast) -> None:
    timetable.beat()
    timetable.beat()
    [beat] = Heartbeat.objects.all()
    assert now() - beat.at < timedelta(seconds=5)

    timetable.end()

    assert not Heartbeat.objects.exists()


# --- the worker -----------------------------------------------------------------------------------------------------


def test_a_lane_that_fails_rests_and_goes_on_and_hinders_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "FIRST_REST", 0.01)
    monkeypatch.setattr(connection, "close", lambda: None)
    turns: dict[str, int] = {"bad": 0, "good": 0}
    enough = threading.Event()

    def bad() -> float:
        turns["bad"] += 1
        raise OperationalError("the database is away") if turns["bad"] % 2 else ZeroDivisionError()

    def good() -> float:
        turns["good"] += 1
        if turns["bad"] >= 4 and turns["good"] >= 4:
            enough.set()
        return 0.01

    closed: list[str] = []
    chosen = [
        Lane("bad", bad, watches=False),
        Lane("good", good, watches=False, close=lambda: closed.append("good")),
    ]
    running = worker.Worker(chosen)
    running.start()
    assert enough.wait(20)
    running.stop()
    running.join()

    assert closed == ["good"]
    assert not [each for each in threading.enumerate() if each.name in ("bad", "good")]


def test_the_mail_door_adds_its_lane_to_every_worker(settings: Any) -> None:
    names = [lane.name for lane in worker.own_lanes()]

    assert names == [
        "timers",
        "followers",
        "jobs",
        "post",
        "account mail",
        "subscriptions",
        "timetable",
        "index",
        "mail in",
    ]
    assert len(lanes.makers) == 1
