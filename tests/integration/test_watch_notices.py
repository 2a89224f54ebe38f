"""Who is told what: one notice for each recipient, and nothing in it that is not theirs to read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import Extra, Opening, correspondence
from nocturne.store.models import Contact, Entry, Notice, Party, Queue, Ticket, User
from nocturne.watch import notices
from tests.cast import Cast
from tests.post import PostOffice, everything, mail, sent

pytestmark = [pytest.mark.req("R15.5", "S2"), pytest.mark.usefixtures("as_if_committed", "sink")]

CLEO = "cleo@college.example"


def told(entry: int) -> dict[str, str]:
    return dict(Notice.objects.filter(entry=entry).values_list("address", "purpose"))


# --- acknowledgements ------------------------------------------------------------------------------------------------


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


# --- the end ---------------------------------------------------------------------------------------------------------


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


# --- the staff -------------------------------------------------------------------------------------------------------


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
