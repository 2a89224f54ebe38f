"""Views and dashboards by mail: once for each slot, as the recipient may read, left with one click."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import accounts, audit, subscription_slots, subscriptions, tiles, unsubscribing, viewacts
from nocturne.desk.subscriptions import Wanted
from nocturne.desk.terms import Opening
from nocturne.store.models import Group, Subscription, SubscriptionMail, User
from nocturne.watch import subscription_mail
from tests.caller import caller
from tests.cast import Cast, account
from tests.visitor import Visitor

WEB = Door.WEB
MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


class Post:
    """The worker's lane for subscriptions, and the folder that its mail goes to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def work(self) -> list[EmailMessage]:
        """This will do all that is due now, and give the letters that left since the last time."""
        before = set(self._files())
        tiles.forget()
        while subscription_mail.turn() == 0.0:
            pass
        return [
            email.message_from_bytes(each.read_bytes(), policy=email.policy.default)  # type: ignore[misc]
            for each in sorted(set(self._files()) - before)
        ]

    def _files(self) -> list[Path]:
        return [each for each in self.folder.rglob("*") if each.is_file()] if self.folder.exists() else []


@pytest.fixture
def post(settings: Any, tmp_path: Path) -> Post:
    from dataclasses import replace

    settings.NOCTURNE = replace(settings.NOCTURNE, home=tmp_path, smtp_url="")
    return Post(tmp_path / "outbox")


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(MONDAY, tick=False) as travelled:
        yield travelled


def subscribed(by: Actor, **more: Any) -> Subscription:
    return subscriptions.create(
        Wanted(**{"kind": "view", "what": "board", "rhythm": "daily 06:45", **more}), by=by, door=WEB
    )


def plain(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def page(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@pytest.mark.req("R15.8", "S18")
def test_a_view_comes_by_mail_when_its_time_has_come(anna: Actor, post: Post, clock: Any) -> None:
    number = desk.open(Opening(subject="Line <down> & out", severity=1), by=anna, door=WEB).number
    desk.change(number, {"next_action": "Call Norlink"}, by=anna, door=WEB)
    subscribed(anna)
    assert post.work() == []
    clock.move_to(MONDAY + timedelta(minutes=45))
    (letter,) = post.work()
    assert letter["To"].addresses[0].addr_spec == "anna@lakenet.example"
    assert letter["Subject"] == "[lakenet] Board (1)"
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = plain(letter), page(letter)
    assert "Line <down> & out" in text and "→ Call Norlink" in text
    assert f"http://noc.lakenet.example/tickets/{number}" in text
    assert "Line &lt;down&gt; &amp; out" in html
    assert f'href="http://noc.lakenet.example/tickets/{number}"' in html
    assert "width=device-width" in html
    assert post.work() == [], "once for each slot"
    clock.move_to(MONDAY + timedelta(days=1, minutes=46))
    assert len(post.work()) == 1


@pytest.mark.req("R15.8")
def test_a_dashboard_comes_with_its_figures_as_tables(anna: Actor, post: Post, clock: Any) -> None:
    desk.open(Opening(subject="Line down"), by=anna, door=WEB)
    subscribed(anna, kind="dashboard", what="night")
    clock.move_to(MONDAY + timedelta(hours=1))
    (letter,) = post.work()
    assert letter["Subject"] == "[lakenet] The night"
    assert "Open, by queue" in plain(letter)
    assert "general      1  ########################" in plain(letter)
    assert "<td" in page(letter)


@pytest.mark.req("R15.8")
def test_what_passed_while_nobody_was_there_is_one_mail(anna: Actor, post: Post, clock: Any) -> None:
    row = subscribed(anna, rhythm="hourly")
    clock.move_to(MONDAY + timedelta(days=3, minutes=30))
    assert len(post.work()) == 1
    row.refresh_from_db()
    assert row.next_at == MONDAY + timedelta(days=3, hours=1)
    mail = SubscriptionMail.objects.get()
    assert mail.slot == MONDAY + timedelta(days=3), "that of the latest slot"


@pytest.mark.req("R15.8")
def test_it_comes_only_when_there_is_something_or_something_new(anna: Actor, post: Post, clock: Any) -> None:
    subscribed(anna, only="filled", rhythm="hourly")
    subscribed(anna, only="changed", rhythm="hourly", kind="query", query="is:open", what="")
    hours = iter(range(1, 99))

    def next_hour() -> list[str]:
        clock.move_to(MONDAY + timedelta(hours=next(hours), minutes=1))
        return sorted(str(each["Subject"]) for each in post.work())

    assert next_hour() == [], "nothing in it"
    number = desk.open(Opening(subject="Line down"), by=anna, door=WEB).number
    assert next_hour() == ["[lakenet] Board (1)", "[lakenet] is:open (1)"]
    assert next_hour() == ["[lakenet] Board (1)"], "nothing has changed, and age is no change"
    desk.change(number, {"next_action": "Call"}, by=anna, door=WEB)
    assert next_hour() == ["[lakenet] Board (1)", "[lakenet] is:open (1)"]
    desk.reject(number, "none", by=anna, door=WEB)
    assert next_hour() == []


@pytest.mark.req("R15.8", "R16.5", "R16.6", "S4")
def test_each_is_mailed_what_they_may_read_themselves(
    cast: Cast, anna: Actor, ada: Actor, post: Post, clock: Any, complaint: int
) -> None:
    """One subscription for a group of an operator and a customer."""
    group, _ = Group.objects.get_or_create(name="morning")
    cleo = account("cleo", contact=cast.cleo_contact)
    group.members.set([User.objects.get(name="anna"), cleo])
    desk.open(Opening(subject="Somebody else’s"), by=anna, door=WEB)
    desk.change(complaint, {"next_action": "Not for them"}, by=anna, door=WEB)
    subscribed(ada, kind="query", query="is:open", what="", group="morning")
    clock.move_to(MONDAY + timedelta(hours=1))
    told = {str(each["To"]): plain(each) + page(each) for each in post.work()}
    assert len(told) == 2
    (hers,) = [text for to, text in told.items() if "cleo" in to]
    (annas,) = [text for to, text in told.items() if "anna" in to]
    assert "Cannot reach the library" in hers
    assert "Somebody else’s" not in hers and "Not for them" not in hers
    assert "Somebody else’s" in annas and "Not for them" in annas
    with pytest.raises(Forbidden):
        subscribed(anna, group="morning")
    own = viewacts.create(viewacts.Wanted("Ada’s own", "is:open"), by=ada, door=WEB)
    with pytest.raises(Invalid, match="not_theirs_to_read"):
        subscribed(ada, what=own.key, group="morning")


@pytest.mark.req("R15.8", "S10")
def test_who_is_gone_or_may_not_any_more_is_mailed_nothing(
    anna: Actor, kofi: Actor, post: Post, clock: Any
) -> None:
    view = viewacts.create(
        viewacts.Wanted("Ours", "is:open", kind="group", group="operators"), by=kofi, door=WEB
    )
    subscribed(anna, what=view.key)
    subscribed(kofi, what=view.key)
    User.objects.get(name="anna").groups.clear()
    User.objects.filter(name="kofi").update(is_active=False)
    clock.move_to(MONDAY + timedelta(hours=1))
    assert post.work() == []


@pytest.mark.req("R15.8", "S10")
def test_a_mail_is_left_with_one_click_by_its_reader_alone(
    anna: Actor, kofi: Actor, ada: Actor, post: Post, clock: Any
) -> None:
    row = subscribed(ada, group="operators")
    clock.move_to(MONDAY + timedelta(hours=1))
    letters = {str(each["To"]): each for each in post.work()}
    (letter,) = [each for to, each in letters.items() if "anna" in to]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(letter["List-Unsubscribe"]).strip("<>").removeprefix("http://noc.lakenet.example")
    assert address in plain(letter)
    stranger = Visitor(checks_csrf=True)
    assert "Mail it no more" in stranger.text(address), "looking does nothing"
    other = "1" if address.endswith("0") else "0"
    assert stranger.get("/" + address.strip("/")[:-1] + other).status_code == 404
    done = stranger.client.post(address, {"List-Unsubscribe": "One-Click"})
    assert "mailed this no more" in done.content.decode()
    clock.move_to(MONDAY + timedelta(days=1, hours=1))
    assert [str(each["To"]).partition(" ")[0] for each in post.work()] == ["Kofi"]
    assert subscriptions.of(anna) == []
    own = subscribed(anna)
    unsubscribing.leave(own, anna.id or 0)
    assert not Subscription.objects.filter(pk=own.pk).exists()
    assert subscription_slots.recipients(row) == [kofi.id]


@pytest.mark.req("S18")
def test_subscriptions_are_begun_tried_and_ended_on_ones_account(
    anna: Actor, trouble: int, post: Post
) -> None:
    visitor = Visitor("anna")
    visitor.send("/account/subscriptions", what="view:untaken", rhythm="weekdays 06:45", only="filled")
    listed = visitor.text("/account/subscriptions")
    assert "weekdays 06:45 UTC" in listed and "only when there is something in it" in listed
    row = Subscription.objects.get()
    visitor.post(f"/account/subscriptions/{row.key}/mail", {})
    (letter,) = post.work()
    assert letter["Subject"] == "[lakenet] Not taken (1)"
    wrong = visitor.send("/account/subscriptions", query="is:open", rhythm="now and then")
    assert wrong.status_code == 422
    assert 'value="now and then"' in wrong.content.decode(), "what was typed is still there"
    assert Visitor("kofi").post(f"/account/subscriptions/{row.key}/end", {}).status_code == 404
    visitor.post(f"/account/subscriptions/{row.key}/end", {})
    assert not Subscription.objects.exists()


@pytest.mark.req("S18")
def test_programs_subscribe(anna: Actor, trouble: int) -> None:
    calls = caller(anna)
    made = calls.post("/me/subscriptions", {"kind": "view", "what": "board", "rhythm": "mon,thu 7:00"})
    assert calls.status == 201, made
    assert (made["title"], made["rhythm"], made["may_end"]) == ("Board", "mon,thu 07:00 UTC", True)
    assert [each["key"] for each in calls.get("/me/subscriptions")["subscriptions"]] == [made["key"]]
    calls.post(f"/me/subscriptions/{made['key']}/mail")
    assert calls.status == 202
    calls.call("DELETE", f"/me/subscriptions/{made['key']}")
    assert calls.get("/me/subscriptions")["subscriptions"] == []
    assert calls.post("/me/subscriptions", {"kind": "query", "query": "ownr:x"})["code"] == "bad_query"
    User.objects.filter(name="anna").update(email="")
    assert calls.post("/me/subscriptions", {"kind": "query"})["code"] == "no_address_to_mail_to"
    with pytest.raises(NotFound):
        subscribed(accounts.actor_of(User.objects.get(name="anna")), what="nonsense")


@pytest.mark.req("R15.8")
def test_a_subscription_is_changed_and_what_is_not_said_stays(anna: Actor, post: Post, clock: Any) -> None:
    row = subscribed(anna, only="filled")
    desk.open(Opening(subject="Line down"), by=anna, door=WEB)
    changed = subscriptions.change(row.key, {"rhythm": "daily 08:00", "form": "text"}, by=anna, door=WEB)
    assert (changed.kind, changed.what, changed.only, changed.form) == ("view", "board", "filled", "text")
    assert changed.next_at == MONDAY + timedelta(hours=2)
    clock.move_to(MONDAY + timedelta(hours=1))
    assert post.work() == []
    clock.move_to(MONDAY + timedelta(hours=2))
    (letter,) = post.work()
    assert letter.get_content_type() == "text/plain" and "Line down" in plain(letter)
    subscriptions.change(row.key, {"kind": "dashboard", "what": "night", "form": "both"}, by=anna, door=WEB)
    clock.move_to(MONDAY + timedelta(days=1, hours=2))
    (letter,) = post.work()
    assert letter["Subject"] == "[lakenet] The night" and "<table" in page(letter)


@pytest.mark.req("R15.8")
def test_while_a_subscription_rests_nothing_is_mailed_and_nothing_is_made_up_for(
    anna: Actor, post: Post, clock: Any
) -> None:
    row = subscribed(anna)
    resting = subscriptions.change(row.key, {}, rests=True, by=anna, door=WEB)
    assert resting.next_at is None and resting.paused_at == MONDAY
    clock.move_to(MONDAY + timedelta(days=3))
    assert post.work() == []
    going = subscriptions.change(row.key, {}, rests=False, by=anna, door=WEB)
    assert going.next_at == MONDAY + timedelta(days=3, minutes=45)
    assert post.work() == []
    clock.move_to(MONDAY + timedelta(days=3, hours=1))
    assert len(post.work()) == 1


@pytest.mark.req("R15.8", "R16.5")
def test_nobody_changes_what_is_mailed_to_others(cast: Cast, ada: Actor) -> None:
    own = subscribed(cast.anna)
    groups = subscribed(ada, group="operators")
    with pytest.raises(NotFound):
        subscriptions.change(own.key, {"rhythm": "hourly"}, by=cast.kofi, door=WEB)
    with pytest.raises(Forbidden):
        subscriptions.change(groups.key, {"rhythm": "hourly"}, by=cast.anna, door=WEB)
    for wanted, refusal in (
        ({"rhythm": "sometimes"}, Invalid),
        ({"form": "stone"}, Invalid),
        ({"kind": "view", "what": "nonsense"}, NotFound),
        ({"kind": "query", "what": "", "query": "ownr:anna"}, Invalid),
        ({"kind": "handover", "what": "", "rhythm": "daily"}, Invalid),
    ):
        with pytest.raises(refusal):
            subscriptions.change(own.key, wanted, by=cast.anna, door=WEB)
    own.refresh_from_db()
    assert (own.kind, own.what, own.form) == ("view", "board", "both")
    subscriptions.change(groups.key, {"only": "changed"}, by=ada, door=WEB)
    [line] = audit.found(act="subscription_changed")
    assert ((line.before or {})["only"], (line.after or {})["only"]) == ("always", "changed")


@pytest.mark.req("R15.8")
def test_a_subscription_is_changed_on_the_page_and_by_program(cast: Cast) -> None:
    row = subscribed(cast.anna)
    annas, calls = Visitor("anna"), caller(cast.anna)
    where = f"/account/subscriptions/{row.key}"
    assert where in annas.text("/account/subscriptions")
    refused = annas.send(where, where, rhythm="sometimes", title="Mine")
    assert refused.status_code == 422 and b"sometimes" in refused.content and b"Mine" in refused.content
    assert annas.send(where, where, rhythm="weekdays 05:00", what="dashboard:night").status_code == 302
    row.refresh_from_db()
    assert (row.kind, row.what, row.title) == ("dashboard", "night", "The night")
    assert subscriptions.spelt(row).startswith("weekdays 05:00")
    annas.post(where, annas.form("/account/subscriptions", where).values)
    row.refresh_from_db()
    assert row.paused_at is not None and "it rests" in annas.text("/account/subscriptions")
    told = calls.patch(f"/me/subscriptions/{row.key}", {"rests": False, "only": "filled"})
    assert (calls.status, told["rests"], told["only"], told["what"]) == (200, False, "filled", "night")
    assert told["next_at"] is not None
    caller(cast.kofi).patch(f"/me/subscriptions/{row.key}", {"rests": True})
    assert Visitor("kofi").get(where).status_code == 404


@pytest.mark.req("R16.6", "R15.8")
def test_who_may_not_ask_what_a_group_is_mailed_leaves_the_question_as_it_is(cast: Cast, ada: Actor) -> None:
    row = subscribed(ada, kind="query", what="", query="is:open", group="operators")
    Subscription.objects.filter(pk=row.pk).update(
        query="informant:wanda", title="informant:wanda", made_by=None
    )
    account("olga", "operators", "administrators")
    olgas = Visitor("olga")
    where = f"/account/subscriptions/{row.key}"
    assert "wanda" not in olgas.text(where)
    assert olgas.send(where, where, only="changed").status_code == 302
    row.refresh_from_db()
    assert (row.query, row.title, row.only) == ("informant:wanda", "informant:wanda", "changed")
