"""One act on many tickets, asked for by a program."""

from __future__ import annotations

import pytest

from nocturne.doors.api.batches import BatchesShape, BatchShape
from nocturne.store.models import Entry
from tests.caller import Caller, caller
from tests.cast import Cast

pytestmark = [pytest.mark.req("R15.9", "R16.2"), pytest.mark.django_db]


@pytest.fixture
def anna(cast: Cast) -> Caller:
    return caller(cast.anna)


@pytest.fixture
def storm(anna: Caller) -> list[int]:
    return [int(anna.post("/tickets", {"subject": f"Link {place} down"})["number"]) for place in range(4)]


def test_a_trial_is_answered_and_nothing_is_done(anna: Caller, storm: list[int]) -> None:
    before = Entry.objects.count()
    found = anna.post("/batches", {"query": "link", "words": ["give", "kofi"], "dry_run": True})
    BatchShape.model_validate(found)
    assert (found["counts"], found["untried"]) == ({"done": 4}, 0)
    assert found["outcomes"][0]["entries"][0]["says"] == "gave it to kofi"
    assert Entry.objects.count() == before


def test_it_is_done_once_per_key_and_taken_back_once(anna: Caller, cast: Cast, storm: list[int]) -> None:
    sent = {"numbers": [*storm, 9999], "words": ["owner:kofi", "priority:1"]}
    first = anna.post("/batches", sent, Idempotency_Key="storm-1")
    again = anna.post("/batches", sent, Idempotency_Key="storm-1")
    assert anna.status == 202
    assert first == again
    BatchShape.model_validate(first)
    assert first["counts"] == {"done": 4, "refused": 1}
    assert first["outcomes"][4]["detail"] == "There is no such ticket."
    assert Entry.objects.filter(kind="given").count() == 4
    page = anna.get(f"/batches/{first['key']}?limit=2")
    assert [each["number"] for each in page["outcomes"]] == storm[:2]
    rest = anna.get(f"/batches/{first['key']}?limit=3&after={page['after']}")
    assert [each["number"] for each in rest["outcomes"]] == [*storm[2:], 9999]
    back = anna.post(f"/batches/{first['key']}/undo")
    assert back["counts"] == {"done": 4}
    assert {anna.get(f"/tickets/{number}")["owner"] for number in storm} == {None}
    anna.post(f"/batches/{first['key']}/undo")
    assert anna.status == 409
    listed = anna.get("/batches")
    BatchesShape.model_validate(listed)
    assert [each["undoes"] for each in listed["batches"]] == [first["key"], ""]
    kofi = caller(cast.kofi)
    kofi.get(f"/batches/{first['key']}")
    assert kofi.status == 404


def test_what_cannot_be_asked_for_is_refused_with_its_reason(anna: Caller, storm: list[int]) -> None:
    for body, code in (
        ({"words": ["note", "x"]}, "query_or_numbers"),
        ({"words": ["note", "x"], "numbers": [1], "query": "x"}, "query_or_numbers"),
        ({"words": [" "], "numbers": storm}, "nothing_said"),
        ({"words": ["note", "x"], "numbers": []}, "batch_empty"),
        ({"words": ["note", "x"], "query": "nothing-like-that"}, "batch_empty"),
    ):
        assert anna.post("/batches", body)["code"] == code
        assert anna.status == 422
    reader = caller(anna.actor, scopes="read")
    reader.post("/batches", {"words": ["note", "x"], "numbers": storm})
    assert reader.status == 403


def test_a_trial_of_many_goes_on_where_the_one_before_ended(
    anna: Caller, storm: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from nocturne.desk import batch_trial

    monkeypatch.setattr(batch_trial, "PAGE", 3)
    sent = {"numbers": storm, "words": ["priority:1"], "dry_run": True}
    first = anna.post("/batches", sent)
    BatchShape.model_validate(first)
    assert (first["total"], first["untried"], first["can_be_undone"]) == (4, 1, True)
    last = anna.post("/batches", {**sent, "tried_after": first["outcomes"][-1]["number"]})
    assert [each["number"] for each in last["outcomes"]] == storm[3:]
    assert last["untried"] == 0
    words = anna.post("/batches", {**sent, "words": ["note", "x"]})
    assert not words["can_be_undone"]
    assert words["outcomes"][0]["stays"]


def test_many_are_merged_by_a_program(anna: Caller, storm: list[int]) -> None:
    found = anna.post("/batches", {"numbers": storm[1:], "words": ["merge", str(storm[0]), "one cut"]})
    assert found["counts"] == {"done": 3}
    assert anna.get(f"/tickets/{storm[2]}")["number"] == storm[0]
    anna.post(f"/batches/{found['key']}/undo")
    assert anna.get(f"/tickets/{storm[2]}")["number"] == storm[2]
