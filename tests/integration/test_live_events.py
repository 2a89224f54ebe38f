"""What somebody who listens is told: what has changed for them, and of what they may not read not even that it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from nocturne import desk
from nocturne.core import permits
from nocturne.core.configuration import Document
from nocturne.core.entry import DataClass, Door
from nocturne.core.permits import Actor
from nocturne.desk import accounts, charts, configuring, displays, tokens
from nocturne.desk.terms import Extra, Opening
from nocturne.store import configured
from nocturne.store.models import Session, Token, User
from nocturne.watch.live import news
from nocturne.watch.live.hub import MOST_BY_PERSON, Hub
from nocturne.watch.live.listening import HOLD
from nocturne.watch.live.stream import MOST_WAITING
from tests.cast import Cast, account
from tests.hearing import Held, heard, listening, said_by
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("as_if_committed")

STREAM = "text/event-stream"


def changes(visitor: Visitor, after: str) -> dict[str, Any]:
    """What has changed for somebody since an event."""
    found = [event for event in heard(visitor, after=after) if event.name == "changed"]
    return found[0].data if found else {}


@pytest.mark.req("S17")
def test_who_listens_is_told_which_ticket_has_changed_and_its_version_as_the_chart_gives_it(
    cast: Cast, trouble: int, anna: Actor
) -> None:
    kofi = Visitor("kofi")
    [hello] = heard(kofi)
    assert hello.name == "hello"
    desk.update(trouble, "Called the site", by=anna, door=Door.WEB, extra=Extra(next_action="wait"))
    told = changes(kofi, hello.id)
    [ticket] = told["tickets"]
    assert ticket["number"] == trouble
    assert ticket["version"] == charts.header(trouble, cast.kofi).version
    assert "next_action" in ticket["columns"]
    assert told["mark"] != hello.data["mark"]
    assert heard(kofi)[0].data["mark"] == told["mark"]


@pytest.mark.req("R16.6", "S18")
def test_what_a_customer_may_not_read_makes_no_sound(cast: Cast, complaint: int, trouble: int) -> None:
    account("cleo", contact=cast.cleo_contact)
    cleo = Visitor("cleo")
    [hello] = heard(cleo)
    desk.update(complaint, "She is difficult", by=cast.anna, door=Door.WEB, extra=Extra(next_action="Shaper"))
    desk.update(complaint, "Legal", by=cast.mei, door=Door.WEB, extra=Extra(data_class=DataClass.RESTRICTED))
    desk.update(trouble, "Somebody else's", by=cast.anna, door=Door.WEB)
    told = changes(cleo, hello.id)
    assert [each["number"] for each in told.get("tickets", [])] == [complaint]  # its opening, a moment ago
    assert "next_action" not in told["tickets"][0]["columns"]
    assert told["tickets"][0]["version"] == charts.header(complaint, cast.cleo).version
    assert told["mark"] == hello.data["mark"]


def test_what_is_restricted_changes_nothing_for_the_rest_of_the_staff(
    cast: Cast, trouble: int, mei: Actor
) -> None:
    listener = Hub()
    listener.book.begin()
    desk.update(trouble, "Legal", by=mei, door=Door.WEB, extra=Extra(data_class=DataClass.RESTRICTED))
    batch = listener.book.batch(listener.book.read_on())
    assert len(batch.facts) == 1
    assert not news.told(cast.kofi, batch)
    assert news.told(mei, batch).tickets[0]["number"] == trouble


@pytest.mark.req("R16.6")
def test_a_ticket_that_moves_out_of_sight_is_gone_and_one_that_moves_in_is_told(
    cast: Cast, trouble: int, ada: Actor, anna: Actor
) -> None:
    documents: dict[Document, dict[str, Any]] = {
        ("queue", "peering"): {},
        ("group", "peers"): {},
        ("clearance", "peers"): {"group": "peers", "queues": ["peering"], "sees": ["staff"]},
    }
    configuring.change(documents, by=ada, door=Door.CLI)
    configured.refresh()
    account("zoe", "peers")
    zoe = Visitor("zoe")
    [hello] = heard(zoe)
    desk.change(trouble, {"queue": "peering"}, by=anna, door=Door.WEB)
    assert [each["number"] for each in changes(zoe, hello.id)["tickets"]] == [trouble]
    listener = Hub()
    listener.book.begin()
    desk.change(trouble, {"queue": "general"}, by=anna, door=Door.WEB)
    batch = listener.book.batch(listener.book.read_on())
    found = news.told(accounts.actor_of(User.objects.get(name="zoe")), batch)
    assert (found.tickets, found.gone) == ([], [trouble])


def test_an_id_of_somebody_elses_is_none_and_asks_for_everything_anew(cast: Cast, trouble: int) -> None:
    account("cleo", contact=cast.cleo_contact)
    [hello] = heard(Visitor("cleo"))
    assert [event.name for event in heard(Visitor("kofi"), after=hello.id)] == ["hello", "again"]
    assert [event.name for event in heard(Visitor("kofi"), after="x" * 70)] == ["hello", "again"]


@pytest.mark.req("R16.5")
@pytest.mark.parametrize("end", ["session ended", "account disabled", "signed off", "no group any more"])
def test_a_stream_ends_when_its_reader_may_sign_on_no_more(
    cast: Cast, trouble: int, own_hub: Hub, end: str
) -> None:
    kofi = Visitor("kofi")
    stream = listening(own_hub, kofi)
    user = User.objects.get(name="kofi")
    if end == "session ended":
        Session.objects.filter(user=user).delete()
    elif end == "signed off":
        kofi.post("/sign-off", {})
    elif end == "account disabled":
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        user.groups.clear()
    own_hub._checked = 0
    own_hub.turn()
    if end == "no group any more":
        assert [each.name for each in said_by(stream)] == ["again"]
        desk.take(trouble, by=cast.anna, door=Door.WEB)
        own_hub._mark = None
        own_hub.turn()
        assert said_by(stream) == []
    else:
        assert stream.is_over


@pytest.mark.req("R16.5")
def test_a_token_and_a_wall_display_listen_until_they_are_revoked(
    cast: Cast, trouble: int, own_hub: Hub, anna: Actor
) -> None:
    token, plain = tokens.create_token(User.objects.get(name="kofi"), "panel")
    by_token = listening(own_hub, None, "/api/v1/events", Authorization=f"Bearer {plain}")
    screen = Visitor()
    display, secret = displays.create(User.objects.get(name="mei"), "wall")
    screen.get(f"/display/{secret}")
    on_wall = listening(own_hub, screen, "/display/events")
    desk.take(trouble, by=anna, door=Door.WEB)
    own_hub._mark = None
    own_hub.turn()
    by_program, on_screen = ([(each.name, each.data) for each in said_by(one)] for one in (by_token, on_wall))
    assert [name for name, _ in by_program] == ["changed"]
    assert on_screen == [("changed", {})], "what hangs on a wall is a part of what its maker reads"
    Token.objects.filter(pk=token.pk).update(revoked_at="2026-01-01T00:00Z")
    displays.revoke(User.objects.get(name="mei"), display.pk)
    own_hub._checked = 0
    own_hub.turn()
    assert by_token.is_over
    assert on_wall.is_over


def test_nobody_listens_more_often_than_there_are_windows_on_a_desk(cast: Cast, own_hub: Hub) -> None:
    kofi = Visitor("kofi")
    for _ in range(MOST_BY_PERSON):
        listening(own_hub, kofi)
    answer = kofi.client.get("/events", **{HOLD: Held()})
    assert answer.status_code == 429
    own_hub._streams[0].is_over = True
    listening(own_hub, kofi)


def test_whoever_takes_nothing_is_let_go_and_nothing_more_is_kept_for_them(
    cast: Cast, trouble: int, own_hub: Hub, anna: Actor
) -> None:
    stream = listening(own_hub, Visitor("kofi"))
    for _ in range(MOST_WAITING + 5):
        stream.put(b"x")
    assert stream.is_over
    own_hub.turn()
    assert stream not in own_hub._streams


def test_a_stranger_hears_nothing_where_guests_are_shown_nothing(cast: Cast) -> None:
    assert Visitor().get("/events").status_code == 302
    assert Visitor().get("/events", accept=STREAM).status_code == 204, "a page's stream is led to no page"
    assert Visitor().get("/api/v1/events").status_code == 401
    assert not permits.classes_somewhere(permits.GUEST)


def test_two_of_one_class_are_told_the_same_bytes(
    cast: Cast, trouble: int, own_hub: Hub, anna: Actor
) -> None:
    kofi, other = listening(own_hub, Visitor("kofi")), listening(own_hub, Visitor("anna"))
    desk.open(Opening(subject="Another"), by=anna, door=Door.WEB)
    own_hub._mark = None
    own_hub.turn()
    assert [each for each in kofi._waiting if b"changed" in each] == [
        each for each in other._waiting if b"changed" in each
    ]


def test_whoever_has_to_choose_a_new_password_hears_nothing_until_then(cast: Cast) -> None:
    kofi = Visitor("kofi")
    User.objects.filter(name="kofi").update(must_change_password=True)
    assert kofi.get("/events", accept=STREAM).status_code == 204
    User.objects.filter(name="kofi").update(must_change_password=False)
    assert kofi.get("/events", accept=STREAM).status_code == 200


@pytest.mark.req("R16.5")
def test_a_stream_keeps_nobody_signed_on_who_is_not_there(cast: Cast) -> None:
    kofi = Visitor("kofi")
    long_ago = timezone.now() - timedelta(minutes=30)
    Session.objects.update(seen_at=long_ago)
    assert kofi.get("/events").status_code == 200
    assert Session.objects.get().seen_at == long_ago
    kofi.text("/")
    assert Session.objects.get().seen_at > long_ago
