"""What is handed over comes by mail at each takeover: once, to whoever follows the desk, as they may read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from nocturne import desk
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import (
    Extra,
    accounts,
    configuring,
    desks,
    shift_notes,
    shift_redaction,
    shifts,
    subscriptions,
    unsubscribing,
)
from nocturne.desk.subscriptions import Wanted
from nocturne.store import configured
from nocturne.store.models import Subscription, SubscriptionMail
from tests.caller import caller
from tests.cast import Cast, account
from tests.integration.test_subscriptions import Post, clock, page, plain, post

__all__ = ["clock", "post"]
pytestmark = pytest.mark.req("R1.2", "R15.8")

WEB = Door.WEB
WHOLE = desks.find("")


def follows(by: Actor, **more: Any) -> Subscription:
    return subscriptions.create(Wanted(**{"kind": "handover", **more}), by=by, door=WEB)


def taken(by: Actor, words: str = "", name: str = "") -> shifts.Shift:
    return shifts.take_over(desks.find(name), words, seen="latest", by=by, door=WEB)


def test_each_takeover_is_mailed_once_with_all_that_was_passed_on(
    cast: Cast, post: Post, clock: Any, trouble: int
) -> None:
    follows(cast.kofi)
    taken(cast.anna)
    (letter,) = post.work()
    assert "anna took the desk over" in plain(letter)
    clock.shift(timedelta(hours=1))
    desk.take(trouble, by=cast.anna, door=WEB)
    desk.pin(trouble, "Vendor <calls> at 03:00", by=cast.anna, door=WEB)
    shift_notes.add_note(WHOLE, "Generator test at 05:00", by=cast.anna)
    shift_notes.add_note(WHOLE, "Watch the amplifier.", by=cast.anna, parting=True)
    clock.shift(timedelta(hours=7))
    assert post.work() == []
    shift = taken(cast.mei, "Thanks, sleep well.")
    (letter,) = post.work()
    assert letter["To"].addresses[0].addr_spec == "kofi@lakenet.example"
    assert letter["Subject"] == "[lakenet] Handover: All tickets"
    text, html = plain(letter), page(letter)
    assert "mei took the desk over from anna" in text
    words = ("Generator test at 05:00", "Watch the amplifier.", "Thanks, sleep well.")
    for said in (*words, "It comes at each takeover."):
        assert said in text and said in html
    assert str(trouble) in text and f'href="http://noc.lakenet.example/tickets/{trouble}"' in html
    assert "owner" in text.lower() and "anna" in text, "what has changed: then and now"
    assert f"http://noc.lakenet.example/handover/shifts/{shift.address}" in text
    assert html.startswith('<!doctype html><html lang="en">') and "<h1" in html
    assert post.work() == []
    taken(cast.mei)  # a second click
    assert post.work() == []


def test_each_reads_of_it_what_is_theirs(
    cast: Cast, ada: Actor, post: Post, clock: Any, trouble: int
) -> None:
    follows(cast.kofi)
    follows(cast.mei)
    taken(cast.anna)
    post.work()
    clock.shift(timedelta(hours=1))
    secret = Extra(data_class=DataClass.RESTRICTED)
    desk.pin(trouble, "The informant calls at nine", by=cast.mei, door=WEB, extra=secret)
    desk.update(trouble, "He is scared", by=cast.mei, door=WEB, extra=secret)
    clock.shift(timedelta(hours=7))
    taken(cast.anna)
    letters = {str(each["To"].addresses[0].username): plain(each) for each in post.work()}
    assert letters.keys() == {"kofi", "mei"}
    assert "PINNED" in letters["mei"] and "1 update mei" in letters["mei"].replace("2 updates", "1 update")
    assert "PINNED" not in letters["kofi"] and "update mei" not in letters["kofi"]


def test_words_that_are_redacted_before_a_mail_leaves_are_not_in_it(
    cast: Cast, ada: Actor, post: Post, clock: Any
) -> None:
    follows(cast.kofi)
    address = shift_notes.add_note(WHOLE, "The code is 4711#", by=cast.anna).address
    clock.shift(timedelta(hours=1))
    shift = taken(cast.mei, "The code was 4711#")
    shift_redaction.redact_note(address, "a code", by=ada, door=WEB)
    shift_redaction.redact_takeover(shift.address, "a code", by=ada, door=WEB)
    (letter,) = post.work()
    assert "4711#" not in str(letter) and "Redacted: a code" in plain(letter)


def test_only_the_staff_follow_a_desk_and_a_group_is_mailed_as_far_as_it_is_of_the_staff(
    cast: Cast, ada: Actor, post: Post, clock: Any
) -> None:
    account("cleo", contact=cast.cleo_contact)
    with pytest.raises(Forbidden):
        follows(cast.cleo)
    with pytest.raises(Forbidden):
        follows(replace(cast.anna, only_queues=frozenset({1})))
    with pytest.raises(NotFound):
        follows(cast.anna, what="nonsense")
    with pytest.raises(Invalid):
        follows(cast.anna, rhythm="daily")
    row = follows(ada, group="operators")
    guest = account("gus", "operators")
    taken(cast.anna)
    assert {str(each["To"].addresses[0].username) for each in post.work()} >= {"anna", "kofi", "gus"}
    guest.groups.clear()
    unsubscribing.leave(row, cast.kofi.id or 0)
    clock.shift(timedelta(hours=8))
    taken(cast.mei)
    assert {str(each["To"].addresses[0].username) for each in post.work()}.isdisjoint({"kofi", "gus"})


def test_of_several_desks_each_is_followed_by_itself_and_rests_by_itself(
    cast: Cast, ada: Actor, post: Post, clock: Any
) -> None:
    configuring.change(
        {("desk", "backbone"): {"title": "Backbone", "query": "queue:general"}}, by=ada, door=WEB
    )
    configured.refresh()
    row = follows(cast.kofi, what="backbone")
    taken(cast.anna)
    assert post.work() == []
    taken(cast.anna, name="backbone")
    (letter,) = post.work()
    assert letter["Subject"] == "[lakenet] Handover: Backbone"
    subscriptions.change(row.key, {}, rests=True, by=cast.kofi, door=WEB)
    clock.shift(timedelta(hours=8))
    taken(cast.mei, name="backbone")
    assert post.work() == []
    assert SubscriptionMail.objects.count() == 1


def test_somebody_who_is_not_of_the_staff_any_more_is_mailed_nothing(
    cast: Cast, post: Post, clock: Any
) -> None:
    user = account("gus", "operators")
    follows(accounts.actor_of(user))
    user.groups.clear()
    taken(cast.anna)
    assert post.work() == []
    assert list(SubscriptionMail.objects.values_list("state", flat=True)) == ["skipped"]


def test_a_program_follows_a_desk(cast: Cast, post: Post, clock: Any) -> None:
    calls = caller(cast.anna)
    made = calls.post("/me/subscriptions", {"kind": "handover"})
    assert (calls.status, made["title"], made["rhythm"]) == (201, "Handover: All tickets", "takeover")
    assert made["next_at"] is None and made["rests"] is False
    calls.post(f"/me/subscriptions/{made['key']}/mail")
    assert post.work() == [], "nobody has taken the desk over yet"
    clock.shift(timedelta(minutes=5))
    taken(cast.mei)
    assert len(post.work()) == 1
    clock.shift(timedelta(minutes=5))
    calls.post(f"/me/subscriptions/{made['key']}/mail")
    (letter,) = post.work()
    assert "mei took the desk over" in plain(letter)
