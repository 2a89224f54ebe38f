"""Programs set and read a site's own fields without code: on opening, with any act, in lists, in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from noc.say import warnings
from nocturne import desk
from nocturne.core import configuration
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import accounts
from nocturne.doors.api.shapes import Done, Ticket, Tickets
from nocturne.doors.api.shapes_inventory import LocalFields
from tests.caller import Caller, caller
from tests.cast import Cast, account
from tests.local_fields import FIELDS, configure
from tests.visitor import Visitor

NONCES = re.compile(
    r'(?<=csrfmiddlewaretoken" value=")[^"]*|(?<=name=key value=)[^>]*|<time[^>]*>[^<]*</time>'
)


@pytest.fixture(autouse=True)
def fields(ada: Actor) -> Iterator[None]:
    configure(FIELDS, by=ada)
    yield
    configuration.use(None)


@pytest.mark.req("R9.1", "R9.5")
def test_a_program_learns_which_fields_a_site_has(anna_calls: Caller) -> None:
    found = anna_calls.get("/fields")
    LocalFields.model_validate(found)
    by_name = {each["name"]: each for each in found["fields"]}
    assert by_name["bandwidth"]["unit"] == "bit/s"
    assert [each["parent"] for each in by_name["layer"]["choices"]] == ["", "link", ""]


@pytest.mark.req("R9.1", "R9.4")
def test_a_program_opens_changes_lists_and_finds_by_local_fields(anna_calls: Caller) -> None:
    opened = anna_calls.post(
        "/tickets",
        {
            "subject": "Advisory",
            "fields": {"cve": "CVE-2026-1234", "bandwidth": 2.5e9, "hosts": ["10.0.0.1"]},
        },
    )
    assert anna_calls.status == 201, opened
    number = opened["number"]
    ticket = anna_calls.get(f"/tickets/{number}")
    Ticket.model_validate(ticket)
    assert ticket["fields"] == {"cve": "CVE-2026-1234", "bandwidth": 2_500_000_000, "hosts": ["10.0.0.1"]}
    anna_calls.patch(f"/tickets/{number}", {"fields": {"layer": "fibre", "hosts": None}})
    assert anna_calls.status == 200
    anna_calls.post(
        f"/tickets/{number}/resolution", {"line": "Patched", "fields": {"cause": "Bug", "due": "2026-12-24"}}
    )
    assert anna_calls.status == 200
    listed = anna_calls.get("/tickets?q=cve:CVE-2026-*")
    Tickets.model_validate(listed)
    assert [row["fields"] for row in listed["tickets"]] == [
        {"cve": "CVE-2026-1234", "bandwidth": 2_500_000_000, "layer": "fibre", "due": "2026-12-24"}
    ]
    assert all("texts" not in row for row in listed["tickets"])


@pytest.mark.req("R9.2")
def test_a_program_is_warned_of_what_was_taken_all_the_same(anna_calls: Caller, trouble: int) -> None:
    done = anna_calls.patch(f"/tickets/{trouble}", {"fields": {"hosts": "10.1.2.x"}})
    assert anna_calls.status == 200
    Done.model_validate(done)
    assert [(each["field"], each["code"]) for each in done["warnings"]] == [
        ("field/hosts", "field_not_ip_address")
    ]
    assert "10.1.2.x" in done["warnings"][0]["detail"]


@pytest.mark.req("R9.2")
@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"cve": "CVE-26"}, "field/cve", "field_pattern"),
        ({"nothing": "x"}, "fields.nothing", "unknown_key"),
        ({"bandwidth": True}, "field/bandwidth", "field_not_a_number"),
        ({"cve": ["CVE-2026-1111", "CVE-2026-2222"]}, "field/cve", "field_only_one"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_field(
    anna_calls: Caller, trouble: int, given: dict[str, object], field: str, code: str
) -> None:
    for path, body in (("", {"fields": given}), ("/entries", {"text": "See", "fields": given})):
        call = anna_calls.post if path else anna_calls.patch
        refused = call(f"/tickets/{trouble}{path}", body)
        assert (anna_calls.status, refused["code"], refused["field"]) == (422, code, field)


@pytest.mark.req("R9.2", "R10.1")
def test_the_command_line_sets_fields_and_shows_warnings_apart(anna_calls: Caller, trouble: int) -> None:
    response = anna_calls.client.post(
        "/api/v1/line",
        {"words": [str(trouble), "see", "cve:CVE-2026-1234", "hosts:10.1.2.x"]},
        content_type="application/json",
        headers={"Authorization": f"Bearer {anna_calls.token}", "Accept": "text/plain"},
    )
    assert response.status_code == 200, response.content
    assert any("10.1.2.x" in each for each in warnings(response.headers["Nocturne-Warnings"]))
    assert "10.1.2.x" not in response.content.decode()
    done = anna_calls.post("/line", {"line": "Advisory cve:CVE-2026-9999 layer:link", "act": "open"})
    assert anna_calls.status == 201, done
    assert anna_calls.get(f"/tickets/{done['number']}")["fields"] == {"cve": "CVE-2026-9999", "layer": "link"}


@pytest.mark.req("R16.6")
def test_a_field_that_a_reader_is_not_cleared_for_is_nowhere(cast: Cast, ada: Actor, trouble: int) -> None:
    mei, anna = caller(cast.mei), caller(cast.anna)
    configure({("field", "cve"): {**FIELDS["field", "cve"], "class": "restricted"}}, by=ada)
    mei.patch(f"/tickets/{trouble}", {"fields": {"cve": "CVE-2026-1234"}})
    assert mei.get(f"/tickets/{trouble}")["fields"] == {"cve": "CVE-2026-1234"}
    assert "CVE" not in str(anna.get(f"/tickets/{trouble}"))
    assert "CVE" not in str(anna.get("/tickets"))
    assert "cve" not in {each["name"] for each in anna.get("/fields")["fields"]}
    assert "CVE" not in str(anna.get(f"/tickets/{trouble}/entries"))


@pytest.mark.req("R9.1")
def test_a_list_reads_the_fields_of_all_its_rows_at_once(anna_calls: Caller) -> None:
    for place in range(3):
        anna_calls.post("/tickets", {"subject": "One", "fields": {"cve": f"CVE-2026-000{place}"}})
    anna_calls.get("/tickets")
    with CaptureQueriesContext(connection) as few:
        anna_calls.get("/tickets")
    for place in range(5):
        anna_calls.post("/tickets", {"subject": "More", "fields": {"cve": f"CVE-2026-100{place}"}})
    with CaptureQueriesContext(connection) as many:
        assert len(anna_calls.get("/tickets")["tickets"]) == 8
    assert len(many) == len(few)


@pytest.mark.req("R16.6")
@pytest.mark.parametrize("data_class", ["restricted", "legal"])
def test_a_change_of_a_field_leaves_no_trace_for_whoever_may_not_read_it(
    cast: Cast, ada: Actor, trouble: int, data_class: str
) -> None:
    clearance = {"group": "lawyers", "sees": ["staff", "legal"], "appends": ["staff", "legal"]}
    configure({("class", "legal"): {"number": 12}, ("group", "lawyers"): {}}, by=ada)
    configure(
        {("clearance", "lawyers"): {**clearance, "changes": ["staff", "legal"], "rights": ["work"]}}, by=ada
    )
    configure({("field", "cve"): {**FIELDS["field", "cve"], "class": data_class}}, by=ada)
    lena = accounts.actor_of(account("lena", "lawyers"))
    writer, anna = (lena if data_class == "legal" else cast.mei), caller(cast.anna)
    lists = ("/tickets?order=updated", "/tickets?q=is:open")
    addresses = (f"/tickets/{trouble}", f"/tickets/{trouble}/entries", *lists)

    def told() -> list[object]:
        found: list[object] = []
        for address in addresses:
            body = {**anna.get(address), "clock_seconds": None}
            found.append((body, anna.header("ETag").partition(".")[0]))
        return found

    before = told()
    for value in ("CVE-2026-1234", "CVE-2026-9999", None):
        desk.change(trouble, {"field/cve": value}, by=writer, door=Door.WEB)
        assert told() == before, value


@pytest.mark.req("R16.6", "R9.5")
def test_the_name_of_a_field_that_one_may_not_read_is_a_name_that_nobody_has_given(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    configure({("field", "cve"): {**FIELDS["field", "cve"], "class": "restricted"}}, by=ada)
    anna, visitor = caller(cast.anna), Visitor("anna")

    def told(name: str) -> str:
        found: list[object] = []
        for asked in (f"{name}:x", f"{name}s:x", f"-{name}:x or is:open"):
            found.append((anna.get(f"/tickets?q={asked}"), anna.status))
            page = visitor.get(f"/search?q={asked}")
            found.append((page.status_code, NONCES.sub("", page.content.decode())))
        found.append((anna.patch(f"/tickets/{trouble}", {"fields": {name: "x"}}), anna.status))
        opening = {"subject": "Advisory", "fields": {name: "x"}}
        found.append((anna.post("/tickets", opening), anna.status))
        read = visitor.client.post("/line/read", {"line": f"{trouble} {name}:x"})
        assert read.status_code == 200, read.content
        found.append(read.content.decode())
        return str(found).replace(name, "NAME")

    assert told("cve") == told("qxz")
    written = desk.line.perform(
        f"{trouble} looks like cve:CVE-2026-1", by=cast.anna, door=Door.WEB, now=timezone.now()
    )
    assert ("text", "looks like cve:CVE-2026-1") in written.chips
    assert caller(cast.mei).get("/tickets?q=cve:CVE-2026-1")["tickets"] == []
