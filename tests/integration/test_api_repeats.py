"""A program that did not see the answer may simply ask again."""

from __future__ import annotations

from typing import Any

import pytest

from nocturne.desk import tokens
from nocturne.store.models import Entry, Queue, Receipt, Ticket, User
from tests.caller import Caller, caller
from tests.cast import Cast


@pytest.mark.req("R16.1")
def test_a_repeat_does_nothing_and_gets_the_first_answer(anna_calls: Caller, trouble: int) -> None:
    path, body = f"/tickets/{trouble}/entries", {"text": "Called the site.", "alarm": "2h call again"}
    first = anna_calls.post(path, body, Idempotency_Key="one")
    assert anna_calls.last is not None
    raw, replayed = anna_calls.last.content, anna_calls.header("Idempotent-Replayed")
    assert replayed == ""
    anna_calls.post(f"/tickets/{trouble}/entries", {"text": "Meanwhile."})
    again = anna_calls.post(path, body, Idempotency_Key="one")
    assert (anna_calls.status, again) == (201, first)
    assert anna_calls.last.content == raw, "not a byte differs"
    assert anna_calls.header("Idempotent-Replayed") == "true"
    assert Entry.objects.filter(words__text="Called the site.").count() == 1


def test_a_key_stands_for_one_content_and_one_address(anna_calls: Caller, trouble: int) -> None:
    anna_calls.post(f"/tickets/{trouble}/entries", {"text": "One."}, Idempotency_Key="one")
    refused = anna_calls.post(f"/tickets/{trouble}/entries", {"text": "Two."}, Idempotency_Key="one")
    assert (anna_calls.status, refused["code"], refused["field"]) == (422, "key_reused", "Idempotency-Key")
    refused = anna_calls.post(f"/tickets/{trouble}/resumption", {}, Idempotency_Key="one")
    assert refused["code"] == "key_reused"
    refused = anna_calls.post(f"/tickets/{trouble}/entries", {"text": "Two."}, Idempotency_Key="k" * 200)
    assert refused["code"] == "bad_key"


def test_two_people_may_choose_the_same_key(cast: Cast, trouble: int) -> None:
    for actor in (cast.anna, cast.kofi):
        who = caller(actor)
        done = who.post(
            f"/tickets/{trouble}/entries", {"text": f"{actor.label} was here."}, Idempotency_Key="1"
        )
        assert who.status == 201, done
    assert Entry.objects.filter(ticket_id=trouble, kind="note").count() == 2


def test_what_was_refused_may_be_tried_again_with_the_same_key(anna_calls: Caller, trouble: int) -> None:
    refused = anna_calls.post(f"/tickets/{trouble}/closure", {}, Idempotency_Key="one")
    assert anna_calls.status == 409, refused
    assert not Receipt.objects.exists()
    anna_calls.post(f"/tickets/{trouble}/resolution", {"line": "Spliced"})
    anna_calls.post(f"/tickets/{trouble}/closure", {}, Idempotency_Key="one")
    assert anna_calls.status == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tickets", {"subject": "Power lost"}),
        ("/line", {"words": ["{n}", "called", "site"]}),
        ("/line", {"act": "open", "words": ["Power", "lost"]}),
        ("/tickets/{n}/owner", {"owner": "me"}),
        ("/tickets/{n}/split", {"subject": "Other half", "entries": ["{e}"]}),
        ("/tickets/{n}/attachments?name=trace.txt", b"traceroute"),
    ],
)
def test_every_kind_of_act_can_be_repeated(anna_calls: Caller, trouble: int, path: str, body: Any) -> None:
    address = anna_calls.get(f"/tickets/{trouble}/entries")["entries"][0]["address"]

    def filled(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace("{n}", str(trouble)).replace("{e}", address)
        if isinstance(value, list):
            return [filled(each) for each in value]
        return {key: filled(each) for key, each in value.items()} if isinstance(value, dict) else value

    first = anna_calls.post(filled(path), filled(body), Idempotency_Key="k")
    assert anna_calls.status in (200, 201), first
    counts = Ticket.objects.count(), Entry.objects.count()
    assert anna_calls.post(filled(path), filled(body), Idempotency_Key="k") == first
    assert (Ticket.objects.count(), Entry.objects.count()) == counts


@pytest.mark.req("R16.5")
def test_a_narrowed_token_is_not_given_the_answer_that_its_owner_got(cast: Cast, trouble: int) -> None:
    anna = User.objects.get(name="anna")
    Queue.objects.create(name="peering")
    wide = Caller(cast.anna, tokens.create_token(anna, "wide")[1])
    narrow = Caller(cast.anna, tokens.create_token(anna, "narrow", queues=["peering"])[1])
    path, words = f"/tickets/{trouble}/entries", {"text": "Splice crew on site"}
    wide.post(path, words, Idempotency_Key="one")
    narrow.post(path, words, Idempotency_Key="one")
    assert (wide.status, narrow.status) == (201, 404)
