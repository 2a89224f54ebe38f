"""Programs read and change what is configured: all or nothing, tried first, and never over somebody else's change."""

from __future__ import annotations

from typing import Any

import pytest

from nocturne.core.entry import Door
from nocturne.desk import configuring
from nocturne.doors.api import shapes_configuration as shapes
from nocturne.store import configured
from nocturne.store.models import Audit, Queue
from tests.caller import Caller, caller
from tests.cast import Cast


@pytest.fixture
def program(cast: Cast) -> Caller:
    return caller(cast.ada, scopes="read write admin")


PEERING = "/configuration/queue/peering"


@pytest.mark.req("R9.5", "S9")
def test_a_program_makes_a_queue_reads_it_and_takes_it_away(program: Caller) -> None:
    made = program.call("PUT", PEERING, {"body": {"title": "Peering"}, "reason": "IX"})
    assert shapes.Changed(**made).changed[0].how == "added"
    assert Queue.objects.filter(name="peering").exists()
    read = program.get(PEERING)
    assert shapes.Document(**read).body == {"title": "Peering"}
    assert program.header("ETag").startswith(f'"{read["version"]}')
    program.get(PEERING, If_None_Match=program.header("ETag"))
    assert program.status == 304
    everything = shapes.Configuration(**program.get("/configuration"))
    assert len(everything.documents) == len(configured.load().documents)
    assert [each["name"] for each in program.get("/configuration?kind=queue")["documents"]] == ["peering"]
    gone = program.call("DELETE", f"{PEERING}?reason=Nobody+peers")
    assert gone["changed"][0]["version"] == "none"
    program.get(PEERING)
    assert program.status == 404
    past = shapes.History(**program.get(f"{PEERING}/history")).changes
    assert [each.reason for each in past] == ["Nobody peers", "IX"]


@pytest.mark.req("R9.5")
def test_several_changes_are_made_together_or_not_at_all(program: Caller) -> None:
    good = {"kind": "queue", "name": "peering", "body": {"title": "Peering"}}
    bad = {"kind": "queue", "name": "other", "body": {"type": "nothing", "silence_days": "many"}}
    worse = {"kind": "field", "name": "cve", "body": {"pattern": "("}}
    answer = program.post("/configuration", {"changes": [good, bad, worse]})
    assert program.status == 422
    fields = {each["field"] for each in answer["errors"]}
    assert fields >= {"queue/other.silence_days"}
    assert not Queue.objects.filter(name="peering").exists()
    tried = program.post("/configuration", {"changes": [good], "dry_run": True})
    assert tried["dry_run"] is True
    assert tried["changed"][0]["keys"] == [
        {"path": "title", "how": "added", "before": None, "after": "Peering"}
    ]
    assert not Queue.objects.filter(name="peering").exists()
    assert not Audit.objects.filter(act="configuration_changed").exists()
    program.post("/configuration", {"changes": [good, {**worse, "body": {"title": "CVE"}}], "reason": "Both"})
    assert {row.batch for row in Audit.objects.filter(act="configuration_changed")} != {""}
    assert Audit.objects.filter(act="configuration_changed").count() == 2


@pytest.mark.req("R9.5")
def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(cast: Cast, program: Caller) -> None:
    program.call("PUT", PEERING, {"body": {"title": "Peering"}})
    tag = (program.get(PEERING), program.header("ETag"))[1]
    configuring.change({("queue", "peering"): {"title": "Theirs"}}, by=cast.ada, door=Door.WEB)
    refused = program.call("PUT", PEERING, {"body": {"title": "Mine"}}, If_Match=tag)
    assert (program.status, refused["code"]) == (412, "configuration_changed_meanwhile")
    program.call("DELETE", PEERING, If_Match=tag)
    assert program.status == 412
    change = {"kind": "queue", "name": "peering", "body": {"title": "Mine"}, "version": "none"}
    program.post("/configuration", {"changes": [change]})
    assert program.status == 409
    assert configured.load().queues["peering"].title == "Theirs"
    tag = (program.get(PEERING), program.header("ETag"))[1]
    program.call("PUT", PEERING, {"body": {"title": "Mine"}}, If_Match=tag)
    assert program.status == 200


@pytest.mark.req("S9")
def test_a_repeat_with_the_same_key_changes_nothing_and_gets_the_first_answer(program: Caller) -> None:
    first = program.call("PUT", PEERING, {"body": {"title": "Peering"}}, Idempotency_Key="k1")
    again = program.call("PUT", PEERING, {"body": {"title": "Peering"}}, Idempotency_Key="k1")
    assert first == again
    assert program.header("Idempotent-Replayed") == "true"
    program.call("PUT", PEERING, {"body": {"title": "Other"}}, Idempotency_Key="k1")
    assert program.status == 422
    assert Audit.objects.filter(act="configuration_changed").count() == 1


@pytest.mark.req("R9.5")
def test_a_change_is_taken_back_and_a_document_renamed(program: Caller) -> None:
    program.call("PUT", PEERING, {"body": {"title": "Peering"}})
    program.call("PUT", PEERING, {"body": {"title": "Sessions"}})
    row = program.get(f"{PEERING}/history")["changes"][0]["row"]
    program.post(f"{PEERING}/revert", {"change": row, "reason": "Too early"})
    assert configured.load().queues["peering"].title == "Peering"
    program.post("/configuration/type/trouble/revert", {"change": row})
    assert program.status == 404
    program.post(f"{PEERING}/name", {"name": "interconnection"})
    assert configured.load().queues["interconnection"].formerly == ("peering",)
    program.post("/configuration/queue/interconnection/name", {"name": "Not A Name"})
    assert program.status == 422


@pytest.mark.req("S10", "R16.5")
def test_only_a_token_for_administration_of_somebody_who_administers_may(cast: Cast, program: Caller) -> None:
    program.call("PUT", PEERING, {"body": {}})
    others: list[tuple[Any, str]] = [
        (cast.ada, "read write"),
        (cast.anna, "read write admin"),
        (cast.mei, "read write"),
    ]
    for actor, scopes in others:
        other = caller(actor, scopes=scopes)
        for method, path in (("GET", "/configuration"), ("GET", PEERING), ("GET", f"{PEERING}/history")):
            other.call(method, path)
            assert other.status == 403, (actor.label, path)
        for method, path, body in (
            ("PUT", PEERING, {"body": {"title": "x"}}), ("DELETE", PEERING, None),
            ("POST", "/configuration", {"changes": []}),
            ("POST", f"{PEERING}/name", {"name": "x"}), ("POST", f"{PEERING}/revert", {"change": 1}),
        ):  # fmt: skip
            other.call(method, path, body)
            assert other.status == 403, (actor.label, path)
    assert configured.load().queues["peering"].title == ""


@pytest.mark.req("R16.5")
@pytest.mark.parametrize(
    "body",
    [
        {"title": "a\x00b"},
        {"default": ["\x00"]},
        {"defaults": {"next_action": "\x00"}},
        {"choices": 7},
        {"title": None},
        {"": ""},
        {"x" * 5000: 1},
        {"title": "x" * 5000},
        {"members": [["deep"]]},
        {"pattern": "(a+)+$" * 100},
    ],
)
def test_nothing_that_is_no_document_becomes_one(program: Caller, body: dict[str, Any]) -> None:
    for kind in ("queue", "field", "clearance", "template", "nothing"):
        answer = program.call("PUT", f"/configuration/{kind}/strange", {"body": body})
        if program.status != 200:
            assert program.status == 422, answer
            assert answer["detail"]
        else:
            assert body in ({"title": None}, {"pattern": "(a+)+$" * 100})
    deep: Any = "x"
    for _ in range(300):
        deep = [deep]
    program.call("PUT", PEERING, {"body": {"members": deep}})
    assert program.status == 422
