"""What cannot be right gets a clear answer, nothing is half-written, and the answer says what would help."""

from __future__ import annotations

import errno
from typing import Any

import pytest

from nocturne.core.refusals import Unavailable
from nocturne.doors.api.sayings import DETAILS, REMEDIES
from nocturne.store.models import Entry, Ticket
from tests.caller import Caller, caller
from tests.cast import Cast


def refused(who: Caller, method: str, path: str, body: Any) -> tuple[int, str, str | None]:
    """This will ask for something impossible, and check that the answer is a whole problem and nothing is written."""
    before = Entry.objects.count(), Ticket.objects.count()
    found = who.call(method, path, body)
    assert (Entry.objects.count(), Ticket.objects.count()) == before
    assert who.header("Content-Type") == "application/problem+json"
    assert set(found) >= {
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "code",
        "field",
        "remedy",
        "params",
    }
    assert found["detail"].endswith((".", "!", "?")), found["detail"]
    assert "%(" not in found["detail"]
    assert "…" not in found["detail"], found
    assert found["remedy"]
    assert found["status"] == who.status
    return found["status"], found["code"], found["field"]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"subject": ""}, "empty_subject", "subject"),
        ({"subject": "   "}, "empty_subject", "subject"),
        ({"subject": "\x00\x07"}, "empty_subject", "subject"),
        ({"subject": "x" * 301}, "line_too_long", "subject"),
        ({"queue": "nothing"}, "unknown_queue", "queue"),
        ({"type": "incident"}, "unknown_type", "type"),
        ({"owner": "nobody-here"}, "unknown_person", "owner"),
        ({"severity": 5}, "bad_level", "severity"),
        ({"severity": "high"}, "bad_level", "severity"),
        ({"machines": ["cr9.aa"]}, "unknown_machine", "machine"),
        ({"site": "Atlantis"}, "unknown_site", "site"),
        ({"network": "Skynet"}, "unknown_network", "network"),
        ({"vendor": "Acme"}, "unknown_vendor", "vendor"),
        ({"circuit": "X-1"}, "unknown_circuit", "circuit"),
        ({"started_at": "tomorrow 9"}, "time_in_future", "started_at"),
        ({"started_at": "the day before the flood"}, "bad_time", "started_at"),
        ({"started_at": "2026-02-30 10:00"}, "bad_time", "started_at"),
        ({"at": "2031-01-01 10:00"}, "time_in_future", "at"),
        ({"at": "1970-01-01 10:00"}, "time_impossible", "at"),
        ({"at": "10:00 CET"}, "bad_zone", "at"),
        ({"alarm": "2020-01-01 10:00 too late"}, "time_past", "alarm"),
        ({"alarm": "someday"}, "bad_time", "alarm"),
        ({"alarm": {"at": "2h", "text": "x" * 201}}, "line_too_long", "alarm"),
        ({"type": "planned", "planned_start": "tomorrow 9"}, "planned_needs_both", "planned_end"),
        (
            {"type": "planned", "planned_start": "tomorrow 9", "planned_end": "tomorrow 8"},
            "planned_end_before_start",
            "planned_end",
        ),
        ({"outages": [{"start": "1 min ago", "end": "2 min ago"}]}, "outage_ends_before_start", "outage_end"),
        ({"outages": [{"start": "1 min ago", "effect": "gone"}]}, "unknown_effect", "effect"),
        ({"affected": [{"kind": "planet", "name": "Mars"}]}, "unknown_affected", "affected"),
        ({"affected": [{"kind": "site", "name": " "}]}, "empty_affected", "affected"),
        ({"cc": ["kofi@"]}, "bad_address", "cc"),
        ({"cc": ["a@b.example\r\nBcc: c@d.example"]}, "bad_address", "cc"),
        ({"reporter": {"email": "no address"}}, "bad_address", "reporter"),
        ({"reporter": {"phone": "1" * 41}}, "line_too_long", "reporter"),
        ({"worked": "2 days"}, "bad_worked", "worked"),
        ({"worked": -5}, "bad_worked", "worked"),
        ({"next_action": "x" * 301}, "line_too_long", "next_action"),
        ({"text": "x" * 2_000_001}, "text_too_long", "text"),
    ],
)
def test_a_ticket_that_cannot_be_right_is_not_opened(
    anna_calls: Caller, given: Any, code: str, field: str
) -> None:
    status, said, named = refused(anna_calls, "POST", "/tickets", {"subject": "Down"} | given)
    assert (said, named) == (code, field)
    assert status == (413 if code == "text_too_long" else 422)


def test_a_parent_that_does_not_exist_is_not_found(anna_calls: Caller) -> None:
    assert refused(anna_calls, "POST", "/tickets", {"subject": "x", "parent": 999})[:2] == (
        404,
        "no_such_ticket",
    )


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "field"),
    [
        ("/entries", {"text": " "}, 422, "nothing_said", "text"),
        ("/entries", {"kind": "reply", "text": ""}, 422, "empty_reply", "text"),
        ("/entries", {"kind": "reply", "text": "x", "to": ["not an address"]}, 422, "bad_address", "to"),
        ("/entries", {"text": "x", "tags": ["two words"]}, 422, "bad_tag", "tag"),
        ("/owner", {"owner": "nobody-here"}, 422, "unknown_person", "owner"),
        ("/owner", {}, 422, "missing_key", "owner"),
        ("/referral", {"to": ""}, 422, "nobody_named", "to"),
        ("/referral", {"to": "Norlink", "clock": "noc"}, 422, "bad_clock", "clock"),
        ("/suspension", {"clock": "moon"}, 422, "bad_clock", "clock"),
        ("/resumption", {}, 409, "cannot_resumed_when_new", None),
        ("/resolution", {"line": ""}, 422, "empty_resolution", "line"),
        ("/closure", {}, 409, "cannot_closed_when_new", None),
        ("/rejection", {"reason": " "}, 422, "empty_reason", "reason"),
        ("/relations", {"kind": "cousin", "other": 1}, 422, "unknown_relation", "kind"),
        ("/relations", {"kind": "depends_on", "other": 999}, 404, "no_such_ticket", None),
        ("/merge", {"into": 999}, 404, "no_such_ticket", None),
        ("/unmerge", {}, 409, "not_merged", None),
        ("/split", {"subject": "x", "entries": ["nosuchentry1"]}, 404, "no_such_entry", "entries"),
        ("/complainers", {"text": "x"}, 409, "nobody_to_tell", None),
    ],
)
def test_an_act_that_cannot_be_done_says_why(
    anna_calls: Caller, trouble: int, path: str, body: Any, status: int, code: str, field: str | None
) -> None:
    assert refused(anna_calls, "POST", f"/tickets/{trouble}{path}", body) == (status, code, field)


@pytest.mark.req("R11.4")
def test_times_that_contradict_each_other_are_refused(anna_calls: Caller) -> None:
    number = anna_calls.post("/tickets", {"subject": "Down", "started_at": "10 min ago", "at": "20 min ago"})[
        "number"
    ]
    path = f"/tickets/{number}"
    assert (
        refused(anna_calls, "POST", f"{path}/restoration", {"at": "15 min ago"})[1]
        == "restored_before_started"
    )
    assert refused(anna_calls, "POST", f"{path}/restoration", {"at": "in 2h"})[1] == "time_in_future"
    anna_calls.post(f"{path}/restoration", {"at": "5 min ago"})
    early = {"line": "Spliced", "at": "6 min ago"}
    assert refused(anna_calls, "POST", f"{path}/resolution", early)[1] == "resolved_before_restored"
    assert refused(anna_calls, "POST", f"{path}/suspension", {"at": "2 h ago"})[1] == "switch_before_opening"
    anna_calls.post(f"{path}/suspension", {"clock": "vendor", "at": "2 min ago"})
    late = {"line": "Spliced", "at": "3 min ago"}
    assert refused(anna_calls, "POST", f"{path}/resolution", late)[1] == "resolved_before_switch"
    anna_calls.post(f"{path}/resolution", {"line": "Spliced"})
    assert refused(anna_calls, "POST", f"{path}/suspension", {})[1] == "cannot_suspended_when_resolved"


def test_the_second_of_two_who_resolve_is_told_that_it_is_resolved(cast: Cast, trouble: int) -> None:
    anna, kofi = caller(cast.anna), caller(cast.kofi)
    anna.post(f"/tickets/{trouble}/resolution", {"line": "Spliced"})
    assert refused(kofi, "POST", f"/tickets/{trouble}/resolution", {"line": "Fixed"})[:2] == (
        409,
        "cannot_resolved_when_resolved",
    )


def test_a_full_disk_is_said_and_nothing_is_half_written(
    anna_calls: Caller, trouble: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("nocturne.store.blobs.DurableStorage._save", full)
        assert refused(anna_calls, "POST", f"/tickets/{trouble}/attachments", b"trace")[:2] == (
            503,
            "disk_full",
        )
    assert anna_calls.header("Retry-After")

    def no_room(*_: Any, **__: Any) -> None:
        raise Unavailable("disk_full")

    with monkeypatch.context() as patched:
        patched.setattr("nocturne.desk.write.append", no_room)
        assert refused(anna_calls, "POST", f"/tickets/{trouble}/entries", {"text": "x"})[:2] == (
            503,
            "disk_full",
        )
    anna_calls.post(f"/tickets/{trouble}/entries", {"text": "x"})
    assert anna_calls.status == 201, "after space is there again, all works"


def test_several_wrong_keys_are_named_at_once(anna_calls: Caller) -> None:
    found = anna_calls.post("/tickets", {"subjekt": "x", "severity": [], "prio": 1})
    assert anna_calls.status == 422
    assert {each["field"] for each in found["errors"]} >= {"subjekt", "prio", "subject"}


def test_whoever_asks_in_another_language_gets_the_same_codes(anna_calls: Caller) -> None:
    found = anna_calls.post("/tickets", {"subject": ""}, Accept_Language="de")
    assert found["code"] == "empty_subject"


def test_every_remedy_belongs_to_a_refusal() -> None:
    from nocturne.desk import wording

    known = DETAILS.keys() | wording.REFUSALS.keys()
    assert REMEDIES.keys() <= known, REMEDIES.keys() - known
    assert not DETAILS.keys() & wording.REFUSALS.keys(), "worded once"
