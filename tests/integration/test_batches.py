"""One act on many tickets: tried out, done once on each, told together, and taken back."""

from __future__ import annotations

from typing import Any

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound, WrongState
from nocturne.desk import batch, batch_reports, batch_trial, charts, clock
from nocturne.store.models import Batch, BatchItem, Entry, Job, Ticket
from nocturne.watch import jobs
from tests.cast import Cast

pytestmark = [pytest.mark.req("R16.2"), pytest.mark.django_db]


@pytest.fixture
def storm(cast: Cast) -> list[int]:
    """Five tickets of one bad night."""
    return [
        desk.open(desk.Opening(subject=f"Link {place} down"), by=cast.anna, door=Door.WEB).number
        for place in range(5)
    ]


def do(words: list[str], numbers: list[int], by: Actor, **more: Any) -> batch_reports.Report:
    return batch.make(words, numbers, by=by, door=Door.WEB, **more)


def preview(words: list[str], numbers: list[int], by: Actor, **more: Any) -> list[batch_reports.Outcome]:
    return list(batch_trial.tried(words, numbers, by=by, door=Door.WEB, now=clock.now(), **more))


def header(number: int, by: Actor) -> dict[str, Any]:
    return charts.header(number, by).header


def test_a_trial_says_what_would_become_of_each_ticket_and_does_nothing(cast: Cast, storm: list[int]) -> None:
    desk.resolve(storm[1], "Spliced", by=cast.anna, door=Door.WEB)
    before = Entry.objects.count()
    found = preview(["state:resolved", "--", "All back after the cut"], [*storm, 999], cast.anna)
    assert [each.state for each in found] == ["done", "refused", "done", "done", "done", "refused"]
    assert found[0].entries[-1].kind == "resolved"
    assert found[1].refusal is not None
    assert found[1].refusal.code == "cannot_resolved_when_resolved"
    assert found[5].refusal is not None
    assert found[5].refusal.code == "no_such_ticket"
    assert Entry.objects.count() == before
    assert header(storm[0], cast.anna)["meaning"] == "new"


def test_each_ticket_has_its_own_outcome_and_a_refusal_stops_none(cast: Cast, storm: list[int]) -> None:
    desk.give(storm[2], "kofi", by=cast.anna, door=Door.WEB)
    report = do(["give", "kofi", "yours for the night"], storm, cast.anna)
    assert report.is_done
    assert report.counts == {"done": 4, "refused": 1}
    assert {header(number, cast.anna)["owner"] for number in storm} == {"kofi"}
    outcomes = {each.number: each for _place, each in batch_reports.outcomes(report.key, cast.anna)}
    assert outcomes[storm[2]].refusal is not None
    assert outcomes[storm[2]].refusal.code == "already_theirs"
    assert outcomes[storm[0]].subject == "Link 0 down"
    entry = charts.entry(storm[0], outcomes[storm[0]].entry, cast.anna)
    assert (entry.kind, entry.text) == ("given", "yours for the night")


def test_what_somebody_has_changed_since_the_preview_is_not_overwritten(cast: Cast, storm: list[int]) -> None:
    seen = {number: charts.header(number, cast.anna).version for number in storm}
    desk.change(storm[0], {"priority": 1}, by=cast.kofi, door=Door.WEB)
    report = do(["priority:4"], storm, cast.anna, seen=seen)
    assert report.counts == {"done": 4, "refused": 1}
    assert header(storm[0], cast.anna)["priority"] == 1


def test_a_large_one_is_done_by_the_worker_step_by_step(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, storm: list[int]
) -> None:
    monkeypatch.setattr(batch, "FEW", 2)
    monkeypatch.setattr(batch, "STEP", 2)
    report = do(["tag:storm"], storm, cast.anna)
    assert report.counts == {"waiting": 5}
    jobs.turn()
    assert batch_reports.report(report.key, cast.anna).counts == {"done": 2, "waiting": 3}
    while jobs.turn() == 0.0:
        pass
    report = batch_reports.report(report.key, cast.anna)
    assert report.counts == {"done": 5}
    assert report.is_done
    assert Job.objects.exclude(state="done").count() == 0
    for number in storm:
        assert Entry.objects.filter(ticket=number).count() == 2, "each ticket exactly once"


def test_a_step_that_breaks_off_leaves_nothing_and_is_done_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, storm: list[int]
) -> None:
    monkeypatch.setattr(batch, "FEW", 0)
    report = do(["severity:1"], storm, cast.anna)
    settle, done = batch._settle, []

    def breaks(whole: Batch, item: BatchItem, by: Actor | None) -> None:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(item.number)
        settle(whole, item, by)

    with monkeypatch.context() as patch:
        patch.setattr(batch, "_settle", breaks)
        with pytest.raises(KeyboardInterrupt):
            batch.step(Batch.objects.get(key=report.key).pk)
    assert batch_reports.report(report.key, cast.anna).counts == {"waiting": 5}
    assert Ticket.objects.filter(severity=1).count() == 0
    batch.step(Batch.objects.get(key=report.key).pk)
    assert batch.step(Batch.objects.get(key=report.key).pk) is False, "and once more does nothing"
    assert [Entry.objects.filter(ticket=number).count() for number in storm] == [2] * 5


@pytest.mark.parametrize(
    ("words", "column"),
    [
        (["owner:kofi"], "owner"),
        (["priority:1", "severity:1"], "priority"),
        (["next:call"], "next_action"),
        (["clock:vendor", "timer:2h"], "clock"),
        (["refer", "Norlink", "77"], "meaning"),
        (["state:resolved", "--", "over"], "meaning"),
        (["queue:backbone"], "queue"),
        (["resolve", "over"], "meaning"),
        (["reject", "noise"], "meaning"),
    ],
)
def test_an_undo_leads_back_on_each_ticket(
    cast: Cast, storm: list[int], words: list[str], column: str
) -> None:
    from nocturne.store.models import Queue

    Queue.objects.get_or_create(name="backbone")
    stood = [header(number, cast.anna)[column] for number in storm]
    report = do(words, storm, cast.anna)
    assert report.counts == {"done": 5}, batch_reports.outcomes(report.key, cast.anna)
    assert [header(number, cast.anna)[column] for number in storm] != stood
    back = batch.undo(report.key, by=cast.anna, door=Door.WEB)
    assert back.counts == {"done": 5}, batch_reports.outcomes(back.key, cast.anna)
    stands = [header(number, cast.anna)[column] for number in storm]
    assert stands == stood
    assert all(header(number, cast.anna)["meaning"] == "new" for number in storm)
    with pytest.raises(WrongState):
        batch.undo(report.key, by=cast.anna, door=Door.WEB)


def test_machines_tags_and_watchers_are_taken_back_too(cast: Cast, storm: list[int]) -> None:
    report = do(["tag:storm", "machine:cr1.aa", "cc:kofi"], storm, cast.anna)
    assert report.counts == {"done": 5}
    batch.undo(report.key, by=cast.anna, door=Door.WEB)
    chart = charts.chart(storm[0], cast.anna)
    assert (chart.machines, chart.tags, chart.watchers) == ([], [], [])


def test_an_undo_skips_what_somebody_has_touched_since_and_words_stay(cast: Cast, storm: list[int]) -> None:
    report = do(["owner:kofi"], storm, cast.anna)
    desk.update(storm[3], "I am on it", by=cast.kofi, door=Door.WEB)
    back = batch.undo(report.key, by=cast.anna, door=Door.WEB)
    assert back.counts == {"done": 4, "skipped": 1}
    assert header(storm[3], cast.anna)["owner"] == "kofi"
    noted = do(["note", "storm over the lake"], storm, cast.anna)
    back = batch.undo(noted.key, by=cast.anna, door=Door.WEB)
    assert back.counts == {"refused": 5}


def test_a_batch_is_its_makers_alone_and_asks_the_permits_on_each_ticket(
    cast: Cast, storm: list[int]
) -> None:
    report = do(["priority:2"], storm, cast.anna)
    with pytest.raises(NotFound):
        batch_reports.report(report.key, cast.kofi)
    with pytest.raises(NotFound):
        batch.undo(report.key, by=cast.kofi, door=Door.WEB)
    with pytest.raises(Forbidden):
        do(["priority:2"], storm, cast.cleo)
    with pytest.raises(Invalid):
        do([" "], storm, cast.anna)
    with pytest.raises(Invalid):
        do(["priority:2"], [], cast.anna)
    found = preview(["check"], storm, cast.anna)
    assert {each.refusal.code for each in found if each.refusal} == {"not_permitted"}


def test_what_a_question_finds_is_asked_for_at_once(cast: Cast, storm: list[int]) -> None:
    assert sorted(batch.found("link is:open", cast.anna, now=clock.now())) == storm
    with pytest.raises(Invalid) as refused:
        batch.found("subject-that-is-nowhere", cast.anna, now=clock.now())
    assert refused.value.code == "batch_empty"
