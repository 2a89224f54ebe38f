"""Shifts, questions and the timeline for programs, and for the command line that speaks to them."""

from __future__ import annotations

import pytest

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import Extra
from nocturne.doors.api.shapes import Done
from nocturne.doors.api.shapes_shift import (
    HandoverShape,
    Kept,
    NoteShape,
    Questions,
    Shifts,
    ShiftShape,
    TimelineShape,
)
from nocturne.store.models import HandoverPin, Takeover
from tests.caller import caller, reporter
from tests.cast import Cast

pytestmark = pytest.mark.req("R1.2")


def test_a_program_reads_the_handover_and_takes_the_desk_over_once(
    anna: Actor, mei: Actor, trouble: int
) -> None:
    desk.pin(trouble, "Vendor calls at 03:00", by=anna, door=Door.WEB)
    desk.update(trouble, "@mei may we reroute?", by=anna, door=Door.WEB)
    meis = caller(mei)
    told = HandoverShape(**meis.get("/handover"))
    assert told.must[0].ticket.number == trouble and "pinned" in told.must[0].why
    assert told.warnings["question"] == 1 and told.questions[0].is_for_me
    for _ in range(2):
        made = ShiftShape(**meis.post("/handover/takeovers", {"words": "Hi"}, Idempotency_Key="night"))
        assert meis.status == 201
    assert Takeover.objects.get().address == made.address
    kept = Kept(**meis.get(f"/handover/takeovers/{made.address}"))
    assert [row["number"] for row in kept.outstanding["pinned"]] == [trouble]
    assert [each.lead for each in Shifts(**meis.get("/handover/takeovers")).shifts] == ["mei"]
    annas = caller(anna)
    annas.post("/handover/takeovers", {"seen": "nonsense"})
    assert annas.status == 409


def test_the_handover_is_there_as_text(anna: Actor, trouble: int) -> None:
    annas = caller(anna)
    annas.client.get("/api/v1/handover")
    answer = annas.client.get(
        "/api/v1/handover", headers={"Authorization": f"Bearer {annas.token}", "Accept": "text/plain"}
    )
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "MUST BE KNOWN NOW" in answer.content.decode()


def test_notes_are_left_and_corrected(anna: Actor, kofi: Actor) -> None:
    annas, kofis = caller(anna), caller(kofi)
    note = NoteShape(**annas.post("/handover/notes", {"text": "Generator test at 05:00"}))
    kofis.post(f"/handover/notes/{note.address}/correction", {"text": "mine"})
    assert kofis.status == 403
    NoteShape(**annas.post(f"/handover/notes/{note.address}/correction", {"text": "At 06:00"}))
    (shown,) = HandoverShape(**kofis.get("/handover")).notes
    assert shown.corrections[0]["text"] == "At 06:00"


def test_a_colleague_is_asked_and_answers_by_program(anna: Actor, kofi: Actor, trouble: int) -> None:
    annas, kofis = caller(anna), caller(kofi)
    done = Done(**annas.post(f"/tickets/{trouble}/questions", {"to": ["kofi"], "text": "is it there?"}))
    assert done.kind == "note"
    (asked,) = Questions(**kofis.get("/me/questions")).questions
    assert asked.is_for_me and asked.number == trouble and asked.text == "@kofi is it there?"
    assert Questions(**annas.get(f"/tickets/{trouble}/questions")).questions[0].is_mine
    kofis.post(f"/tickets/{trouble}/questions/{asked.key}/answer", {"text": "Yes."})
    assert kofis.status == 201
    assert Questions(**annas.get("/me/questions")).questions == []
    annas.post(f"/tickets/{trouble}/questions", {"to": ["nobody"], "text": "is it there?"})
    assert annas.status == 201 and annas.header("Content-Type") == "application/json"
    annas.post(f"/tickets/{trouble}/questions/{asked.key}/withdrawal")
    assert annas.status == 409


def test_a_line_asks_answers_and_pins(anna: Actor, kofi: Actor, trouble: int) -> None:
    annas, kofis = caller(anna), caller(kofi)
    annas.post("/line", {"line": f"{trouble} @kofi is the spare in Lansing?"})
    kofis.post("/line", {"words": [str(trouble), "Yes,", "shelf", "3"], "act": "answer"})
    assert kofis.status == 200
    assert Questions(**kofis.get("/me/questions")).questions == []
    kofis.post("/line", {"words": [str(trouble), "again"], "act": "answer"})
    assert kofis.status == 404
    annas.post("/line", {"words": [str(trouble), "kofi", "and", "its", "licence?"], "act": "ask"})
    assert Questions(**kofis.get("/me/questions")).questions[0].text == "@kofi and its licence?"
    annas.post("/line", {"words": [str(trouble), "Vendor", "at", "03:00"], "act": "pin"})
    assert HandoverPin.objects.count() == 1
    annas.call("DELETE", f"/tickets/{trouble}/pin")
    assert HandoverPin.objects.count() == 0
    annas.call("PUT", f"/tickets/{trouble}/pin", {"text": "Vendor at 04:00"})
    annas.post("/line", {"words": [str(trouble)], "act": "unpin"})
    assert HandoverPin.objects.count() == 0


def test_customers_have_no_shifts_and_no_questions(cast: Cast, complaint: int) -> None:
    cleo = reporter("cleo", cast.cleo_contact)
    for path in (
        "/handover",
        "/handover/takeovers",
        "/timeline",
        "/me/questions",
        f"/tickets/{complaint}/questions",
    ):
        cleo.get(path)
        assert cleo.status == 403, path


@pytest.mark.req("S17")
def test_the_timeline_is_read_page_by_page_by_whoever_may(
    anna: Actor, mei: Actor, trouble: int, complaint: int
) -> None:
    for count in range(5):
        desk.update(trouble, f"word {count}", by=anna, door=Door.WEB)
        secret = Extra(data_class=DataClass.RESTRICTED)
        desk.update(trouble, f"secret {count}", by=mei, door=Door.WEB, extra=secret)
    annas = caller(anna)
    told, after = [], ""
    while True:
        page = TimelineShape(**annas.get(f"/timeline?q=type:trouble&limit=2&after={after}"))
        told += [each.text for each in page.entries]
        if page.after is None:
            break
        after = page.after
    assert told == [f"word {count}" for count in reversed(range(5))] + ["Interface down since 10:55."]
    assert len(TimelineShape(**caller(mei).get("/timeline?limit=200")).entries) == 12
    caller(mei).get(f"/timeline?after={after}")
    annas.get("/timeline?after=forged")
    assert annas.status == 422


@pytest.mark.req("S17")
def test_a_mark_of_somebody_elses_timeline_is_none(anna: Actor, mei: Actor, trouble: int) -> None:
    desk.update(trouble, "word", by=anna, door=Door.WEB)
    after = caller(anna).get("/timeline?limit=1")["after"]
    meis = caller(mei)
    meis.get(f"/timeline?after={after}")
    assert meis.status == 422
