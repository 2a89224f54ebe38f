"""A second click, or a program that asks again, keeps no second view, dashboard, feed, token or subscription."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import accounts, dashboards, feeds, subscriptions, viewacts
from nocturne.store.models import (
    Audit,
    Dashboard,
    Entry,
    Feed,
    Pin,
    Receipt,
    SavedView,
    Subscription,
    SubscriptionMail,
    Token,
)
from tests.caller import caller
from tests.cast import Cast
from tests.visitor import Visitor

pytestmark = [pytest.mark.req("R16.1", "R2.1"), pytest.mark.django_db]
WEB = Door.WEB
VIEW = {"title": "Tonight", "query": "is:open", "pin": "1"}
ANOTHER = {each: {"rhythm": "daily 20:00"} for each in ("/account/subscriptions", "/me/subscriptions")}
"""What is mailed at one time is not mailed a second time at the same, whoever asks for it."""
MORNING = {"query": "is:open", "rhythm": "weekdays 06:45"}


@pytest.fixture
def anna(cast: Cast) -> Visitor:
    return Visitor("anna")


@pytest.mark.parametrize(
    ("address", "values", "kept"),
    [
        ("/views/new", VIEW, SavedView),
        ("/dashboards", {"title": "Backbone"}, Dashboard),
        ("/account/subscriptions", MORNING, Subscription),
        ("/account/feeds", {"query": "is:open"}, Feed),
    ],
)
def test_a_double_click_keeps_one(
    anna: Visitor, address: str, values: dict[str, str], kept: type[Model]
) -> None:
    form = anna.form(address)
    first = anna.post(form.action, form.values | values)
    second = anna.post(form.action, form.values | values)
    assert first.status_code in (200, 302), first.content.decode()
    assert second.status_code == first.status_code
    assert second.headers.get("Location") == first.headers.get("Location")
    assert kept._default_manager.count() == 1
    anna.send(address, **values | ANOTHER.get(address, {}))
    assert kept._default_manager.count() == 2, "a form that was opened anew is another wish"


def test_a_view_is_pinned_once_and_changed_once(anna: Visitor) -> None:
    form = anna.form("/views/new")
    for _click in range(2):
        anna.post(form.action, form.values | VIEW)
    assert Pin.objects.filter(view=SavedView.objects.get().key).count() == 1
    address = f"/views/{SavedView.objects.get().key}/edit"
    form = anna.form(address)
    answers = [anna.post(address, form.values | {"title": "Tomorrow"}) for _click in range(2)]
    assert [each.status_code for each in answers] == [302, 302], (
        "a second click meets no change of a colleague's"
    )
    assert SavedView.objects.get().version == 2


def test_a_form_that_says_something_else_under_the_same_key_is_refused_and_given_back(anna: Visitor) -> None:
    form = anna.form("/views/new")
    anna.post(form.action, form.values | VIEW)
    refused = anna.post(form.action, form.values | VIEW | {"title": "Something else"})
    assert refused.status_code == 422
    assert 'value="Something else"' in refused.content.decode()
    assert form.values["key"] not in refused.content.decode(), "sent once more, it is a wish of its own"
    assert SavedView.objects.get().title == "Tonight"


def test_a_copy_is_made_once(anna: Visitor, cast: Cast) -> None:
    view = viewacts.create(viewacts.Wanted("Tonight", "is:open"), by=cast.anna, door=WEB)
    board = dashboards.create(
        dashboards.Wanted("Backbone", tiles=[{"kind": "count", "query": "is:open"}]), by=cast.anna, door=WEB
    )
    for page, address, kept in (
        ("/views", f"/views/{view.key}/copy", SavedView),
        (f"/dashboards/{board.key}", f"/dashboards/{board.key}/copy", Dashboard),
    ):
        form = anna.form(page, address)
        answers = [anna.post(address, form.values) for _click in range(2)]
        assert answers[0].headers["Location"] == answers[1].headers["Location"]
        assert kept.objects.count() == 2  # type: ignore[attr-defined]


def test_a_tile_is_put_on_once(anna: Visitor, cast: Cast) -> None:
    board = dashboards.create(
        dashboards.Wanted("Backbone", tiles=[{"kind": "count", "query": "is:open"}]), by=cast.anna, door=WEB
    )
    address = f"/dashboards/{board.key}/arranging"
    form = [each for each in anna.forms(address) if each.action == address][-1]
    sent = form.values | {"act": "add", "kind": "count", "query": "is:untaken"}
    answers = [anna.post(address, sent) for _click in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert len(dashboards.named(board.key, cast.anna).tiles) == 2


def test_a_mail_to_look_at_is_sent_once(anna: Visitor, cast: Cast) -> None:
    anna.send("/account/subscriptions", **MORNING)
    address = f"/account/subscriptions/{Subscription.objects.get().key}/mail"
    form = anna.form("/account/subscriptions", address)
    for _click in range(2):
        anna.post(address, form.values)
    assert SubscriptionMail.objects.count() == 1


def addresses(page: str) -> list[str]:
    return re.findall(r"<code class=secret>([^<]+)", page)


def test_a_second_click_on_a_feed_shows_the_address_that_opens_it(anna: Visitor, cast: Cast) -> None:
    form = anna.form("/account/feeds")
    sent = form.values | {"query": "is:open"}
    first, second = (addresses(anna.post(form.action, sent).content.decode()) for _click in range(2))
    assert first == second, "a browser shows the answer to the last click alone"
    plain = first[0].rpartition("/")[2].partition(".")[0]
    assert feeds.read(plain, "atom").content
    assert Audit.objects.filter(act="feed_made").count() == 1
    kept = Receipt.objects.get(key__contains=":told:")
    assert plain not in str(kept.answer)
    assert form.values["key"] not in kept.key, "the secret cannot be worked out from what is kept"


def test_a_second_click_on_a_token_shows_the_one_that_opens(anna: Visitor, cast: Cast) -> None:
    form = anna.form("/account", "/account/tokens")
    sent = form.values | {"label": "poller", "scope": "read"}
    first, second = (addresses(anna.post(form.action, sent).content.decode()) for _click in range(2))
    assert first == second, "a browser shows the answer to the last click alone"
    assert accounts.actor_by_token(first[0]) is not None
    assert Token.objects.count() == Audit.objects.filter(act="token_made").count() == 1
    assert first[0] not in str(Receipt.objects.get(key__contains=":told:").answer)


def test_two_people_with_one_key_have_feeds_of_their_own(cast: Cast) -> None:
    _, annas, _ = feeds.create(query="is:open", by=cast.anna, door=WEB, key="one")
    _, kofis, again = feeds.create(query="is:open", by=cast.kofi, door=WEB, key="one")
    assert annas != kofis
    assert not again


def asked(name: str) -> dict[str, Any]:
    return {
        "/views": {"title": "Tonight", "query": "is:open"},
        "/dashboards": {"title": "Backbone", "tiles": [{"kind": "count", "query": "is:open"}]},
        "/me/subscriptions": {"kind": "query", **MORNING},
        "/me/feeds": {"query": "is:open"},
        "/me/tokens": {"label": "poller"},
    }[name]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/views", SavedView),
        ("/dashboards", Dashboard),
        ("/me/subscriptions", Subscription),
        ("/me/feeds", Feed),
        ("/me/tokens", Token),
    ],
)
def test_a_program_that_asks_again_gets_the_first_answer(
    cast: Cast, path: str, kept: type[Model], caller_of: Callable[[Actor], Any]
) -> None:
    program = caller_of(cast.anna)
    before = kept._default_manager.count()
    first = program.post(path, asked(path), Idempotency_Key="one")
    assert (program.status, program.header("Idempotent-Replayed")) == (201, ""), first
    again = program.post(path, asked(path), Idempotency_Key="one")
    assert (program.status, program.header("Idempotent-Replayed")) == (201, "true")
    assert again == first
    assert kept._default_manager.count() == before + 1
    other = {"label": "Other"} if kept is Token else {"title": "Other"}
    refused = program.post(path, asked(path) | other, Idempotency_Key="one")
    assert (program.status, refused["code"]) == (422, "key_reused")
    program.post(path, asked(path) | ANOTHER.get(path, {}), Idempotency_Key="two")
    assert kept._default_manager.count() == before + 2


def test_a_program_that_asks_for_a_mail_again_is_sent_one(
    cast: Cast, caller_of: Callable[[Actor], Any]
) -> None:
    wanted = subscriptions.Wanted("query", query="is:open", rhythm="daily")
    row = subscriptions.create(wanted, by=cast.anna, door=WEB)
    program = caller_of(cast.anna)
    for _time in range(2):
        program.post(f"/me/subscriptions/{row.key}/mail", Idempotency_Key="one")
        assert program.status == 202
    assert SubscriptionMail.objects.count() == 1


@pytest.fixture
def caller_of() -> Callable[[Actor], Any]:
    return lambda actor: caller(actor, scopes="read write admin")


def test_a_redaction_reaches_the_answer_that_is_kept_for_a_repeat(
    cast: Cast, caller_of: Callable[[Actor], Any]
) -> None:
    trouble = desk.open(desk.Opening(subject="Link down"), by=cast.anna, door=WEB).number
    program = caller_of(cast.anna)
    sent = {"text": "He called", "next_action": "Ring Rowe, the informant"}
    first = program.post(f"/tickets/{trouble}/entries", sent, Idempotency_Key="one")
    assert "Rowe" in str(first), "the answer says how the ticket stands"
    desk.redact(trouble, first["entry"], "He asked for it", by=cast.ada, door=WEB)
    assert "Rowe" not in str(Receipt.objects.get().answer)
    program.post(f"/tickets/{trouble}/entries", sent, Idempotency_Key="one")
    assert Entry.objects.filter(ticket=trouble, kind="note").count() == 1, "and a repeat does nothing"
