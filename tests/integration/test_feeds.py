"""Lists for feed readers and calendars: one address, one list, its maker's rights, and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest
import time_machine

from nocturne import desk
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid, NotFound
from nocturne.desk import accounts, admitting, feeds, tokens, viewacts
from nocturne.desk.terms import Alarm, Extra, Opening
from nocturne.store.models import Audit, Feed, User
from tests.caller import caller
from tests.cast import Cast, account
from tests.visitor import Visitor

ATOM = "{http://www.w3.org/2005/Atom}"
WEB = Door.WEB


def made(by: Actor, **more: Any) -> str:
    return feeds.create(by=by, door=WEB, **more)[1]


def entries(plain: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(feeds.read(plain, "atom").content).findall(f"{ATOM}entry")


def titles(plain: str) -> list[str]:
    return [each.findtext(f"{ATOM}title") or "" for each in entries(plain)]


@pytest.mark.req("R15.8", "S18")
def test_a_feed_tells_of_a_view_what_was_changed_last_first(anna: Actor, kofi: Actor) -> None:
    first = desk.open(Opening(subject="First"), by=anna, door=WEB).number
    second = desk.open(Opening(subject="Second"), by=anna, door=WEB).number
    view = viewacts.create(viewacts.Wanted("Ours", "is:open"), by=anna, door=WEB)
    plain = made(anna, view=view.key)
    assert titles(plain) == [f"{second} Second", f"{first} First"]
    desk.change(first, {"next_action": "Call Norlink"}, by=kofi, door=WEB)
    (entry, _) = entries(plain)
    assert entry.findtext(f"{ATOM}title") == f"{first} First"
    assert entry.findtext(f"{ATOM}content") == "new\nNext: Call Norlink"
    link = entry.find(f"{ATOM}link")
    assert link is not None and link.get("href") == f"http://noc.lakenet.example/tickets/{first}"
    told = json.loads(feeds.read(plain, "json").content)
    assert told["title"] == "Ours · Lakenet"
    assert [each["title"] for each in told["items"]] == [f"{first} First", f"{second} Second"]
    assert told["items"][0]["id"] == entry.findtext(f"{ATOM}id"), "a ticket is called the same in every form"
    assert plain not in str(told), "the address, which is a key, stands in no document"


@pytest.mark.req("R15.8", "R16.6", "S4")
def test_a_feed_tells_a_customer_nothing_that_is_the_staffs(cast: Cast, anna: Actor, complaint: int) -> None:
    cleo = accounts.actor_of(account("cleo", contact=cast.cleo_contact))
    plain = made(cleo, query="")
    before = feeds.read(plain, "atom")
    desk.change(complaint, {"next_action": "Ask the vendor what they hide"}, by=anna, door=WEB)
    desk.update(complaint, "They are not to know", by=anna, door=WEB)
    desk.open(Opening(subject="Somebody else’s"), by=anna, door=WEB)
    after = feeds.read(plain, "atom")
    assert after.content == before.content, "nor when something was written that they may not read"
    assert after.since == before.since
    assert len(titles(plain)) == 1
    with pytest.raises(Forbidden, match="field_not_permitted"):
        made(cleo, query="owner:anna")


@pytest.mark.req("R15.8", "R2.1")
def test_timers_and_planned_work_stand_in_a_calendar(anna: Actor) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    window = now + timedelta(days=2), now + timedelta(days=2, hours=3)
    planned = desk.open(
        Opening(subject="Splice, move; test", type="planned", planned_start=window[0], planned_end=window[1]),
        by=anna,
        door=WEB,
    ).number
    trouble = desk.open(Opening(subject="Line down"), by=anna, door=WEB).number
    due = now + timedelta(hours=2)
    desk.update(trouble, "", by=anna, door=WEB, extra=Extra(alarm=Alarm(due, "call the site")))
    plain = made(anna, query="is:open")
    raw = feeds.read(plain, "ics").content
    calendar = icalendar.Calendar.from_ical(raw)
    (event,), (task,) = calendar.walk("VEVENT"), calendar.walk("VTODO")
    assert str(event["SUMMARY"]) == f"{planned} Splice, move; test"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == window
    assert str(task["SUMMARY"]) == f"{trouble} call the site"
    assert task["DUE"].dt == due
    assert task["UID"] != event["UID"]
    assert feeds.read(plain, "ics").content == raw, "a calendar that has not changed is the same"


@pytest.mark.req("R15.8", "R16.2")
def test_who_has_a_feed_already_is_told_in_a_word(anna: Actor, trouble: int) -> None:
    plain = made(anna, query="is:open")
    stranger = Visitor()
    first = stranger.get(f"/feeds/{plain}.atom")
    assert first.status_code == 200
    assert first.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert first.headers["Referrer-Policy"] == "no-referrer"
    tag, since = first.headers["ETag"], first.headers["Last-Modified"]
    assert stranger.get(f"/feeds/{plain}.atom", **{"If-None-Match": tag}).status_code == 304
    assert stranger.get(f"/feeds/{plain}.atom", **{"If-Modified-Since": since}).status_code == 304
    assert stranger.get(f"/feeds/{plain}.json", **{"If-None-Match": tag}).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1), tick=False):
        desk.reject(trouble, "no trouble", by=anna, door=WEB)
        left = stranger.get(f"/feeds/{plain}.atom", **{"If-Modified-Since": since})
        assert left.status_code == 200, "a ticket that has left the list changes it"
        assert b"<entry>" not in left.content


@pytest.mark.req("R15.8", "S10")
def test_a_feed_ends_when_it_is_revoked_over_or_its_maker_is_gone(
    anna: Actor, ada: Actor, trouble: int
) -> None:
    (row, one, _), (_, two, _), (_, three, _) = (
        feeds.create(query="is:open", by=anna, door=WEB),
        feeds.create(query="is:open", lasts=timedelta(days=2), by=anna, door=WEB),
        feeds.create(query="is:open", by=anna, door=WEB),
    )
    assert Feed.objects.get(pk=row.pk).digest != one, "it is kept nowhere"
    assert one not in str(list(Audit.objects.values_list("after", "facts")))
    feeds.revoke(row.pk, by=anna, door=WEB)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3)), pytest.raises(NotFound):
        feeds.read(two, "atom")
    admitting.disable("anna", by=ada, door=WEB)
    for gone in (one, two, three, "", "nonsense"):
        with pytest.raises(NotFound, match="no_such_feed"):
            feeds.read(gone, "atom")
        assert Visitor().get(f"/feeds/{gone or 'x'}.atom").status_code == 404


@pytest.mark.req("R15.8", "S10")
def test_the_key_of_a_feed_opens_nothing_else(anna: Actor, trouble: int) -> None:
    plain = made(anna, query="is:open")
    calls = caller(anna)
    calls.token = plain
    calls.get("/tickets")
    assert calls.status == 401
    other = made(anna, query=f"-number:{trouble}")
    assert titles(other) == [], "and another feed’s key opens another list"


@pytest.mark.req("S10")
def test_a_narrower_token_makes_no_feed_that_reaches_further(anna: Actor, ada: Actor) -> None:
    _, plain = tokens.create_token(User.objects.get(name="anna"), "narrow", queues=["general"])
    narrow, reading = accounts.actor_by_token(plain), caller(anna, scopes="read")
    assert narrow is not None
    with pytest.raises(Forbidden, match="token_wider_than_yours"):
        made(narrow, query="is:open")
    reading.post("/me/feeds", {"query": "is:open"})
    assert reading.status == 403


@pytest.mark.req("S18")
def test_feeds_are_made_listed_and_revoked_on_ones_account(anna: Actor, trouble: int) -> None:
    visitor = Visitor("anna")
    done = visitor.send("/account/feeds", query="is:open", title="Ours").content.decode()
    (address,) = [
        part.partition("<")[0] for part in done.split("secret>")[1:] if ".json" in part.partition("<")[0]
    ]
    path = address.removeprefix("http://noc.lakenet.example")
    assert len(json.loads(Visitor().get(path).content)["items"]) == 1
    listed = visitor.text("/account/feeds")
    assert "Ours" in listed and path not in listed, "it is shown once"
    wrong = visitor.send("/account/feeds", query="ownr:anna", title="Mine")
    assert wrong.status_code == 422
    assert 'value="ownr:anna"' in wrong.content.decode(), "what was typed is still there"
    number = Feed.objects.get().pk
    visitor.post(f"/account/feeds/{number}", {})
    assert Visitor().get(path).status_code == 404
    assert Visitor("kofi").post(f"/account/feeds/{number}", {}).status_code == 404


@pytest.mark.req("S18")
def test_programs_make_feeds(anna: Actor, trouble: int) -> None:
    calls = caller(anna)
    done = calls.post("/me/feeds", {"view": "board", "days": 7})
    assert calls.status == 201, done
    assert (done["title"], done["view"]) == ("Board", "board")
    path = done["addresses"]["atom"].removeprefix("http://noc.lakenet.example")
    assert Visitor().get(path).status_code == 200
    (row,) = calls.get("/me/feeds")["feeds"]
    assert row["number"] == done["number"] and "addresses" not in row
    calls.call("DELETE", f"/me/feeds/{row['number']}")
    assert calls.status == 204
    assert calls.get("/me/feeds")["feeds"] == []
    with pytest.raises(Invalid):
        made(anna, query="ownr:anna")
