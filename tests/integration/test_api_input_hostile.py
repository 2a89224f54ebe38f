"""What programs send that no form of ours would: injections, made-up places, bodies that are none."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.test import Client

from nocturne import desk
from nocturne.config.logs import OneLine
from nocturne.core.entry import Door
from nocturne.desk.terms import Opening
from nocturne.store.models import Ticket
from tests.caller import ROOT, Caller, caller
from tests.cast import Cast


def test_keys_that_are_not_for_people_are_refused_by_name(anna_calls: Caller, trouble: int) -> None:
    row = Ticket.objects.filter(pk=trouble).values().get()
    strange = ("is_staff", "owner_id", "created_at", "internal", "last_seq", "opened_by", "opened_at",
               "checked_by", "state", "meaning", "clock", "number", "merged_into", "resolved_at", "objected", "author",
                "door")  # fmt: skip
    for key in strange:
        refused = anna_calls.patch(f"/tickets/{trouble}", {key: 1, "severity": 1})
        assert (anna_calls.status, refused["code"], refused["field"]) == (422, "unknown_key", key)
        assert key in refused["detail"]
    for key in ("author", "recorded_at", "seq", "door", "address", "kind2", "facts"):
        refused = anna_calls.post(f"/tickets/{trouble}/entries", {"text": "x", key: "anna"})
        assert (anna_calls.status, refused["field"]) == (422, key)
    refused = anna_calls.post(f"/tickets/{trouble}/owner", {"owner": "me", "fields": {"checked_by": "anna"}})
    assert (anna_calls.status, refused["field"]) == (422, "fields.checked_by")
    assert Ticket.objects.filter(pk=trouble).values().get() == row
    anna_calls.get("/tickets?owner_id=1")
    assert anna_calls.status == 422


INJECTIONS = (
    "' OR '1'='1", "1; DROP TABLE ticket", "1 UNION SELECT password FROM account", '" OR ""="', "') OR ('1'='1", "1--",
    "priority; DELETE FROM entry", "priority,(SELECT 1)", "-owner__password", "-pk", "-priority,(SELECT 1)",
    "owner__password", "owner__password__startswith",
    "number__gt", "pk", "?", "RANDOM()", "pg_sleep(5)", "1 AND 1=1", "%27%20OR%201=1",
    "\\'; --", "admin'/*", "*/ OR 1=1",
    "0x31303235", "CHAR(49)", "1e309", "NaN", "-1", "9" * 40, "\x00", "null", "true", "[]", "{}", "${7*7}", "{{7*7}}",
    "__class__", "queue__members__password", "text__regex", "(((((((((((", "priority asc", "newest; --",
)  # fmt: skip


@pytest.mark.parametrize("payload", INJECTIONS)
def test_parameters_reach_no_database_as_anything_but_values(
    anna_calls: Caller, trouble: int, payload: str
) -> None:
    from urllib.parse import quote

    for name in ("order", "after", "limit", "q"):
        anna_calls.get(f"/tickets?{name}={quote(payload)}")
        assert anna_calls.status in ((422,) if name != "q" else (200, 403, 422)), name
    for path in (f"/tickets/{trouble}/entries?before=", f"/tickets/{trouble}/entries?after=", "/people?q=",
                 "/people?after=",
                 "/inventory/machines?q=", f"/tickets/{trouble}/entries?only=",
                 "/inventory/machines?after="):  # fmt: skip
        anna_calls.get(path + quote(payload))
        assert anna_calls.status in (200, 404, 422), path
    anna_calls.get(f"/tickets?{quote(payload)}=1")
    assert anna_calls.status in (200, 422)
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "token", ["WyJwcmlvcml0eSIsMSwxXQ", "WyJwcmlvcml0eSIsIngiLDEsMV0", "e30", "!!!!", "W10", "bnVsbA"]
)
def test_a_made_up_place_in_a_list_is_refused(anna_calls: Caller, token: str) -> None:
    refused = anna_calls.get(f"/tickets?after={token}")
    assert (anna_calls.status, refused["code"], refused["field"]) == (422, "bad_cursor", "after")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_json"),
        (b"\xff\xfe{}", 400, "bad_json"),
        (b'{"subject": NaN}', 400, "bad_json"),
        (b"[" * 10_000 + b"]" * 10_000, 400, "json_too_deep"),
        (b'{"subject":' * 10_000 + b"1" + b"}" * 10_000, 400, "json_too_deep"),
        (b'{"subject": "\\ud800"}', 400, "bad_characters"),
        (b'{"severity": ' + b"9" * 5000 + b"}", 400, "bad_json"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", 400, "bad_json"),
        (b'"text"', 422, "bad_value"),
        (b"[]", 422, "bad_value"),
        (b"null", 422, "bad_value"),
        (b"", 422, "missing_key"),
        (b'{"text": "x"}', 422, "missing_key"),
        (b'{"subject": 7}', 422, "bad_value"),
        (b'{"subject": "x", "machines": "cr1"}', 422, "bad_value"),
        (b'{"subject": "x", "severity": true}', 422, "bad_value"),
        (b'{"subject": "x", "parent": 99999999999999999999}', 422, "bad_value"),
        (b'{"subject": "x", "severity": 99999999999999999999}', 422, "bad_level"),
    ],
)
def test_a_body_that_is_none_is_refused_with_its_reason(
    anna_calls: Caller, body: bytes, status: int, code: str
) -> None:
    refused = anna_calls.call("POST", "/tickets", body)
    assert (anna_calls.status, refused["code"]) == (status, code)
    assert anna_calls.header("Content-Type") == "application/problem+json"
    assert refused["remedy"]
    assert Ticket.objects.count() == 0


def test_a_body_of_more_than_is_taken_is_refused(anna_calls: Caller, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    refused = anna_calls.post("/tickets", {"subject": "x", "text": "a" * 2000})
    assert (anna_calls.status, refused["code"]) == (413, "body_too_large")


def test_something_else_than_json_is_not_guessed_at(anna_calls: Caller) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/xml", "text/plain"):
        refused = anna_calls.call("POST", "/tickets", b"subject=x", Content_Type=kind)
        assert (anna_calls.status, refused["code"]) == (415, "not_json")


def test_what_a_stranger_sends_stays_within_its_line_of_the_log(
    cast: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("bad\nmoon \x1b[31m")

    anna = caller(cast.anna)
    monkeypatch.setattr("nocturne.desk.charts.chart", fails)
    with caplog.at_level(logging.DEBUG):
        Client().get(f"{ROOT}/x%0aERROR%20forged%1b[31m%00", headers={"User-Agent": "a\tb"})
        refused = anna.get("/tickets/4711")
    assert (anna.status, refused["code"]) == (500, "failed")
    assert "moon" not in json.dumps(refused)
    assert refused["params"]["id"] in caplog.text
    for record in caplog.records:
        line = OneLine().format(record)
        assert "\n" not in line
        assert "\x1b" not in line
        json.loads(line)


def test_control_characters_never_reach_a_database(anna_calls: Caller, trouble: int) -> None:
    done = anna_calls.post("/tickets", {"subject": "a\x00b\x1b[31mc\u202e", "text": "x\x00y\x07"})
    assert anna_calls.status == 201, done
    assert done["ticket"]["subject"].isprintable()
    for body in (
        {"queue": "gen\x00eral"},
        {"owner": "an\x00na"},
        {"machines": ["cr1\x00"]},
        {"cc": ["a\x00@b.example"]},
    ):
        anna_calls.post("/tickets", {"subject": "x", **body})
        assert anna_calls.status == 422, body
    refused = anna_calls.get("/people?q=%00")
    assert (anna_calls.status, refused["field"]) == (422, "q")


def test_a_forged_host_changes_no_address(anna_calls: Caller, trouble: int, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    ticket = anna_calls.get(f"/tickets/{trouble}", Host="evil.example", X_Forwarded_Host="evil.example")
    assert ticket["web_url"] == f"http://noc.lakenet.example/tickets/{trouble}"


def test_a_number_given_at_opening_is_not_for_programs(anna_calls: Caller) -> None:
    refused = anna_calls.post("/tickets", {"subject": "x", "number": 4711})
    assert (anna_calls.status, refused["field"]) == (422, "number")
    assert desk.open(Opening(subject="x"), by=anna_calls.actor, door=Door.API).number < 4711
