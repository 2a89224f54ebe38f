"""Nobody who may change what a group has learns, by guessing, what it asks of that which they may not read."""

from __future__ import annotations

from typing import Any

import pytest

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, Refusal
from nocturne.desk import accounts, configuring, dashboards, savedviews, subscriptions, viewacts
from nocturne.store import configured
from nocturne.store.models import Dashboard, SavedView, User
from tests.caller import caller
from tests.cast import Cast, account
from tests.unit.test_configuration import SECURITY
from tests.visitor import Visitor

pytestmark = pytest.mark.req("R16.6", "S18")
WEB = Door.WEB
RIGHT, WRONG = "informant:wanda", "informant:walter"


@pytest.fixture
def sam(cast: Cast, ada: Actor) -> Actor:
    """Of the incident response team, who reads a field that nobody else does; ada, who may change what groups have,
    among them."""
    configuring.change(SECURITY, by=ada, door=WEB)
    configured.refresh()
    configuring.change({("field", "informant"): {"kind": "text", "class": "security"}}, by=ada, door=WEB)
    configured.refresh()
    User.objects.get(name="ada").groups.add(*User.objects.get(name="anna").groups.all())
    return accounts.actor_of(account("sam", "csirt", "operators", "administrators"))


@pytest.fixture
def ada_there(sam: Actor) -> Actor:
    return accounts.actor_of(User.objects.get(name="ada"))


def told(act: Any, **given: Any) -> tuple[str, str]:
    """This will try something, and say how it was refused."""
    with pytest.raises(Refusal) as refused:
        act(**given)
    return refused.value.code, str(sorted(set(refused.value.params) - {"given", "position", "query"}))


def test_a_guess_of_what_a_group_is_mailed_is_refused_whether_it_is_right_or_not(
    sam: Actor, ada_there: Actor
) -> None:
    wanted = subscriptions.Wanted("query", query=RIGHT, group="operators", title="Nightly")
    row = subscriptions.create(wanted, by=sam, door=WEB)

    def guess(query: str) -> None:
        subscriptions.change(row.key, {"query": query}, by=ada_there, door=WEB)

    assert told(guess, query=RIGHT) == told(guess, query=WRONG)
    calls = caller(ada_there, scopes="read write admin")
    answers = [
        str(calls.patch(f"/me/subscriptions/{row.key}", {"query": query})).replace(query, "…")
        for query in (RIGHT, WRONG)
    ]
    assert answers[0] == answers[1]
    kept = subscriptions.change(row.key, {"rhythm": "weekdays 08:00"}, by=ada_there, door=WEB)
    assert (kept.query, kept.title) == (RIGHT, "Nightly"), "when it is mailed is hers to change"
    Visitor("ada").send(f"/account/subscriptions/{row.key}", rhythm="weekdays 09:00")
    kept.refresh_from_db()
    assert kept.query == RIGHT, "a form that does not show it leaves it as it is"
    assert subscriptions.spelt(kept).startswith("weekdays 09:00")


@pytest.fixture
def board(sam: Actor) -> str:
    tiles = [{"kind": "count", "query": RIGHT, "title": "Hers"}, {"kind": "count", "query": "is:open"}]
    wanted = dashboards.Wanted("Ours", tiles=tiles, kind="group", group="operators")
    return dashboards.create(wanted, by=sam, door=WEB).key


def test_a_guess_of_what_a_tile_asks_is_refused_whether_it_is_right_or_not(
    board: str, ada_there: Actor
) -> None:
    kept = Dashboard.objects.get(key=board).tiles

    def guess(query: str) -> None:
        dashboards.change(board, {"tiles": [kept[0] | {"query": query}, kept[1]]}, by=ada_there, door=WEB)

    assert told(guess, query=RIGHT) == told(guess, query=WRONG)
    assert Dashboard.objects.get(key=board).tiles == kept


def test_whoever_arranges_a_tile_is_not_told_what_it_asks_and_moves_it_all_the_same(
    board: str, ada_there: Actor
) -> None:
    ada = Visitor("ada")
    address = f"/dashboards/{board}/arranging"
    calls = caller(ada_there, scopes="read write admin")
    for page in (ada.text(address), ada.text(f"/dashboards/{board}"), str(calls.get(f"/dashboards/{board}"))):
        assert "Ours" in page
        assert "informant" not in page
        assert "wanda" not in page
    form = ada.form(address)
    ada.post(address, form.values | {"act": "down 0"})
    assert [each["query"] for each in Dashboard.objects.get(key=board).tiles] == ["is:open", RIGHT]
    form = next(each for each in ada.forms(address) if each.values.get("title") == "Hers")
    assert form.values["query"] == ""
    ada.post(address, form.values | {"act": "save 1", "title": "Still hers", "width": "2"})
    assert Dashboard.objects.get(key=board).tiles[1]["query"] == RIGHT
    assert Dashboard.objects.get(key=board).tiles[1]["title"] == "Still hers"
    sent = calls.get(f"/dashboards/{board}")["tiles"]
    calls.patch(f"/dashboards/{board}", {"tiles": sent[::-1]})
    assert calls.status == 200, "what a program was told it can send back"
    assert [each["query"] for each in Dashboard.objects.get(key=board).tiles] == [RIGHT, "is:open"]
    refused = calls.patch(f"/dashboards/{board}", {"tiles": [{"kind": "count", "keep": 7}]})
    assert refused["code"] == "number_out_of_range"


def test_what_is_given_to_oneself_shows_no_more_than_before(board: str, ada_there: Actor, sam: Actor) -> None:
    view = viewacts.create(
        viewacts.Wanted("Theirs", RIGHT, kind="group", group="operators"), by=sam, door=WEB
    )
    viewacts.change(view.key, {"kind": "person"}, by=ada_there, door=WEB)
    taken = savedviews.named(view.key, ada_there)
    assert (taken.is_hidden, taken.query) == (True, "")
    dashboards.change(board, {"kind": "person"}, by=ada_there, door=WEB)
    calls = caller(ada_there, scopes="read write admin")
    assert "informant" not in str(calls.get(f"/dashboards/{board}")) + str(calls.get(f"/views/{view.key}"))


def test_a_guess_of_what_a_view_asks_is_refused_whether_it_is_right_or_not(
    ada_there: Actor, sam: Actor
) -> None:
    view = viewacts.create(
        viewacts.Wanted("Theirs", RIGHT, kind="group", group="operators"), by=sam, door=WEB
    )

    def guess(query: str) -> None:
        viewacts.change(view.key, {"query": query}, by=ada_there, door=WEB)

    assert told(guess, query=RIGHT) == told(guess, query=WRONG)
    viewacts.change(view.key, {"title": "Renamed", "query": ""}, by=ada_there, door=WEB)
    row = SavedView.objects.get(key=view.key)
    assert (row.title, row.query) == ("Renamed", RIGHT)
    with pytest.raises((Forbidden, Invalid)):
        guess(query=WRONG)
