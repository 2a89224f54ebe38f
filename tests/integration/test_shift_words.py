"""Words of a shift: taken away for good where they must not stay, and read by nobody who came with something narrow."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound, WrongState
from nocturne.desk import (
    accounts,
    audit,
    configuring,
    desks,
    handover,
    handover_text,
    shift_notes,
    shift_redaction,
    shifts,
    tokens,
)
from nocturne.store import configured
from nocturne.store.models import Queue, Receipt, ShiftNote, ShiftRedaction, Takeover, User
from tests.caller import caller
from tests.cast import Cast, account
from tests.unit.test_configuration import SECURITY
from tests.visitor import Visitor, said

pytestmark = pytest.mark.req("R16.5", "R1.2")

WHOLE = desks.find("")
SECRET = "The door code is 4711#"


def noted(by: Actor, text: str = SECRET, *, parting: bool = False) -> str:
    return shift_notes.add_note(WHOLE, text, by=by, parting=parting).address


def told(reader: Actor) -> str:
    """Everything that somebody reads of the shift: the page's parts, its text, the shifts of before."""
    now = timezone.now()
    shift = shifts.present(WHOLE, reader, now=now)
    made = handover.present(shift, reader, now=now)
    return f"{made.notes} {shift} {handover_text.text(made, reader)} {shifts.past(WHOLE, reader)}"


def test_a_note_is_taken_away_with_what_corrects_it_and_a_reason_stays(cast: Cast, ada: Actor) -> None:
    address = noted(cast.anna)
    shift_notes.correct_note(address, f"{SECRET} at night", by=cast.anna)
    assert SECRET in told(cast.mei)
    shift_redaction.redact_note(address, "a code stood in it", by=ada, door=Door.WEB)
    assert SECRET not in told(cast.mei)
    assert "Redacted: a code stood in it" in told(cast.mei)
    assert not ShiftNote.objects.exclude(text="").exists()
    [line] = audit.found(act="shift_words_redacted")
    assert line.actor_label == "ada" and "a code stood in it" in json.dumps(line.facts)
    assert SECRET not in json.dumps(line.facts)


def test_the_words_of_a_takeover_are_taken_away_and_the_takeover_stays(cast: Cast, ada: Actor) -> None:
    noted(cast.anna, parting=True)
    taken = shifts.take_over(WHOLE, f"Thanks. {SECRET}", seen="latest", by=cast.mei, door=Door.WEB)
    shift_redaction.redact_takeover(taken.address, "a code stood in it", by=ada, door=Door.API)
    assert taken.parting is not None
    shift_redaction.redact_note(taken.parting.address, "here as well", by=ada, door=Door.API)
    assert SECRET not in told(cast.kofi)
    found, _kept = shifts.one(taken.address, cast.kofi)
    assert (found.lead, found.words, found.redaction) == ("mei", "", "a code stood in it")
    assert found.parting is not None and found.parting.redaction == "here as well"


def test_who_may_not_redact_is_refused_and_words_that_are_gone_cannot_go_again(
    cast: Cast, ada: Actor
) -> None:
    address = noted(cast.anna)
    token = replace(ada, scopes=frozenset({"read"}))
    narrow = replace(ada, only_queues=frozenset({1}))
    for by in (cast.anna, cast.cleo, token, narrow):
        with pytest.raises(Forbidden):
            shift_redaction.redact_note(address, "mine", by=by, door=Door.WEB)
    with pytest.raises(Invalid):
        shift_redaction.redact_note(address, "  ", by=ada, door=Door.WEB)
    shift_redaction.redact_note(address, "a code", by=ada, door=Door.WEB)
    with pytest.raises(WrongState):
        shift_redaction.redact_note(address, "a code", by=ada, door=Door.WEB)
    with pytest.raises(WrongState):
        shift_notes.correct_note(address, SECRET, by=cast.anna)
    with pytest.raises(NotFound):
        shift_redaction.redact_note("A" * 12, "a code", by=ada, door=Door.WEB)
    taken = shifts.take_over(WHOLE, "", seen="latest", by=cast.mei, door=Door.WEB)
    with pytest.raises(WrongState):
        shift_redaction.redact_takeover(taken.address, "nothing there", by=ada, door=Door.WEB)


def test_a_right_to_redact_in_one_queue_reaches_no_words_of_a_shift(cast: Cast, ada: Actor) -> None:
    clearance = {"group": "csirt", "queues": ["security"], "sees": ["staff"], "rights": ["redact"]}
    configuring.change(SECURITY | {("clearance", "blackener"): clearance}, by=ada, door=Door.WEB)
    configured.refresh()
    lars = accounts.actor_of(account("lars", "operators", "csirt"))
    assert not shift_redaction.may(lars)
    with pytest.raises(Forbidden):
        shift_redaction.redact_note(noted(cast.anna), "mine", by=lars, door=Door.WEB)


def test_the_database_lets_nobody_take_words_without_saying_why(cast: Cast, ada: Actor) -> None:
    address = noted(cast.anna)
    shifts.take_over(WHOLE, SECRET, seen="latest", by=cast.mei, door=Door.WEB)

    def refused(act: Any) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()

    refused(lambda: ShiftNote.objects.update(text=""))
    refused(lambda: Takeover.objects.update(words=""))
    refused(lambda: ShiftNote.objects.all().delete())
    shift_redaction.redact_note(address, "a code", by=ada, door=Door.WEB)
    refused(lambda: ShiftNote.objects.update(text="something else"))
    refused(lambda: ShiftNote.objects.update(author="kofi", text=""))
    refused(lambda: ShiftRedaction.objects.update(reason="nothing"))
    refused(lambda: ShiftRedaction.objects.all().delete())


def test_a_program_takes_words_away_and_no_kept_answer_says_them_again(cast: Cast, ada: Actor) -> None:
    annas, adas = caller(cast.anna), caller(ada)
    key = {"Idempotency_Key": "once"}
    made = annas.post("/handover/notes", {"text": SECRET}, **key)
    taken = annas.post("/handover/takeovers", {"words": SECRET}, Idempotency_Key="two")
    refused = annas.post(f"/handover/notes/{made['address']}/redaction", {"reason": "mine"})
    assert annas.status == 403 and refused["code"] == "not_permitted"
    gone = adas.post(f"/handover/notes/{made['address']}/redaction", {"reason": "a code"})
    assert (adas.status, gone["redacted"], gone["redaction"], gone["text"]) == (201, True, "a code", "")
    gone = adas.post(f"/handover/takeovers/{taken['address']}/redaction", {"reason": "a code"})
    assert (adas.status, gone["redacted"], gone["words"]) == (201, True, "")
    assert SECRET not in str(list(Receipt.objects.values_list("answer", flat=True)))
    assert SECRET not in str(annas.post("/handover/notes", {"text": SECRET}, **key))
    assert annas.status == 201
    assert SECRET not in str(annas.get("/handover")) + str(
        annas.get(f"/handover/takeovers/{taken['address']}")
    )


def test_words_are_taken_away_on_the_page_after_a_proof_of_who_sits_there(cast: Cast, ada: Actor) -> None:
    address = noted(cast.anna)
    taken = shifts.take_over(WHOLE, SECRET, seen="latest", by=cast.mei, door=Door.WEB)
    adas, annas = Visitor("ada"), Visitor("anna")
    assert "/redaction" not in annas.text("/handover")
    assert annas.get(f"/handover/notes/{address}/redaction").status_code == 403
    assert f"/handover/shifts/{taken.address}/redaction" in adas.text("/handover")
    for way in (f"/handover/notes/{address}/redaction", f"/handover/shifts/{taken.address}/redaction"):
        refused = adas.send(way, way, reason=" ")
        assert refused.status_code == 422 and said(refused)
        assert adas.send(way, way, reason="a code stood in it").status_code == 302
    for page in ("/handover", f"/handover/shifts/{taken.address}", "/handover/text"):
        assert SECRET not in annas.text(page)
    assert "Redacted: a code stood in it" in annas.text("/handover")


def test_a_token_for_one_queue_reads_no_words_of_the_shift(cast: Cast, ada: Actor) -> None:
    address = noted(cast.anna, parting=True)
    taken = shifts.take_over(WHOLE, SECRET, seen="latest", by=cast.mei, door=Door.WEB)
    noted(cast.mei)
    narrow = replace(cast.anna, only_queues=frozenset({Queue.objects.get(name="general").pk}))
    assert SECRET in told(cast.anna)
    assert SECRET not in told(narrow)
    with pytest.raises(NotFound):
        shift_notes.note(address, narrow)
    _, token = tokens.create_token(
        User.objects.get(name="anna"), "one queue", scopes="read write", queues=["general"]
    )
    calls = replace(caller(cast.anna), token=token)
    paths = ("/handover", "/handover/takeovers", f"/handover/takeovers/{taken.address}")
    assert SECRET not in "".join(str(calls.get(path)) for path in paths)
    assert calls.status == 200
    calls.post(f"/handover/notes/{address}/redaction", {"reason": "x"})
    assert calls.status == 403
