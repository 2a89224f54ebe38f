"""No word of anybody's becomes a header or a recipient, and words in any script arrive as they were written."""

from __future__ import annotations

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import correspondence
from nocturne.store.models import Entry, Installation, Notice, Ticket
from nocturne.watch import letters
from tests.cast import Cast
from tests.post import PostOffice, mail, sent

pytestmark = [pytest.mark.req("R15.5", "S2"), pytest.mark.usefixtures("as_if_committed", "sink")]

CLEO = "cleo@college.example"


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
