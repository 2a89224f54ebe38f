"""Holes that were found once, each kept shut by a test: merges, back-dating, redaction, rights."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Conflict, Forbidden, Invalid, TooMany, WrongState
from nocturne.desk import charts, throttle
from nocturne.desk.terms import Affected, Alarm, Extra, Opening, Outage, Reporter
from nocturne.store import books
from nocturne.store.models import Contact, Entry, MailIn, Notice, Queue, Receipt, Ticket
from tests.cast import Cast

FEBRUARY = datetime(2026, 2, 1, tzinfo=UTC)
WEB, API, MAIL = Door.WEB, Door.API, Door.MAIL


def ago(**span: float) -> datetime:
    return timezone.now() - timedelta(**span)


def head(number: int, reader: Actor) -> dict:
    return charts.header(number, reader).header


def opened(by: Actor, subject: str, **more: object) -> int:
    return desk.open(Opening(subject=subject, **more), by=by, door=WEB, extra=Extra(at=ago(hours=8))).number  # type: ignore[arg-type]


@pytest.fixture
def other(cast: Cast) -> int:
    """Somebody else's complaint of the same problem."""
    reporter = Reporter(name="Rowe", email="rowe@site.example")
    return opened(cast.anna, "Rowe's line is cut", type="complaint", reporter=reporter)


@pytest.mark.req("R16.5")
@pytest.mark.parametrize(
    "fields",
    [{"severity": 1}, {"subject": "x"}, {"type": "meta"}, {"resolution": "x"}, {"network": "Backbone"}],
)
def test_a_reporters_words_change_no_field(cast: Cast, complaint: int, fields: dict) -> None:
    before = books.header(complaint)
    with pytest.raises(Forbidden):
        desk.receive(complaint, "hi", by=cast.cleo, door=API, extra=Extra(fields=fields))
    assert books.header(complaint) == before


def test_a_reporter_opens_a_ticket_whose_empty_lists_say_nothing(cast: Cast) -> None:
    plain = Opening(subject="Plain", machines=[], outages=[], affected=[], cc=[])
    assert desk.open(plain, by=cast.cleo, door=API).number
    with pytest.raises(Forbidden):
        desk.open(Opening(subject="Mine", type="meta"), by=cast.cleo, door=API)


def test_a_reporter_dates_nothing_back(cast: Cast, complaint: int) -> None:
    desk.suspend(complaint, "customer", by=cast.anna, door=WEB)
    desk.receive(complaint, "I am back", by=cast.cleo, door=API, extra=Extra(at=ago(hours=3)))
    assert Entry.objects.filter(ticket_id=complaint).latest("pk").at > ago(minutes=1)


@pytest.mark.req("R13.1")
def test_who_reported_a_ticket_that_was_merged_can_still_object(
    cast: Cast, complaint: int, other: int
) -> None:
    trouble = opened(cast.anna, "Fibre cut")
    desk.merge(complaint, other, by=cast.anna, door=WEB)
    desk.relate(other, "parent", trouble, by=cast.anna, door=WEB)
    desk.resolve(other, "Spliced", by=cast.anna, door=WEB)
    desk.receive(complaint, "No! Still broken", by=cast.cleo, door=API)
    assert head(other, cast.anna)["state"] == "open"
    assert head(trouble, cast.anna)["objected"] is True
    assert "Still broken" in str(charts.entries(complaint, cast.cleo).entries)
    rowe = Actor("contact", 0, "Rowe", contact=Contact.objects.get(email="rowe@site.example").pk)
    assert "Still broken" not in str(charts.entries(other, rowe).entries)
    assert "Still broken" in str(charts.entries(other, cast.anna).entries)
    for number in (complaint, other, trouble):
        assert books.first_difference(number) is None


@pytest.mark.req("R13.1")
def test_an_objection_by_phone_flags_the_trouble_too(cast: Cast, complaint: int) -> None:
    trouble = opened(cast.anna, "Fibre cut")
    desk.relate(complaint, "parent", trouble, by=cast.anna, door=WEB)
    desk.resolve(complaint, "Spliced", by=cast.anna, door=WEB)
    desk.reopen(complaint, by=cast.anna, door=WEB, extra=Extra(text="She rang: it still drops"))
    assert head(trouble, cast.anna)["objected"] is True


def test_a_state_never_moves_without_its_clock(anna: Actor) -> None:
    number = opened(anna, "Late words")
    desk.suspend(number, "vendor", by=anna, door=WEB, extra=Extra(at=ago(hours=1)))
    with pytest.raises(Invalid):
        desk.resume(number, by=anna, door=WEB, extra=Extra(at=ago(hours=2)))
    desk.resume(number, by=anna, door=WEB, extra=Extra(at=ago(minutes=30)))
    desk.resolve(number, "Done", by=anna, door=WEB)
    with pytest.raises(Invalid):
        desk.reopen(number, by=anna, door=WEB, extra=Extra(at=ago(hours=2)))
    assert (head(number, anna)["state"], head(number, anna)["clock"]) == ("resolved", "stopped")


def test_a_clock_that_was_put_back_neither_refuses_nor_reorders(anna: Actor, trouble: int) -> None:
    desk.suspend(trouble, "customer", by=anna, door=WEB)
    ahead = timezone.now() + timedelta(seconds=90)
    Ticket.objects.filter(pk=trouble).update(clock_since=ahead, touched_at=ahead)
    desk.resume(trouble, by=anna, door=WEB)
    assert (head(trouble, anna)["state"], head(trouble, anna)["clock"]) == ("open", "noc")
    written = list(
        Entry.objects.filter(ticket_id=trouble).order_by("seq").values_list("recorded_at", flat=True)
    )
    assert written[-1] >= ahead


def test_a_reply_that_is_being_sent_cannot_be_taken_back(anna: Actor, complaint: int) -> None:
    reply = desk.reply(complaint, "We are on it.", by=anna, door=WEB)
    Notice.objects.create(
        ticket_id=complaint, entry_id=reply.entry, purpose="reply", address="c@x.example",
        message_id="<1@x>", run_at=timezone.now(), attempts=1,
    )  # fmt: skip
    with pytest.raises(WrongState):
        desk.withdraw(complaint, reply.address, by=anna, door=WEB)


def test_a_reply_is_not_said_while_it_can_be_taken_back(cast: Cast, complaint: int) -> None:
    reply = desk.reply(complaint, "Words by mistake", by=cast.anna, door=WEB)
    assert "by mistake" not in str(charts.entries(complaint, cast.cleo).entries)
    desk.withdraw(complaint, reply.address, by=cast.anna, door=WEB)
    assert "by mistake" not in str(charts.entries(complaint, cast.cleo).entries)
    assert "by mistake" in str(charts.entries(complaint, cast.anna).entries)


@pytest.mark.req("R4.1")
def test_a_merge_loses_no_timer(anna: Actor) -> None:
    due = timezone.now() + timedelta(hours=1)
    gone = desk.open(
        Opening(subject="a"), by=anna, door=WEB, extra=Extra(next_action="Call", alarm=Alarm(due, "ETA?"))
    ).number
    survivor = opened(anna, "b")
    desk.merge(gone, survivor, by=anna, door=WEB)
    assert (head(survivor, anna)["alarm_at"], head(survivor, anna)["next_action"]) == (due, "Call")
    assert charts.new_since(survivor, anna, charts.header(survivor, anna).version) == 0


def test_merges_that_make_no_sense_are_refused(anna: Actor) -> None:
    a, b, c, d = (opened(anna, each) for each in "abcd")
    desk.merge(a, b, by=anna, door=WEB)
    with pytest.raises(WrongState, match="merged_already"):
        desk.merge(a, c, by=anna, door=WEB)
    desk.merge(b, c, by=anna, door=WEB)
    with pytest.raises(WrongState, match="survivor_merged"):
        desk.unmerge(a, by=anna, door=WEB)
    desk.resolve(d, "Over", by=anna, door=WEB)
    with pytest.raises(WrongState, match="survivor_ended"):
        desk.merge(c, d, by=anna, door=WEB)


def test_no_circle_is_closed_by_way_of_a_merge(anna: Actor) -> None:
    a, b, c = (opened(anna, each) for each in "abc")
    desk.relate(a, "depends_on", b, by=anna, door=WEB)
    desk.relate(b, "depends_on", c, by=anna, door=WEB)
    with pytest.raises(Invalid, match="relation_circle"):
        desk.merge(c, a, by=anna, door=WEB)
    x = opened(anna, "x")
    desk.merge(c, x, by=anna, door=WEB)
    with pytest.raises(Invalid, match="relation_circle"):
        desk.relate(x, "depends_on", a, by=anna, door=WEB)
    desk.resolve(b, "Done", by=anna, door=WEB)
    with pytest.raises(WrongState, match="open_dependencies"):
        desk.close(b, by=anna, door=WEB)


def test_the_answer_to_a_complaint_ends_no_trouble(anna: Actor, complaint: int) -> None:
    trouble = opened(anna, "Another trouble")
    desk.merge(complaint, trouble, by=anna, door=WEB)
    assert desk.answer_complaint(complaint, "All is well", cause=1, label="anna") is None
    assert head(trouble, anna)["state"] == "new"


def test_silence_counts_from_when_the_complainer_was_told(anna: Actor) -> None:
    days = Queue.objects.values_list("silence_days", flat=True).get(name="general")
    reporter = Reporter(email="u@c.example")
    complaint = desk.open(
        Opening(subject="Slow", type="complaint", reporter=reporter),
        by=anna,
        door=WEB,
        extra=Extra(at=ago(days=9 + days)),
    ).number
    desk.resolve(complaint, "Was over long ago", by=anna, door=WEB, extra=Extra(at=ago(days=1 + days)))
    assert desk.close_silent(complaint) is None
    assert head(complaint, anna)["state"] == "resolved"


@pytest.mark.req("R16.5")
def test_a_redaction_reaches_every_copy_of_the_words(cast: Cast, trouble: int) -> None:
    note = desk.update(trouble, "password hunter2", by=cast.anna, door=WEB)
    desk.correct(trouble, note.address, "password hunter2, not hunter1", by=cast.anna, door=WEB)
    half = desk.split(trouble, [note.address], "half", by=cast.anna, door=WEB).number
    Receipt.objects.create(
        key="k",
        fingerprint="f",
        status=200,
        answer={"number": trouble, "text": "hunter2"},
        created_at=timezone.now(),
    )
    MailIn.objects.create(
        sha256="0" * 64, queue="general", action="correspond", subject="hunter2", sender="x@y.example",
        received_at=timezone.now(), entry_id=note.entry, ticket_id=trouble,
    )  # fmt: skip
    desk.redact(trouble, note.address, "a password", by=cast.ada, door=WEB)
    for number in (trouble, half):
        assert "hunter2" not in str(charts.entries(number, cast.ada).entries)
        assert books.first_difference(number) is None
        assert books.broken_link(number) is None
    assert "hunter2" not in str(Receipt.objects.get(pk="k").answer)
    assert MailIn.objects.get().subject == ""


def test_what_a_redacted_entry_had_cleared_stays_cleared(cast: Cast, trouble: int) -> None:
    desk.update(trouble, "Wait", by=cast.anna, door=WEB, extra=Extra(next_action="Call site"))
    resolved = desk.resolve(trouble, "Done", by=cast.anna, door=WEB, extra=Extra(text="secret"))
    desk.redact(trouble, resolved.address, "a name", by=cast.ada, door=WEB)
    assert books.first_difference(trouble) is None
    assert head(trouble, cast.ada)["next_action"] is None


def test_nobody_puts_words_into_a_customers_mouth(cast: Cast, complaint: int) -> None:
    first = charts.entries(complaint, cast.anna).entries[0]
    with pytest.raises(Forbidden):
        desk.correct(complaint, first.address, "It was my own fault", by=cast.anna, door=WEB)


def test_reclassifying_takes_the_corrections_along_and_is_news_to_those_who_gain(
    cast: Cast, trouble: int
) -> None:
    note = desk.update(trouble, "pw is hunter2", by=cast.anna, door=WEB)
    desk.correct(trouble, note.address, "pw is hunter3", by=cast.anna, door=WEB)
    desk.reclassify(trouble, note.address, DataClass.RESTRICTED, by=cast.mei, door=WEB)
    assert "hunter" not in str(charts.entries(trouble, cast.anna).entries)
    before = charts.header(trouble, cast.anna).version
    desk.reclassify(trouble, note.address, DataClass.STAFF, by=cast.mei, door=WEB)
    assert charts.header(trouble, cast.anna).version != before


def test_a_customer_learns_of_a_change_they_can_see_though_its_words_are_the_staffs(
    cast: Cast, complaint: int
) -> None:
    before = charts.header(complaint, cast.cleo).version
    desk.update(complaint, "For the staff", by=cast.anna, door=WEB)
    assert charts.header(complaint, cast.cleo).version == before
    desk.resolve(complaint, "Spliced", by=cast.anna, door=WEB, extra=Extra(text="Norlink's fault again"))
    assert charts.header(complaint, cast.cleo).version != before


@pytest.mark.parametrize(
    "given",
    [
        {"started_at": datetime(1, 1, 1, tzinfo=UTC)},
        {"detected_at": datetime(2090, 1, 1, tzinfo=UTC)},
        {"planned_start": datetime(900, 1, 1, tzinfo=UTC), "planned_end": datetime(901, 1, 1, tzinfo=UTC)},
        {"affected": [Affected("site", "x", "down", datetime(226, 8, 1, tzinfo=UTC))]},
        {
            "affected": [
                Affected(
                    "site", "x", "down", datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
                )
            ]
        },
        {"outages": [Outage(datetime(3, 1, 1, tzinfo=UTC))]},
        {"severity": "9" * 5000},
    ],
)
def test_what_cannot_be_is_refused_and_breaks_no_page(anna: Actor, given: dict) -> None:
    with pytest.raises(Invalid):
        desk.open(Opening(subject="Impossible", **given), by=anna, door=API)
    with pytest.raises(Invalid):
        desk.update(
            opened(anna, "x"),
            "x",
            by=anna,
            door=WEB,
            extra=Extra(alarm=Alarm(datetime(9999, 12, 31, tzinfo=UTC), "")),
        )


def test_a_ticket_keeps_a_queue(anna: Actor, trouble: int) -> None:
    with pytest.raises(Invalid, match="empty_queue"):
        desk.change(trouble, {"queue": ""}, by=anna, door=API)


def test_machines_and_the_owner_are_not_overwritten_unseen(anna: Actor, kofi: Actor, trouble: int) -> None:
    seen = charts.header(trouble, anna).version
    desk.update(trouble, machines=["cr2.chi"], by=kofi, door=WEB)
    desk.take(trouble, by=kofi, door=WEB)
    with pytest.raises(Conflict):
        desk.change(trouble, {}, machines=["cr1.aa", "ar1.lan"], by=anna, door=WEB, extra=Extra(seen=seen))
    with pytest.raises(Conflict):
        desk.take(trouble, by=anna, door=WEB, extra=Extra(seen=seen))


def test_planned_work_stands_on_its_schedule(cast: Cast) -> None:
    window = {"planned_start": timezone.now(), "planned_end": timezone.now() + timedelta(hours=4)}
    number = opened(cast.anna, "Upgrade", type="planned", **window)
    assert head(number, cast.anna)["clock"] == "scheduled"
    desk.change(number, {"type": "trouble"}, by=cast.anna, door=WEB)
    assert head(number, cast.anna)["clock"] == "noc"
    desk.change(number, {"type": "planned"}, by=cast.anna, door=WEB)
    assert head(number, cast.anna)["clock"] == "scheduled"
    assert books.first_difference(number) is None


def test_tags_and_watchers_come_and_go(anna: Actor, trouble: int) -> None:
    desk.update(trouble, tags=["bgp"], cc=["kofi", "boss@site.example"], by=anna, door=WEB)
    assert charts.chart(trouble, anna).tags == ["bgp"]
    desk.update(trouble, tags=["-bgp"], cc=["-boss@site.example", "-kofi"], by=anna, door=WEB)
    chart = charts.chart(trouble, anna)
    assert (chart.tags, chart.watchers) == ([], [])


def test_outages_have_names_that_count_nothing(cast: Cast, complaint: int) -> None:
    desk.update(complaint, "hidden", by=cast.anna, door=WEB)
    desk.outage(complaint, Outage(ago(minutes=5)), by=cast.anna, door=WEB)
    [outage] = charts.chart(complaint, cast.cleo).outages
    assert len(outage["key"]) >= 11


def test_whoever_signs_on_rightly_starts_their_count_anew(db: None) -> None:
    for _ in range(2):
        throttle.count("who", most=2, window=timedelta(minutes=5))
    throttle.forgive("who")
    throttle.count("who", most=2, window=timedelta(minutes=5))
    throttle.count("who", most=2, window=timedelta(minutes=5))
    with pytest.raises(TooMany):
        throttle.count("who", most=2, window=timedelta(minutes=5))


def test_who_reported_a_merged_ticket_reads_how_far_it_has_come(
    cast: Cast, complaint: int, other: int
) -> None:
    desk.merge(complaint, other, by=cast.anna, door=WEB)
    desk.resolve(other, "Spliced", by=cast.anna, door=WEB)
    shown = head(complaint, cast.cleo)
    assert (shown["state"], shown["resolution"]) == ("resolved", "Spliced")
    assert shown["subject"] == "Cannot reach the library"


def test_a_reply_to_a_list_waits_longer_for_undo(anna: Actor, complaint: int) -> None:
    for to, seconds in ((["cleo@college.example"], 10), (["noc-announce@college.example"], 60)):
        reply = desk.reply(complaint, "We are on it.", to=to, by=anna, door=WEB)
        assert Entry.objects.get(pk=reply.entry).facts["hold"] == seconds
