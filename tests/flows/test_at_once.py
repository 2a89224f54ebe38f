"""Two people, or two clicks, in the same moment: on connections of their own, that let go together.

Each of these acts is tried by several threads again and again; whatever the database lets overlap, one of them does it
and the others are told so. PostgreSQL lets more overlap than SQLite, whose writers come one after the other.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.house import House
from tests.killing import bare_house, in_the_house

pytestmark = [pytest.mark.req("R16.1", "R16.2")]

ROUNDS = 6
TOGETHER = """
import threading
from collections import Counter
from django.db import connection
from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.refusals import Refusal
from nocturne.desk import Extra, Opening, accounts, people
from nocturne.store.models import *

WEB = Door.WEB

def who(name):
    return accounts.actor_of(User.objects.get(name=name))

def account(name, *groups):
    user = User.objects.filter(name=name).first()
    if user is None:
        user = User.objects.create(name=name, email=f"{name}@lakenet.example", is_active=True)
        user.groups.set(Group.objects.filter(name__in=groups))
    return accounts.actor_of(user)

def together(*acts):
    begin = threading.Barrier(len(acts))
    said = [None] * len(acts)
    def run(place, act):
        try:
            begin.wait(20)
            said[place] = act()
        except Refusal as refusal:
            said[place] = "no: " + refusal.code
        except Exception as problem:
            said[place] = "broke: " + repr(problem)
        finally:
            connection.close()
    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    return [str(each) for each in said]

ada = who("ada")
anna, kofi = account("anna", "operators"), account("kofi", "operators")

def opened(**more):
    return desk.open(Opening(subject="Link down", **more), by=ada, door=WEB).number
"""
"""What every script begins with: `together` lets acts go at one moment, each in a thread with its own connection."""


@pytest.fixture(scope="module")
def house() -> Any:
    with bare_house() as house:
        yield house


def told(house: House, script: str) -> Any:
    return in_the_house(house, TOGETHER + f"ROUNDS = {ROUNDS}\n" + script)


ONE_TICKET = """
from nocturne.store import books
rounds = []
for _ in range(ROUNDS):
    number = opened()
    seen = desk.charts.header(number, anna).version
    def take(by):
        return lambda: desk.change(number, {"severity": 1 if by is anna else 2}, by=by, door=WEB,
                                   extra=Extra(seen=seen)).kind
    said = together(take(anna), take(kofi))
    notes = together(*(lambda n=n: desk.update(number, f"note {n}", by=anna, door=WEB).kind for n in range(4)))
    seqs = list(Entry.objects.filter(ticket=number).order_by("seq").values_list("seq", flat=True))
    rounds.append([sorted(said), notes, seqs == list(range(1, len(seqs) + 1)), bool(books.broken_link(number)),
                   bool(books.first_difference(number))])
print(json.dumps(rounds))
"""


def test_of_two_who_set_one_field_in_the_same_moment_the_second_is_told_and_no_note_is_lost(
    house: House,
) -> None:
    for said, notes, in_order, broken, differs in told(house, ONE_TICKET):
        assert [each.partition(":")[0] for each in said] == ["changed", "no"], said
        assert notes == ["note"] * 4
        assert in_order
        assert not broken
        assert not differs


ONE_CLICK = """
rounds = []
for place in range(ROUNDS):
    number = opened()
    def click():
        def act():
            written = desk.update(number, "Called the site.", by=anna, door=WEB)
            return 200, {"entry": written.address}
        return desk.once(anna, f"web:{place}", "same", act)[1]["entry"]
    said = together(click, click, click, click)
    rounds.append([len(set(said)), said[0], Entry.objects.filter(ticket=number, kind="note").count()])
print(json.dumps(rounds))
"""


def test_four_clicks_in_the_same_moment_write_one_note_and_are_told_the_same(house: House) -> None:
    for different, first, notes in told(house, ONE_CLICK):
        assert not first.startswith(("no:", "broke:")), first
        assert (different, notes) == (1, 1)


ONE_BATCH = """
from nocturne.desk import batch
rounds = []
for _ in range(ROUNDS):
    numbers = [opened() for _ in range(3)]
    report = batch.make(["note", "hello"], numbers, by=anna, door=WEB)
    run = together(*[lambda: batch.step(Batch.objects.get(key=report.key).pk)] * 3)
    undone = together(*[lambda: batch.undo(report.key, by=anna, door=WEB).key] * 4)
    done = list(BatchItem.objects.filter(batch__key=report.key).values_list("state", flat=True))
    rounds.append([run, undone, done, Batch.objects.filter(undoes__key=report.key).count(),
                   Entry.objects.filter(ticket__in=numbers, kind="note").count()])
priority = opened(priority=3)
report = batch.make(["p1"], [priority], by=anna, door=WEB)
undone = together(*[lambda: batch.undo(report.key, by=anna, door=WEB).key] * 4)
print(json.dumps([rounds, undone, Ticket.objects.get(pk=priority).priority]))
"""


def test_a_batch_is_done_once_and_taken_back_once_however_often_it_is_clicked(house: House) -> None:
    rounds, undone, priority = told(house, ONE_BATCH)
    for run, back, states, backs, notes in rounds:
        assert not [each for each in (*run, *back) if each.startswith("broke:")], (run, back)
        assert states == ["done"] * 3
        assert notes == 3
        assert backs == 1
        assert (
            sorted(each.partition(":")[0] for each in back)[-3:] == ["no"] * 3
            or back.count("no: batch_cannot_be_undone") == 3
        )
    assert undone.count("no: batch_cannot_be_undone") == 3, undone
    assert priority == 3


ONE_TOKEN = """
from nocturne.desk import displays, feeds, tokens, subscriptions
displays.MOST = feeds.MOST = subscriptions.MOST = 2
subscriptions.ways.mail_addresses = lambda users: {each.pk: "a@lakenet.example" for each in users}
rounds = []
for place in range(ROUNDS):
    user = User.objects.get(name="anna")
    secret, shown = tokens.ask_for_code("noc")
    confirmed = together(*[lambda u=u: tokens.confirm_code(shown, u)
                           for u in (user, User.objects.get(name="kofi"), User.objects.get(name="ada"))])
    redeemed = together(*[lambda: tokens.redeem_code(secret)[0].name] * 3)
    row, plain = tokens.create_token(user, "poller")
    revoked = together(*[lambda: tokens.revoke_token(user, row.pk)] * 3)
    audited = Audit.objects.filter(act="token_revoked", before__number=row.pk).count()
    DisplayToken.objects.all().delete()
    walls = together(*[lambda: displays.create(user, "hall")[0].pk] * 5)
    Feed.objects.all().delete()
    clicks = together(*[lambda: feeds.create(query="is:open", by=anna, door=WEB, key=f"k{place}")[1]] * 3)
    Feed.objects.all().delete()
    made = together(*[lambda: feeds.create(query="is:open", by=anna, door=WEB)[0].pk] * 5)
    counted = [DisplayToken.objects.count(), Feed.objects.count()]
    Subscription.objects.all().delete()
    wanted = subscriptions.Wanted("query", query="is:open", rhythm="daily")
    same = together(*[lambda: subscriptions.create(wanted, by=anna, door=WEB).key] * 4)
    rounds.append([confirmed, redeemed, revoked, audited, clicks, counted, same])
print(json.dumps(rounds))
"""


def no(said: list[str]) -> list[str]:
    """Those of some answers that are refusals."""
    assert not [each for each in said if each.startswith("broke:")], said
    return [each for each in said if each.startswith("no:")]


def test_what_opens_something_is_given_once_and_no_more_of_it_than_there_may_be(house: House) -> None:
    for confirmed, redeemed, revoked, audited, clicks, counted, same in told(house, ONE_TOKEN):
        assert len(no(confirmed)) == 2, "a code is confirmed by one of them"
        assert len(no(redeemed)) == 2
        assert len(no(revoked)) == 2
        assert audited == 1
        assert not no(clicks)
        assert len(set(clicks)) == 1, "clicks are told the same address"
        assert counted == [2, 2], "no more walls and feeds than one account may have"
        assert not no(same)
        assert len(set(same)) == 1, "twice the same would be two mails each time"


ONE_DESK = """
from nocturne.desk import desks, shifts
desk_ = desks.find("")
rounds = []
for _ in range(ROUNDS):
    Takeover_before = Takeover.objects.count()
    last = shifts.present(desk_, anna, now=desk.clock.now()).address
    two = together(*[lambda by=by: shifts.take_over(desk_, "mine", seen=last, by=by, door=WEB).lead
                     for by in (anna, kofi)])
    made = Takeover.objects.count() - Takeover_before
    lead = Takeover.objects.latest("pk").lead
    other = kofi if lead == "anna" else anna
    last = Takeover.objects.latest("pk").address
    clicks = together(*[lambda: shifts.take_over(desk_, "mine", seen=last, by=other, door=WEB).address] * 4)
    rounds.append([two, made, clicks, Takeover.objects.count() - Takeover_before - made])
print(json.dumps(rounds))
"""


def test_of_two_who_take_a_desk_over_one_has_it_and_four_clicks_take_it_once(house: House) -> None:
    for two, made, clicks, again in told(house, ONE_DESK):
        assert len(no(two)) == 1, two
        assert made == 1
        assert not no(clicks), clicks
        assert len(set(clicks)) == 1
        assert again == 1


ONE_QUESTION = """
from nocturne.desk import questions
rounds = []
for _ in range(ROUNDS):
    number = opened()
    desk.update(number, "@kofi is it the shaper?", by=anna, door=WEB)
    key = Question.objects.get(ticket=number).key
    said = together(
        lambda: questions.answer(number, key, "Yes.", by=kofi, door=WEB).kind,
        lambda: questions.answer(number, key, "No.", by=ada, door=WEB).kind,
        lambda: questions.take_back(number, key, by=anna, door=WEB).kind,
    )
    ended = [each for each in Entry.objects.filter(ticket=number).values_list("facts", flat=True)
             if "answers" in each or "unasks" in each]
    rounds.append([said, len(ended), Question.objects.get(key=key).state])
print(json.dumps(rounds))
"""


def test_a_question_is_answered_or_taken_back_once(house: House) -> None:
    for said, ended, state in told(house, ONE_QUESTION):
        assert len(no(said)) == 2, said
        assert ended == 1
        assert state in ("answered", "withdrawn")


LAST_OF_THEM = """
from datetime import timedelta
from nocturne.desk import outsiders, throttle
contact = Contact.objects.create(name="Cleo", email="cleo@college.example")
user = User.objects.create(name="cleo", email="cleo@college.example", is_active=True, contact=contact)
cleo = accounts.actor_of(user)
outsiders.MOST = 3
said = together(*[lambda n=n: desk.open(Opening(subject=f"Down {n}", type="complaint"), by=cleo, door=WEB).kind
                  for n in range(6)])
counted = together(*[lambda: throttle.count("some", most=2, window=timedelta(minutes=5))] * 6)
print(json.dumps([said, Ticket.objects.filter(reporter=contact).count(), counted]))
"""


def test_what_is_counted_is_counted_together(house: House) -> None:
    said, tickets, counted = told(house, LAST_OF_THEM)
    assert len(no(said)) == 3, said
    assert tickets == 3
    assert len(no(counted)) == 4
