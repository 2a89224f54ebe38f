"""Signing on by a provider of OpenID Connect: whom it opens an account to, and to whom never."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as django_settings

from nocturne.core.entry import Door
from nocturne.core.refusals import Unavailable
from nocturne.core.vouching import Provider
from nocturne.desk import factors, outside, signon, vouchers
from nocturne.store.models import Audit, Session, User
from nocturne.store.sessions import SessionStore
from tests import vouching as go_between
from tests.authenticator import set_up
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor, said


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with go_between.provider() as address:
        yield address


@pytest.fixture
def campus(issuer: str, settings: Any) -> Provider:
    outside.forget()
    one = Provider("campus", "Campus login", issuer, "nocturne", "hush-hush-hush")
    settings.NOCTURNE = replace(django_settings.NOCTURNE, oidc=(one,))
    return one


@pytest.fixture
def opening(campus: Provider, settings: Any) -> Provider:
    """The same provider, for whose people accounts are made."""
    one = replace(campus, domains=("lakenet.example",), group="operators")
    settings.NOCTURNE = replace(django_settings.NOCTURNE, oidc=(one,))
    return one


def user(name: str) -> User:
    return User.objects.get(name=name)


# --- whom it opens to --------------------------------------------------------------------------------------------


@pytest.mark.req("R16.5")
def test_anna_whom_the_administrator_has_linked_signs_on_and_comes_where_she_wanted(
    cast: Cast, campus: Provider
) -> None:
    vouchers.link(user("anna"), "campus", "u-4711", by=cast.ada, door=Door.WEB)
    browser = Visitor()
    assert "Sign on with Campus login" in browser.text("/sign-on")
    answer = go_between.sign_on(browser, "u-4711", next="/views/mine")
    assert answer.headers["Location"] == "/views/mine"
    assert browser.get("/").status_code == 200
    assert user("anna").last_login is not None


@pytest.mark.req("R16.5")
@pytest.mark.parametrize("subject", ["u-4711", "u-forger"])
def test_a_mail_address_links_nobody_to_an_account_verified_or_not(
    cast: Cast, opening: Provider, subject: str
) -> None:
    browser = Visitor()
    answer = go_between.sign_on(browser, subject)
    assert answer.status_code == 403
    assert subject in said(answer), "what the administrator needs to link them"
    assert browser.get("/").status_code == 302
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 4


def test_somebody_new_of_our_domain_gets_an_account_in_the_group_once(cast: Cast, opening: Provider) -> None:
    for _ in range(2):
        browser = Visitor()
        assert go_between.sign_on(browser, "u-new").status_code == 302
        assert browser.get("/").status_code == 200
    ines = user("ines")
    assert [group.name for group in ines.groups.all()] == ["operators"]
    assert (ines.full_name, ines.email, ines.has_usable_password()) == (
        "Inês Duarte",
        "ines@lakenet.example",
        False,
    )
    assert Audit.objects.filter(act="account_made", subject="ines").count() == 1


@pytest.mark.parametrize("subject", ["u-word", "u-else", "u-nameless"])
def test_no_account_for_an_unverified_address_another_domain_or_no_address(
    cast: Cast, opening: Provider, subject: str
) -> None:
    assert go_between.sign_on(Visitor(), subject).status_code == 403
    assert User.objects.count() == 4


def test_nobody_new_gets_an_account_where_the_house_does_not_say_so(cast: Cast, campus: Provider) -> None:
    assert go_between.sign_on(Visitor(), "u-new").status_code == 403
    assert User.objects.count() == 4


def test_a_disabled_account_stays_shut(cast: Cast, campus: Provider) -> None:
    vouchers.link(user("anna"), "campus", "u-4711", by=cast.ada, door=Door.WEB)
    User.objects.filter(name="anna").update(is_active=False)
    browser = Visitor()
    assert go_between.sign_on(browser, "u-4711").status_code == 422
    assert browser.get("/").status_code == 302


# --- what else opens a linked account ----------------------------------------------------------------------------


@pytest.mark.req("R16.5")
def test_a_linked_account_opens_by_its_password_here_only_if_it_is_named_for_that(
    cast: Cast, campus: Provider
) -> None:
    vouchers.link(user("anna"), "campus", "u-4711", by=cast.ada, door=Door.WEB)
    assert Visitor().post("/sign-on", {"name": "anna", "password": PASSWORD}).status_code == 422
    vouchers.allow_local(user("anna"), allowed=True, by=cast.ada, door=Door.WEB)
    page = Visitor().post("/sign-on", {"name": "anna", "password": PASSWORD}).content.decode()
    assert "Set up a second factor" in page, "and never by the password alone"
    assert Audit.objects.filter(act="local_sign_on_allowed", subject="anna").exists()


def test_being_linked_and_unlinked_signs_off_whoever_was_in(cast: Cast, campus: Provider) -> None:
    here = Visitor("anna")
    vouchers.link(user("anna"), "campus", "u-4711", by=cast.ada, door=Door.WEB)
    assert here.get("/").status_code == 302
    go_between.sign_on(here, "u-4711")
    vouchers.unlink(user("anna"), "campus", by=cast.ada, door=Door.WEB)
    assert here.get("/").status_code == 302


def test_a_provider_whose_second_factor_is_not_enough_is_followed_by_ours(
    cast: Cast, campus: Provider, settings: Any
) -> None:
    set_up(Visitor("anna"))
    vouchers.link(user("anna"), "campus", "u-4711", by=cast.ada, door=Door.WEB)
    assert go_between.sign_on(Visitor(), "u-4711").status_code == 302
    settings.NOCTURNE = replace(django_settings.NOCTURNE, oidc=(replace(campus, asks_second_factor=False),))
    browser = Visitor()
    assert "Code from your app" in go_between.sign_on(browser, "u-4711").content.decode()
    assert browser.get("/").status_code == 302


def test_whoever_has_no_password_here_confirms_that_it_is_they_at_the_provider(
    cast: Cast, opening: Provider
) -> None:
    browser = Visitor()
    go_between.sign_on(browser, "u-new")
    store = SessionStore(browser.client.cookies["nocturne-session"].value)
    store[signon.SURE] = 0
    store.save()
    assert "Confirm with Campus login" in browser.text("/sure?next=/account/factors")
    address = go_between.go(browser, again="1", next="/account/factors")
    asked = parse_qs(urlsplit(address).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    stranger = go_between.prove(address, "u-4711")
    assert browser.get(stranger).status_code in (403, 422), "somebody else is not them"
    assert browser.get("/account/factors").status_code == 302


# --- attacks -----------------------------------------------------------------------------------------------------


def test_what_was_begun_in_one_browser_ends_in_no_other(cast: Cast, campus: Provider) -> None:
    vouchers.link(user("anna"), "campus", "u-4711", by=cast.ada, door=Door.WEB)
    victim, attacker = Visitor(), Visitor()
    back = go_between.prove(go_between.go(attacker), "u-4711")
    assert victim.get(back).status_code == 422
    assert victim.get("/").status_code == 302
    assert attacker.get(back).status_code == 302
    assert attacker.get(back).status_code == 422, "and only once"


def test_going_to_a_provider_takes_a_form_of_ours(cast: Cast, campus: Provider) -> None:
    assert Visitor().get("/sign-on/with/campus").status_code == 405
    assert Visitor(checks_csrf=True).post("/sign-on/with/campus", {}).status_code == 403
    assert Visitor().post("/sign-on/with/another", {}).status_code == 404
    assert Visitor().get("/sign-on/with/another/back?code=x&state=y").status_code == 404


@pytest.mark.parametrize(
    "to", ["//evil.example", r"\\evil.example", "https:evil.example", "javascript:alert(1)"]
)
def test_a_provider_leads_back_nowhere_but_here(cast: Cast, campus: Provider, to: str) -> None:
    vouchers.link(user("anna"), "campus", "u-4711", by=cast.ada, door=Door.WEB)
    assert go_between.sign_on(Visitor(), "u-4711", next=to).headers["Location"] == "/"


def test_the_question_carries_a_challenge_and_a_nonce_and_never_the_secret(
    cast: Cast, campus: Provider
) -> None:
    browser = Visitor()
    asked = parse_qs(urlsplit(go_between.go(browser)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) >= 22
    assert len(asked["state"][0]) >= 16
    assert asked["redirect_uri"] == ["http://noc.lakenet.example/sign-on/with/campus/back"]
    page = browser.text("/sign-on")
    assert campus.secret not in page + repr(campus) + str(campus)


@pytest.mark.parametrize(
    "query", ["", "?error=access_denied", "?code=x", "?state=x", "?code=x&state=x&state=y"]
)
def test_coming_back_with_nonsense_opens_nothing_and_writes_nothing(
    cast: Cast, campus: Provider, query: str
) -> None:
    browser = Visitor()
    assert browser.get(f"/sign-on/with/campus/back{query}").status_code == 422
    assert not Session.objects.exists()


def test_a_code_that_the_provider_does_not_know_opens_nothing(cast: Cast, campus: Provider) -> None:
    browser = Visitor()
    state = parse_qs(urlsplit(go_between.go(browser)).query)["state"][0]
    assert browser.get(f"/sign-on/with/campus/back?code=made-up&state={state}").status_code == 422
    assert browser.get("/").status_code == 302


GOOD = {
    "issuer": "{here}",
    "authorization_endpoint": "{here}/go",
    "token_endpoint": "{here}/token",
    "userinfo_endpoint": "{here}/info",
}


@contextmanager
def telling(document: bytes) -> Iterator[str]:
    """A provider that tells this of itself; `{here}` stands for its own address."""

    class Teller(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = document.replace(b"{here}", here.encode())
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Teller)
    here = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("document", "status"),
    [
        (json.dumps(GOOD), 200),
        (json.dumps(GOOD | {"issuer": "https://idp.evil.example"}), 422),
        (json.dumps({key: value for key, value in GOOD.items() if key != "issuer"}), 422),
        (json.dumps(GOOD | {"token_endpoint": "file:///etc/passwd"}), 422),
        (json.dumps(GOOD | {"authorization_endpoint": "javascript:alert(1)"}), 422),
        (json.dumps(GOOD | {"authorization_endpoint": "{here}/go\r\nSet-Cookie: a=b"}), 422),
        (json.dumps(list(GOOD)), 422),
        ("<html>hello", 503),
        ("null", 422),
        ('{"issuer": "' + "x" * 1_200_000 + '"}', 503),
    ],
)
def test_only_a_provider_that_tells_the_truth_about_itself_is_gone_to(
    cast: Cast, campus: Provider, settings: Any, document: str, status: int
) -> None:
    with telling(document.encode()) as here:
        settings.NOCTURNE = replace(django_settings.NOCTURNE, oidc=(replace(campus, issuer=here),))
        assert Visitor().post("/sign-on/with/campus", {}).status_code == status
    outside.forget()


# --- when the provider is away -----------------------------------------------------------------------------------


@contextmanager
def silent(*, drips: bool = False) -> Iterator[str]:
    """Something that takes connections and never says anything, or a letter a second."""
    door = socket.create_server(("127.0.0.1", 0))
    open_lines: list[socket.socket] = []
    over = threading.Event()

    def drip(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\n")
        while not over.wait(0.5):
            try:
                line.sendall(b"X-A: b\r\n")
            except OSError:
                return

    def listen() -> None:
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            open_lines.append(line)
            if drips:
                threading.Thread(target=drip, args=(line,), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        over.set()
        door.close()
        for line in open_lines:
            line.close()


@pytest.mark.req("R16.5")
@pytest.mark.parametrize("drips", [False, True])
def test_nobody_waits_for_a_provider_that_is_silent_longer_than_ten_seconds_and_only_the_first_does(
    cast: Cast, campus: Provider, settings: Any, monkeypatch: pytest.MonkeyPatch, drips: bool
) -> None:
    monkeypatch.setattr(outside, "LONGEST", 1.5)
    with silent(drips=drips) as address:
        settings.NOCTURNE = replace(django_settings.NOCTURNE, oidc=(replace(campus, issuer=address),))
        began = time.monotonic()
        first = Visitor().post("/sign-on/with/campus", {})
        waited = time.monotonic() - began
        assert first.status_code == 503
        assert "does not answer" in said(first)
        assert waited < 5
        began = time.monotonic()
        assert Visitor().post("/sign-on/with/campus", {}).status_code == 503
        assert time.monotonic() - began < waited / 2, "it is left alone for a while"
        assert Visitor("kofi").get("/").status_code == 200, "whoever has a password here signs on"
        outside.forget()


def test_a_named_operator_signs_on_while_the_provider_is_away_and_that_is_written_down(
    cast: Cast, campus: Provider, settings: Any
) -> None:
    set_up(Visitor("anna"))
    codes = factors.new_codes(user("anna"))
    vouchers.link(user("anna"), "campus", "u-4711", by=cast.ada, door=Door.WEB)
    vouchers.allow_local(user("anna"), allowed=True, by=cast.ada, door=Door.WEB)
    settings.NOCTURNE = replace(
        django_settings.NOCTURNE, oidc=(replace(campus, issuer="http://127.0.0.1:9"),)
    )
    browser = Visitor()
    assert browser.post("/sign-on/with/campus", {}).status_code == 503
    browser.post("/sign-on", {"name": "anna", "password": PASSWORD})
    assert browser.post("/sign-on/second", {"code": codes[0]}).status_code == 302
    assert browser.get("/").status_code == 200
    assert Audit.objects.filter(act="signed_on_locally", subject="anna").count() == 1
    assert signon.needs_second_factor(user("anna"))


def test_too_many_who_ask_at_once_are_told_so_and_take_no_place_from_the_board(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outside.forget()
    over = threading.Event()
    asking = [
        threading.Thread(target=lambda: outside.ask("slow", lambda: over.wait(20), gone=()), daemon=True)
        for _ in range(outside.AT_ONCE)
    ]
    for each in asking:
        each.start()
    try:
        with pytest.raises(Unavailable, match="outside_busy"):
            outside.ask("slow", lambda: None, gone=())
        assert outside.ask("another", lambda: "answers", gone=()) == "answers"
    finally:
        over.set()
        for each in asking:
            each.join(5)


def test_no_page_asks_the_provider(cast: Cast, campus: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    vouchers.link(user("anna"), "campus", "u-4711", by=cast.ada, door=Door.WEB)
    browser = Visitor()
    go_between.sign_on(browser, "u-4711")

    def refuse(*_: Any) -> None:
        raise AssertionError("somebody outside was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for page in ("/", "/account", "/account/factors", "/sure", "/sign-on"):
        assert browser.get(page).status_code in (200, 302)


# --- proxies -----------------------------------------------------------------------------------------------------


@pytest.mark.req("R16.5")
@pytest.mark.parametrize(
    "header",
    [
        "REMOTE_USER",
        "HTTP_REMOTE_USER",
        "HTTP_X_REMOTE_USER",
        "HTTP_X_FORWARDED_USER",
        "HTTP_X_FORWARDED_EMAIL",
    ],
)
def test_no_header_and_no_variable_signs_anybody_on(cast: Cast, header: str) -> None:
    browser = Visitor()
    assert browser.client.get("/", **{header: "ada"}).status_code == 302
    assert browser.client.get("/api/v1/tickets", **{header: "ada"}).status_code == 401
