"""Lakenet: sixty days of a network that does not exist, as whoever looks at the demonstration finds it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from nocturne.core.lifecycle import OPEN_MEANINGS
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import accounts, charts, demo, entries, setup
from nocturne.desk.demo import Plan, crew, programme
from nocturne.store import books
from nocturne.store.fulltext import writing as fulltext
from nocturne.store.models import (
    Circuit,
    Contact,
    Entry,
    EntryText,
    Job,
    Machine,
    Network,
    Notice,
    Site,
    Ticket,
    User,
)
from nocturne.watch import followers, jobs
from tests.cast import people
from tests.command import Nocturne

OPEN = [meaning.value for meaning in OPEN_MEANINGS]


@pytest.fixture(scope="module")
def lakenet(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Plan]:
    """The demonstration, loaded once for all tests here, and gone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield demo.load()
        transaction.set_rollback(True)
    setup.forget_cached()


@pytest.fixture
def operator(lakenet: Plan) -> Actor:
    return crew.actors()["ola"]


def test_it_holds_what_is_promised(lakenet: Plan) -> None:
    assert Ticket.objects.count() == 300
    assert Ticket.objects.open().count() == 20
    counts = [model.objects.count() for model in (Network, Site, Machine)]
    assert counts == [3, 12, 40]
    assert Circuit.objects.count() >= 12
    assert Contact.objects.filter(email__isnull=False).count() >= 16
    assert User.objects.filter(email__endswith="@lakenet.example", full_name__contains=" ").count() == 8
    assert Ticket.objects.get(pk=lakenet.main).subject.startswith("Ann Arbor – Chicago 100G down")


@pytest.mark.req("S1")
def test_every_header_is_what_its_entries_add_up_to(lakenet: Plan) -> None:
    for number in books.numbers():
        assert books.first_difference(number) is None, number
        assert books.broken_link(number) is None, number


def test_it_lies_in_the_sixty_days_before_now(lakenet: Plan) -> None:
    first = lakenet.now - timedelta(days=programme.DAYS)
    assert not Entry.objects.filter(recorded_at__lt=first).exists()
    assert not Entry.objects.filter(recorded_at__gt=lakenet.now).exists()
    assert not Ticket.objects.filter(opened_at__lt=first).exists()
    numbers = list(Ticket.objects.order_by("number").values_list("opened_at", flat=True))
    assert numbers == sorted(numbers)


def test_every_kind_of_ticket_and_of_act_occurs(lakenet: Plan) -> None:
    assert set(Ticket.objects.values_list("type", flat=True)) == {
        "complaint", "request", "trouble", "planned", "engineering", "meta",
    }  # fmt: skip
    assert set(Ticket.objects.open().values_list("meaning", flat=True)) == set(OPEN)
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert kinds >= {
        "opened", "note", "reply", "received", "taken", "given", "referred", "dispatched", "changed", "suspended",
        "resumed", "restored", "resolved", "checked", "closed", "rejected", "related", "merged", "absorbed",
        "corrected", "rang", "acknowledged", "told", "objected", "outage", "affected",
    }  # fmt: skip
    assert set(Entry.objects.values_list("door", flat=True)) == {
        "web",
        "cli",
        "mail",
        "alert",
        "alarm",
        "rule",
    }
    assert Ticket.objects.filter(merged_into__isnull=False).count() == 7
    assert Ticket.objects.filter(subject__contains="cr3.gr", subject__icontains="fan tray").count() == 4


def test_what_is_open_says_what_comes_next(lakenet: Plan) -> None:
    for ticket in Ticket.objects.open().exclude(meaning="new").exclude(type="complaint"):
        assert ticket.next_action, ticket.subject
    ringing = Ticket.objects.filter(ringing_since__isnull=False)
    assert ringing.count() == 2
    assert all(ticket.ringing_since <= lakenet.now for ticket in ringing)  # type: ignore[operator]
    soon = Ticket.objects.filter(alarm_at__gt=lakenet.now, alarm_at__lt=lakenet.now + timedelta(minutes=30))
    assert soon.count() >= 1
    assert not Ticket.objects.filter(alarm_at__lte=lakenet.now).exists()
    assert not Ticket.objects.exclude(meaning__in=OPEN).filter(alarm_at__isnull=False).exists()
    assert Ticket.objects.open().filter(owner=None).count() >= 3


@pytest.mark.req("R16.7")
def test_nobody_is_mailed_for_a_past_that_was_loaded(lakenet: Plan) -> None:
    with transaction.atomic():
        while followers.turn() == 0.0:
            pass
        assert not Notice.objects.exists()
        assert not Job.objects.exclude(kind__in=fulltext.LANES).exists()  # the index is filled by and by
        transaction.set_rollback(True)


def test_the_people_of_the_demonstration_cannot_sign_on_by_a_password_nobody_chose(lakenet: Plan) -> None:
    made = User.objects.filter(full_name__in=[member.full_name for member in crew.CREW])
    assert made.count() == 8
    assert not any(user.has_usable_password() for user in made)


def test_what_is_restricted_is_not_shown_to_operators(operator: Actor, lakenet: Plan) -> None:
    hidden = Entry.objects.filter(shown_class=3)
    assert hidden.filter(ticket=lakenet.main).exists()
    page = entries.entries(lakenet.main, operator, limit=100).entries
    assert not any("right-of-way" in (entry.text or "") for entry in page)
    seen = entries.entries(lakenet.main, crew.actors()["ruth"], limit=100).entries
    assert any("right-of-way" in (entry.text or "") for entry in seen)


def test_a_customer_sees_their_own_tickets_and_no_others(lakenet: Plan) -> None:
    contact = Contact.objects.get(email="creyes@huronvalley.example")
    cleo = Actor("contact", contact.pk, str(contact), contact=contact.pk)
    own = Ticket.objects.filter(reporter=contact).values_list("pk", flat=True)
    assert len(own) >= 2
    assert charts.header(own[0], cleo).number == own[0]
    with pytest.raises(NotFound):
        charts.header(lakenet.main, cleo)


def test_everything_is_invented(lakenet: Plan) -> None:
    """Telephone numbers of the range for fiction, documentation addresses and domains, and nothing else."""
    for text in EntryText.objects.exclude(text=None).values_list("text", flat=True):
        for phone in re.findall(r"\+1 [0-9 ]{8,}[0-9]", text):
            assert re.fullmatch(r"\+1 ([0-9]{3} )?555 01[0-9]{2}", phone), text
        for address in re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", text):
            assert address.startswith(("192.0.2.", "198.51.100.", "203.0.113.")), text
        for domain in re.findall(r"[\w.-]+@([\w.-]+\w)", text):
            assert domain.endswith(".example"), text
        for number in re.findall(r"\bAS(\d{3,})", text):
            assert 64496 <= int(number) <= 64511, text


def test_texts_are_many_and_no_two_nights_are_alike(lakenet: Plan) -> None:
    subjects = Counter(Ticket.objects.values_list("subject", flat=True))
    assert len(subjects) > 200
    assert subjects.most_common(1)[0][1] <= 6
    words = Counter(EntryText.objects.filter(text__isnull=False).values_list("text", flat=True))
    assert len(words) > 800


def test_it_is_loaded_once(lakenet: Plan, nocturne: Nocturne) -> None:
    assert demo.is_loaded()
    said = nocturne("demo")
    assert (said.code, said.err) == (1, "The demonstration NOC has been loaded already.\n")


@pytest.mark.django_db
def test_it_goes_on_where_a_killed_worker_left_it() -> None:
    plan = demo.begin(password=None)
    assert (plan.done, Ticket.objects.count()) == (0, 0)
    for _ in range(2):
        jobs.HANDLERS[demo.JOB]()
    standing = demo.standing()
    assert standing is not None
    assert (standing.done, standing.first) == (2 * demo.AT_ONCE, plan.first)
    assert Ticket.objects.count() >= standing.done
    assert Job.objects.filter(kind=demo.JOB).count() == 2


@pytest.mark.django_db
def test_the_ticket_of_the_night_has_the_number_the_documents_speak_of() -> None:
    plan = demo.begin()
    # Numbers that were given are not given again, also not after another test has taken its own back.
    assert plan.main == demo.MAIN_NUMBER or plan.first > demo.MAIN_NUMBER - programme.TICKETS


@pytest.mark.django_db
def test_a_password_for_its_people_can_be_chosen() -> None:
    demo.begin(password="a-night-by-the-lake")
    assert accounts.sign_on("yuki", "a-night-by-the-lake").full_name == "Yuki Sato"


@pytest.mark.django_db
def test_it_may_be_loaded_before_the_house_is_set_up() -> None:
    setup.forget_cached()
    demo.begin()
    setup.perform(
        setup.SetUp(admin="ada", password="a-night-by-the-lake", correspond_address="noc@lakenet.example")
    )
    assert accounts.sign_on("ada", "a-night-by-the-lake").name == "ada"
    setup.forget_cached()


@pytest.mark.django_db
def test_whoever_has_a_name_of_its_people_keeps_it() -> None:
    people()
    demo.begin()
    assert User.objects.get(name="anna").full_name == "Anna"
    assert crew.actors()["anna"].label == "anna-lakenet"


def test_the_same_seed_tells_the_same_stories() -> None:
    now = timezone.now().replace(microsecond=0)
    assert programme.tellings(now, "lakenet") == programme.tellings(now, "lakenet")
    assert programme.tellings(now, "lakenet") != programme.tellings(now, "another")


@pytest.mark.parametrize("week", range(0, 52, 4))
def test_it_can_be_told_at_any_hour_of_any_season(week: int) -> None:
    """Summer time begins and ends, weekends come: always three hundred tickets, none opened after now."""
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(weeks=week, hours=37 * week)
    told = programme.tellings(now, demo.SEED)
    assert sum(telling.story.tickets for telling in told) == programme.TICKETS
    assert len(demo.rehearse(told, now, demo.SEED)) == programme.TICKETS


@pytest.mark.req("S10")
@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "left"), [({"demo": "1"}, 1), ({}, 0)])
def test_the_set_up_page_leaves_it_to_the_worker(asked: dict[str, str], left: int) -> None:
    setup.forget_cached()
    link = urlsplit(setup.link() or "").path
    visitor = Client()
    assert "demonstration NOC" in visitor.get(link).content.decode()
    word = "a-night-by-the-lake"
    given = {"admin": "ada", "name": "noc", "zone": "UTC", "password": word, "again": word, **asked}
    assert visitor.post(link, given).status_code == 302
    assert Job.objects.filter(kind=demo.JOB, state="ready").count() == left
    setup.forget_cached()
