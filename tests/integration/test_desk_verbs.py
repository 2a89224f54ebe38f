"""Operators work a ticket through its life; every act is an entry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from nocturne import desk
from nocturne.core.chart import difference, fold
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Conflict, Forbidden, Invalid, NotFound, WrongState
from nocturne.desk import charts, line
from nocturne.desk.terms import CLEAR, Affected, Alarm, Extra, Opening, Outage, Reporter
from nocturne.store import books
from nocturne.store.models import Ticket
from tests.cast import Cast

WEB = Door.WEB


def folded_is_header(number: int) -> None:
    assert books.first_difference(number) is None


def head(number: int, reader: Actor) -> dict:
    return charts.header(number, reader).header


@pytest.mark.req("R10.1")
def test_a_new_ticket_has_its_header_and_its_opener(anna: Actor, trouble: int) -> None:
    shown = head(trouble, anna)
    assert shown["subject"] == "Ann Arbor – Chicago 100G down"
    assert (shown["state"], shown["clock"], shown["severity"], shown["opened_by"]) == (
        "new",
        "noc",
        2,
        "anna",
    )
    assert charts.chart(trouble, anna).machines == ["cr1.aa"]
    folded_is_header(trouble)


@pytest.mark.req("R10.2")
def test_everything_the_rfc_names_can_be_said_when_a_ticket_opens(anna: Actor, reporter: Reporter) -> None:
    start = timezone.now() - timedelta(hours=1)
    number = desk.open(
        Opening(
            subject="No light",
            reporter=reporter,
            machines=["cr1.aa", "cr2.chi"],
            network="backbone",
            site="Ann Arbor",
            vendor="norlink",
            user_address="192.0.2.7",
            destination_address="198.51.100.9",
            started_at=start,
            outages=[Outage(start)],
            affected=[Affected("customer", "Lansing College", "redundancy lost", start)],
            cc=["kofi", "boss@site.example"],
        ),
        by=anna,
        door=WEB,
        extra=Extra(next_action="Call Norlink", alarm=Alarm(timezone.now() + timedelta(hours=2), "ETA?")),
    ).number
    chart = charts.chart(number, anna)
    assert chart.header["next_action"] == "Call Norlink"
    assert chart.header["reporter"]["phone"] == "+1 734 555 0119"
    assert len(chart.outages) == 1
    assert chart.affected[0]["effect"] == "redundancy lost"
    assert {each["label"] for each in chart.watchers} == {"kofi", "boss@site.example"}
    folded_is_header(number)


@pytest.mark.req("S1")
def test_a_problem_goes_its_whole_way(cast: Cast, trouble: int) -> None:
    anna, kofi, mei = cast.anna, cast.kofi, cast.mei
    desk.take(trouble, by=anna, door=WEB)
    assert head(trouble, anna)["state"] == "open"
    desk.refer(
        trouble, "Norlink", reference="00912233", by=anna, door=WEB, extra=Extra(next_action="Splice ETA")
    )
    assert (head(trouble, anna)["state"], head(trouble, anna)["clock"]) == ("waiting", "vendor")
    desk.resume(trouble, by=kofi, door=WEB)
    desk.give(trouble, "kofi", by=anna, door=WEB)
    desk.suspend(trouble, "customer", by=kofi, door=WEB)
    desk.resume(trouble, by=kofi, door=WEB)
    desk.restore(trouble, by=kofi, door=WEB)
    desk.resolve(trouble, "Fibre spliced at Jackson hut", key_component="NL-IC-3321", by=kofi, door=WEB)
    assert (head(trouble, anna)["state"], head(trouble, anna)["clock"]) == ("resolved", "stopped")
    with pytest.raises(Forbidden):
        desk.check(trouble, by=kofi, door=WEB)
    desk.check(trouble, by=mei, door=WEB)
    desk.close(trouble, by=mei, door=WEB)
    shown = head(trouble, mei)
    assert (shown["state"], shown["checked_by"], shown["self_checked"]) == ("closed", "mei", False)
    desk.reopen(trouble, by=anna, door=WEB)
    assert head(trouble, anna)["checked_by"] is None
    folded_is_header(trouble)
    assert books.broken_link(trouble) is None


@pytest.mark.req("R12.1")
def test_where_there_is_one_supervisor_a_check_of_ones_own_work_is_marked(cast: Cast, trouble: int) -> None:
    desk.resolve(trouble, "Reseated", by=cast.mei, door=WEB)
    with pytest.raises(Forbidden):
        desk.check(trouble, by=cast.mei, door=WEB)
    from nocturne.store.models import User

    User.objects.filter(name="ada").update(is_active=False)
    desk.check(trouble, by=cast.mei, door=WEB)
    assert head(trouble, cast.mei)["self_checked"] is True


@pytest.mark.req("R11.1")
def test_an_update_keeps_both_its_times(anna: Actor, trouble: int) -> None:
    said = timezone.now() - timedelta(minutes=20)
    desk.update(trouble, "Norlink sees loss of light", by=anna, door=WEB, extra=Extra(at=said))
    entry = charts.entries(trouble, anna).entries[-1]
    assert entry.at == said
    assert entry.recorded_at > said


def test_a_future_time_is_refused(anna: Actor, trouble: int) -> None:
    with pytest.raises(Invalid, match="time_in_future"):
        desk.update(trouble, "x", by=anna, door=WEB, extra=Extra(at=timezone.now() + timedelta(hours=1)))


def test_service_cannot_be_back_before_it_failed(anna: Actor, trouble: int) -> None:
    now = timezone.now()
    desk.change(trouble, {"started_at": now - timedelta(minutes=5)}, by=anna, door=WEB)
    with pytest.raises(Invalid, match="restored_before_started"):
        desk.restore(trouble, by=anna, door=WEB, extra=Extra(at=now - timedelta(minutes=10)))


def test_no_clock_is_switched_after_the_end(anna: Actor, trouble: int) -> None:
    desk.take(trouble, by=anna, door=WEB)
    desk.suspend(trouble, "vendor", by=anna, door=WEB)
    with pytest.raises(Invalid, match=r"resolved_before_switch|switch_before_opening"):
        desk.resolve(trouble, "x", by=anna, door=WEB, extra=Extra(at=timezone.now() - timedelta(seconds=30)))
    desk.resolve(trouble, "x", by=anna, door=WEB)
    with pytest.raises(WrongState):
        desk.suspend(trouble, "vendor", by=anna, door=WEB)


@pytest.mark.req("R11.3")
def test_next_action_and_timer_come_along_with_a_note(anna: Actor, trouble: int) -> None:
    due = timezone.now() + timedelta(hours=2)
    desk.update(
        trouble,
        "Called site",
        by=anna,
        door=WEB,
        extra=Extra(next_action="Call again", alarm=Alarm(due, "site")),
    )
    assert head(trouble, anna)["alarm_at"] == due
    desk.update(trouble, "Site answered", by=anna, door=WEB, extra=Extra(alarm=CLEAR, next_action=""))
    assert head(trouble, anna)["alarm_at"] is None
    assert head(trouble, anna)["next_action"] is None
    folded_is_header(trouble)


@pytest.mark.req("R4.1")
def test_an_alarm_goes_off_once_and_is_answered(anna: Actor, trouble: int) -> None:
    desk.update(
        trouble,
        "Wait",
        by=anna,
        door=WEB,
        extra=Extra(alarm=Alarm(timezone.now() + timedelta(minutes=1), "ETA?")),
    )
    Ticket.objects.filter(pk=trouble).update(alarm_at=timezone.now() - timedelta(seconds=1))
    assert desk.ring(trouble) is not None
    assert desk.ring(trouble) is None
    assert head(trouble, anna)["ringing_since"] is not None
    desk.acknowledge(trouble, by=anna, door=WEB)
    with pytest.raises(WrongState):
        desk.acknowledge(trouble, by=anna, door=WEB)
    assert head(trouble, anna)["ringing_since"] is None


def test_two_people_change_one_field(anna: Actor, kofi: Actor, trouble: int) -> None:
    seen = charts.header(trouble, anna).version
    desk.change(trouble, {"severity": 1}, by=kofi, door=WEB)
    with pytest.raises(Conflict) as refused:
        desk.change(trouble, {"severity": 4}, by=anna, door=WEB, extra=Extra(seen=seen))
    assert (refused.value.params["theirs"], refused.value.params["yours"]) == (1, 4)
    desk.change(trouble, {"priority": 1}, by=anna, door=WEB, extra=Extra(seen=seen))
    desk.update(trouble, "Appending never conflicts", by=anna, door=WEB, extra=Extra(seen=seen))


def test_two_people_resolve_at_once(anna: Actor, kofi: Actor, trouble: int) -> None:
    desk.resolve(trouble, "First", by=anna, door=WEB)
    with pytest.raises(WrongState):
        desk.resolve(trouble, "Second", by=kofi, door=WEB)


@pytest.mark.req("R13.1")
def test_three_complaints_hang_on_one_trouble_and_one_objects(cast: Cast, complaint: int) -> None:
    anna = cast.anna
    complaints = [complaint] + [
        desk.open(
            Opening(
                subject=f"Slow {n}", type="complaint", text="!", reporter=Reporter(email=f"u{n}@c.example")
            ),
            by=anna,
            door=WEB,
        ).number
        for n in (1, 2)
    ]
    trouble = desk.open(Opening(subject="Link down", type="trouble"), by=anna, door=WEB).number
    for each in complaints:
        desk.relate(each, "parent", trouble, by=anna, door=WEB)
    desk.resolve(trouble, "Spliced", by=anna, door=WEB)
    with pytest.raises(WrongState, match="open_dependencies"):
        desk.close(trouble, by=anna, door=WEB)
    told = desk.tell(trouble, "The fibre is whole again. Does it work for you?", by=anna, door=WEB)
    for each in complaints:
        assert (
            desk.answer_complaint(each, "The fibre is whole again.", cause=told.entry, label="anna")
            is not None
        )
        assert (
            desk.answer_complaint(each, "The fibre is whole again.", cause=told.entry, label="anna") is None
        )
    assert {head(each, anna)["state"] for each in complaints} == {"resolved"}
    desk.receive(complaint, "No, still broken.", by=cast.cleo, door=Door.MAIL)
    assert head(complaint, anna)["state"] == "open"
    assert head(trouble, anna)["objected"] is True
    folded_is_header(trouble)
    folded_is_header(complaint)


def test_pointing_in_a_circle_is_refused(anna: Actor) -> None:
    a, b, c = (desk.open(Opening(subject=s), by=anna, door=WEB).number for s in "abc")
    desk.relate(a, "depends_on", b, by=anna, door=WEB)
    desk.relate(b, "depends_on", c, by=anna, door=WEB)
    with pytest.raises(Invalid, match="relation_circle"):
        desk.relate(c, "depends_on", a, by=anna, door=WEB)
    with pytest.raises(Invalid, match="relation_to_itself"):
        desk.relate(a, "parent", a, by=anna, door=WEB)


@pytest.mark.req("S5")
def test_merged_tickets_read_as_one_and_come_apart_again(anna: Actor, kofi: Actor) -> None:
    a = desk.open(
        Opening(subject="a", machines=["cr1.aa"], user_address="192.0.2.1"), by=anna, door=WEB
    ).number
    b = desk.open(Opening(subject="b", machines=["cr2.chi"]), by=anna, door=WEB).number
    before = charts.chart(b, anna)
    desk.merge(a, b, by=anna, door=WEB)
    assert charts.header(a, anna).number == b
    assert charts.chart(b, anna).machines == ["cr1.aa", "cr2.chi"]
    assert desk.update(a, "To the first number", by=kofi, door=WEB).number == b
    desk.update(b, "To the second number", by=kofi, door=WEB)
    assert len(charts.entries(b, anna).entries) == 6
    desk.unmerge(a, by=anna, door=WEB)
    after = charts.chart(b, anna)
    assert (after.machines, after.header["user_address"]) == (before.machines, before.header["user_address"])
    assert charts.header(a, anna).number == a
    assert head(a, anna)["clock"] == "noc"
    folded_is_header(a)
    folded_is_header(b)


def test_a_correction_points_to_the_original(anna: Actor, kofi: Actor, trouble: int) -> None:
    note = desk.update(trouble, "Splice at Jakson", by=anna, door=WEB)
    desk.correct(trouble, note.address, "Splice at Jackson", by=kofi, door=WEB)
    original = next(e for e in charts.entries(trouble, anna).entries if e.address == note.address)
    assert original.text == "Splice at Jakson"
    assert original.corrections[0].text == "Splice at Jackson"


@pytest.mark.req("R16.5")
def test_redaction_leaves_a_tombstone_and_takes_the_words_away(cast: Cast) -> None:
    number = desk.open(Opening(subject="Password is hunter2", text="hunter2"), by=cast.anna, door=WEB).number
    opened = charts.entries(number, cast.ada).entries[0]
    with pytest.raises(Forbidden):
        desk.redact(number, opened.address, "a password", by=cast.anna, door=WEB)
    desk.redact(number, opened.address, "a password", by=cast.ada, door=WEB)
    entry = charts.entries(number, cast.ada).entries[0]
    assert (entry.text, entry.redacted, entry.redaction) == (None, True, "a password")
    assert head(number, cast.ada)["subject"] == "[redacted]"
    folded_is_header(number)
    assert books.broken_link(number) is None


@pytest.mark.req("R16.6")
def test_what_is_not_for_a_reader_does_not_exist_for_them(cast: Cast, complaint: int) -> None:
    version = charts.header(complaint, cast.cleo).version
    page = charts.entries(complaint, cast.cleo)
    note = desk.update(complaint, "Customer is difficult", by=cast.anna, door=WEB)
    desk.update(
        complaint, "Legal is watching", by=cast.mei, door=WEB, extra=Extra(data_class=DataClass.RESTRICTED)
    )
    assert charts.header(complaint, cast.cleo).version == version
    assert charts.entries(complaint, cast.cleo) == page
    assert "owner" not in head(complaint, cast.cleo)
    assert "Legal" not in str(charts.entries(complaint, cast.anna))
    desk.reclassify(complaint, note.address, DataClass.CUSTOMER, by=cast.mei, door=WEB)
    assert len(charts.entries(complaint, cast.cleo).entries) == len(page.entries) + 1
    with pytest.raises(NotFound):
        charts.header(complaint, Actor("account", 99, "nobody"))


def test_a_reply_is_for_its_recipients_and_can_be_taken_back(anna: Actor, complaint: int) -> None:
    reply = desk.reply(complaint, "We are on it.", by=anna, door=WEB)
    assert charts.entries(complaint, anna).entries[-1].facts["to"][0]["address"] == "cleo@college.example"
    desk.withdraw(complaint, reply.address, by=anna, door=WEB)
    with pytest.raises(WrongState):
        desk.withdraw(complaint, reply.address, by=anna, door=WEB)


@pytest.mark.req("R16.2")
def test_one_line_does_it_all(anna: Actor, trouble: int) -> None:
    done = line.perform(
        f'{trouble} called site; no answer next:"call again" timer:"2h remind site" owner:me priority:1',
        by=anna, door=Door.CLI, now=timezone.now(),
    )  # fmt: skip
    shown = head(trouble, anna)
    assert (shown["next_action"], shown["owner"], shown["priority"]) == ("call again", "anna", 1)
    assert charts.entries(trouble, anna).entries[-1].text == "called site; no answer"
    assert done.chips
    line.perform(f"{trouble} gone home clock:customer", by=anna, door=Door.CLI, now=timezone.now())
    assert head(trouble, anna)["state"] == "waiting"


def test_split_cites_the_originals(anna: Actor, trouble: int) -> None:
    note = desk.update(trouble, "And the UPS beeps", by=anna, door=WEB)
    new = desk.split(trouble, [note.address], "UPS beeps", by=anna, door=WEB)
    cited = next(e for e in charts.entries(new.number, anna).entries if e.text == "And the UPS beeps")
    assert cited.facts["cites"] == note.address


def test_fold_and_header_are_one(cast: Cast, trouble: int) -> None:
    assert difference(books.header(trouble), fold(books.entries(trouble))) is None


@pytest.mark.req("R16.5")
def test_a_reporter_opens_a_ticket_and_sets_nothing_that_is_the_nocs(cast: Cast) -> None:
    for hidden in (
        {"priority": 1},
        {"owner": "anna"},
        {"vendor": "Norlink"},
        {"cc": ["x@y.example"]},
        {"parent": 1},
    ):
        with pytest.raises(Forbidden):
            desk.open(Opening(subject="Mine", **hidden), by=cast.cleo, door=Door.API)
    number = desk.open(
        Opening(subject="Mine", severity=1, machines=["cr1.aa"]), by=cast.cleo, door=Door.API
    ).number
    assert head(number, cast.cleo)["severity"] == 1


def test_an_operator_writes_for_no_reader_above_their_own_class(cast: Cast, trouble: int) -> None:
    with pytest.raises(Forbidden):
        desk.update(trouble, "x", by=cast.anna, door=WEB, extra=Extra(data_class=DataClass.RESTRICTED))
    with pytest.raises(Forbidden):
        desk.change(trouble, {"check_marks": "audit"}, by=cast.anna, door=WEB)
    desk.change(trouble, {"check_marks": "audit"}, by=cast.mei, door=WEB)
    assert "check_marks" not in head(trouble, cast.anna)
    assert charts.entries(trouble, cast.anna).entries[-1].changes == []


def test_a_chain_of_merges_reads_as_one_under_every_number(anna: Actor) -> None:
    a, b, c = (desk.open(Opening(subject=s, text=s), by=anna, door=WEB).number for s in "abc")
    desk.merge(a, b, by=anna, door=WEB)
    desk.merge(b, c, by=anna, door=WEB)
    for number in (a, b, c):
        assert charts.header(number, anna).number == c
        assert {e.text for e in charts.entries(number, anna).entries if e.text} == {"a", "b", "c"}
    assert charts.chart(c, anna).absorbed == [a, b]
    desk.unmerge(b, by=anna, door=WEB)
    assert charts.header(a, anna).number == b
    for number in (a, b, c):
        folded_is_header(number)


def test_who_reported_a_ticket_that_was_merged_goes_on_reading_their_own(cast: Cast, complaint: int) -> None:
    other = desk.open(
        Opening(subject="Not hers", type="complaint", text="secret", reporter=Reporter(email="x@y.example")),
        by=cast.anna,
        door=WEB,
    ).number
    desk.merge(complaint, other, by=cast.anna, door=WEB)
    assert charts.header(complaint, cast.cleo).header["subject"] == "Cannot reach the library"
    assert [e.text for e in charts.entries(complaint, cast.cleo).entries if e.text] == [
        "Since this morning nothing loads."
    ]
    with pytest.raises(NotFound):
        charts.header(other, cast.cleo)
