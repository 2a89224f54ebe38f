"""A mail finds the ticket that it belongs to, and moves it as far as its sender may."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import charts, correspondence
from nocturne.store.models import Notice, Ticket
from tests.post import PostOffice, entry_of, mail, ours, state

pytestmark = [pytest.mark.req("R15.5", "R8.1", "S3"), pytest.mark.usefixtures("as_if_committed")]


# --- which ticket ----------------------------------------------------------------------------------------------------


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


# --- what moves ------------------------------------------------------------------------------------------------------


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
