"""What the sender of a mail may do on a ticket depends on what proves who they are."""

from __future__ import annotations

import pytest

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import charts, correspondence
from nocturne.store.models import Ticket, User
from tests.post import PostOffice, entry_of, mail, ours, state

pytestmark = [pytest.mark.req("R15.5", "R8.1", "S3"), pytest.mark.usefixtures("as_if_committed")]


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
