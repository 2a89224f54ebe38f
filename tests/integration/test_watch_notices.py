"""Who is told what: one notice for each recipient, and nothing in it that is not theirs to read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import Extra, Opening, correspondence
from nocturne.store import blobs, journal
from nocturne.store.models import Contact, Entry, Installation, Notice, Party, Queue, Ticket, User
from nocturne.watch import enclosures, letters, notices, post
from tests.cast import Cast
from tests.post import PostOffice, mail
from tests.sink import Sink

pytestmark = [pytest.mark.req("R15.5", "S2")]

CLEO = "cleo@college.example"


@pytest.fixture(autouse=True)
def _in_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test writes is never committed: let followers on PostgreSQL see it all the same."""
    monkeypatch.setattr(journal, "_LOWEST_RUNNING", "9223372036854775807")


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    sink = Sink().start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    yield sink
    sink.stop()


@pytest.fixture
def office(cast: Cast, tmp_path: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    monkeypatch.setattr(post, "_targets", post.Targets())
    return PostOffice(tmp_path, sink)


def everything(office: PostOffice, address: str) -> list[EmailMessage]:
    office.send()
    assert office.sink is not None
    return office.sink.to(address)


def sent(office: PostOffice, address: str) -> list[EmailMessage]:
    """What somebody was sent, but for acknowledgements."""
    return [each for each in everything(office, address) if each["Auto-Submitted"] != "auto-replied"]


def told(entry: int) -> dict[str, str]:
    return dict(Notice.objects.filter(entry=entry).values_list("address", "purpose"))


# --- acknowledgements -----------------------------------------------------------------------------------------------


def test_whoever_mails_a_problem_hears_its_number_and_nothing_of_what_they_wrote(office: PostOffice) -> None:
    row = office.receive(
        mail("Buy cheap optics!", subject="Cheap optics", message_id="<spam@college.example>")
    )

    [letter] = everything(office, CLEO)

    assert letter["Subject"] == f"{correspondence.tag(row.ticket_id or 0)} Your message has arrived"
    assert "optics" not in letter.as_string().lower()
    assert letter["In-Reply-To"] == "<spam@college.example>"
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["X-Auto-Response-Suppress"] == "All"
    assert letter["Precedence"] == "bulk"
    assert letter["X-Nocturne-Ticket"] == f"lakenet #{row.ticket_id}"
    assert letter["From"] == "Lakenet <noc@lakenet.example>"
    assert office.sink is not None
    assert office.sink.letters[0].sender == "<>"


def test_an_address_is_acknowledged_once_an_hour(office: PostOffice) -> None:
    for number in range(3):
        office.receive(mail(subject=f"Problem {number}"))
    assert len(everything(office, CLEO)) == 1

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61), tick=True):
        office.receive(mail(subject="Another"))
        office.follow()
    assert Notice.objects.filter(purpose="acknowledgement").exclude(state="withdrawn").count() == 2


@pytest.mark.req("R16.7")
def test_hundreds_of_forged_senders_make_no_mail_bomb_of_us(cast: Cast) -> None:
    """All the mail says is a number; and only so many addresses a minute hear it."""
    victims = [Contact.objects.create(email=f"victim{number}@else.example") for number in range(200)]
    for number in range(300):
        by = correspondence.by_mail(victims[number % 200])
        desk.open(Opening(subject="x", text="x"), by=by, door=Door.MAIL)
    for entry in Entry.objects.select_related("ticket").order_by("pk"):
        notices.follow(entry)

    due = Notice.objects.filter(purpose="acknowledgement", state="waiting")
    assert due.count() <= notices.MOST_ACKNOWLEDGEMENTS
    assert due.count() == due.values("address").distinct().count()


def test_two_trackers_that_acknowledge_each_other_fall_silent(office: PostOffice) -> None:
    """The other one marks nothing as automatic, and opens a ticket of its own for each of our mails."""
    office.receive(mail(sender="help@tracker.example", subject="[tracker #1] disk full"))
    for number in range(2, 8):
        for _ in everything(office, "help@tracker.example")[number - 2 :]:
            office.receive(
                mail("We got it.", sender="help@tracker.example", subject=f"[tracker #{number}] received")
            )

    assert len(everything(office, "help@tracker.example")) == 1


def test_comments_and_mail_from_our_own_addresses_are_not_acknowledged(office: PostOffice) -> None:
    office.receive(mail("note"), action="comment")
    office.receive(mail(sender="noc@lakenet.example"))
    office.receive(mail(sender="noc-comment@lakenet.example"))

    office.follow()

    assert not Notice.objects.exists()


# --- replies --------------------------------------------------------------------------------------------------------


def test_a_reply_goes_to_the_reporter_and_those_who_watch_after_its_hold(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    desk.update(complaint, by=anna, door=Door.WEB, cc=["dean@college.example"])
    written = desk.reply(complaint, "We are on it.", by=anna, door=Door.WEB)
    office.follow()

    assert told(written.entry) == {CLEO: "reply", "dean@college.example": "reply"}
    for notice in Notice.objects.filter(entry=written.entry):
        assert notice.run_at - written.at == timedelta(seconds=10)
    while post.turn() == 0:
        pass
    assert office.sink is not None
    assert [each.message["Auto-Submitted"] for each in office.sink.letters] == ["auto-replied"]

    [letter] = sent(office, CLEO)
    assert letter["Subject"] == f"{correspondence.tag(complaint)} Cannot reach the library"
    said, _, signature = letter.get_content().replace("\r", "").partition("\n\n-- \n")
    assert said.startswith(
        "We are on it.\n\nTo read it on the web, and to answer there: http://noc.lakenet.example/t/"
    )
    assert signature.startswith("Lakenet")
    assert letter["Auto-Submitted"] is None
    assert letter["To"] == "Cleo Reyes <cleo@college.example>"
    assert {each.sender for each in office.sink.letters} == {"<>", "noc@lakenet.example"}


def file(content: bytes, name: str, media_type: str = "text/plain", purpose: str = "file") -> blobs.File:
    kept = blobs.keep(io.BytesIO(content), limit=100_000_000)
    return blobs.File(name, media_type, kept.size, kept.sha256, purpose)


def test_a_reply_arrives_with_the_files_that_were_put_to_it(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    files = [
        file(b"line 1\nline 2\n", "trace.txt"),
        file(b"\x89PNG\x00", "Kanal Ø.png", "image/png"),
        file(b"<b>", "x.html", "no type\r\nX: y"),
        file(b"raw mail", "mail.eml", "message/rfc822", "original"),
    ]
    desk.reply(complaint, "See the trace.", by=anna, door=Door.WEB, extra=Extra(files=files))

    [letter] = sent(office, CLEO)

    body = letter.get_body()
    assert body is not None
    assert body.get_content().startswith("See the trace.")
    enclosed = [
        (each.get_filename(), each.get_content_type(), each.get_payload(decode=True))
        for each in letter.iter_attachments()
    ]
    assert enclosed == [
        ("trace.txt", "text/plain", b"line 1\nline 2\n"),
        ("Kanal Ø.png", "image/png", b"\x89PNG\x00"),
        ("x.html", "application/octet-stream", b"<b>"),
    ]


def test_a_file_too_big_for_a_mail_is_named_with_the_place_where_it_is(
    office: PostOffice, complaint: int, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enclosures, "MOST_BYTES", 1000)
    files = [file(b"x" * 600, "small.txt"), file(b"y" * 600, "second.txt"), file(b"z" * 300, "last.txt")]
    desk.reply(complaint, "See the trace.", by=anna, door=Door.WEB, extra=Extra(files=files))

    [letter] = sent(office, CLEO)

    assert [each.get_filename() for each in letter.iter_attachments()] == ["small.txt", "last.txt"]
    body = letter.get_body()
    assert body is not None
    text = body.get_content().replace("\r", "")
    said, _, _signature = text.partition("\n\n-- \n")
    told = said.rpartition("\n\n")[2]
    assert told.startswith("Too big for this mail: second.txt. To be had at http://noc.lakenet.example/t/")


def test_a_file_on_a_note_of_the_staff_is_mailed_to_nobody(
    office: PostOffice, complaint: int, anna: Actor, kofi: Actor
) -> None:
    desk.take(complaint, by=anna, door=Door.WEB)
    secret = Extra(files=[file(b"the neighbour's backhoe", "secret.txt")])
    desk.update(complaint, "Between us.", by=kofi, door=Door.WEB, extra=secret)
    desk.reply(complaint, "We are on it.", by=kofi, door=Door.WEB)
    desk.resolve(complaint, "Repaired.", by=anna, door=Door.WEB, extra=secret)
    office.send()

    assert office.sink is not None
    assert len(office.sink.letters) >= 3
    assert not [each for each in office.sink.letters if list(each.message.iter_attachments())]


def test_a_withdrawn_reply_is_never_sent(office: PostOffice, complaint: int, anna: Actor) -> None:
    written = desk.reply(complaint, "You are mistaken.", by=anna, door=Door.WEB)
    desk.withdraw(complaint, written.address, by=anna, door=Door.WEB)

    assert sent(office, CLEO) == []


def test_a_reply_withdrawn_after_its_notices_were_drawn_up_is_never_sent(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    written = desk.reply(complaint, "You are mistaken.", by=anna, door=Door.WEB)
    office.follow()
    desk.withdraw(complaint, written.address, by=anna, door=Door.WEB)

    assert sent(office, CLEO) == []
    assert set(Notice.objects.filter(purpose="reply").values_list("state", flat=True)) == {"withdrawn"}


def test_what_was_put_right_in_time_is_sent_as_it_should_read(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    written = desk.reply(complaint, "Back at 15:00.", by=anna, door=Door.WEB)
    desk.correct(complaint, written.address, "Back at 16:00.", by=anna, door=Door.WEB)

    [letter] = sent(office, CLEO)

    assert "16:00" in letter.get_content()
    assert "15:00" not in letter.get_content()


def test_what_was_redacted_is_not_sent(office: PostOffice, complaint: int, anna: Actor, ada: Actor) -> None:
    written = desk.reply(complaint, "The password is …", by=anna, door=Door.WEB)
    desk.redact(complaint, written.address, "a password", by=ada, door=Door.WEB)

    assert sent(office, CLEO) == []


def test_what_was_closed_to_readers_outside_is_not_sent(
    office: PostOffice, complaint: int, anna: Actor, mei: Actor
) -> None:
    written = desk.reply(complaint, "Between us.", by=anna, door=Door.WEB)
    office.follow()
    desk.reclassify(complaint, written.address, DataClass.STAFF, by=mei, door=Door.WEB)

    assert sent(office, CLEO) == []
    assert Notice.objects.get(entry=written.entry).state == "withdrawn"


def test_mails_hang_below_what_their_recipient_knows(office: PostOffice, anna: Actor) -> None:
    row = office.receive(mail(message_id="<one@college.example>"))
    number = int(row.ticket_id or 0)
    [acknowledgement] = everything(office, CLEO)
    desk.reply(number, "We look.", by=anna, door=Door.WEB)
    [reply] = sent(office, CLEO)
    office.receive(mail("Thanks.", message_id="<two@college.example>", answers=str(reply["Message-ID"])))
    desk.reply(number, "Found it.", by=anna, door=Door.WEB)

    [_, last] = sent(office, CLEO)

    assert reply["In-Reply-To"] == acknowledgement["Message-ID"]
    assert last["In-Reply-To"] == "<two@college.example>"
    assert str(last["References"]).split() == [
        "<one@college.example>",
        acknowledgement["Message-ID"],
        reply["Message-ID"],
        "<two@college.example>",
    ]


def test_every_recipient_has_a_message_id_of_their_own_that_proves_the_ticket(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    desk.update(complaint, by=anna, door=Door.WEB, cc=["dean@college.example"])
    desk.reply(complaint, "We are on it.", by=anna, door=Door.WEB)
    letters_sent = [*everything(office, CLEO), *everything(office, "dean@college.example")]

    ids = [str(letter["Message-ID"]) for letter in letters_sent]
    assert len(set(ids)) == len(ids) == 3
    for each in ids:
        assert correspondence.number_of_token(each.strip("<>").partition("@")[0]) == complaint


def test_the_queues_own_address_is_written_from(office: PostOffice, complaint: int, anna: Actor) -> None:
    Queue.objects.filter(name="general").update(correspond_address="peering@lakenet.example")
    desk.reply(complaint, "We are on it.", by=anna, door=Door.WEB)

    [letter] = sent(office, CLEO)

    assert letter["From"] == "Lakenet <peering@lakenet.example>"


# --- the end --------------------------------------------------------------------------------------------------------


def test_the_reporter_hears_how_it_ended(office: PostOffice, complaint: int, anna: Actor) -> None:
    desk.resolve(complaint, "A splice was repaired.", by=anna, door=Door.WEB)

    [letter] = sent(office, CLEO)

    assert "A splice was repaired." in letter.get_content()
    assert letter["Auto-Submitted"] == "auto-generated"


def test_a_resolution_with_words_for_the_staff_tells_the_line_alone(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    extra = Extra(text="The contractor cut it again.", data_class=DataClass.STAFF)
    desk.resolve(complaint, "A splice was repaired.", by=anna, door=Door.WEB, extra=extra)

    [letter] = sent(office, CLEO)

    assert "A splice was repaired." in letter.get_content()
    assert "contractor" not in letter.get_content()


def test_a_quiet_resolution_a_rejection_and_a_close_tell_nobody(
    office: PostOffice, complaint: int, trouble: int, anna: Actor
) -> None:
    desk.resolve(complaint, "Nothing found.", tell=False, by=anna, door=Door.WEB)
    desk.close(complaint, by=anna, door=Door.WEB)
    desk.reject(trouble, "Spam.", by=anna, door=Door.WEB)
    office.follow()

    assert not Notice.objects.exclude(purpose="acknowledgement").exists()


def test_a_machine_that_reported_a_problem_is_not_told_of_its_end(office: PostOffice, anna: Actor) -> None:
    row = office.receive(
        mail("disk 91 %", sender="monitor@lakenet2.example", Auto_Submitted="auto-generated")
    )
    desk.resolve(int(row.ticket_id or 0), "Emptied.", by=anna, door=Door.WEB)

    assert sent(office, "monitor@lakenet2.example") == []


def test_the_reporters_of_merged_tickets_hear_the_end_too(
    office: PostOffice, complaint: int, trouble: int, anna: Actor
) -> None:
    desk.merge(complaint, trouble, by=anna, door=Door.WEB)
    desk.resolve(trouble, "A splice was repaired.", by=anna, door=Door.WEB)

    [letter] = sent(office, CLEO)
    assert "A splice was repaired." in letter.get_content()


# --- the staff ------------------------------------------------------------------------------------------------------


def test_a_new_owner_is_told_and_who_takes_a_ticket_is_not(
    office: PostOffice, trouble: int, anna: Actor, kofi: Actor
) -> None:
    desk.take(trouble, by=anna, door=Door.WEB)
    desk.give(trouble, "kofi", by=anna, door=Door.WEB)

    [letter] = sent(office, "kofi@lakenet.example")

    assert sent(office, "anna@lakenet.example") == []
    assert "anna has given you ticket" in letter.get_content()
    assert f"http://noc.lakenet.example/tickets/{trouble}" in letter.get_content()


def test_whoever_is_dispatched_and_has_an_account_is_told(
    office: PostOffice, trouble: int, anna: Actor, kofi: Actor
) -> None:
    desk.dispatch(trouble, "kofi", by=anna, door=Door.WEB, extra=Extra(text="Take the OTDR."))

    [letter] = sent(office, "kofi@lakenet.example")

    assert "Take the OTDR." in letter.get_content()


def test_the_owner_hears_what_customers_and_colleagues_say_and_not_their_own_words(
    office: PostOffice, complaint: int, anna: Actor, kofi: Actor, cleo: Actor
) -> None:
    desk.take(complaint, by=anna, door=Door.WEB)
    own = desk.update(complaint, "Looking.", by=anna, door=Door.WEB)
    noted = desk.update(complaint, "Norlink called.", by=kofi, door=Door.WEB)
    said = desk.receive(complaint, "Still down.", by=cleo, door=Door.MAIL)
    office.follow()

    assert told(own.entry) == {}
    assert told(noted.entry) == {"anna@lakenet.example": "update"}
    assert told(said.entry) == {"anna@lakenet.example": "update"}


def test_watchers_of_the_staff_hear_what_they_may_read(
    office: PostOffice, complaint: int, anna: Actor, mei: Actor
) -> None:
    desk.update(complaint, by=mei, door=Door.WEB, cc=["anna", "ada"])
    extra = Extra(text="The customer has not paid.", data_class=DataClass.RESTRICTED)
    written = desk.update(complaint, extra.text, by=mei, door=Door.WEB, extra=extra)
    office.follow()

    assert Party.objects.filter(ticket=complaint).count() == 2
    assert told(written.entry) == {"ada@lakenet.example": "update"}


def test_whoever_watches_a_queue_hears_of_what_comes_in_from_outside(
    office: PostOffice, anna: Actor, kofi: Actor
) -> None:
    Queue.objects.get(name="general").watchers.add(User.objects.get(name="kofi"))
    row = office.receive(mail())
    inside = desk.open(Opening(subject="Planned work"), by=anna, door=Door.WEB)
    office.follow()

    assert told(int(row.entry_id or 0))["kofi@lakenet.example"] == "update"
    assert told(inside.entry) == {}


def test_machine_mail_is_on_the_page_and_in_nobodys_mailbox(office: PostOffice, anna: Actor) -> None:
    row = office.receive(mail())
    desk.take(int(row.ticket_id or 0), by=anna, door=Door.WEB)
    away = office.receive(
        mail("I am away.", subject="Out of office", References="<x@y>", Auto_Submitted="auto-replied")
    )
    office.follow()

    assert told(int(away.entry_id or 0)) == {}


@pytest.mark.req("R16.6")
def test_nobody_outside_ever_gets_words_that_are_for_the_staff(
    office: PostOffice, complaint: int, anna: Actor, kofi: Actor, cleo: Actor
) -> None:
    secret = "the neighbour's backhoe"
    desk.take(complaint, by=anna, door=Door.WEB, extra=Extra(text=secret))
    desk.update(complaint, secret, by=kofi, door=Door.WEB, extra=Extra(next_action=secret))
    desk.refer(complaint, "Norlink", reference=secret, by=anna, door=Door.WEB, extra=Extra(text=secret))
    desk.reply(complaint, "We are on it.", by=anna, door=Door.WEB)
    desk.resume(complaint, by=anna, door=Door.WEB, extra=Extra(text=secret))
    desk.resolve(complaint, "Repaired.", cause=secret, by=anna, door=Door.WEB, extra=Extra(text=secret))
    desk.receive(complaint, "Thanks.", by=cleo, door=Door.MAIL)

    letters_to_cleo = sent(office, CLEO)

    assert len(letters_to_cleo) == 2
    assert not [each for each in letters_to_cleo if "backhoe" in each.as_string()]
    assert [each for each in sent(office, "anna@lakenet.example") if "backhoe" in each.get_content()]


def test_an_account_that_has_left_is_told_nothing_more(
    office: PostOffice, trouble: int, anna: Actor, kofi: Actor
) -> None:
    desk.give(trouble, "kofi", by=anna, door=Door.WEB)
    office.follow()
    User.objects.filter(name="kofi").update(is_active=False)

    assert sent(office, "kofi@lakenet.example") == []


def test_a_ticket_that_an_import_or_a_demonstration_brings_tells_nobody(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    Notice.objects.all().delete()
    written = desk.reply(complaint, "Old words.", by=anna, door=Door.IMPORT)
    with desk.clock.as_of(datetime(2026, 3, 1, tzinfo=UTC)):
        past = desk.open(
            Opening(
                subject="Long ago", type="complaint", reporter_id=Ticket.objects.get(pk=complaint).reporter_id
            ),
            by=anna,
            door=Door.WEB,
        )
    office.follow()

    assert told(written.entry) == told(past.entry) == {}


# --- safe on the wire -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile",
    ["x\r\nBcc: victim@else.example", "x\nSubject: other", "x\x1by", "=?utf-8?q?x=0ABcc:_v=40e.example?="],
)
def test_no_word_of_anybodys_becomes_a_header_or_a_recipient(
    office: PostOffice, complaint: int, anna: Actor, hostile: str
) -> None:
    Ticket.objects.filter(pk=complaint).update(subject=hostile)
    Installation.objects.update(organisation=hostile)
    desk.setup.forget_cached()
    Ticket.objects.get(pk=complaint).reporter.__class__.objects.update(name=hostile)
    desk.reply(complaint, "We are on it.", by=anna, door=Door.WEB)

    [letter] = sent(office, CLEO)

    assert office.sink is not None
    assert all(each.recipients == [CLEO] for each in office.sink.letters)
    allowed = {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "In-Reply-To",
        "References",
        "X-Nocturne-Ticket",
    }
    more = {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
    assert set(letter.keys()) <= allowed | more
    assert len(letter.get_all("Subject", [])) == 1


def test_a_strangers_message_id_goes_into_no_header_unless_it_is_one(office: PostOffice, anna: Actor) -> None:
    long_one = f"<{'x' * 300}@college.example>"
    row = office.receive(mail(message_id=long_one))
    number = int(row.ticket_id or 0)
    office.receive(mail("more", message_id='<"a b\\"(c)"@x.example>', subject=correspondence.tag(number)))
    office.receive(
        mail(
            "more",
            message_id="<quite.long.but.fine." + "x" * 100 + "@x.example>",
            subject=correspondence.tag(number),
        )
    )
    desk.reply(number, "We look.", by=anna, door=Door.WEB)

    [letter] = sent(office, CLEO)

    references = str(letter["References"])
    assert "quite.long.but.fine" in references
    assert "=?" not in references
    assert "x" * 300 not in references
    assert "(c)" not in references


def test_an_address_that_cannot_be_written_to_is_shown_as_failed(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    written = desk.reply(complaint, "We are on it.", by=anna, door=Door.WEB, to=["jörg@college.example"])
    office.send()

    [notice] = Notice.objects.filter(entry=written.entry)
    assert notice.state == "failed"
    assert notice.error


def test_a_domain_with_letters_of_its_own_language_is_written_to(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    desk.reply(complaint, "We are on it.", by=anna, door=Door.WEB, to=["info@störung.example"])

    assert len(sent(office, f"info@{'störung.example'.encode('idna').decode()}")) == 1


def test_words_in_any_script_arrive_as_they_were_written(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    words = "Störung behoben. 障害は復旧しました。\n.\n..\nFrom here on: " + "long " * 300
    desk.reply(complaint, words, by=anna, door=Door.WEB)

    [letter] = sent(office, CLEO)

    assert letter.get_content().replace("\r\n", "\n").startswith(words.rstrip())


def test_a_notice_whose_words_cannot_be_found_says_so(complaint: int, cast: Cast) -> None:
    entry = Entry.objects.filter(ticket=complaint).latest("pk")
    notice = Notice(
        ticket_id=complaint, entry=entry, purpose="update", address="x@y.example", message_id="<x@y>"
    )

    with pytest.raises(letters.Unwanted):
        letters.write(notice)
