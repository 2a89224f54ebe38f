"""A mail finds its ticket, or becomes one; and what its sender may move there depends on what proves who they are."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import Extra, charts, correspondence, queues
from nocturne.desk.terms import Opening
from nocturne.doors.mail import filing, spool
from nocturne.store import blobs, journal
from nocturne.store.models import Attachment, Contact, Entry, MailIn, Notice, Queue, Ticket, User
from tests.cast import Cast
from tests.post import PostOffice, entry_of, mail

pytestmark = [pytest.mark.req("R15.5", "R8.1", "S3")]


@pytest.fixture(autouse=True)
def _in_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test writes is never committed: let followers on PostgreSQL see it all the same."""
    monkeypatch.setattr(journal, "_LOWEST_RUNNING", "9223372036854775807")


@pytest.fixture
def office(cast: Cast, tmp_path: Path) -> PostOffice:
    return PostOffice(tmp_path)


def ours(ticket: int, address: str = "cleo@college.example", purpose: str = "acknowledgement") -> str:
    """The Message-ID of a notice that somebody was sent on a ticket."""
    entry = Entry.objects.filter(ticket=ticket).latest("pk")
    notice = Notice.objects.create(
        ticket_id=ticket,
        entry=entry,
        purpose=purpose,
        address=address,
        message_id=correspondence.new_message_id(ticket),
        state="sent",
        run_at=datetime.now(UTC),
    )
    return notice.message_id


# --- a new ticket ---------------------------------------------------------------------------------------------------


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


# --- which ticket ---------------------------------------------------------------------------------------------------


def test_an_answer_to_our_mail_finds_its_ticket_whatever_its_subject(
    office: PostOffice, complaint: int
) -> None:
    row = office.receive(mail("Any news?", subject="something else", answers=ours(complaint)))

    entry = entry_of(row)
    assert row.ticket_id == complaint
    assert (entry.kind, entry.shown_class, entry.facts["mail"]["matched"]) == (
        "received",
        DataClass.CUSTOMER,
        "token",
    )


def test_the_last_of_the_references_counts_where_in_reply_to_is_gone(
    office: PostOffice, complaint: int, trouble: int
) -> None:
    first, last = ours(trouble), ours(complaint)

    row = office.receive(mail(References=f"{first} <foreign@x.example> {last.upper()}"))

    assert row.ticket_id == complaint


def test_a_token_with_a_letter_changed_proves_nothing(office: PostOffice, complaint: int) -> None:
    token = ours(complaint)
    for place in range(1, token.index("@")):
        letter = (
            "b"
            if token[place] == "a"
            else "3"
            if token[place] == "2"
            else "a"
            if token[place].isalpha()
            else "2"
        )
        forged = token[:place] + letter + token[place + 1 :]
        assert office.receive(mail(answers=forged, sender="x@else.example")).ticket_id != complaint


def test_the_subjects_tag_leads_its_reporter_to_the_ticket(office: PostOffice, complaint: int) -> None:
    row = office.receive(mail(subject=f"Re: {correspondence.tag(complaint).upper()} library"))

    assert row.ticket_id == complaint
    assert entry_of(row).facts["mail"]["matched"] == "tag"


def test_the_subjects_tag_is_no_key_for_a_stranger(office: PostOffice, complaint: int) -> None:
    row = office.receive(
        mail(sender="x@else.example", subject=f"Re: {correspondence.tag(complaint)} library")
    )

    assert row.ticket_id != complaint
    assert Ticket.objects.get(pk=row.ticket_id).subject == "library"
    assert entry_of(row).facts["mail"]["maybe"] == complaint


@pytest.mark.parametrize("tag", ["[lakenet #{n}]", "[lakenet #{n}-zz]", "[othernoc #{n}-{letters}]", "#{n}"])
def test_a_tag_that_is_not_quite_ours_is_not_ours(office: PostOffice, complaint: int, tag: str) -> None:
    letters = correspondence.tag(complaint).rpartition("-")[2].rstrip("]")
    subject = tag.format(n=complaint, letters=letters)
    if letters == "zz":
        pytest.fail("choose other letters")

    assert office.receive(mail(subject=f"Re: {subject} library")).ticket_id != complaint


def test_an_answer_to_ones_own_first_mail_goes_to_the_same_ticket(office: PostOffice) -> None:
    first = office.receive(mail(message_id="<first@college.example>"))
    second = office.receive(mail("I forgot: port 7.", answers="<first@college.example>"))

    assert second.ticket_id == first.ticket_id
    assert entry_of(second).facts["mail"]["matched"] == "reference"


def test_an_answer_to_a_merged_ticket_arrives_on_the_survivor(
    office: PostOffice, complaint: int, trouble: int, anna: Actor
) -> None:
    token = ours(complaint)
    desk.merge(complaint, trouble, by=anna, door=Door.WEB)

    row = office.receive(mail("Any news?", answers=token))

    assert row.ticket_id == trouble
    assert entry_of(row).shown_class == DataClass.CUSTOMER


# --- what moves -----------------------------------------------------------------------------------------------------


def state(number: int) -> tuple[str, str]:
    return Ticket.objects.values_list("state", "clock").get(pk=number)


def test_the_reporters_answer_ends_the_wait_for_the_customer(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    desk.suspend(complaint, "customer", by=anna, door=Door.WEB)
    received = time.time()

    row = office.receive(mail("Port 7.", answers=ours(complaint)), at=received)

    assert state(complaint) == ("open", "noc")
    assert abs(entry_of(row).at.timestamp() - received) < 0.01


def test_an_answer_does_not_end_the_wait_for_a_vendor(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    desk.refer(complaint, "Norlink", by=anna, door=Door.WEB)

    office.receive(mail("Any news?", answers=ours(complaint)))

    assert state(complaint) == ("waiting", "vendor")


@pytest.mark.parametrize("ended", ["resolved", "closed"])
def test_the_reporters_objection_opens_the_ticket_again(
    office: PostOffice, complaint: int, anna: Actor, ended: str
) -> None:
    desk.resolve(complaint, "Splice repaired.", by=anna, door=Door.WEB)
    if ended == "closed":
        desk.close(complaint, by=anna, door=Door.WEB)

    office.receive(mail("It is not over.", answers=ours(complaint)))

    assert state(complaint) == ("open", "noc")


def test_after_two_weeks_an_answer_is_a_new_ticket_that_refers_to_the_old(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    desk.resolve(complaint, "Splice repaired.", by=anna, door=Door.WEB)
    token = ours(complaint)

    with time_machine.travel(datetime.now(UTC) + timedelta(days=15), tick=True):
        row = office.receive(
            mail("Again!", subject=f"Re: {correspondence.tag(complaint)} library", answers=token)
        )

    assert row.ticket_id not in (None, complaint)
    assert state(complaint)[0] == "resolved"
    assert Ticket.objects.get(pk=row.ticket_id).subject == "library"
    assert Ticket.objects.get(pk=row.ticket_id).relations.get().other_id == complaint


def test_a_mail_that_waited_in_the_spool_while_the_ticket_ended_opens_it_again_from_then_on(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    received = time.time()
    time.sleep(0.01)
    desk.resolve(complaint, "Splice repaired.", by=anna, door=Door.WEB)

    office.receive(mail("It is not over.", answers=ours(complaint)), at=received)

    assert state(complaint) == ("open", "noc")
    chart = charts.chart(complaint, anna)
    assert [each.clock for each in chart.segments][-1] == "noc"


MACHINES = [
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "auto-generated"},
    {"Precedence": "bulk"},
    {"X_Auto_Response_Suppress": "All"},
    {"List_Id": "<announce.lists.example>"},
    {"Return_Path": "<>"},
    {"X_Autoreply": "yes"},
    {"subject": "Automatische Antwort: Störung"},
    {"sender": "MAILER-DAEMON@college.example"},
]


@pytest.mark.parametrize("signs", MACHINES)
def test_a_machine_moves_nothing_and_is_not_answered(
    office: PostOffice, complaint: int, anna: Actor, signs: dict[str, str]
) -> None:
    desk.resolve(complaint, "Splice repaired.", by=anna, door=Door.WEB)
    token = ours(complaint)

    answer = office.receive(mail("I am away.", answers=token, **signs))
    opened = office.receive(mail("The disk is full.", **signs))
    office.follow()

    assert answer.ticket_id == complaint
    assert state(complaint)[0] == "resolved"
    assert not Notice.objects.filter(entry__in=[answer.entry_id, opened.entry_id]).exists()


def test_a_null_sender_that_only_the_mail_server_knows_of_counts_too(office: PostOffice) -> None:
    row = office.receive(mail("Delivered."), sender="")
    office.follow()

    assert entry_of(row).facts["mail"]["writer"] == "hard"
    assert not Notice.objects.exists()


# --- who is trusted -------------------------------------------------------------------------------------------------


@pytest.mark.req("R16.5", "R16.6")
def test_a_stranger_with_a_forwarded_token_is_heard_by_the_staff_alone(
    office: PostOffice, complaint: int, anna: Actor, cleo: Actor
) -> None:
    desk.suspend(complaint, "customer", by=anna, door=Door.WEB)

    row = office.receive(mail("Let me in.", sender="x@else.example", answers=ours(complaint)))

    entry = entry_of(row)
    assert (row.ticket_id, entry.shown_class, entry.facts["pending"]) == (complaint, DataClass.STAFF, True)
    assert state(complaint) == ("waiting", "customer")
    assert "Let me in.\n" not in [each.text for each in charts.entries(complaint, cleo).entries]
    assert "Let me in.\n" in [each.text for each in charts.entries(complaint, anna).entries]


def test_a_watcher_from_outside_is_heard_by_all_and_moves_nothing(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    desk.update(complaint, by=anna, door=Door.WEB, cc=["dean@college.example"])
    desk.suspend(complaint, "customer", by=anna, door=Door.WEB)

    row = office.receive(
        mail("Same here.", sender="dean@college.example", subject=correspondence.tag(complaint))
    )

    assert (row.ticket_id, entry_of(row).shown_class) == (complaint, DataClass.CUSTOMER)
    assert state(complaint) == ("waiting", "customer")


FORGED = [
    {"sender": "Anna <anna@lakenet.example>"},
    {"sender": "anna <x@else.example>", "Reply_To": "anna@lakenet.example"},
    {"sender": '"anna@lakenet.example" <x@else.example>'},
    {"sender": "=?utf-8?q?anna=40lakenet=2Eexample?= <x@else.example>"},
    {"sender": "x@else.example", "Sender": "anna@lakenet.example"},
    {"sender": "anna@lakenet.example", "X_Nocturne_Owner": "anna", "X_RT_Command": "Status: resolved"},
]


@pytest.mark.req("R16.5", "R16.6")
@pytest.mark.parametrize("forged", FORGED)
def test_nobody_becomes_an_operator_by_mail(
    office: PostOffice, complaint: int, anna: Actor, forged: dict[str, str]
) -> None:
    before = Ticket.objects.values().get(pk=complaint)
    commands = "Status: resolved\nOwner: anna\n4711 take\n\nplease"

    answered = office.receive(mail(commands, answers=ours(complaint, purpose="reply"), **forged))
    tagged = office.receive(mail(commands, subject=correspondence.tag(complaint), **forged))

    for row in (answered, tagged):
        assert entry_of(row).author_kind == "contact"
        ticket = Ticket.objects.get(pk=row.ticket_id)
        assert (ticket.owner_id, ticket.state) == (None, "new")
    assert entry_of(answered).shown_class == DataClass.STAFF
    after = Ticket.objects.values().get(pk=complaint)
    changed = {name for name in before if before[name] != after[name]}
    marks = {"last_seq", "last_seq_staff", "last_seq_restricted", "last_hash"}
    assert changed <= marks | {"touched_at", "touched_staff_at", "touched_restricted_at"}
    assert not User.objects.filter(email="x@else.example").exists()


def test_an_operator_who_answers_a_notice_by_mail_is_heard_by_the_staff_alone(
    office: PostOffice, complaint: int
) -> None:
    token = ours(complaint, address="anna@lakenet.example", purpose="update")

    row = office.receive(mail("I call them.", sender="anna@lakenet.example", answers=token))

    entry = entry_of(row)
    assert (entry.author_kind, entry.shown_class) == ("contact", DataClass.STAFF)
    assert "pending" not in entry.facts


def test_what_comes_to_the_comment_address_is_for_the_staff(
    office: PostOffice, complaint: int, cleo: Actor
) -> None:
    row = office.receive(mail("Between us: …", answers=ours(complaint)), action="comment")

    assert entry_of(row).shown_class == DataClass.STAFF
    assert len(charts.entries(complaint, cleo).entries) == 1


def test_senders_names_and_subjects_with_markup_stay_words(office: PostOffice) -> None:
    row = office.receive(
        mail(
            sender='"<script>alert(1)</script>" <x@else.example>',
            subject="<img src=x onerror=alert(1)>\u202e",
        )
    )

    ticket = Ticket.objects.get(pk=row.ticket_id)
    assert ticket.subject == "<img src=x onerror=alert(1)>"
    assert ticket.reporter is not None
    assert ticket.reporter.name == "<script>alert(1)</script>"


# --- once -----------------------------------------------------------------------------------------------------------


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


# --- what cannot be filed -------------------------------------------------------------------------------------------


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


# --- bounces --------------------------------------------------------------------------------------------------------


def bounce(message_id: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    lines = [
        "From: MAILER-DAEMON@mx.college.example",
        "To: noc@lakenet.example",
        "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <bounce@mx.college.example>",
        "Auto-Submitted: auto-replied",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "I'm sorry to have to inform you …",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.college.example",
        "",
        "Final-Recipient: rfc822; cleo@college.example",
        f"Action: {action}",
        f"Status: {status}",
        "Diagnostic-Code: smtp; 550 5.1.1 no such user",
        "",
        "--b",
        "Content-Type: text/rfc822-headers",
        "",
        "From: noc@lakenet.example",
        f"Message-ID: {message_id}",
        "",
        "--b--",
        "",
    ]
    return "\n".join(lines).encode()


def test_a_bounce_marks_the_notice_and_says_nothing_on_the_ticket(
    office: PostOffice, complaint: int, anna: Actor
) -> None:
    row = office.receive(bounce(ours(complaint, purpose="reply")))

    assert (row.state, row.ticket_id) == ("bounce", complaint)
    assert Entry.objects.filter(ticket=complaint).count() == 1
    [notice] = charts.entries(complaint, anna).entries[0].notices
    assert notice.state == "failed"
    assert "no such user" in notice.error


def test_a_report_of_a_delay_is_no_failure(office: PostOffice, complaint: int) -> None:
    token = ours(complaint)

    office.receive(bounce(token, action="delayed", status="4.4.1"))

    notice = Notice.objects.get(message_id=token)
    assert notice.state == "sent"
    assert notice.error.startswith("4.4.1")


def test_a_bounce_of_somebody_elses_mail_waits_for_somebody_to_look(office: PostOffice) -> None:
    row = office.receive(bounce("<nt.1.2.aaaaaaaaaaaaaaaa@lakenet.example>"))

    assert (row.state, row.reason) == ("quarantine", "stray_bounce")


def test_a_receipt_is_no_update(office: PostOffice, complaint: int) -> None:
    raw = bounce(ours(complaint)).replace(b"message/delivery-status", b"message/disposition-notification")

    row = office.receive(raw.replace(b"delivery-status;", b"disposition-notification;"))

    assert (row.state, row.reason) == ("dropped", "receipt")


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
