"""How long a browser stays signed on, when it gets a new key, and when it is asked once more who sits there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from nocturne.core.permits import Actor
from nocturne.desk import accounts, signon, tokens
from nocturne.store.models import DeviceCode, Entry, EntryText, Session, Token, User
from tests.authenticator import code, set_up
from tests.caller import caller
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor, forms_on, said


def key(visitor: Visitor) -> str:
    return visitor.client.cookies["nocturne-session"].value


@pytest.fixture
def start() -> datetime:
    return datetime.now(UTC)


# --- how long ----------------------------------------------------------------------------------------------------


@pytest.mark.req("R16.5")
def test_a_browser_that_asked_nothing_for_two_hours_must_sign_on_again(cast: Cast, start: datetime) -> None:
    with time_machine.travel(start, tick=False) as clock:
        visitor = Visitor("anna")
        clock.move_to(start + timedelta(minutes=119))
        assert visitor.get("/").status_code == 200
        clock.move_to(start + timedelta(minutes=119 + 121))
        assert visitor.get("/").headers["Location"] == "/sign-on"
        assert visitor.get("/api/v1/tickets").status_code == 401


def test_a_console_in_view_asks_by_itself_and_stays_on_all_shift(cast: Cast, start: datetime) -> None:
    with time_machine.travel(start, tick=False) as clock:
        visitor = Visitor("anna")
        for minutes in range(0, 13 * 60, 20):
            clock.move_to(start + timedelta(minutes=minutes))
            assert visitor.get("/new", **{"X-Piece": "new"}).status_code == 200
        assert visitor.get("/").status_code == 200


def test_a_house_may_do_without_the_idle_end(cast: Cast, start: datetime, settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 0
    with time_machine.travel(start, tick=False) as clock:
        visitor = Visitor("anna")
        clock.move_to(start + timedelta(hours=13))
        assert visitor.get("/").status_code == 200


# --- a new key ---------------------------------------------------------------------------------------------------


@pytest.mark.req("R16.5")
def test_a_browser_gets_a_new_key_when_its_owners_rights_change(cast: Cast) -> None:
    visitor = Visitor("anna")
    before = key(visitor)
    signon.rights_changed(User.objects.get(name="anna"))
    assert visitor.get("/new", **{"X-Piece": "new"}).status_code == 200
    assert key(visitor) == before, "what is polled for meanwhile still comes"
    assert visitor.get("/").status_code == 200
    after = key(visitor)
    assert after != before
    assert visitor.get("/").status_code == 200
    assert key(visitor) == after, "once"
    visitor.client.cookies["nocturne-session"] = before
    assert visitor.get("/").status_code == 302


# --- the end of everything ---------------------------------------------------------------------------------------


@pytest.mark.req("R16.5")
def test_with_the_account_everything_ends_at_once(anna: Actor) -> None:
    visitor, program = Visitor("anna"), caller(anna)
    secret, shown = tokens.ask_for_code("noc")
    tokens.confirm_code(shown, User.objects.get(pk=anna.id))
    waiting = Visitor("anna")
    User.objects.filter(pk=anna.id).update(is_active=False)
    assert visitor.get("/").status_code == 302
    assert waiting.get("/api/v1/tickets").status_code == 401
    program.get("/tickets")
    assert program.status == 401
    with pytest.raises(Exception, match="no_such_code"):
        tokens.redeem_code(secret)
    assert DeviceCode.objects.get().redeemed_at is None


# --- being sure --------------------------------------------------------------------------------------------------


@pytest.mark.req("R16.5")
def test_a_token_is_made_an_hour_after_sign_on_only_by_whoever_knows_the_password(
    cast: Cast, start: datetime
) -> None:
    with time_machine.travel(start, tick=False) as clock:
        visitor = Visitor("anna")
        form = visitor.form("/account", "/account/tokens")
        clock.move_to(start + timedelta(minutes=61))
        asked = visitor.post(form.action, form.values | {"label": "my “script”", "scope": "read"})
        assert asked.status_code == 403
        assert not Token.objects.exists()
        [again] = [each for each in forms_on(asked.content.decode()) if "sure" in each.values]
        assert again.action == "/account/tokens"
        assert again.values["label"] == "my “script”"

        wrong = visitor.post(again.action, again.values | {"sure-password": "not-this-one"})
        assert (wrong.status_code, said(wrong)) == (422, "The present password is not right.")
        [again] = [each for each in forms_on(wrong.content.decode()) if "sure" in each.values]
        before = key(visitor)
        done = visitor.post(again.action, again.values | {"sure-password": PASSWORD})
        assert "shown this once" in done.content.decode()
        assert Token.objects.get().label == "my “script”"
        assert key(visitor) != before
        clock.move_to(start + timedelta(minutes=70))
        anew = visitor.form("/account", "/account/tokens")
        visitor.post(anew.action, anew.values | {"label": "second"})
        assert Token.objects.count() == 2, "one proof is enough for a while"


def test_a_page_that_matters_leads_to_the_question_and_back(cast: Cast, start: datetime) -> None:
    with time_machine.travel(start, tick=False) as clock:
        visitor = Visitor("anna")
        clock.move_to(start + timedelta(minutes=20))
        asked = visitor.get("/account/factors").headers["Location"]
        assert asked == "/sure?next=%2Faccount%2Ffactors"
        form = visitor.form(asked, "/sure")
        done = visitor.post("/sure", form.values | {"sure-password": PASSWORD})
        assert done.headers["Location"] == "/account/factors"
        assert visitor.get("/account/factors").status_code == 200


@pytest.mark.parametrize("to", ["//evil.example", r"\\evil", "https:evil", "javascript:alert(1)"])
def test_the_question_leads_nowhere_but_here(cast: Cast, to: str) -> None:
    answer = Visitor("anna").post("/sure", {"next": to, "sure": "1", "sure-password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_a_code_of_the_app_does_as_well(cast: Cast, start: datetime) -> None:
    with time_machine.travel(start, tick=False) as clock:
        visitor = Visitor("anna")
        secret, _ = set_up(visitor)
        clock.move_to(start + timedelta(minutes=30))
        form = visitor.form("/sure", "/sure")
        assert visitor.post("/sure", form.values | {"sure-code": "000000"}).status_code == 422
        assert visitor.post("/sure", form.values | {"sure-code": code(secret)}).status_code == 302


def test_the_password_is_not_guessed_at_a_browser_left_open(cast: Cast, start: datetime) -> None:
    with time_machine.travel(start, tick=False) as clock:
        visitor = Visitor("anna")
        clock.move_to(start + timedelta(minutes=30))
        answers = [
            visitor.post("/sure", {"sure": "1", "sure-password": f"try-{number}"}).status_code
            for number in range(accounts.TRIES + 1)
        ]
        assert answers == [422] * accounts.TRIES + [429]
        assert visitor.post("/sure", {"sure": "1", "sure-password": PASSWORD}).status_code == 429


def test_a_piece_of_a_page_is_told_to_ask_as_a_whole_one(cast: Cast, start: datetime) -> None:
    with time_machine.travel(start, tick=False) as clock:
        visitor = Visitor("anna")
        clock.move_to(start + timedelta(minutes=30))
        answer = visitor.post("/account/tokens", {"label": "x"}, **{"HX-Request": "true"})
        assert answer.status_code == 403
        assert not Token.objects.exists()
        assert Session.objects.count() == 1


@pytest.mark.req("R16.5")
@pytest.mark.parametrize(
    ("who", "address", "body"),
    [
        ("anna", "/api/v1/me/tokens", {"label": "x"}),
        ("ada", "/api/v1/accounts/kofi/disablement", {}),
        ("ada", "/api/v1/accounts/kofi/tokens", {"label": "x"}),
    ],
)
def test_what_a_page_asks_a_proof_for_is_not_had_by_the_api_with_its_cookie(
    cast: Cast, start: datetime, who: str, address: str, body: dict[str, str]
) -> None:
    with time_machine.travel(start, tick=False) as clock:
        visitor = Visitor(who)
        clock.move_to(start + timedelta(minutes=20))

        def send() -> Any:
            return visitor.client.post(address, json.dumps(body), content_type="application/json")

        refused = send()
        assert refused.status_code == 403
        assert refused.json()["code"] == "prove_again"
        visitor.post("/sure", {"sure": "1", "sure-password": PASSWORD})
        assert send().status_code in (200, 201)


def test_a_new_password_over_the_api_gives_the_browser_a_new_key(cast: Cast) -> None:
    visitor = Visitor("anna")
    before = key(visitor)
    done = visitor.client.put(
        "/api/v1/me/password",
        json.dumps({"old": PASSWORD, "new": "carrier-pigeon-7"}),
        content_type="application/json",
    )
    assert done.status_code == 204
    assert key(visitor) != before
    assert visitor.get("/").status_code == 200


def test_words_are_redacted_for_good_only_by_whoever_proves_who_they_are(
    cast: Cast, trouble: int, start: datetime
) -> None:
    with time_machine.travel(start, tick=False) as clock:
        ada, entry = Visitor("ada"), Entry.objects.get(ticket=trouble)
        address = f"/tickets/{trouble}/entries/{entry.address}/redaction"
        clock.move_to(start + timedelta(minutes=20))
        asked = ada.post(address, {"reason": "a home telephone number", "key": "k"})
        assert asked.status_code == 403
        assert EntryText.objects.get(pk=entry.pk).text is not None
        [again] = [each for each in forms_on(asked.content.decode()) if "sure" in each.values]
        assert (again.action, again.values["reason"]) == (address, "a home telephone number")
        ada.post(again.action, again.values | {"sure-password": PASSWORD})
        assert EntryText.objects.get(pk=entry.pk).text is None
