"""A mail becomes a ticket or an update, once and whole; what cannot be filed waits for somebody."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import Extra, charts, correspondence, queues
from nocturne.desk.terms import Opening
from nocturne.doors.mail import filing, spool
from nocturne.store import blobs
from nocturne.store.models import Attachment, Contact, Entry, MailIn, Notice, Queue, Ticket
from tests.post import PostOffice, entry_of, mail, ours, state

pytestmark = [pytest.mark.req("R15.5", "R8.1", "S3"), pytest.mark.usefixtures("as_if_committed")]


# --- a new ticket ----------------------------------------------------------------------------------------------------


def test_a_mail_from_a_stranger_becomes_a_ticket_with_its_sender_as_reporter(office: PostOffice) -> None:
    received = time.time() - 90
    row = office.receive(mail(sender="Rowe <rowe@site.example>", subject="Re: AW: Link down "), at=received)

    ticket = Ticket.objects.get(pk=row.ticket_id)
    entry = entry_of(row)
    assert row.state == "filed"
    assert (ticket.subject, ticket.state, ticket.queue.name) == ("Link down", "new", "general")
    assert ticket.reporter is not None
    assert (ticket.reporter.name, ticket.reporter.email) == ("Rowe", "rowe@site.example")
    assert (entry.author_kind, entry.author_label, entry.door) == ("contact", "Rowe", "mail")
    assert abs(entry.at.timestamp() - received) < 0.01
    assert entry.words.text == "Nothing loads since this morning.\n"


def test_the_original_is_kept_byte_for_byte_beside_the_words_and_the_files(office: PostOffice) -> None:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["Subject"] = "cleo@college.example", "Trace"
    message.set_content("See the trace.\n")
    message.add_alternative("<p>See the <script>x</script>trace.</p>", subtype="html")
    message.add_attachment(b"1 * * *\n", maintype="text", subtype="plain", filename="trace.txt")
    raw = message.as_bytes()

    row = office.receive(raw)

    files = {each.purpose: each for each in Attachment.objects.filter(entry=row.entry_id)}
    assert set(files) == {"original", "html", "file"}
    assert (files["original"].media_type, files["file"].name) == ("message/rfc822", "trace.txt")
    with blobs.open_blob(files["original"].sha256) as original:
        assert original.read() == raw
    with blobs.open_blob(files["html"].sha256) as page:
        assert page.read().strip() == b"<p>See the trace.</p>"


def test_a_quoted_tail_is_folded_and_nothing_of_it_is_lost(office: PostOffice) -> None:
    text = "It is back.\n\nOn Monday Anna wrote:\n> Is it back?\n"
    entry = entry_of(office.receive(mail(text)))

    assert entry.words.text == text
    assert text[entry.facts["tail"] :].lstrip("\n") == "On Monday Anna wrote:\n> Is it back?\n"


def test_a_long_subject_is_cut_and_stands_in_full_above_the_words(office: PostOffice) -> None:
    subject = "The line to the library " * 30
    row = office.receive(mail("It is down.\n\n> quoted\n", subject=subject))
    entry = entry_of(row)

    assert len(Ticket.objects.get(pk=row.ticket_id).subject) == 300
    assert entry.words.text == f"{subject.strip()}\n\nIt is down.\n\n> quoted\n"
    assert entry.words.text[entry.facts["tail"] :].strip() == "> quoted"


@pytest.mark.parametrize("subject", ["", "   ", "Re: ", "\x01\x02"])
def test_a_mail_without_a_subject_is_a_ticket_all_the_same(office: PostOffice, subject: str) -> None:
    raw = f"From: cleo@college.example\nSubject: {subject}\n\nDown.\n".encode()

    assert Ticket.objects.get(pk=office.receive(raw).ticket_id).subject == "(no subject)"


@pytest.mark.parametrize(
    "sender",
    ["From: a@one.example, b@two.example", "From: A <a@one.example>\nFrom: b@two.example", "Subject: x"],
)
def test_a_mail_of_several_or_no_senders_is_nobodys(office: PostOffice, sender: str) -> None:
    row = office.receive(f"{sender}\nTo: noc@lakenet.example\n\nDown.\n".encode())

    reporter = Ticket.objects.get(pk=row.ticket_id).reporter
    assert reporter is not None
    assert reporter.email is None
    assert not Contact.objects.filter(email__in=["a@one.example", "b@two.example"]).exists()
    office.follow()
    assert not Notice.objects.exists()


# --- once ------------------------------------------------------------------------------------------------------------


def test_copies_of_a_mail_have_one_effect_whatever_the_way_they_came(office: PostOffice) -> None:
    raw = mail(message_id="<one@college.example>")

    first = office.receive(raw)
    again = office.receive(raw)
    copy = office.receive(b"Received: from elsewhere\r\nX-Spam: no\r\n" + raw)

    assert first.pk == again.pk
    assert (copy.state, copy.ticket_id, copy.entry_id) == ("duplicate", first.ticket_id, first.entry_id)
    assert Ticket.objects.count() == 1
    assert Entry.objects.count() == 1


def test_one_message_id_with_other_words_is_another_mail_and_is_flagged(office: PostOffice) -> None:
    office.receive(mail("one", message_id="<one@college.example>"))
    other = office.receive(mail("two", message_id="<one@college.example>"))

    assert other.state == "filed"
    assert "message_id_seen_before" in entry_of(other).facts["mail"]["flags"]


def test_mails_without_message_id_are_told_apart_by_sender_date_and_words(office: PostOffice) -> None:
    def bare(words: str, date: str = "Mon, 16 Nov 2026 09:12:00 +0100") -> bytes:
        return f"From: cleo@college.example\nDate: {date}\nSubject: x\n\n{words}\n".encode()

    first = office.receive(bare("down"))
    copy = office.receive(b"X-Copy: yes\n" + bare("down"))
    later = office.receive(bare("down", "Mon, 16 Nov 2026 10:00:00 +0100"))

    assert (copy.state, later.state) == ("duplicate", "filed")
    assert first.ticket_id != later.ticket_id


def test_one_mail_to_two_queues_is_one_ticket_that_names_both(
    office: PostOffice, ada: Actor, anna: Actor
) -> None:
    queues.add("peering")
    raw = mail()

    first = office.receive(raw, queue="general")
    second = office.receive(raw, queue="peering")

    assert (second.state, second.ticket_id) == ("duplicate", first.ticket_id)
    assert Ticket.objects.count() == 1
    shown = charts.entries(int(first.ticket_id or 0), anna).entries
    assert shown[0].facts["mail"]["queue"] == "general"
    assert shown[-1].facts["also_to"] == "peering"


def test_two_workers_that_file_copies_in_one_moment_make_one_ticket(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one did not see the first when it looked; the books notice, and it looks again."""
    raw = mail(message_id="<one@college.example>")
    first = office.receive(raw)
    looked: list[bool] = []
    real = filing._Filing._is_copy

    def blind_at_first(self: filing._Filing) -> bool:
        looked.append(True)
        return len(looked) > 1 and real(self)

    monkeypatch.setattr(filing._Filing, "_is_copy", blind_at_first)

    copy = office.receive(b"Received: from elsewhere\r\n" + raw)

    assert (copy.state, copy.ticket_id) == ("duplicate", first.ticket_id)
    assert len(looked) == 2
    assert Ticket.objects.count() == 1


# --- what cannot be filed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("queue", "action", "reason"),
    [
        ("nowhere", "correspond", "unknown_queue"),
        ("general", "jump", "unknown_action"),
        ("attic", "correspond", "retired_queue"),
    ],
)
def test_what_cannot_be_filed_waits_for_somebody_and_is_kept(
    office: PostOffice, queue: str, action: str, reason: str
) -> None:
    queues.add("attic")
    Queue.objects.filter(name="attic").update(retired_at=datetime.now(UTC))
    raw = mail()

    row = office.receive(raw, queue=queue, action=action)

    assert (row.state, row.reason) == ("quarantine", reason)
    assert not Ticket.objects.exists()
    kept = spool.find(office.folder, row.sha256)
    assert kept is not None
    assert spool.content(kept) == raw


def test_queues_are_found_whatever_the_case_of_their_letters(office: PostOffice) -> None:
    assert office.receive(mail(), queue="General").state == "filed"


def test_mail_of_our_own_that_comes_back_is_dropped(office: PostOffice, complaint: int) -> None:
    token = ours(complaint)

    returned = office.receive(
        mail(sender="noc@lakenet.example", message_id=token, X_Nocturne_Ticket="lakenet #1")
    )

    assert (returned.state, returned.reason) == ("dropped", "own_mail")
    assert Entry.objects.filter(ticket=complaint).count() == 1


def test_a_peers_tracker_may_be_a_nocturne_too(office: PostOffice) -> None:
    row = office.receive(
        mail(
            sender="noc@peer.example",
            X_Nocturne_Ticket="peer #12",
            message_id="<nt.12.1.aaaa@noc.peer.example>",
        )
    )

    assert row.state == "filed"


def test_two_machines_that_answer_each_other_soon_move_nothing_any_more(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    token = ours(complaint)
    for number in range(21):
        office.receive(mail(f"Your mail number {number} has arrived.", answers=token))
    desk.resolve(complaint, "Splice repaired.", by=anna, door=Door.WEB)

    last = office.receive(mail("Your mail has arrived.", answers=token))

    assert entry_of(last).facts["mail"]["signal"] == "loop"
    assert state(complaint)[0] == "resolved"


# --- what becomes of the words ---------------------------------------------------------------------------------------


def test_the_ledger_holds_every_mail(office: PostOffice) -> None:
    office.receive(mail())
    office.receive(mail(), queue="nowhere")

    assert MailIn.objects.exclude(done_at=None).count() == 2


def test_words_after_a_correction_by_the_staff_are_untouched(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    """What customers write can be answered and noted on, and stays as it was written."""
    row = office.receive(mail("The cat is on the keybard.", answers=ours(complaint)))
    desk.update(
        complaint, "They mean keyboard.", by=anna, door=Door.WEB, extra=Extra(data_class=DataClass.STAFF)
    )

    assert entry_of(row).words.text == "The cat is on the keybard.\n"


def test_a_ticket_opened_on_the_phone_is_known_to_its_reporters_address(
    office: PostOffice, anna: Actor
) -> None:
    from nocturne.desk.terms import Reporter

    opened = desk.open(
        Opening(subject="No dial tone", reporter=Reporter(name="Rowe", email="Rowe@Site.example")),
        by=anna,
        door=Door.WEB,
    )

    row = office.receive(
        mail("It is back.", sender="rowe@site.example", subject=correspondence.tag(opened.number))
    )

    assert row.ticket_id == opened.number
    assert entry_of(row).shown_class == DataClass.CUSTOMER
