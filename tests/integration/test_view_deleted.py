"""A view is deleted that people have mailed or read as a feed: they hear of it, and nobody hears of anybody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound, WrongState
from nocturne.desk import accounts, clock, dashboards, feeds, subscriptions, viewacts
from nocturne.desk.subscriptions import Wanted
from nocturne.desk.terms import Opening
from nocturne.desk.viewacts import Wanted as View
from nocturne.store.models import Group, Subscription, SubscriptionMail, User
from tests.caller import caller
from tests.cast import Cast
from tests.integration.test_subscriptions import Post, page, plain, post
from tests.visitor import Visitor

WEB = Door.WEB
__all__ = ["post"]


def mailed(by: Actor, what: str, **more: Any) -> Subscription:
    return subscriptions.create(
        Wanted(**{"kind": "view", "what": what, "rhythm": "daily 06:45", **more}), by=by, door=WEB
    )


@pytest.fixture
def shared(ada: Actor) -> str:
    """A view of the site."""
    return viewacts.create(View("Dark fibre", "is:open", kind="site"), by=ada, door=WEB).key


@pytest.mark.req("R15.8", "S18")
def test_whoever_has_a_view_mailed_is_told_once_that_it_is_deleted(
    cast: Cast, ada: Actor, anna: Actor, kofi: Actor, shared: str, post: Post
) -> None:
    desk.open(Opening(subject="Line down"), by=anna, door=WEB)
    mine, resting = mailed(anna, shared), mailed(kofi, shared, only="filled")
    subscriptions.change(resting.key, {}, rests=True, by=kofi, door=WEB)
    viewacts.delete(shared, by=ada, door=WEB)
    (letter,) = post.work()
    assert "anna" in str(letter["To"]), "who lets it rest is not written to"
    assert letter["Subject"] == "[lakenet] Dark fibre: the last mail"
    for text in (plain(letter), page(letter)):
        assert "The view “Dark fibre” has been deleted. This is the last mail of it." in text
        assert "It rests." in text
        assert "ada" not in text
    later = clock.now() + timedelta(days=9)
    with clock.as_of(later):
        assert post.work() == [], "and then no more"
    row = next(
        each for each in caller(anna).get("/me/subscriptions")["subscriptions"] if each["key"] == mine.key
    )
    assert (row["is_gone"], row["next_at"], row["rests"]) == (True, None, True)
    seen = Visitor("anna").text("/account/subscriptions")
    assert "what it is of is gone, or is not for you" in seen
    assert "Send me one now" not in seen
    with pytest.raises(WrongState, match="subscription_of_nothing"):
        subscriptions.send_now(mine.key, by=anna)
    with pytest.raises(WrongState, match="subscription_of_nothing"):
        subscriptions.change(mine.key, {}, rests=False, by=anna, door=WEB)
    subscriptions.change(mine.key, {"what": "untaken"}, rests=False, by=anna, door=WEB)
    assert Subscription.objects.get(pk=mine.pk).next_at is not None, "it goes on with another view"


@pytest.mark.req("R15.8", "R16.5")
def test_who_could_not_read_the_view_any_more_is_told_nothing_of_it(
    cast: Cast, ada: Actor, anna: Actor, post: Post
) -> None:
    User.objects.get(pk=anna.id).groups.add(Group.objects.get_or_create(name="night")[0])
    anna = accounts.actor_of(User.objects.get(pk=anna.id))
    view = viewacts.create(View("Night", "is:open", kind="group", group="night"), by=anna, door=WEB)
    User.objects.get(pk=cast.kofi.id).groups.add(Group.objects.get(name="night"))
    kofi = accounts.actor_of(User.objects.get(pk=cast.kofi.id))
    row = mailed(kofi, view.key)
    User.objects.get(pk=kofi.id).groups.remove(Group.objects.get(name="night"))
    kofi = accounts.actor_of(User.objects.get(pk=kofi.id))
    before = caller(kofi).get("/me/subscriptions")["subscriptions"]
    assert [each["is_gone"] for each in before] == [True], "gone, or not for him: he cannot tell"
    viewacts.delete(view.key, by=anna, door=WEB)
    assert post.work() == []
    assert not SubscriptionMail.objects.filter(subscription=row).exists()
    (after,) = caller(kofi).get("/me/subscriptions")["subscriptions"]
    assert after["is_gone"]


@pytest.mark.req("R15.8", "R16.5")
def test_before_it_is_deleted_one_sees_what_of_ones_own_ends_with_it_and_nothing_of_others(
    ada: Actor, anna: Actor, shared: str
) -> None:
    mailed(ada, shared, title="Ada’s morning")
    mailed(anna, shared, title="Anna’s secret")
    feeds.create("Ada’s reader", view=shared, by=ada, door=WEB)
    feeds.create("Anna’s reader", view=shared, by=anna, door=WEB)
    form = Visitor("ada").text(f"/views/{shared}/edit")
    assert "By mail: Ada’s morning" in form
    assert "Feed: Ada’s reader" in form
    assert "Anna’s" not in form
    told = caller(ada).get(f"/views/{shared}/followers")["followers"]
    assert told == [
        {"kind": "mail", "title": "Ada’s morning", "group": ""},
        {"kind": "feed", "title": "Ada’s reader", "group": ""},
    ]


@pytest.mark.req("R15.8")
def test_a_feed_of_a_deleted_view_is_said_to_be_gone(ada: Actor, anna: Actor, shared: str) -> None:
    _row, key, _again = feeds.create("Reader", view=shared, by=anna, door=WEB)
    calls = caller(anna)
    assert [each["is_gone"] for each in calls.get("/me/feeds")["feeds"]] == [False]
    viewacts.delete(shared, by=ada, door=WEB)
    assert [each["is_gone"] for each in calls.get("/me/feeds")["feeds"]] == [True]
    with pytest.raises(NotFound):
        feeds.read(key, "atom")
    assert "it says nothing any more" in Visitor("anna").text("/account/feeds")


@pytest.mark.req("R15.8", "S18")
def test_whoever_has_a_dashboard_mailed_hears_of_its_end_as_well(
    anna: Actor, kofi: Actor, post: Post
) -> None:
    del kofi
    board = dashboards.create(dashboards.Wanted("Night", tiles=[{"kind": "count"}]), by=anna, door=WEB)
    row = mailed(anna, board.key, kind="dashboard")
    dashboards.delete(board.key, by=anna, door=WEB)
    (letter,) = post.work()
    assert "The dashboard “Night” has been deleted." in plain(letter)
    assert Subscription.objects.get(pk=row.pk).next_at is None
