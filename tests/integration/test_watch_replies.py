"""A reply is mailed to its recipients as it should read, when its hold is over, with its files."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import Extra, correspondence
from nocturne.store import blobs
from nocturne.store.models import Notice, Queue
from nocturne.watch import enclosures, post
from tests.post import PostOffice, everything, mail, sent

pytestmark = [pytest.mark.req("R15.5", "S2"), pytest.mark.usefixtures("as_if_committed", "sink")]

CLEO = "cleo@college.example"


def told(entry: int) -> dict[str, str]:
    return dict(Notice.objects.filter(entry=entry).values_list("address", "purpose"))


def file(content: bytes, name: str, media_type: str = "text/plain", purpose: str = "file") -> blobs.File:
    kept = blobs.keep(io.BytesIO(content), limit=100_000_000)
    return blobs.File(name, media_type, kept.size, kept.sha256, purpose)


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
