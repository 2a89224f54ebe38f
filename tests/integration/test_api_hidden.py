"""Over the API nobody reads, counts or guesses what is hidden from them."""

from __future__ import annotations

import json
import re

import pytest

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.desk import accounts
from nocturne.desk.terms import Extra
from nocturne.store.models import Ticket, User
from tests.caller import Caller
from tests.cast import PASSWORD, Cast
from tests.operations import body_for, filled, operations


@pytest.mark.req("R16.5")
def test_what_is_hidden_looks_like_what_is_not_there(
    anna_calls: Caller, cleo_calls: Caller, trouble: int
) -> None:
    address = anna_calls.get(f"/tickets/{trouble}/entries")["entries"][0]["address"]
    for method, path, _ in operations():
        if "{int:number}" not in path:
            continue
        answers = []
        for number in (trouble, 999_999):
            asked = filled(path, number, address)
            cleo_calls.call(method, asked, body_for(method, path))
            assert cleo_calls.last is not None
            shown = cleo_calls.last.content.replace(f"/tickets/{number}".encode(), b"/tickets/N")
            answers.append((cleo_calls.status, shown))
        assert answers[0] == answers[1], f"{method} {path}"
        assert answers[0][0] in (403, 404), f"{method} {path}: {answers[0]}"
    assert Ticket.objects.get(pk=trouble).last_seq == 1


def test_an_entry_is_found_on_its_own_ticket_only(anna_calls: Caller, trouble: int) -> None:
    other = anna_calls.post("/tickets", {"subject": "Other"})["number"]
    address = anna_calls.get(f"/tickets/{other}/entries")["entries"][0]["address"]
    for method, path in (("GET", ""), ("POST", "/correction"), ("POST", "/withdrawal")):
        anna_calls.call(
            method,
            f"/tickets/{trouble}/entries/{address}{path}",
            {"text": "x"} if path == "/correction" else None,
        )
        assert anna_calls.status == 404, path


@pytest.mark.req("R16.6")
def test_a_customer_reads_their_own_ticket_and_only_what_is_for_them(
    anna_calls: Caller, cleo_calls: Caller, complaint: int, trouble: int
) -> None:
    anna_calls.post(f"/tickets/{complaint}/entries", {"text": "She sounds cross."})
    anna_calls.patch(f"/tickets/{complaint}", {"next_action": "Call her", "priority": 1})
    assert [each["number"] for each in cleo_calls.get("/tickets")["tickets"]] == [complaint]
    shown = json.dumps(
        [cleo_calls.get(f"/tickets/{complaint}"), cleo_calls.get(f"/tickets/{complaint}/entries")]
    )
    for hidden in ("cross", "Call her", "priority", "clock", "next_action", "anna", "relations"):
        assert hidden not in shown, hidden
    refused = cleo_calls.get("/tickets?q=priority:1")
    assert (cleo_calls.status, refused["code"]) == (403, "field_not_permitted")
    cleo_calls.get("/people")
    assert cleo_calls.status == 403


@pytest.mark.req("R16.6")
def test_hidden_entries_leave_no_trace_in_any_answer(cast: Cast, anna_calls: Caller, trouble: int) -> None:
    paths = (f"/tickets/{trouble}", f"/tickets/{trouble}/entries", "/tickets", "/tickets?order=updated")

    def answers() -> list[tuple[bytes, str]]:
        found = []
        for path in paths:
            anna_calls.get(path)
            assert anna_calls.last is not None
            text = re.sub(rb'"clock_seconds":\{[^}]*\}', b"", anna_calls.last.content)
            found.append((text, anna_calls.header("ETag").partition(".")[0]))
        return found

    before = answers()
    desk.update(
        trouble,
        "Her home phone is 555.",
        by=cast.mei,
        door=Door.WEB,
        extra=Extra(data_class=DataClass.RESTRICTED),
    )
    assert answers() == before


def test_password_and_token_digests_are_in_no_answer(cast: Cast, anna_calls: Caller, trouble: int) -> None:
    digest = accounts.digest(anna_calls.token)
    hashed = User.objects.get(name="anna").password
    for method, path, _ in operations():
        if method == "GET":
            anna_calls.get(filled(path, trouble))
            last = anna_calls.last
            assert last is not None
            content = b"".join(last.streaming_content) if last.streaming else last.content  # type: ignore[arg-type]
            for secret in (digest, hashed, PASSWORD):
                assert secret.encode() not in content
