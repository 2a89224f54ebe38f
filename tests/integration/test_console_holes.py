"""What was found by attacking the console: each of these once told too much, or broke, and does so no more."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.utils import timezone

from nocturne import desk
from nocturne.core import query
from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.core.refusals import Invalid, NotFound, TooMany
from nocturne.desk import (
    accounts,
    batch,
    batch_reports,
    dashboards,
    savedviews,
    shift_notes,
    similar,
    subscriptions,
    tokens,
    viewacts,
)
from nocturne.desk.desks import find as find_desk
from nocturne.desk.terms import Extra, Opening
from nocturne.doors.web import drafts
from nocturne.store import pasts
from nocturne.store.models import Draft, ShiftNote, Subscription, SubscriptionMail, Ticket, User
from tests.caller import caller
from tests.cast import Cast
from tests.visitor import Visitor

WEB = Door.WEB
ENDLESS = "1" * 5_000
"""More digits than Python reads as a number."""


@pytest.mark.req("R16.6", "S18")
def test_a_tile_names_no_hidden_field_to_who_may_not_read_it(cast: Cast, sam: Actor) -> None:
    tile = {"kind": "count", "query": "informant:wanda"}
    made = dashboards.create(dashboards.Wanted("Ours", tiles=[tile], kind="site"), by=sam, door=WEB)
    calls = caller(cast.anna)
    told = Visitor("anna").text(f"/dashboards/{made.key}")
    for path in ("/dashboards", f"/dashboards/{made.key}", f"/dashboards/{made.key}/tiles"):
        told += str(calls.get(path))
        assert calls.status == 200
    told += str(calls.post(f"/dashboards/{made.key}/copy"))
    assert "Ours" in told
    assert "informant" not in told
    assert "wanda" not in told
    assert "informant:wanda" in str(caller(sam).get(f"/dashboards/{made.key}"))


@pytest.mark.req("R16.6")
def test_a_view_names_no_hidden_column_to_who_may_not_read_it(cast: Cast, sam: Actor) -> None:
    name = "field/informant"
    wanted = viewacts.Wanted("Ours", "is:open", columns=["number", name], kind="site")
    made = viewacts.create(wanted, by=sam, door=WEB)
    calls = caller(cast.anna)
    told = str(calls.get("/views")) + str(calls.get(f"/views/{made.key}"))
    told += Visitor("anna").text(f"/views/{made.key}")
    assert "informant" not in told
    copied = viewacts.duplicate(made.key, by=cast.anna, door=WEB)
    assert copied.columns == ("number",)
    assert savedviews.named(made.key, sam).columns == ("number", name)


@pytest.mark.req("R16.6", "S18")
def test_a_groups_subscription_says_not_what_it_asks_to_who_may_not_ask_it(cast: Cast, sam: Actor) -> None:
    wanted = subscriptions.Wanted("query", query="informant:wanda", group="operators")
    subscriptions.create(wanted, by=sam, door=WEB)
    calls = caller(cast.anna)
    found = calls.get("/me/subscriptions")
    told = str(found) + Visitor("anna").text("/account/subscriptions")
    assert len(found["subscriptions"]) == 1
    assert "informant" not in told
    assert "informant:wanda" in str(caller(sam).get("/me/subscriptions"))


@pytest.mark.req("R16.6")
def test_hidden_tickets_crowd_no_similar_one_out(cast: Cast, sam: Actor, trouble: int) -> None:
    desk.open(Opening(subject="Fan", machines=["cr1.aa"]), by=cast.anna, door=WEB)

    def told() -> list[tuple[int, tuple[str, ...]]]:
        found = similar.to_ticket(trouble, cast.anna, now=timezone.now())
        return [(each.row["number"], each.things) for each in found]

    before = told()
    assert before
    for place in range(similar.RARE + 1):
        hidden = Opening(subject=f"Laptop {place}", queue="security", machines=["cr1.aa"])
        number = desk.open(hidden, by=sam, door=WEB).number
    assert not Ticket.objects.visible_to(cast.anna).filter(pk=number).exists()
    assert told() == before


@pytest.mark.req("R16.5")
def test_what_was_taken_away_with_an_entry_is_found_by_its_past_no_more(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    extra = Extra(next_action="call the informant")
    address = desk.update(trouble, "x", by=cast.anna, door=WEB, extra=extra).address
    desk.redact(trouble, address, "private", by=ada, door=WEB)
    assert pasts.differing([trouble]) == [], "the past is what the entries come to"


@pytest.mark.req("R16.6", "R16.2")
def test_a_narrowed_token_reads_no_batch_that_went_further(cast: Cast, sam: Actor, trouble: int) -> None:
    made = batch.make(["tag:storm"], [trouble], by=sam, door=WEB)
    user = User.objects.get(pk=sam.id)
    _token, plain = tokens.create_token(user, "panel", queues=["security"])
    narrowed = accounts.actor_by_token(plain)
    assert narrowed is not None
    assert batch_reports.own(narrowed) == []
    with pytest.raises(NotFound, match="no_such_batch"):
        batch_reports.report(made.key, narrowed)
    assert [each.key for each in batch_reports.own(sam)] == [made.key]


@pytest.mark.req("R16.2")
def test_numbers_without_end_break_no_page(cast: Cast, trouble: int) -> None:
    anna = Visitor("anna")
    given = {"numbers": str(trouble), "step": "run", "seen": f"{ENDLESS}:x", "owner": "kofi", "key": "a"}
    assert anna.post("/batches/new", given).status_code == 302
    assert anna.post("/batches/new", {"numbers": f"0,{trouble}", "number": "0"}).status_code == 200
    calls = caller(cast.anna)
    for number in (0, -1, 2**70):
        calls.post("/batches", {"words": ["tag:storm"], "numbers": [number]})
        assert calls.status < 500, number
    calls.post("/batches", {"words": ["tag:storm"], "numbers": [trouble], "versions": {ENDLESS: "x"}})
    assert calls.status in (200, 202)
    tiles = [{"kind": "count", "query": "is:open"}] * 2
    made = dashboards.create(dashboards.Wanted("Mine", tiles=tiles), by=cast.anna, door=WEB)
    for place in ("00010", f"0001{ENDLESS}", "7"):
        answer = anna.post(f"/dashboards/{made.key}/arranging", {"act": f"remove {place}"})
        assert answer.status_code == 422, place
    assert len(dashboards.named(made.key, cast.anna).tiles) == 2
    kept = viewacts.create(viewacts.Wanted("Mine", "is:open"), by=cast.anna, door=WEB)
    form = {"title": "Mine", "query": "is:open", "whose": "person", "version": ENDLESS}
    assert anna.post(f"/views/{kept.key}/edit", form).status_code == 302


@pytest.mark.req("S18")
@pytest.mark.parametrize("name", ["rows", "days", "warn"])
def test_no_tile_reaches_further_than_a_tile_may(cast: Cast, name: str) -> None:
    kind = {"rows": "view", "days": "chart", "warn": "count"}[name]
    for given in ("0000000019999999", f"000000001{ENDLESS}"):
        tile = {"kind": kind, "query": "is:open", "by": "opened", name: given}
        with pytest.raises(Invalid, match="number_out_of_range"):
            dashboards.create(dashboards.Wanted("Mine", tiles=[tile]), by=cast.anna, door=WEB)


@pytest.mark.req("R1.2")
def test_a_correction_of_a_shift_note_that_is_sent_twice_stands_once(cast: Cast) -> None:
    noted = shift_notes.add_note(find_desk(""), "Crew at nine", by=cast.anna)
    for text in ("Crew at ten", "Crew at ten", "Crew at eleven", "Crew at ten"):
        shift_notes.correct_note(noted.address, text, by=cast.anna)
    said = ShiftNote.objects.exclude(corrects=None).order_by("pk").values_list("text", flat=True)
    assert list(said) == ["Crew at ten", "Crew at eleven", "Crew at ten"]


@pytest.mark.req("R16.5", "R16.2")
def test_words_taken_away_from_one_of_many_tickets_stand_in_no_batch(
    cast: Cast, ada: Actor, trouble: int
) -> None:
    made = batch.make(["--", "the informant called"], [trouble], by=cast.anna, door=WEB)
    address = batch_reports.outcomes(made.key, cast.anna)[0][1].entry
    assert address
    desk.redact(trouble, address, "private", by=ada, door=WEB)
    assert "informant" not in str(batch_reports.report(made.key, cast.anna).words)
    assert "informant" not in Visitor("anna").text("/batches")


@pytest.mark.req("S18")
def test_nobody_makes_a_mail_bomb_of_a_look_at_a_subscription(cast: Cast) -> None:
    row = subscriptions.create(subscriptions.Wanted("query", query="is:open"), by=cast.anna, door=WEB)
    for _again in range(subscriptions.MOST_ASKED):
        subscriptions.send_now(row.key, by=cast.anna)
    with pytest.raises(TooMany):
        subscriptions.send_now(row.key, by=cast.anna)
    assert SubscriptionMail.objects.filter(subscription=row).count() == subscriptions.MOST_ASKED
    answer = Visitor("anna").post(f"/account/subscriptions/{row.key}/mail", {})
    assert answer.status_code == 429


@pytest.mark.req("S18")
def test_a_subscription_that_is_sent_twice_is_one(cast: Cast) -> None:
    anna = Visitor("anna")
    form = {"what": "", "query": "is:open", "rhythm": "daily 07:00", "only": "always"}
    for _again in range(2):
        assert anna.post("/account/subscriptions", form).status_code == 302
    assert Subscription.objects.count() == 1
    assert anna.post("/account/subscriptions", form | {"rhythm": "daily 19:00"}).status_code == 302
    assert Subscription.objects.count() == 2, "another time is another one"


@pytest.mark.req("R2.1")
def test_one_question_goes_through_the_past_only_so_often(cast: Cast) -> None:
    anna = Visitor("anna")
    term = " -was:owner:k*"
    assert anna.get(f"/search?q={quote(term * query.MOST_DEAR)}").status_code == 200
    for more in (term * 140, " has:file>0" * 150, " parent.state:open" * 100):
        answer = anna.get(f"/search?q={quote(more)}")
        assert answer.status_code == 422
        assert "The question is too long" in answer.content.decode()


@pytest.mark.req("R16.7")
def test_what_one_person_types_and_never_saves_fills_no_disk(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST", 3)
    anna = Visitor("anna")
    for number in range(1, 7):
        anna.post("/drafts", {"place": f"note:{number}", "text": f"words {number}"})
    kept = Draft.objects.order_by("pk").values_list("place", flat=True)
    assert list(kept) == ["note:4", "note:5", "note:6"]
