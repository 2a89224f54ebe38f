"""Lists are taken away as files: by whom they may, with what they may read, harmless for a spreadsheet."""

from __future__ import annotations

import csv
import gc
import io
import json
import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from openpyxl import load_workbook

from nocturne import desk
from nocturne.core import permits, workbook
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, TooMany, Unavailable
from nocturne.desk import accounts, clock, exports, file_slots, finding
from nocturne.desk.terms import Opening
from nocturne.store import reach, tables
from nocturne.store.models import Audit, FileSlot, Queue, Ticket
from tests.caller import Caller, caller, reporter
from tests.cast import Cast, account
from tests.local_fields import configure
from tests.visitor import Visitor, said

NASTY = '=cmd|"/c calc"!A1'


def got(who: Caller, path: str) -> bytes:
    who.get(path)
    assert who.status == 200, who.last
    assert who.last is not None
    return b"".join(who.last.streaming_content)  # type: ignore[arg-type]


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.mark.req("R15.8", "R15.11", "S18")
def test_a_list_leaves_as_a_table_with_the_columns_that_were_asked_for(anna: Actor, trouble: int) -> None:
    calls = caller(anna)
    content = got(calls, "/tickets.csv?q=is:open&columns=number,subject,machines,opened_at,severity")
    assert calls.header("Content-Type") == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="tickets-\d{4}-\d\d-\d\d\.csv"', calls.header("Content-Disposition")
    )
    head, row = content.decode().splitlines()
    assert head == "number,subject,machines,opened_at,severity"
    assert row.startswith(f"{trouble},Ann Arbor – Chicago 100G down,cr1.aa,20")
    assert re.search(r",\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ,2$", row)


@pytest.mark.req("R15.11")
def test_all_columns_keep_their_names_and_their_order(anna: Actor, trouble: int) -> None:
    head = got(caller(anna), "/tickets.csv").decode().splitlines()[0]
    assert head.split(",") == list(exports.COLUMNS)
    assert head.startswith(
        "number,url,type,subject,state,meaning,severity,priority,queue,owner,clock,next_action"
    )


@pytest.mark.req("R15.11", "S10")
def test_what_a_caller_wrote_is_no_formula_in_anybodys_spreadsheet(anna: Actor) -> None:
    desk.open(Opening(subject=NASTY, destination_address="-48 V feed"), by=anna, door=Door.WEB)
    calls = caller(anna)
    (row,) = table(got(calls, "/tickets.csv"))
    assert row["subject"] == f"'{NASTY}"
    book = load_workbook(io.BytesIO(got(calls, "/tickets.xlsx?columns=subject,destination_address")))
    for cell, text in zip(book.worksheets[0][2], (NASTY, "-48 V feed"), strict=True):
        assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True), (
            "a text, and marked as one"
        )
    (line,) = got(calls, "/tickets.jsonl?columns=subject").decode().splitlines()
    assert json.loads(line) == {"subject": NASTY}


@pytest.mark.req("R15.11")
def test_a_workbook_has_times_that_can_be_reckoned_with(anna: Actor) -> None:
    at = datetime(2026, 11, 26, 10, 55, 30, tzinfo=UTC)
    with clock.as_of(at):
        number = desk.open(Opening(subject="Line down", started_at=at), by=anna, door=Door.WEB).number
    content = got(caller(anna), f"/tickets.xlsx?q={number}&columns=number,started_at,subject,machines")
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    head, row = list(sheet.rows)
    assert [each.value for each in head] == ["number", "started_at", "subject", "machines"]
    assert [each.value for each in row] == [number, at.replace(tzinfo=None), "Line down", None]
    assert sheet.freeze_panes == "A2", "the names of the columns stay in sight"


@pytest.mark.req("R15.11")
def test_a_workbook_goes_on_in_another_sheet_where_one_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    content = b"".join(workbook.written("Tickets", ["n"], ([each] for each in range(7))))
    book = load_workbook(io.BytesIO(content))
    assert [[row[0].value for row in sheet.rows] for sheet in book.worksheets] == [
        ["n", 0, 1, 2],
        ["n", 3, 4, 5],
        ["n", 6],
    ]


@pytest.mark.req("R15.11", "R16.1")
def test_a_long_list_leaves_while_it_is_read(anna: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "STEP", 4)
    numbers = [desk.open(Opening(subject=f"Problem {n}"), by=anna, door=Door.WEB).number for n in range(11)]
    steps: list[int] = []
    page = finding.page

    def read(*args: Any, **named: Any) -> Any:
        steps.append(named["limit"])
        return page(*args, **named)

    monkeypatch.setattr(finding, "page", read)
    taken = exports.take("is:open", "csv", by=anna, door=Door.API, columns="number", order="oldest")
    assert steps == [], "nothing is read before the first piece is asked for"
    rows = table(b"".join(taken.pieces))
    assert [int(row["number"]) for row in rows] == numbers
    assert steps == [4, 4, 4], "never more than a step of rows is held"


@pytest.mark.req("R16.5", "R15.8", "S10")
def test_who_has_not_the_right_is_told_where_it_comes_from(cast: Cast, trouble: int) -> None:
    cleo = reporter("cleo", cast.cleo_contact)
    for form in exports.FORMS:
        refused = cleo.get(f"/tickets.{form}")
        assert cleo.status == 403
        assert refused["code"] == "export_not_permitted"
        assert "an administrator" in refused["detail"]
    assert Visitor("cleo").get("/search/export?q=is:open&form=csv").status_code == 403
    assert "search/export" not in Visitor("cleo").text("/search?q=is:open")


@pytest.mark.req("R16.5", "R16.6", "S10")
def test_a_file_holds_the_tickets_whose_queue_may_be_taken_away_from(
    cast: Cast, anna: Actor, ada: Actor
) -> None:
    Queue.objects.get_or_create(name="peering")
    configure(
        {
            ("queue", "peering"): {"title": "Peering"},
            ("group", "peers"): {},
            ("clearance", "readers"): {"group": "peers", "sees": ["staff"]},
            ("clearance", "peers"): {
                "group": "peers", "queues": ["peering"], "sees": ["staff"], "rights": ["export"],
            },
        },
        by=ada,
    )  # fmt: skip
    nils = accounts.actor_of(account("nils", "peers"))
    mine = desk.open(Opening(subject="Session down", queue="peering"), by=anna, door=Door.WEB).number
    desk.open(Opening(subject="Battery", queue="general"), by=anna, door=Door.WEB)
    calls = caller(nils)
    assert len(calls.get("/tickets")["tickets"]) == 2, "both are read"
    assert [row["number"] for row in table(got(calls, "/tickets.csv"))] == [str(mine)], "one is taken away"
    for number in (each["number"] for each in calls.get("/tickets")["tickets"]):
        place = reach.place(Ticket.objects.filter(pk=number).values(*reach.PLACE)[0])
        assert permits.may(nils, "export", place) == (number in tables.kept([number], nils, "export"))


@pytest.mark.req("R16.6", "S10")
def test_what_a_reader_may_not_read_is_not_in_their_file(cast: Cast, ada: Actor) -> None:
    configure(
        {
            ("group", "press"): {},
            ("clearance", "press"): {"group": "press", "sees": ["customer"], "rights": ["export"]},
            ("field", "cve"): {"class": "staff"},
            ("field", "region"): {"class": "customer"},
        },
        by=ada,
    )
    new = Opening(
        subject="Line down",
        circuit="NL-IC-3321",
        fields={"field/cve": "CVE-2026-1", "field/region": "north"},
    )
    number = desk.open(new, by=cast.anna, door=Door.WEB).number
    desk.change(number, {"next_action": "Call Norlink"}, by=cast.anna, door=Door.WEB)
    press = caller(accounts.actor_of(account("press", "press")))
    (line,) = got(press, "/tickets.jsonl").decode().splitlines()
    told = json.loads(line)
    assert told["subject"] == "Line down"
    assert told["field/region"] == "north"
    assert told.keys().isdisjoint({"next_action", "circuit", "owner", "priority", "field/cve"})
    (row,) = table(got(press, "/tickets.csv"))
    assert (row["next_action"], row["circuit"], row["field/region"]) == ("", "", "north")
    assert "field/cve" not in row, "not even that there is such a field"
    assert press.get("/tickets.csv?columns=cve")["code"] == "unknown_file_column"


@pytest.mark.req("R15.11", "S10")
def test_who_takes_much_away_stands_in_the_audit(anna: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MUCH", 3)
    for each in range(4):
        desk.open(Opening(subject=f"Problem {each}"), by=anna, door=Door.WEB)
    calls = caller(anna)
    got(calls, "/tickets.csv?q=problem+limit")
    assert not Audit.objects.filter(act__startswith="tickets_export").exists(), "little is no news"
    got(calls, "/tickets.jsonl?q=problem&columns=number")
    began, ended = Audit.objects.filter(act__startswith="tickets_export").order_by("pk")
    assert (began.actor_label, began.facts["query"], began.facts["form"]) == ("anna", "problem", "jsonl")
    assert ended.batch == began.batch
    assert (ended.facts["rows"], ended.facts["whole"]) == (4, True)
    taken = exports.take("problem", "csv", by=anna, door=Door.API)
    for _ in range(2):
        next(taken.pieces)
    taken.pieces.close()  # as the server does when whoever listens has gone
    assert Audit.objects.latest("pk").facts["whole"] is False


@pytest.mark.req("R16.1")
def test_files_never_take_all_the_threads(anna: Actor, trouble: int, settings: Any) -> None:
    settings.NOCTURNE = replace(settings.NOCTURNE, web_threads=2)
    first = exports.take("is:open", "csv", by=anna, door=Door.API)
    next(first.pieces)
    with pytest.raises(Unavailable, match="exports_busy"):
        exports.take("is:open", "csv", by=anna, door=Door.API)
    first.pieces.close()
    assert list(exports.take("is:open", "csv", by=anna, door=Door.API).pieces)


@pytest.mark.req("R16.1")
def test_a_place_is_taken_before_the_first_byte_and_given_back_even_if_nobody_asks_for_one(
    anna: Actor, trouble: int, settings: Any
) -> None:
    settings.NOCTURNE = replace(settings.NOCTURNE, web_threads=2)
    first = exports.take("is:open", "csv", by=anna, door=Door.API)
    with pytest.raises(Unavailable, match="exports_busy"):
        exports.take("is:open", "csv", by=anna, door=Door.API)
    first.pieces.close()
    first.pieces.close()
    calls = caller(anna)
    for _ in range(3):
        calls.call("HEAD", "/tickets.csv?q=is:open")
        assert calls.status == 200
    assert not FileSlot.objects.exists()


@pytest.mark.req("R16.1", "S10")
def test_a_file_that_was_forgotten_keeps_nobody_from_theirs(anna: Actor, trouble: int, settings: Any) -> None:
    settings.NOCTURNE = replace(settings.NOCTURNE, web_threads=2)
    exports.take("is:open", "csv", by=anna, door=Door.API)
    gc.collect()
    taken = exports.take("is:open", "csv", by=anna, door=Door.API)
    assert b"".join(taken.pieces).startswith(b"number")


@pytest.mark.req("R16.1", "S10")
def test_one_person_takes_two_files_away_at_once_in_whatever_processes(
    cast: Cast, trouble: int, settings: Any
) -> None:
    settings.NOCTURNE = replace(settings.NOCTURNE, web_threads=8)
    first, second = (exports.take("is:open", "csv", by=cast.anna, door=Door.API) for _ in range(2))
    calls = caller(cast.anna)
    refused = calls.get("/tickets.xlsx")
    assert (calls.status, refused["code"], calls.header("Retry-After")) == (429, "too_many_files", "30")
    assert "2 files" in said(Visitor("anna").get("/search/export?q=is:open&form=csv"))
    kofis = exports.take("is:open", "csv", by=cast.kofi, door=Door.API)
    assert list(first.pieces)
    third = exports.take("is:open", "csv", by=cast.anna, door=Door.API)
    for taken in (second, third, kofis):
        taken.pieces.close()
    assert not FileSlot.objects.exists()


@pytest.mark.req("R16.1")
def test_what_a_killed_process_had_taken_is_free_again_and_what_goes_on_is_kept(
    anna: Actor, trouble: int
) -> None:
    with time_machine.travel(datetime(2026, 12, 1, 18, tzinfo=UTC), tick=False) as hour:
        for place in range(file_slots.EACH):
            FileSlot.objects.create(
                who=f"account {anna.id}",
                place=place,
                token=f"gone-{place}",
                kept_until=clock.now() + file_slots.LEASE,
            )
        with pytest.raises(TooMany):
            exports.take("is:open", "csv", by=anna, door=Door.API)
        hour.shift(file_slots.LEASE)
        taken = exports.take("is:open", "csv", by=anna, door=Door.API)
        [row] = FileSlot.objects.all()
        hour.shift(file_slots.RENEWED_EVERY)
        next(taken.pieces)
        assert FileSlot.objects.get(pk=row.pk).kept_until == clock.now() + file_slots.LEASE
        taken.pieces.close()


@pytest.mark.req("R15.11", "S10")
@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_a_hundred_thousand_rows_need_no_more_memory_than_a_few(
    anna: Actor, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    def rows(*_: Any, **__: Any) -> Iterator[dict[str, Any]]:
        for number in range(1, 100_001):
            yield {"number": number, "subject": f"{NASTY} {number}", "state": "open"}

    monkeypatch.setattr(finding, "every", rows)
    monkeypatch.setattr(tables, "kept", lambda numbers, *_: set(numbers))
    taken = exports.take("is:open", form, by=anna, door=Door.API, columns="number,subject,state")
    size, formulas = 0, 0
    next(taken.pieces)
    tracemalloc.start()
    try:
        for piece in taken.pieces:
            size += len(piece)
            formulas += piece.count(b",=") + piece.count(b"<f")
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 500_000 and formulas == 0
    assert peak < 3_000_000, f"{peak:,} bytes were held at once"
    assert Audit.objects.latest("pk").facts["rows"] == 100_000


@pytest.mark.req("S18")
def test_a_list_is_taken_away_from_the_page_that_shows_it(anna: Actor, trouble: int) -> None:
    visitor = Visitor("anna")
    page = visitor.text("/search/export?q=is:open")
    assert "1 ticket" in page
    answer = visitor.get("/search/export?q=is:open&form=csv&column=number&column=subject")
    assert answer.status_code == 200
    rows = table(b"".join(answer.streaming_content))
    assert rows == [{"number": str(trouble), "subject": "Ann Arbor – Chicago 100G down"}]
    wrong = visitor.get("/search/export?q=ownr:anna&form=csv")
    assert wrong.status_code == 422
    assert "ownr:anna" in wrong.content.decode(), "what was typed is still there"


def test_a_wrong_question_or_column_is_said_at_once(anna: Actor) -> None:
    calls = caller(anna)
    assert calls.get("/tickets.csv?q=ownr:anna")["code"] == "bad_query"
    assert calls.get("/tickets.xlsx?columns=number,sujbect")["params"]["given"] == "sujbect"
    assert calls.get("/tickets.jsonl?order=sideways")["code"] == "bad_order"
    with pytest.raises(Invalid, match="unknown_form"):
        exports.take("", "pdf", by=anna, door=Door.API)
