"""People over the API: Ada administers them by program, everybody keeps their own account, and no token grows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from nocturne import desk
from nocturne.core.configuration import use
from nocturne.core.entry import Door
from nocturne.desk import accounts, configuring, membership, tokens, ways
from nocturne.desk.terms import Opening
from nocturne.doors.api.api import api
from nocturne.doors.api.asking import Needs
from nocturne.doors.api.limits import BAD_TOKENS
from nocturne.store.models import Audit, Receipt, Token, User
from tests.caller import Caller, caller, reporter
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    use(None)
    BAD_TOKENS.forget()


@pytest.fixture
def ada_calls(cast: Cast) -> Caller:
    return caller(cast.ada, scopes="admin")


def administration() -> list[tuple[str, str]]:
    """Every route that is for whoever administers people."""
    return [
        (method, path)
        for bound in api._get_bound_routers()
        for path, view in bound.path_operations.items()
        for operation in view.operations
        for method in operation.methods
        for permission in operation.auth_callbacks
        if isinstance(permission, Needs) and "administer-people" in permission.rights
    ]


# --- administering ---------------------------------------------------------------------------------------------------


@pytest.mark.req("S19", "S10")
def test_ada_makes_changes_disables_and_enables_an_account(ada_calls: Caller) -> None:
    made = ada_calls.post(
        "/accounts",
        {"name": "ola", "groups": ["operators"], "email": "ola@noc.example", "password": PASSWORD},
    )
    assert ada_calls.status == 201, made
    assert (made["name"], made["groups"], made["has_password"]) == ("ola", ["operators"], True)
    assert accounts.sign_on("ola", PASSWORD).name == "ola"
    changed = ada_calls.patch("/accounts/OLA", {"full_name": "Ola Nyberg", "zone": "Europe/Oslo"})
    assert (changed["full_name"], changed["zone"], changed["email"]) == (
        "Ola Nyberg",
        "Europe/Oslo",
        "ola@noc.example",
    )
    assert ada_calls.call("PUT", "/accounts/ola/groups", {"groups": ["supervisors"]})["groups"] == [
        "supervisors"
    ]
    assert [each["name"] for each in ada_calls.get("/accounts?q=nyberg")["accounts"]] == ["ola"]
    assert [each["name"] for each in ada_calls.get("/accounts?group=supervisors")["accounts"]] == [
        "mei",
        "ola",
    ]
    assert ada_calls.post("/accounts/ola/disablement")["is_active"] is False
    again = ada_calls.post("/accounts/ola/disablement")
    assert (ada_calls.status, again["code"]) == (409, "disabled_already")
    assert ada_calls.call("DELETE", "/accounts/ola/disablement")["is_active"] is True
    rows = Audit.objects.filter(subject="ola").order_by("pk").values_list("act", "actor_label", "door")
    assert [act for act, _, _ in rows] == [
        "account_added", "account_changed", "groups_changed", "account_disabled", "account_enabled",
    ]  # fmt: skip
    assert {row[1:] for row in rows} == {("ada", "api")}


@pytest.mark.req("R16.5")
def test_a_machines_account_gets_its_token_by_program(ada_calls: Caller) -> None:
    ada_calls.post("/accounts", {"name": "icinga", "groups": ["operators"], "is_service": True})
    made = ada_calls.post(
        "/accounts/icinga/tokens", {"label": "alerts", "scope": "write", "days": 30, "queues": ["general"]}
    )
    assert ada_calls.status == 201, made
    icinga = Caller(accounts.actor_by_token(made["token"]), made["token"])  # type: ignore[arg-type]
    assert icinga.post("/tickets", {"subject": "cr1.aa does not answer"})["number"]
    [row] = ada_calls.get("/accounts/icinga/tokens")["tokens"]
    assert (row["label"], row["queues"], row["scopes"]) == ("alerts", ["general"], ["read", "write"])
    assert row["last_used_at"] is not None
    assert made["token"] not in json.dumps(row)
    ada_calls.call("DELETE", f"/tokens/{row['number']}")
    assert ada_calls.status == 204
    icinga.get("/me")
    assert icinga.status == 401


def test_a_token_that_was_made_stands_nowhere_in_the_books(ada_calls: Caller) -> None:
    made = ada_calls.post("/accounts/kofi/tokens", {"label": "x"}, Idempotency_Key="once-1")
    ada_calls.post("/accounts", {"name": "ola", "password": PASSWORD}, Idempotency_Key="once-2")
    kept = json.dumps(
        [list(Receipt.objects.values("answer", "fingerprint")), list(Audit.objects.values("after", "facts"))]
    )
    for secret in (made["token"], PASSWORD, accounts.digest(made["token"])):
        assert secret not in kept


def test_groups_and_representatives_are_kept_by_program(ada_calls: Caller, cast: Cast) -> None:
    group = ada_calls.post("/groups", {"name": "night", "title": "Night shift", "includes": ["operators"]})
    assert (ada_calls.status, group["includes"]) == (201, ["operators"])
    assert (
        "night"
        in next(each for each in ada_calls.get("/groups")["groups"] if each["name"] == "operators")["part_of"]
    )
    assert ada_calls.patch("/groups/night", {"includes": []})["includes"] == []
    ada_calls.call("DELETE", "/groups/night")
    assert ada_calls.status == 204
    made = ada_calls.post("/representatives", {"kind": "site", "name": "ann arbor", "account": "kofi"})
    assert (ada_calls.status, made["name"]) == (201, "Ann Arbor")
    again = ada_calls.post("/representatives", {"kind": "site", "name": "Ann Arbor", "account": "kofi"})
    assert (ada_calls.status, again["code"]) == (422, "speaks_already")
    [row] = ada_calls.get("/representatives?account=kofi")["representatives"]
    ada_calls.call("DELETE", f"/representatives/{row['number']}")
    assert ada_calls.get("/representatives")["representatives"] == []


@pytest.mark.req("R16.5", "S4")
def test_nobody_else_administers_people_and_nobody_learns_who_there_is(
    cast: Cast, anna_calls: Caller
) -> None:
    before = list(User.objects.order_by("pk").values())
    callers = [
        anna_calls,
        caller(cast.mei),
        caller(cast.ada, scopes="write"),
        reporter("cleo", cast.cleo_contact),
    ]
    before = list(User.objects.order_by("pk").values())
    for who in callers:
        for method, path in administration():
            answers = []
            for name in ("kofi", "nobody"):
                filled = path.replace("{name}", name).replace("{group}", "operators").replace("{mark}", "x")
                for part in ("token", "way", "line"):
                    filled = filled.replace(f"{{int:{part}}}", "1")
                answers.append(who.call(method, filled, {} if method not in ("GET", "DELETE") else None))
                assert who.status == 403, f"{who.actor.label} {method} {filled}: {who.status}"
            one, other = ({key: each[key] for key in ("code", "detail", "params")} for each in answers)
            assert one == other, path
    assert list(User.objects.order_by("pk").values()) == before


@pytest.mark.req("R16.5")
def test_nobody_becomes_more_by_sending_more(ada_calls: Caller, anna_calls: Caller) -> None:
    row = User.objects.values().get(name="anna")
    strange: dict[str, Any] = {
        "is_staff": True, "is_superuser": True, "is_active": False, "is_service": True, "groups": ["administrators"],
        "password": "x" * 12, "name": "root", "id": 1, "contact_id": 1, "created_at": "2026-01-01", "last_login": None,
        "local_sign_on": True, "must_change_password": False, "email": "eve@evil.example", "scopes": "admin",
    }  # fmt: skip
    for key, value in strange.items():
        refused = anna_calls.patch("/me", {"zone": "Europe/Oslo", key: value})
        assert (anna_calls.status, refused["code"], refused["field"]) == (422, "unknown_key", key)
        if key != "email":
            refused = ada_calls.patch("/accounts/anna", {"full_name": "x", key: value})
            assert (ada_calls.status, refused["field"]) == (422, key)
    for key in ("user", "owner", "digest", "is_narrowed", "revoked_at", "expires_at"):
        refused = ada_calls.post("/me/tokens", {"label": "x", key: "ada"})
        assert (ada_calls.status, refused["field"]) == (422, key)
    assert User.objects.values().get(name="anna") == row


# --- one's own account -----------------------------------------------------------------------------------------------


@pytest.mark.req("S19")
def test_anna_keeps_her_own_account_by_program(anna_calls: Caller) -> None:
    assert anna_calls.patch("/me", {"zone": "Europe/Oslo"})["zone"] == "Europe/Oslo"
    refused = anna_calls.patch("/me", {"zone": "Mars/One"})
    assert (anna_calls.status, refused["code"]) == (422, "bad_zone")
    refused = anna_calls.patch("/me", {"language": "xx"})
    assert (anna_calls.status, refused["code"]) == (422, "unknown_language")
    way = anna_calls.post("/me/ways", {"kind": "phone", "value": "+1 734 555 0119", "label": "duty"})
    assert (anna_calls.status, way["verified_at"]) == (201, None)
    assert [each["kind"] for each in anna_calls.get("/me/ways")["ways"]] == ["mail", "phone"]
    anna_calls.call("DELETE", f"/me/ways/{way['number']}")
    assert anna_calls.status == 204
    chosen = anna_calls.call("PUT", "/me/notices", {"told": {"update": "daily"}, "quiet": ["22:00", "06:30"]})
    assert chosen == {
        "told": {"asked": "now", "owner": "now", "update": "daily"},
        "quiet": ["22:00", "06:30"],
    }
    assert anna_calls.get("/me/notices") == chosen
    assert anna_calls.call("PUT", "/me/notices", {"told": {}, "quiet": None})["quiet"] is None
    refused = anna_calls.call("PUT", "/me/notices", {"told": {"update": "hourly"}})
    assert (anna_calls.status, refused["code"]) == (422, "unknown_telling")


def test_a_new_password_needs_the_present_one_and_ends_the_browsers(cast: Cast, anna_calls: Caller) -> None:
    browser = Visitor("anna")
    refused = anna_calls.call("PUT", "/me/password", {"old": "wrong", "new": "another-long-one-7"})
    assert (anna_calls.status, refused["code"]) == (422, "wrong_password")
    anna_calls.call("PUT", "/me/password", {"old": PASSWORD, "new": "another-long-one-7"})
    assert anna_calls.status == 204
    assert browser.get("/").status_code == 302
    assert Audit.objects.filter(act="password_changed", subject="anna").exists()


@pytest.mark.req("R16.5")
def test_tokens_and_browsers_of_others_are_not_there(
    cast: Cast, anna_calls: Caller, ada_calls: Caller
) -> None:
    kofi = caller(cast.kofi)
    Visitor("kofi")
    token = Token.objects.get(user__name="kofi").pk
    [browser] = kofi.get("/me/sessions")["sessions"]
    way = ways.of(User.objects.get(name="kofi"))[0].number
    for path in (f"/me/tokens/{token}", f"/me/sessions/{browser['mark']}", f"/me/ways/{way}"):
        foreign = anna_calls.call("DELETE", path)
        assert anna_calls.status == 404, path
        missing = anna_calls.call("DELETE", f"{path}0")
        assert (foreign["code"], foreign["detail"]) == (missing["code"], missing["detail"])
    assert kofi.get("/me")["name"] == "kofi"
    assert anna_calls.get("/me/sessions")["sessions"] == []
    assert [each["owner"] for each in anna_calls.get("/me/tokens")["tokens"]] == ["anna"]
    kofi.call("DELETE", f"/me/sessions/{browser['mark']}")
    assert kofi.status == 204
    assert kofi.get("/me/sessions")["sessions"] == []


# --- no token grows --------------------------------------------------------------------------------------------------


@pytest.mark.req("R16.5")
@pytest.mark.parametrize("scopes", ["read", "write"])
def test_a_token_makes_no_other_unless_it_is_for_that(cast: Cast, scopes: str) -> None:
    ada = caller(cast.ada, scopes=scopes)
    for path in ("/me/tokens", "/accounts/kofi/tokens", "/accounts/ada/tokens"):
        refused = ada.post(path, {"label": "more", "scope": "admin"})
        assert ada.status == 403, (path, refused)
    assert Token.objects.count() == 1


@pytest.mark.req("R16.5")
def test_a_token_narrowed_to_a_queue_reaches_nothing_else_and_makes_nothing_wider(
    cast: Cast, trouble: int
) -> None:
    configuring.change({("queue", "dark"): {}}, by=cast.ada, door=Door.WEB)
    other = desk.open(Opening(subject="In the dark", queue="dark"), by=cast.anna, door=Door.WEB).number
    ada = User.objects.get(name="ada")
    token, plain = tokens.create_token(ada, "narrow", scopes="admin", queues=["dark"])
    narrow = Caller(cast.ada, plain)
    assert narrow.get(f"/tickets/{other}")["number"] == other
    narrow.get(f"/tickets/{trouble}")
    assert narrow.status == 404
    assert [row["number"] for row in narrow.get("/tickets")["tickets"]] == [other]
    narrow.post(f"/tickets/{trouble}/entries", {"text": "x"})
    assert narrow.status == 404
    narrow.get("/accounts")
    assert narrow.status == 403, "what is narrowed to a queue administers nobody"
    for queues, code in (
        (None, "token_wider_than_yours"),
        (["general"], "unknown_queue"),
        (["dark", "general"], "unknown_queue"),
    ):
        refused = narrow.post("/me/tokens", {"label": "wider", "scope": "write", "queues": queues})
        assert narrow.status in (403, 422)
        assert refused["code"] == code
    assert Token.objects.filter(user=ada).count() == 1
    narrow.post("/me/tokens", {"label": "as narrow", "scope": "write", "queues": ["dark"]})
    assert narrow.status == 201
    # When the last of its queues goes, it reaches nothing, not everything.
    token.queues.clear()
    assert narrow.get("/tickets")["tickets"] == []
    narrow.get(f"/tickets/{trouble}")
    assert narrow.status == 404


@pytest.mark.req("R16.6")
def test_no_token_tells_whether_there_is_a_queue_one_may_not_know_of(cast: Cast) -> None:
    hidden = {
        ("class", "security"): {"number": 10},
        ("queue", "incidents"): {"class": "security"},
    }
    configuring.change(hidden, by=cast.ada, door=Door.WEB)
    anna = caller(cast.anna, scopes="admin")
    told = []
    for name in ("incidents", "nowhere"):
        refused = anna.post("/me/tokens", {"label": "x", "scope": "read", "queues": [name]})
        told.append((anna.status, refused["code"], refused["detail"].replace(name, "N")))
    assert told[0] == told[1]


@pytest.mark.req("R16.5")
def test_a_token_is_worth_its_owners_rights_of_the_moment(cast: Cast, trouble: int) -> None:
    kofi = caller(cast.kofi)
    assert kofi.get(f"/tickets/{trouble}")["number"] == trouble
    membership.set_groups("kofi", [], by=cast.ada, door=Door.WEB)
    kofi.get(f"/tickets/{trouble}")
    assert kofi.status == 404
    assert kofi.get("/me")["groups"] == []


def test_a_token_ends_when_the_house_says_so(cast: Cast, settings: Any) -> None:
    anna = User.objects.get(name="anna")
    token, plain = tokens.create_token(anna, "usual")
    assert token.expires_at is not None
    assert timedelta(days=179) < token.expires_at - datetime.now(UTC) <= timedelta(days=180)
    with time_machine.travel(token.expires_at + timedelta(seconds=1), tick=False):
        assert accounts.actor_by_token(plain) is None
    endless, _ = tokens.create_token(anna, "endless", lasts=timedelta())
    assert endless.expires_at is None
    settings.NOCTURNE = _with(settings.NOCTURNE, token_days_most=30)
    capped, _ = tokens.create_token(anna, "usual")
    assert capped.expires_at is not None
    assert capped.expires_at - datetime.now(UTC) <= timedelta(days=30)
    for lasts in (timedelta(), timedelta(days=31)):
        with pytest.raises(tokens.Invalid, match="token_lasts_too_long"):
            tokens.create_token(anna, "too long", lasts=lasts)


def _with(options: Any, **changed: Any) -> Any:
    from dataclasses import replace

    return replace(options, **changed)
