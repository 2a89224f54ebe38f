"""Programs open, list, read and change tickets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nocturne.desk.settling import SETTABLE
from nocturne.doors.api.given import Fields
from nocturne.doors.api.shapes import Done, Ticket, Tickets
from nocturne.doors.api.shapes_entries import Entries
from tests.caller import Caller, caller, reporter
from tests.cast import Cast


@pytest.mark.req("R15.9", "R10.1")
def test_a_program_opens_a_ticket_and_is_told_where_it_is(anna_calls: Caller) -> None:
    done = anna_calls.post(
        "/tickets",
        {
            "subject": "Ann Arbor – Chicago 100G down",
            "text": "No light since 10:55.",
            "queue": "general",
            "severity": 2,
            "machines": ["cr1.aa"],
            "reporter": {"name": "Rowe", "email": "rowe@site.example", "phone": "+1 734 555 0119"},
            "outages": [{"start": "20 min ago"}],
            "affected": [{"kind": "customer", "name": "Lansing College", "from": "20 min ago"}],
            "next_action": "Call Norlink",
            "alarm": "2h ETA?",
        },
    )
    assert anna_calls.status == 201, done
    Done.model_validate(done)
    number = done["number"]
    assert done["web_url"] == f"http://noc.lakenet.example/tickets/{number}"
    assert anna_calls.header("Location") == f"http://noc.lakenet.example/api/v1/tickets/{number}"
    assert done["alarm"]["text"] == "ETA?"
    assert done["alarm"]["says"].endswith("UTC")
    ticket = anna_calls.get(f"/tickets/{number}")
    Ticket.model_validate(ticket)
    assert {
        name: ticket[name] for name in ("number", "subject", "type", "state", "clock", "next_action")
    } == {
        "number": number,
        "subject": "Ann Arbor – Chicago 100G down",
        "type": "trouble",
        "state": "new",
        "clock": "noc",
        "next_action": "Call Norlink",
    }
    assert ticket["machines"] == ["cr1.aa"]
    assert ticket["affected"][0]["name"] == "Lansing College"
    entries = anna_calls.get(f"/tickets/{number}/entries")
    Entries.model_validate(entries)
    assert entries["entries"][0]["text"] == "No light since 10:55."


@pytest.mark.req("R2.1")
def test_what_is_asked_for_in_groups_comes_group_by_group_over_pages(anna_calls: Caller) -> None:
    for severity in (3, 1, 2, 1, 3):
        anna_calls.post("/tickets", {"subject": "Down", "severity": severity})
    found, after = [], ""
    while after is not None:
        page = anna_calls.get(f"/tickets?q=subject:down group:severity&limit=2&after={after}")
        assert page["group"] == "severity"
        found += [each["severity"] for each in page["tickets"]]
        after = page["after"]
    assert found == [1, 1, 2, 3, 3]
    assert anna_calls.get("/tickets?q=subject:down")["group"] is None


@pytest.mark.req("R16.1")
def test_lists_are_paged_by_place_and_lose_nothing_to_tickets_that_come_meanwhile(anna_calls: Caller) -> None:
    numbers = [anna_calls.post("/tickets", {"subject": f"Problem {each}"})["number"] for each in range(7)]
    first = anna_calls.get("/tickets?limit=3&order=newest")
    Tickets.model_validate(first)
    anna_calls.post("/tickets", {"subject": "One more"})
    second = anna_calls.get(f"/tickets?limit=3&order=newest&after={first['after']}")
    third = anna_calls.get(f"/tickets?limit=3&order=newest&after={second['after']}")
    found = [each["number"] for page in (first, second, third) for each in page["tickets"]]
    assert found == numbers[::-1]
    assert third["after"] is None


@pytest.mark.parametrize("order", ["priority", "newest", "oldest", "updated"])
def test_every_order_goes_on_where_it_stopped(anna_calls: Caller, order: str) -> None:
    for each in range(5):
        anna_calls.post("/tickets", {"subject": f"Problem {each}", "priority": 1 + each % 2})
    whole = [each["number"] for each in anna_calls.get(f"/tickets?order={order}")["tickets"]]
    walked: list[int] = []
    after = ""
    while True:
        page = anna_calls.get(f"/tickets?order={order}&limit=2" + (f"&after={after}" if after else ""))
        walked += [each["number"] for each in page["tickets"]]
        after = page["after"]
        if after is None:
            break
    assert walked == whole


def test_a_list_is_asked_for_in_the_language_of_the_search_box(anna_calls: Caller, trouble: int) -> None:
    other = anna_calls.post("/tickets", {"subject": "Power lost at Lansing"})["number"]
    anna_calls.post(f"/tickets/{other}/owner", {"owner": "me"})
    assert [each["number"] for each in anna_calls.get("/tickets?q=is:mine")["tickets"]] == [other]
    assert [each["number"] for each in anna_calls.get("/tickets?q=node:cr1.aa")["tickets"]] == [trouble]
    wrong = anna_calls.get("/tickets?q=ownr:anna")
    assert anna_calls.status == 422
    assert wrong["code"] == "bad_query"


@pytest.mark.req("R2.1", "R15.9")
def test_a_list_that_finds_nothing_says_which_names_nothing_bears_and_what_its_words_are(
    anna_calls: Caller, trouble: int
) -> None:
    unheard = anna_calls.get("/tickets?q=is:open+owner:anan")
    assert unheard["tickets"] == []
    assert unheard["doubts"] == [
        {"position": 8, "key": "owner", "given": "anan", "near": "anna", "reason": "unknown_name"}
    ]
    anna_calls.post("/tickets", {"subject": "Peering with 64499 is down"})
    alone = anna_calls.get("/tickets?q=64499")
    assert (alone["tickets"], alone["doubts"]) == ([], [])
    [meant] = alone["meant"]
    assert (meant["key"], meant["given"]) == ("number", "64499")
    assert len(anna_calls.get(f"/tickets?q={meant['otherwise']}")["tickets"]) == 1
    found = anna_calls.get("/tickets?q=is:open,mine+owner:anna,anan,none")
    assert found["tickets"]
    assert (found["doubts"], found["meant"]) == ([], []), "of what is found nothing is doubted"


@pytest.mark.req("R2.1", "S3")
def test_whoever_may_not_read_a_list_of_names_learns_nothing_from_doubts(cast: Cast, trouble: int) -> None:
    asked = reporter("cleo", cast.cleo_contact)
    for there, nowhere in (("queue:general", "queue:nowhere"), ("node:cr1.aa", "node:zz9.aa")):
        known, unknown = (asked.get(f"/tickets?q={each}+subject:unheard") for each in (there, nowhere))
        assert known["tickets"] == unknown["tickets"] == []
        assert [each | {"given": ""} for each in known["doubts"]] == [
            each | {"given": ""} for each in unknown["doubts"]
        ]
        assert known["meant"] == unknown["meant"] == []
    bare = asked.get("/tickets?q=cr1.aa+unheard")
    assert (bare["doubts"], bare["meant"]) == ([], [])


@pytest.mark.req("R11.3")
def test_fields_are_changed_and_taken_away(anna_calls: Caller, trouble: int) -> None:
    done = anna_calls.patch(
        f"/tickets/{trouble}",
        {"severity": 1, "next_action": "Send splice crew", "machines": ["cr2.chi"], "site": "ann arbor"},
    )
    assert anna_calls.status == 200, done
    ticket = anna_calls.get(f"/tickets/{trouble}")
    assert (ticket["severity"], ticket["next_action"], ticket["machines"], ticket["site"]) == (
        1,
        "Send splice crew",
        ["cr2.chi"],
        "Ann Arbor",
    )
    anna_calls.patch(f"/tickets/{trouble}", {"next_action": None, "site": None})
    ticket = anna_calls.get(f"/tickets/{trouble}")
    assert ticket["next_action"] is None
    assert ticket["site"] is None


def test_every_column_that_can_be_set_can_be_set_here() -> None:
    assert set(Fields.model_fields) == SETTABLE - {"next_action"}


def test_time_that_only_passes_makes_no_ticket_new(anna_calls: Caller, trouble: int) -> None:
    begin = datetime.now(UTC)
    with time_machine.travel(begin, tick=False) as clock:
        anna_calls.post(f"/tickets/{trouble}/entries", {"text": "Waiting.", "alarm": "in 5h ETA?"})
        before = anna_calls.get(f"/tickets/{trouble}")
        tag = anna_calls.header("ETag")

        clock.move_to(begin + timedelta(hours=1))
        anna_calls.get(f"/tickets/{trouble}", If_None_Match=tag)
        assert anna_calls.status == 304
        after = anna_calls.get(f"/tickets/{trouble}")
        assert sum(after["clock_seconds"].values()) == sum(before["clock_seconds"].values()) + 3600
        assert anna_calls.header("ETag") == tag

        anna_calls.patch(f"/tickets/{trouble}", {"severity": 1})
        anna_calls.get(f"/tickets/{trouble}", If_None_Match=tag)
        assert anna_calls.status == 200
        assert anna_calls.header("ETag") != tag


@pytest.mark.req("R16.1")
def test_what_a_colleague_changed_meanwhile_is_not_overwritten(cast: Cast, trouble: int) -> None:
    anna, kofi = caller(cast.anna), caller(cast.kofi)
    anna.get(f"/tickets/{trouble}")
    seen = anna.header("ETag")
    kofi.patch(f"/tickets/{trouble}", {"severity": 4})
    refused = anna.patch(f"/tickets/{trouble}", {"severity": 1}, If_Match=seen)
    assert anna.status == 412
    assert refused["field"] == "severity"
    assert (refused["params"]["theirs"], refused["params"]["yours"], refused["params"]["who"]) == (
        4,
        1,
        "kofi",
    )
    assert "kofi" in refused["detail"]
    assert anna.get(f"/tickets/{trouble}")["severity"] == 4
    anna.post(f"/tickets/{trouble}/entries", {"text": "Light levels fell at 10:54."}, If_Match=seen)
    assert anna.status == 201, "words never conflict"


def test_a_reader_who_has_it_already_is_told_so(anna_calls: Caller, trouble: int) -> None:
    anna_calls.get(f"/tickets/{trouble}")
    tag = anna_calls.header("ETag")
    anna_calls.get(f"/tickets/{trouble}", If_None_Match=tag)
    assert anna_calls.status == 304
    anna_calls.post(f"/tickets/{trouble}/entries", {"text": "Called the site."})
    anna_calls.get(f"/tickets/{trouble}", If_None_Match=tag)
    assert anna_calls.status == 200


@pytest.mark.req("R11.1")
def test_the_time_something_happened_is_kept_beside_the_time_it_was_written(
    anna_calls: Caller, trouble: int
) -> None:
    done = anna_calls.post(f"/tickets/{trouble}/entries", {"text": "Noticed on the phone.", "at": "now"})
    assert done["at"]["says"].endswith("UTC")
    refused = anna_calls.post(f"/tickets/{trouble}/entries", {"text": "Later", "at": "2099-01-01 10:00"})
    assert (anna_calls.status, refused["code"], refused["field"]) == (422, "time_in_future", "at")


def test_an_account_in_another_zone_says_and_is_told_times_there(cast: Cast, trouble: int) -> None:
    from nocturne.desk import accounts
    from nocturne.store.models import User

    User.objects.filter(pk=cast.anna.id).update(zone="Europe/Paris")
    anna = caller(accounts.actor_of(User.objects.get(pk=cast.anna.id)))
    done = anna.call("PUT", f"/tickets/{trouble}/alarm", {"at": "2099-07-01 14:00", "text": "Remind site"})
    assert done["alarm"]["at"] == "2099-07-01T12:00:00.000Z"
    assert done["alarm"]["says"] == "2099-07-01 12:00 UTC (14:00 Europe/Paris)"
    anna.get(f"/tickets/{trouble}")
    assert anna.header("Nocturne-Zone") == "Europe/Paris"


@pytest.mark.req("R16.1")
def test_the_hot_paths_ask_the_database_little(anna_calls: Caller, trouble: int) -> None:
    anna_calls.get(f"/tickets/{trouble}")
    with CaptureQueriesContext(connection) as asked:
        anna_calls.get("/tickets")
    assert len(asked) <= 4, asked.captured_queries
    with CaptureQueriesContext(connection) as asked:
        anna_calls.post(f"/tickets/{trouble}/entries", {"text": "Called the site."})
    assert len(asked) <= 14, asked.captured_queries
