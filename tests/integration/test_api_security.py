"""Strangers, customers and careless programs at the API's door."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from nocturne.doors.api.asking import Anybody, Needs
from nocturne.doors.api.limits import BAD_TOKENS, CODES
from nocturne.doors.api.reference import described
from nocturne.store.models import Entry, Receipt, Ticket, Token, User
from tests.caller import ROOT, Caller, caller
from tests.cast import Cast
from tests.operations import body_for, filled, operations

PUBLIC = {("POST", "/device"), ("POST", "/device/token")}


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    yield
    BAD_TOKENS.forget()
    CODES.forget()


OF_ONES_OWN = frozenset(
    (method, f"/{what}{rest}")
    for what in ("views", "dashboards")
    for method, rest in (("POST", ""), ("PATCH", "/{key}"), ("DELETE", "/{key}"), ("POST", "/{key}/copy"))
)
"""Whoever is signed on keeps these for themselves; to keep them for others the desk asks for a right."""


def test_every_route_says_who_may_use_it_and_stands_in_the_reference() -> None:
    described_routes = {
        (method.upper(), path) for path, each in described()["paths"].items() for method in each
    }
    for method, path, operation in operations():
        [permission] = operation.auth_callbacks
        assert isinstance(permission, Needs | Anybody), f"{method} {path} is open to the world"
        assert isinstance(permission, Anybody) == ((method, path) in PUBLIC), f"{method} {path}"
        if (
            method in ("POST", "PUT", "PATCH", "DELETE")
            and isinstance(permission, Needs)
            and operation.include_in_schema
        ):
            own = path.startswith("/me") or (method, path) in OF_ONES_OWN
            assert permission.rights or permission.staff or own, f"{method} {path} names no right"
        plain = re.sub(r"\{int:", "{", path)
        assert (method, plain) in described_routes or not operation.include_in_schema


def test_nobody_gets_in_without_a_token(cast: Cast, trouble: int) -> None:
    stranger = Client()
    for method, path, _ in operations():
        if (method, path) in PUBLIC:
            continue
        given = stranger.generic(method, ROOT + filled(path, trouble), "{}", content_type="application/json")
        assert given.status_code == 401, f"{method} {path}"
        assert given.json()["code"] == "sign_on_needed"
        assert given.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.req("R16.5")
def test_a_customer_cannot_set_what_is_the_staffs(cleo_calls: Caller, complaint: int) -> None:
    row = Ticket.objects.filter(pk=complaint).values().get()
    for key, value in {"priority": 1, "owner": "anna", "vendor": "Norlink", "circuit": "NL-IC-3321", "next_action": "x",
                       "alarm": "2h x", "data_class": "staff", "worked": 60, "detected_at": "1 h ago", "parent": 1,
                       "cc": ["kofi"], "affected": [{"kind": "site", "name": "x"}]}.items():  # fmt: skip
        refused = cleo_calls.post("/tickets", {"subject": "x", key: value})
        assert cleo_calls.status in (403, 404), (key, refused)
    assert Ticket.objects.count() == 1
    for key, value in {"next_action": "x", "alarm": "2h x", "worked": 60, "fields": {"priority": 1}}.items():
        cleo_calls.post(f"/tickets/{complaint}/entries", {"text": "hello", key: value})
        assert cleo_calls.status == 403, key
    cleo_calls.post(f"/tickets/{complaint}/entries", {"text": "hello", "kind": "note"})
    assert cleo_calls.status == 403
    assert Ticket.objects.filter(pk=complaint).values().get() == row


def test_an_operator_cannot_write_above_their_class(anna_calls: Caller, trouble: int) -> None:
    refused = anna_calls.post(f"/tickets/{trouble}/entries", {"text": "x", "data_class": "restricted"})
    assert (anna_calls.status, refused["field"]) == (403, "data_class")
    assert Ticket.objects.get(pk=trouble).last_seq == 1


def test_a_token_for_reading_writes_nothing(cast: Cast, trouble: int) -> None:
    reader = caller(cast.ada, scopes="read")
    assert reader.get(f"/tickets/{trouble}")["number"] == trouble
    for method, path, _ in operations():
        if method in ("POST", "PUT", "PATCH", "DELETE") and (method, path) not in PUBLIC:
            refused = reader.call(method, filled(path, trouble), body_for(method, path))
            assert (reader.status, refused["code"]) == (403, "scope_too_narrow"), path


def test_a_token_is_worth_nothing_from_the_moment_it_is_revoked_or_its_owner_is_gone(
    cast: Cast, anna_calls: Caller
) -> None:
    kofi = caller(cast.kofi)
    Token.objects.filter(user_id=cast.kofi.id).update(
        revoked_at=Token.objects.get(user_id=cast.kofi.id).created_at
    )
    assert kofi.get("/me")["code"] == "token_unknown"
    User.objects.filter(pk=cast.anna.id).update(is_active=False)
    assert anna_calls.get("/me")["code"] == "token_unknown"
    assert anna_calls.token not in str(Token.objects.values_list("digest", flat=True))


def test_guessing_tokens_is_slowed_down_and_locks_nobody_out(anna_calls: Caller) -> None:
    guesser = Caller(anna_calls.actor, "noct_guess")
    statuses = []
    for _ in range(40):
        guesser.get("/me")
        statuses.append(guesser.status)
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert int(guesser.header("Retry-After")) > 0
    assert anna_calls.get("/me")["name"] == "anna"
    for _ in range(25):
        guesser.post("/device")
    assert guesser.status == 429


def signed_on(cast: Cast, *, enforce: bool = True) -> Client:
    """Anna's browser."""
    browser = Client(enforce_csrf_checks=enforce)
    session = browser.session
    session["_auth_user_id"] = str(cast.anna.id)
    session.save()
    from django.conf import settings

    browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return browser


@pytest.mark.req("R16.5")
def test_another_site_cannot_use_a_signed_on_browser(cast: Cast, trouble: int) -> None:
    browser = signed_on(cast)
    assert browser.get(f"{ROOT}/tickets/{trouble}").json()["number"] == trouble
    before = Entry.objects.count()
    for method, path, _ in operations():
        if method == "GET" or (method, path) in PUBLIC:
            continue
        given = browser.generic(
            method,
            ROOT + filled(path, trouble),
            json.dumps(body_for(method, path) if not isinstance(body_for(method, path), bytes) else {}),
            content_type="application/json",
            headers={"Origin": "https://evil.example"},
        )
        assert (given.status_code, given.json()["code"]) == (403, "not_from_here"), f"{method} {path}"
    assert Entry.objects.count() == before


def test_our_own_pages_may_use_the_cookie(cast: Cast, trouble: int) -> None:
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string

    browser, secret = signed_on(cast), _get_new_csrf_string()
    browser.cookies[settings.CSRF_COOKIE_NAME] = secret
    given = browser.post(
        f"{ROOT}/tickets/{trouble}/entries",
        {"text": "From a page."},
        "application/json",
        headers={"X-CSRFToken": secret},
    )
    assert given.status_code == 201, given.content


def test_reading_changes_nothing(anna_calls: Caller, trouble: int) -> None:
    def counts() -> tuple[int, int, int, Any]:
        return (
            Entry.objects.count(),
            Ticket.objects.count(),
            Receipt.objects.count(),
            Ticket.objects.values().get(pk=trouble),
        )

    before = counts()
    for method, path, _ in operations():
        if method == "GET":
            for verb in ("GET", "HEAD", "OPTIONS"):
                anna_calls.call(verb, filled(path, trouble), Idempotency_Key="k")
    assert counts() == before


def test_history_is_not_tampered_with(anna_calls: Caller, trouble: int) -> None:
    address = anna_calls.get(f"/tickets/{trouble}/entries")["entries"][0]["address"]
    for method in ("PUT", "PATCH", "DELETE"):
        refused = anna_calls.call(
            method, f"/tickets/{trouble}/entries/{address}", {"text": "nothing happened"}
        )
        assert (anna_calls.status, refused["code"]) == (403, "entries_stay")
        anna_calls.call(method if method != "PATCH" else "PUT", f"/tickets/{trouble}")
        assert anna_calls.status == 405


def test_addresses_that_lead_nowhere_and_methods_that_do_nothing_say_so(
    anna_calls: Caller, trouble: int
) -> None:
    for path in (
        "/",
        "/nothing",
        "/tickets/abc",
        "/tickets/",
        f"/tickets/{'9' * 5000}",
        f"/tickets/{2**64}",
        "/tickets/0",
    ):
        refused = anna_calls.get(path)
        assert anna_calls.status == 404, path
        assert refused["code"] in ("no_such_address", "no_such_ticket")
    refused = anna_calls.call("DELETE", f"/tickets/{trouble}")
    assert (anna_calls.status, refused["code"]) == (405, "method_not_allowed")
    assert anna_calls.header("Allow") == "GET, HEAD, OPTIONS, PATCH"
    anna_calls.call("OPTIONS", f"/tickets/{trouble}")
    assert (anna_calls.status, anna_calls.header("Allow")) == (204, "GET, HEAD, OPTIONS, PATCH")
    anna_calls.call("HEAD", f"/tickets/{trouble}")
    assert anna_calls.status == 200
    assert anna_calls.last is not None
    assert anna_calls.last.content == b""
    assert anna_calls.header("ETag")


def test_every_answer_is_kept_out_of_caches_and_runs_nothing(anna_calls: Caller, trouble: int) -> None:
    for path in (f"/tickets/{trouble}", "/nothing", "/tickets", "/docs", "/openapi.json", "/tickets?limit=0"):
        anna_calls.client.get(ROOT + path, headers={"Authorization": f"Bearer {anna_calls.token}"})
        given = anna_calls.client.get(ROOT + path, headers={"Authorization": f"Bearer {anna_calls.token}"})
        assert given.headers["Cache-Control"] == "no-store"
        assert given.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in given.headers["Content-Security-Policy"]
        assert "unsafe" not in given.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_reference_needs_no_script_no_inline_style_and_no_other_host(cast: Cast) -> None:
    page = Client().get(f"{ROOT}/docs").content.decode()
    assert "<script" not in page
    assert "style=" not in page
    assert "<style" not in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "/tickets/{number}/resolution" in page
    assert Client().get(f"{ROOT}/docs.css").headers["Content-Type"].startswith("text/css")
    document = Client().get(f"{ROOT}/openapi.json").json()
    assert document["servers"] == [{"url": "http://noc.lakenet.example/api/v1"}]
    assert document["openapi"].startswith("3.")
