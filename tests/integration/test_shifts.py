"""A desk is taken over with one act; what a shift passes on is written by itself, and kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Conflict, Forbidden, Invalid
from nocturne.desk import (
    Alarm,
    Extra,
    Opening,
    accounts,
    audit,
    configuring,
    desks,
    handover,
    handover_text,
    shift_notes,
    shifts,
    wording,
)
from nocturne.desk.alarms import MACHINERY
from nocturne.desk.handover import Handover
from nocturne.store import configured
from nocturne.store.models import ShiftNote, Takeover, Ticket, User
from tests.caller import caller
from tests.cast import Cast
from tests.command import Nocturne
from tests.visitor import Visitor

pytestmark = pytest.mark.req("R1.2")

WHOLE = desks.find("")
EVENING = datetime(2026, 12, 1, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def hour(db: None) -> Any:
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


def later(hour: Any, **span: float) -> datetime:
    hour.shift(timedelta(**span))
    return datetime.now(UTC)


def taken(by: Actor, words: str = "", seen: str = "latest") -> shifts.Shift:
    return shifts.take_over(WHOLE, words, seen=seen, by=by, door=Door.WEB)


def page(reader: Actor) -> Handover:
    now = datetime.now(UTC)
    return handover.present(shifts.present(WHOLE, reader, now=now), reader, now=now)


def test_until_somebody_takes_the_desk_over_the_last_twelve_hours_are_the_shift(anna: Actor) -> None:
    shift = shifts.present(WHOLE, anna, now=EVENING)
    assert (shift.since, shift.lead, shift.is_begun) == (EVENING - timedelta(hours=12), "", False)


def test_a_lead_takes_over_from_another_and_the_page_begins_anew(
    hour: Any, anna: Actor, mei: Actor, trouble: int
) -> None:
    later(hour, minutes=1)
    taken(anna)
    later(hour, hours=1)
    desk.take(trouble, by=anna, door=Door.WEB)
    assert [each.row["number"] for each in page(mei).changed] == [trouble]
    later(hour, hours=8)
    shift = taken(mei, "Slept well.")
    assert (shift.lead, shift.words) == ("mei", "Slept well.")
    assert page(mei).changed == []
    assert [each.lead for each in shifts.past(WHOLE, anna)[0]] == ["mei", "anna"]
    assert audit.found(act="shift_taken_over").count() == 2


def test_a_night_staff_of_one_takes_over_from_themselves(hour: Any, anna: Actor) -> None:
    first = taken(anna)
    later(hour, hours=10)
    second = taken(anna, seen=first.address)
    assert second.address != first.address and second.since > first.since


def test_a_second_click_takes_nothing_over_twice(hour: Any, anna: Actor) -> None:
    first = taken(anna, seen="")
    later(hour, seconds=2)
    assert taken(anna, seen="").address == taken(anna, seen="latest").address == first.address
    assert Takeover.objects.count() == 1


def test_who_comes_second_is_told_who_has_the_desk(anna: Actor, mei: Actor) -> None:
    taken(mei, seen="")
    with pytest.raises(Conflict) as refused:
        taken(anna, seen="")
    assert (refused.value.code, refused.value.params["who"]) == ("shift_taken_meanwhile", "mei")


def test_neither_customers_nor_narrowed_tokens_have_a_desk(cast: Cast, anna: Actor, cleo: Actor) -> None:
    from dataclasses import replace

    for by in (cleo, replace(anna, only_queues=frozenset({1})), replace(anna, scopes=frozenset({"read"}))):
        with pytest.raises(Forbidden):
            taken(by)
    with pytest.raises(Forbidden):
        shifts.present(WHOLE, cleo, now=EVENING)


def test_what_has_to_be_known_stands_once_with_all_its_reasons(
    hour: Any, anna: Actor, kofi: Actor, trouble: int
) -> None:
    later(hour, minutes=1)
    desk.pin(trouble, "Vendor calls at 03:00", by=anna, door=Door.WEB)
    desk.update(
        trouble, by=anna, door=Door.WEB, extra=Extra(alarm=Alarm(EVENING + timedelta(hours=1), "call"))
    )
    later(hour, hours=2)
    desk.ring(trouble)
    ((row, why, pin),) = page(kofi).must
    assert row["number"] == trouble and sorted(why) == ["pinned", "ringing", "severe"]
    assert pin is not None and (pin.author, pin.text) == ("anna", "Vendor calls at 03:00")


def test_then_and_now_of_a_shift_are_told(hour: Any, anna: Actor, kofi: Actor, trouble: int) -> None:
    desk.update(trouble, by=anna, door=Door.WEB, extra=Extra(next_action="Call the site"))
    later(hour, minutes=1)
    taken(anna)
    later(hour, hours=1)
    desk.take(trouble, by=kofi, door=Door.WEB)
    desk.update(trouble, "No answer.", by=kofi, door=Door.WEB, extra=Extra(next_action="Drive there"))
    (changed,) = page(anna).changed
    assert changed.then_now[1:] == [("owner", None, "kofi"), ("next_action", "Call the site", "Drive there")]
    assert [name for name, *_ in changed.then_now] == ["state", "owner", "next_action"]
    assert (changed.updates, changed.people, changed.is_new) == (2, ["kofi"], False)


def test_what_is_not_clean_is_said(hour: Any, anna: Actor, trouble: int) -> None:
    desk.suspend(trouble, "vendor", by=anna, door=Door.WEB)
    desk.update(trouble, "@kofi is it there?", by=anna, door=Door.WEB)
    told = {name: count for name, count, _ in page(anna).warnings}
    assert told == {"untaken": 1, "no_next": 1, "no_timer": 1, "question": 1}


def test_what_nobody_touched_is_named(hour: Any, anna: Actor, complaint: int) -> None:
    later(hour, minutes=5)
    taken(anna)
    later(hour, hours=2)
    assert [row["number"] for row in page(anna).lists["untouched"].rows] == [complaint]
    desk.update(complaint, "Called.", by=anna, door=Door.WEB)
    assert page(anna).lists["untouched"].rows == []


def test_planned_work_of_the_next_hours_is_there(hour: Any, anna: Actor) -> None:
    for hours in (2, 20):
        new = Opening(
            subject=f"Works in {hours} h",
            type="planned",
            planned_start=EVENING + timedelta(hours=hours),
            planned_end=EVENING + timedelta(hours=hours + 1),
        )
        desk.open(new, by=anna, door=Door.WEB)
    found = page(anna)
    assert [row["subject"] for row in found.lists["planned"].rows] == ["Works in 2 h"]
    assert next(iter(found.planned.values())) == (EVENING + timedelta(hours=2), EVENING + timedelta(hours=3))


def test_notes_are_corrected_and_never_changed(hour: Any, anna: Actor, kofi: Actor) -> None:
    later(hour, minutes=1)
    note = shift_notes.add_note(WHOLE, "Generator test at 05:00", by=anna)
    with pytest.raises(Forbidden):
        shift_notes.correct_note(note.address, "mine now", by=kofi)
    later(hour, minutes=1)
    shift_notes.correct_note(note.address, "Generator test at 06:00", by=anna)
    (shown,) = page(kofi).notes
    assert shown.text == "Generator test at 05:00"
    assert [each.text for each in shown.corrections] == ["Generator test at 06:00"]
    with pytest.raises(Invalid):
        shift_notes.add_note(WHOLE, "  ", by=anna)
    for rows in (ShiftNote.objects, Takeover.objects):
        if rows is Takeover.objects:
            taken(anna)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(at=EVENING)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.all()._raw_delete(rows.db)


def test_words_of_who_goes_are_read_by_who_comes(hour: Any, anna: Actor, mei: Actor) -> None:
    later(hour, minutes=1)
    shift_notes.add_note(WHOLE, "Watch the amplifier in Lansing.", by=anna, parting=True)
    later(hour, minutes=1)
    shift = taken(mei, "Thanks, got it.")
    assert shift.parting is not None and shift.parting.author == "anna"


def test_what_stood_open_at_a_takeover_is_kept_as_it_was(
    hour: Any, anna: Actor, mei: Actor, trouble: int
) -> None:
    desk.suspend(trouble, "vendor", by=anna, door=Door.WEB)
    later(hour, hours=1)
    shift = taken(mei)
    desk.resume(trouble, by=mei, door=Door.WEB)
    desk.take(trouble, by=mei, door=Door.WEB)
    _, told = shifts.one(shift.address, anna)
    (row,) = told["no_timer"]
    assert (row["number"], row["state"], row["clock"]) == (trouble, "waiting", "vendor")
    assert "owner" not in row and {"untaken", "no_next", "severe"} <= told.keys()


def test_who_may_not_read_a_ticket_finds_nothing_of_it_on_the_handover(
    hour: Any, cast: Cast, anna: Actor, mei: Actor, trouble: int
) -> None:
    documents: dict[tuple[str, str], Any] = {
        ("queue", "security"): {},
        ("class", "security"): {"number": 10},
        ("group", "csirt"): {},
        ("clearance", "csirt"): {
            "group": "csirt",
            "queues": ["security"],
            "sees": ["staff"],
            "appends": ["staff"],
            "changes": ["staff"],
            "rights": ["work"],
        },
    }
    configuring.change(documents, by=MACHINERY, door=Door.CLI)
    configured.refresh()
    from tests.cast import account

    sam = accounts.actor_of(account("sam", "csirt"))
    later(hour, minutes=1)
    desk.pin(trouble, "For all", by=anna, door=Door.WEB)
    desk.update(trouble, "@kofi?", by=anna, door=Door.WEB)
    shift = taken(mei)
    desk.suspend(trouble, "vendor", by=anna, door=Door.WEB)
    found = page(sam)
    assert not found.must and not found.changed and not found.questions and not found.warnings
    assert all(not each.rows and not each.more for each in found.lists.values())
    assert shifts.one(shift.address, sam)[1] == {}


def test_an_update_that_a_reader_may_not_see_is_not_counted(
    hour: Any, anna: Actor, mei: Actor, trouble: int
) -> None:
    later(hour, minutes=1)
    taken(mei)
    later(hour, minutes=1)
    secret = Extra(data_class=DataClass.RESTRICTED)
    desk.update(trouble, "Legal has been told.", by=mei, door=Door.WEB, extra=secret)
    assert page(anna).changed == []
    assert [each.updates for each in page(mei).changed] == [1]


def test_a_desk_of_its_own_is_about_its_tickets(hour: Any, anna: Actor, trouble: int, complaint: int) -> None:
    documents = {
        ("desk", "customers"): {"query": "type:complaint", "times": ["06:00", "17:00"], "zone": "UTC"}
    }
    configuring.change(documents, by=MACHINERY, door=Door.CLI)
    configured.refresh()
    theirs = desks.find("customers")
    shift = shifts.present(theirs, anna, now=EVENING)
    assert shift.since == EVENING.replace(hour=17)
    found = handover.present(shift, anna, now=EVENING)
    assert [each.row["number"] for each in found.changed] == [complaint]
    assert found.must == []
    shifts.take_over(theirs, "", seen="", by=anna, door=Door.WEB)
    assert not shifts.present(WHOLE, anna, now=EVENING).is_begun


def test_a_desk_that_should_have_been_taken_over_says_so(hour: Any, anna: Actor) -> None:
    documents = {("desk", "night"): {"times": ["22:00"], "zone": "UTC"}}
    configuring.change(documents, by=MACHINERY, door=Door.CLI)
    configured.refresh()
    night = desks.find("night")
    shifts.take_over(night, "", seen="", by=anna, door=Door.WEB)
    assert shifts.present(night, anna, now=EVENING + timedelta(hours=3)).due is None
    now = later(hour, hours=6)
    assert shifts.present(night, anna, now=now).due == EVENING.replace(hour=22)


def test_what_one_has_not_saved_is_told_to_oneself_alone(
    cast: Cast, anna: Actor, kofi: Actor, trouble: int
) -> None:
    from nocturne.store.models import Draft

    kofis = User.objects.get(name="kofi")
    Draft.objects.create(user=kofis, place=f"reply:{trouble}", content={"text": "Dear"}, saved_at=EVENING)
    assert page(kofi).drafts == [("reply", trouble)]
    assert page(anna).drafts == []
    assert Ticket.objects.filter(pk=trouble).exists()


BAD = {"title": "Backbone", "query": "is:open ownr:anna"}
SAYS = "“ownr:” is no word of the search. Is “owner"


@pytest.mark.req("S9")
def test_a_desk_that_asks_what_nobody_understands_is_not_saved_by_anybody(cast: Cast, ada: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        configuring.change({("desk", "backbone"): BAD}, by=ada, door=Door.CLI)
    assert SAYS in wording.refusal(refused.value) and "(Character 9.)" in wording.refusal(refused.value)
    page = Visitor("ada").send("/settings/new/desks", name="backbone", query=BAD["query"], step="look")
    assert page.status_code == 422
    assert SAYS in unescape(page.content.decode()) and 'value="is:open ownr:anna"' in unescape(
        page.content.decode()
    )
    program = caller(ada, scopes="read write admin")
    told = program.call("PUT", "/configuration/desk/backbone", {"body": BAD})
    assert program.status == 422 and SAYS in str(told)
    configured.refresh()
    assert "backbone" not in configured.load().desks


@pytest.mark.req("S9")
def test_a_tree_with_such_a_desk_is_refused_with_its_line(
    cast: Cast, nocturne: Nocturne, tmp_path: Path
) -> None:
    folder = tmp_path / "tree"
    assert nocturne("config", "export", str(folder)).code == 0
    (folder / "desks").mkdir(exist_ok=True)
    (folder / "desks" / "backbone.toml").write_text('title = "Backbone"\nquery = "is:open ownr:anna"\n')
    for command in ("check", "import"):
        said = nocturne("config", command, str(folder))
        assert said.code != 0
        assert "desks/backbone.toml:2" in said.out + said.err and SAYS in said.out + said.err
    assert "backbone" not in configured.load().desks


def test_new_tickets_without_a_next_action_are_no_fault_and_said_to_be_left_out(
    hour: Any, anna: Actor, trouble: int
) -> None:
    desk.change(trouble, {"next_action": "Call the site"}, by=anna, door=Door.WEB)
    assert page(anna).not_begun == (0, False), "what says what comes next is not among them"
    for subject in ("Cannot reach the library", "Slow to everything"):
        desk.open(Opening(subject=subject), by=anna, door=Door.WEB)
    made = page(anna)
    assert made.not_begun == (2, False)
    assert "no_next" not in {name for name, *_ in made.warnings}
    words = "2 new tickets have no next action yet: those are not counted"
    assert words in handover_text.text(made, anna)
    shown = Visitor("anna").text("/handover")
    assert f'?q=is:new+next:none">{words}</a>' in shown
    desk.take(made.lists["not_begun"].rows[0]["number"], by=anna, door=Door.WEB)
    again = page(anna)
    assert again.not_begun == (1, False)
    assert "no_next" in {name for name, *_ in again.warnings}, "once begun, it must say so"
