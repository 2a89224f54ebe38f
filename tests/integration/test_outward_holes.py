"""What was found by attacking what leaves the house, and the doors into it: each is shut, and stays so."""

from __future__ import annotations

import base64
import json

import pytest
from django.test import Client

from nocturne.core.entry import Door
from nocturne.core.permits import Actor
from nocturne.desk import subscriptions, unsubscribing
from nocturne.doors.web import drafts
from nocturne.store.models import Draft, User
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor

WEB = Door.WEB


@pytest.mark.req("R16.6", "S18")
def test_the_way_out_of_a_subscription_says_not_what_it_has_come_to_ask(cast: Cast, sam: Actor) -> None:
    wanted = subscriptions.Wanted("query", query="is:open", group="operators")
    row = subscriptions.create(wanted, by=sam, door=WEB)
    address = f"/subscriptions/{unsubscribing.mark(row, cast.anna.id or 0)}"
    assert "is:open" in Visitor().text(address), "as the mail said that she has"
    subscriptions.change(row.key, {"query": "informant:wanda"}, by=sam, door=WEB)
    assert "informant" not in Visitor().text(address)
    User.objects.filter(pk=cast.anna.id).update(is_active=False)
    subscriptions.change(row.key, {"query": "is:open", "title": "Ours"}, by=sam, door=WEB)
    left = Visitor().post(address, {})
    assert left.status_code == 200
    assert "Ours" not in left.content.decode(), "who has left the house hears nothing new"


@pytest.mark.req("R15.1", "R16.4")
@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("shift:", "/handover"),
        ("shift:night", "/handover?desk=night"),
        ("note:1", "/tickets/1"),
        ("received:1", "/tickets/1"),
        ("reply:1", "/tickets/1/replies"),
        ("act:owner:1", "/tickets/1/owner"),
        ("open", "/tickets/open"),
        ("note", "/"),
        ("received", "/"),
        ("reply", "/"),
    ],
)
def test_whatever_was_being_typed_signing_on_again_leads_back_to_it(
    cast: Cast, place: str, shown: str
) -> None:
    held = json.dumps({"place": place, "form": {"text": ["the crew comes at nine"]}})
    kept = base64.urlsafe_b64encode(held.encode()).decode()
    answer = Client().post("/sign-on", {"name": "anna", "password": PASSWORD, "kept": kept})
    assert (answer.status_code, answer.headers["Location"]) == (302, shown)
    assert Draft.objects.get(place=place).content == {"text": "the crew comes at nine"}


@pytest.mark.req("R16.7")
def test_what_one_person_types_fills_no_disk_by_its_length_either(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST_LETTERS", 3_000)
    anna = Visitor("anna")
    for number in range(1, 7):
        anna.post("/drafts", {"place": f"note:{number}", "text": "x" * 1_200})
    kept = Draft.objects.order_by("pk").values_list("place", flat=True)
    assert list(kept) == ["note:5", "note:6"]
    anna.post("/drafts", {"place": "note:7", "text": "x" * 4_000})
    assert [each.place for each in Draft.objects.all()] == ["note:7"], "the last one always stays"
