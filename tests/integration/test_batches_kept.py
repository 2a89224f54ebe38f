"""What acts on many tickets keep, how many may wait, what they lead back to, and when they are forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound, TooMany
from nocturne.desk import batch, batch_keeping, batch_reports, batch_trial, charts, clock
from nocturne.desk.batch_reports import Outcome, Report
from nocturne.store.models import Batch, BatchItem, Entry, Receipt
from nocturne.watch import jobs, timetable
from tests.caller import caller
from tests.cast import Cast

pytestmark = [pytest.mark.req("R16.2"), pytest.mark.django_db]
WEB = Door.WEB
SECRET = "the informant is Rowe"


@pytest.fixture
def storm(cast: Cast) -> list[int]:
    return [
        desk.open(desk.Opening(subject=f"Link {place} down"), by=cast.anna, door=WEB).number
        for place in range(5)
    ]


def do(words: list[str], numbers: list[int], by: Actor, **more: Any) -> Report:
    return batch.make(words, numbers, by=by, door=WEB, **more)


def tried(words: list[str], numbers: list[int], by: Actor, **more: Any) -> list[Outcome]:
    return list(batch_trial.tried(words, numbers, by=by, door=WEB, now=clock.now(), **more))


def header(number: int, by: Actor) -> dict[str, Any]:
    return charts.header(number, by).header


# --- merged and related ----------------------------------------------------------------------------------------------


def test_a_storm_is_merged_into_one_ticket_and_taken_apart_again(cast: Cast, storm: list[int]) -> None:
    survivor, *gone = storm
    before = Entry.objects.count()
    shown = tried(["merge", str(survivor)], storm, cast.anna)
    assert [each.state for each in shown] == ["refused", "done", "done", "done", "done"]
    assert shown[0].refusal is not None
    assert shown[0].refusal.code == "merge_with_itself"
    assert [each.stays for each in shown[1:]] == [None] * 4, "all of it can be taken back"
    assert Entry.objects.count() == before
    report = do(["merge", str(survivor)], gone, cast.anna)
    assert report.counts == {"done": 4}
    assert {charts.header(number, cast.anna).number for number in gone} == {survivor}
    desk.update(survivor, "One cut, five links", by=cast.kofi, door=WEB)
    back = batch.undo(report.key, by=cast.anna, door=WEB)
    assert back.counts == {"done": 4}, (
        "what was written on the survivor meanwhile stays there, and hinders nothing"
    )
    assert [charts.header(number, cast.anna).number for number in storm] == storm


def test_one_that_somebody_has_taken_out_of_the_merge_is_left_alone(cast: Cast, storm: list[int]) -> None:
    report = do(["merge", str(storm[0])], storm[1:], cast.anna)
    desk.unmerge(storm[2], by=cast.kofi, door=WEB)
    back = batch.undo(report.key, by=cast.anna, door=WEB)
    assert back.counts == {"done": 3, "skipped": 1}


@pytest.mark.parametrize(
    ("words", "kind"), [(["relate", "{}"], "refers_to"), (["relate", "{}", "depends_on"], "depends_on")]
)
def test_many_are_related_to_one_and_the_pointers_taken_away_again(
    cast: Cast, storm: list[int], words: list[str], kind: str
) -> None:
    target, *others = storm
    report = do([each.format(target) for each in words], others, cast.anna)
    assert report.counts == {"done": 4}

    def pointing() -> set[tuple[str, int]]:
        return {
            (each["kind"], each["number"])
            for number in others
            for each in charts.chart(number, cast.anna).relations
        }

    assert (kind, target) in pointing()
    assert batch.undo(report.key, by=cast.anna, door=WEB).counts == {"done": 4}
    assert not pointing()


def test_a_parent_for_many_is_a_key_like_any_other(cast: Cast, storm: list[int]) -> None:
    report = do([f"parent:{storm[0]}"], storm[1:], cast.anna)
    assert report.counts == {"done": 4}
    assert {header(number, cast.anna)["parent"] for number in storm[1:]} == {storm[0]}
    batch.undo(report.key, by=cast.anna, door=WEB)
    assert {header(number, cast.anna)["parent"] for number in storm[1:]} == {None}


# --- what can be taken back ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["take"], ["owner:kofi"], ["state:open"], ["clock:vendor", "timer:2h"]])
def test_what_was_new_is_new_again(cast: Cast, storm: list[int], words: list[str]) -> None:
    report = do(words, storm, cast.anna)
    assert {header(number, cast.anna)["meaning"] for number in storm} <= {"new", "open", "waiting"}
    batch.undo(report.key, by=cast.anna, door=WEB)
    for number in storm:
        found = header(number, cast.anna)
        assert (found["meaning"], found["owner"], found["clock"]) == ("new", None, "noc")
    assert header(storm[0], cast.anna)["state"] == "new"


def test_a_trial_says_beforehand_whether_it_can_be_taken_back(cast: Cast, storm: list[int]) -> None:
    words = tried(["note", "storm over the lake"], storm, cast.anna)
    assert {each.stays.code for each in words if each.stays} == {"nothing_to_undo"}
    assert len([each for each in words if each.stays]) == 5
    assert not [each for each in tried(["give", "kofi", "yours"], storm, cast.anna) if each.stays]


def test_what_is_so_already_is_no_update(cast: Cast, storm: list[int]) -> None:
    desk.change(storm[0], {"priority": 2}, by=cast.kofi, door=WEB)
    before = Entry.objects.filter(ticket=storm[0]).count()
    report = do(["priority:2"], storm, cast.anna)
    assert report.counts == {"done": 4, "refused": 1}
    assert Entry.objects.filter(ticket=storm[0]).count() == before
    (found,) = [each for _place, each in batch_reports.outcomes(report.key, cast.anna) if each.refusal]
    assert found.refusal is not None
    assert (found.number, found.refusal.code) == (storm[0], "is_so_already")
    noted = do(["priority:2", "--", "as the customer asked"], storm, cast.anna)
    assert noted.counts == {"done": 5}, "words are always worth a line"


# --- a trial in pages ------------------------------------------------------------------------------------------------


def test_a_trial_goes_on_behind_the_last_ticket_that_it_was_about(
    cast: Cast, storm: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_trial, "PAGE", 2)
    pages = [
        [each.number for each in tried(["priority:1"], storm, cast.anna, after=last)]
        for last in (0, *storm[1:5:2])
    ]
    assert pages == [storm[:2], storm[2:4], storm[4:]]


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_of_what_a_colleague_has_changed_meanwhile_no_value_is_kept(cast: Cast, storm: list[int]) -> None:
    seen = {number: charts.header(number, cast.anna).version for number in storm}
    desk.change(storm[0], {"next_action": SECRET}, by=cast.kofi, door=WEB)
    shown = tried(["next:wait"], storm, cast.anna, seen=seen)
    assert shown[0].refusal is not None
    assert shown[0].refusal.params["theirs"] == SECRET, "while one looks, both values are there"
    report = do(["next:wait"], storm, cast.anna, seen=seen)
    kept = BatchItem.objects.get(number=storm[0])
    assert (kept.code, kept.facts) == ("changed_since_seen", {})
    assert report.counts == {"done": 4, "refused": 1}


def test_a_redaction_reaches_what_an_act_on_many_keeps_of_that_ticket(cast: Cast, storm: list[int]) -> None:
    do([f'cc:"{SECRET}"'], storm, cast.anna)
    assert SECRET in str(BatchItem.objects.get(number=storm[0]).facts)
    noted = desk.update(storm[0], SECRET, by=cast.anna, door=WEB)
    desk.redact(storm[0], noted.address, "He asked for it", by=cast.ada, door=WEB)
    assert BatchItem.objects.get(number=storm[0]).facts == {}
    found = batch_reports.outcomes(Batch.objects.get().key, cast.anna)[0][1]
    assert found.refusal is not None
    assert found.refusal.params == {}


def test_a_redaction_stops_the_act_that_is_still_writing_those_words(
    cast: Cast, storm: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "FEW", 0)
    monkeypatch.setattr(batch, "STEP", 2)
    anna = caller(cast.anna)
    sent = {"words": ["note", SECRET], "numbers": storm}
    anna.post("/batches", sent, Idempotency_Key="storm")
    jobs.turn()
    entry = Entry.objects.get(ticket=storm[0], kind="note")
    desk.redact(storm[0], entry.address, "He asked for it", by=cast.ada, door=WEB)
    while jobs.turn() == 0.0:
        pass
    row = Batch.objects.get()
    assert (SECRET in str(row.words), row.done_at is not None) == (False, True)
    assert batch_reports.report(row.key, cast.anna).counts == {"done": 2, "skipped": 3}
    assert Entry.objects.filter(kind="note").count() == 2
    assert SECRET not in str(list(Receipt.objects.values_list("answer", flat=True)))


def test_whoever_has_many_waiting_asks_for_no_further_one(
    cast: Cast, storm: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "FEW", 2)
    for place in range(batch_keeping.MOST_WAITING):
        do([f"tag:t{place}"], storm, cast.anna)
    with pytest.raises(TooMany) as refused:
        do(["tag:more"], storm, cast.anna)
    assert (refused.value.code, refused.value.params["limit"]) == (
        "too_many_batches",
        batch_keeping.MOST_WAITING,
    )
    assert do(["tag:few"], storm[:2], cast.anna).is_done, "a small one is done at once"
    assert do(["tag:hers"], storm, cast.kofi).counts == {"waiting": 5}, "another's do not count"
    while jobs.turn() == 0.0:
        pass
    do(["tag:more"], storm, cast.anna)


def test_what_was_done_long_ago_is_forgotten_with_its_undo(cast: Cast, storm: list[int]) -> None:
    old, undone, young, mixed = (do([f"tag:t{place}"], storm, cast.anna) for place in range(4))
    back = batch.undo(undone.key, by=cast.anna, door=WEB)
    recent = batch.undo(mixed.key, by=cast.anna, door=WEB)
    long_ago = clock.now() - batch_keeping.STAY - timedelta(days=1)
    Batch.objects.filter(key__in=[old.key, undone.key, back.key, mixed.key]).update(done_at=long_ago)
    entries = Entry.objects.count()
    timetable.forget_old()
    assert set(Batch.objects.values_list("key", flat=True)) == {young.key, mixed.key, recent.key}
    assert set(BatchItem.objects.values_list("batch__key", flat=True)) == {young.key, mixed.key, recent.key}
    with pytest.raises(NotFound):
        batch_reports.report(old.key, cast.anna)
    assert Entry.objects.count() == entries, "what it has written on the tickets stays"
