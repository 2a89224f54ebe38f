"""The second factor: an app on the telephone, recovery codes, and a house that asks for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from nocturne.core.entry import Door
from nocturne.core.refusals import Invalid, TooMany
from nocturne.desk import configuring, factors
from nocturne.store.models import Session, User
from nocturne.store.sessions import digest
from tests.authenticator import code, codes_on, offered, set_up
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor, forms_on, said

ANNA = {"name": "anna", "password": PASSWORD}


def key(visitor: Visitor) -> str:
    return visitor.client.cookies["nocturne-session"].value


@pytest.fixture
def house_asks(cast: Cast) -> None:
    configuring.change({("site", "site"): {"second_factor": "staff"}}, by=cast.ada, door=Door.WEB)


@pytest.fixture
def start() -> datetime:
    return datetime.now(UTC).replace(second=5, microsecond=0)


@pytest.mark.req("R16.5")
def test_anna_sets_an_app_up_and_from_then_on_her_password_alone_opens_nothing(
    cast: Cast, start: datetime
) -> None:
    with time_machine.travel(start, tick=False) as clock:
        secret, codes = set_up(Visitor("anna"))
        assert len(codes) == len(set(codes)) == 10
        clock.move_to(start + timedelta(minutes=2))

        browser = Visitor()
        asked = browser.post("/sign-on", ANNA | {"next": "/views/mine"})
        assert asked.status_code == 200
        assert "Code from your app" in asked.content.decode()
        for page in ("/", "/tickets/1", "/account", "/account/factors", "/sure"):
            assert browser.get(page).headers["Location"].startswith("/sign-on"), page
        assert browser.get("/api/v1/tickets").status_code == 401
        assert Session.objects.get(digest=digest(key(browser))).user is None

        [form] = [each for each in forms_on(asked.content.decode()) if each.action == "/sign-on/second"]
        wrong = browser.post(form.action, form.values | {"code": "000000"})
        assert (wrong.status_code, wrong.content.decode().count("role=alert")) == (422, 1)
        before = key(browser)
        done = browser.post(form.action, form.values | {"code": code(secret)})
        assert done.headers["Location"] == "/views/mine"
        assert key(browser) != before, "a new key with the second proof"
        assert browser.get("/").status_code == 200


def test_what_was_typed_before_signing_on_comes_through_the_second_factor(
    cast: Cast, trouble: int, start: datetime
) -> None:
    with time_machine.travel(start, tick=False) as clock:
        here = Visitor("anna")
        secret, _ = set_up(here)
        clock.move_to(start + timedelta(minutes=1))
        form = here.form(f"/tickets/{trouble}", f"/tickets/{trouble}/notes")
        Session.objects.all().delete()
        page = here.post(form.action, form.values | {"text": "OTDR says 14 km"}).content.decode()
        for typed in ({"name": "anna", "password": PASSWORD}, {"code": code(secret)}):
            [form] = [each for each in forms_on(page) if each.action.startswith("/sign-on")]
            answer = here.post(form.action, form.values | typed)
            page = answer.content.decode()
        assert "OTDR says 14 km" in here.text(answer.headers["Location"])


def test_a_code_counts_once_and_none_before_it_counts_any_more(cast: Cast, start: datetime) -> None:
    user = User.objects.get(name="anna")
    with time_machine.travel(start, tick=False) as clock:
        secret, _ = set_up(Visitor("anna"))
        clock.move_to(start + timedelta(minutes=1))
        used, earlier = code(secret), code(secret, ahead=-1)
        factors.check(user, code=used)
        for old in (used, earlier):
            with pytest.raises(Invalid, match="wrong_code"):
                factors.check(user, code=old)
        clock.move_to(start + timedelta(minutes=1, seconds=30))
        assert factors.check(user, code=f"{code(secret)[:3]} {code(secret)[3:]}") == "code"


def test_codes_cannot_be_guessed_one_after_the_other(cast: Cast, start: datetime) -> None:
    user = User.objects.get(name="anna")
    with time_machine.travel(start, tick=False) as clock:
        secret, _ = set_up(Visitor("anna"))
        clock.move_to(start + timedelta(minutes=10))
        for guess in range(factors.TRIES):
            with pytest.raises(Invalid):
                factors.check(user, code=f"{guess:06d}")
        with pytest.raises(TooMany):
            factors.check(user, code=code(secret))


@pytest.mark.req("R16.5")
def test_a_recovery_code_is_good_once_and_new_ones_end_the_old(cast: Cast, start: datetime) -> None:
    user = User.objects.get(name="anna")
    with time_machine.travel(start, tick=False):
        here = Visitor("anna")
        _, codes = set_up(here)
        assert factors.check(user, code=codes[3]) == "code"
        with pytest.raises(Invalid):
            factors.check(user, code=codes[3])
        page = here.text("/account/factors")
        assert "9 left" in page
        assert not codes_on(page), "they are told once"
        fresh = codes_on(here.send("/account/factors", "/account/factors/codes").content.decode())
        assert len(fresh) == 10
        with pytest.raises(Invalid):
            factors.check(user, code=codes[4])
        factors.check(user, code=fresh[0].replace("-", ""))


def test_a_copy_of_the_database_makes_no_codes(cast: Cast) -> None:
    secret, codes = set_up(Visitor("anna"))
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(each in kept or each.replace("-", "") in kept for each in codes)


@pytest.mark.req("R16.5")
def test_where_the_house_asks_for_a_second_factor_nothing_else_opens_before_it(
    cast: Cast, house_asks: None, trouble: int
) -> None:
    browser = Visitor()
    page = browser.post("/sign-on", ANNA | {"next": f"/tickets/{trouble}"}).content.decode()
    assert "Your NOC asks for a second factor" in page
    for where in ("/", f"/tickets/{trouble}", "/account", "/account/factors", "/device", "/sure"):
        assert browser.get(where).headers["Location"].startswith("/sign-on"), where
    assert browser.get("/api/v1/tickets").status_code == 401
    assert browser.get("/sign-on/second").headers["Location"] == "/sign-on/enrol"

    form, secret = offered(page)
    wrong = browser.post(form.action, form.values | {"code": "000000"}).content.decode()
    form, same = offered(wrong)
    assert same == secret, "the key that was scanned stays good after a mistyped code"
    done = browser.post(form.action, form.values | {"code": code(secret)}).content.decode()
    assert len(codes_on(done)) == 10
    assert f'href="/tickets/{trouble}"' in done
    assert browser.get(f"/tickets/{trouble}").status_code == 200


def test_whoever_has_the_password_alone_cannot_put_another_app_in_place_of_annas(
    cast: Cast, house_asks: None, start: datetime
) -> None:
    with time_machine.travel(start, tick=False):
        browser = Visitor()
        form, secret = offered(browser.post("/sign-on", ANNA).content.decode())
        browser.post(form.action, form.values | {"code": code(secret)})
        thief = Visitor()
        thief.post("/sign-on", ANNA)
        assert thief.get("/sign-on/enrol").headers["Location"] == "/sign-on/second"
        answer = thief.post("/sign-on/enrol", form.values | {"code": code(secret, ahead=1)})
        assert answer.headers["Location"] == "/sign-on/second"
        assert thief.get("/").status_code == 302


def test_the_last_second_factor_stays_where_the_house_asks_for_one(
    cast: Cast, house_asks: None, start: datetime
) -> None:
    with time_machine.travel(start, tick=False):
        browser = Visitor()
        form, secret = offered(browser.post("/sign-on", ANNA).content.decode())
        browser.post(form.action, form.values | {"code": code(secret)})
        number = Authenticator.objects.get(type="totp").pk
        refused = browser.post(f"/account/factors/{number}", {"remove": "1"})
        assert refused.status_code == 409
        assert "Add another one" in said(refused)


def test_with_the_last_second_factor_the_recovery_codes_go(cast: Cast) -> None:
    browser = Visitor("anna")
    set_up(browser)
    before = key(browser)
    number = Authenticator.objects.get(type="totp").pk
    assert browser.post(f"/account/factors/{number}", {"remove": "1"}).status_code == 302
    assert not Authenticator.objects.exists()
    assert key(browser) != before
    assert Visitor("anna").get("/").status_code == 200


def test_nobody_touches_the_factors_of_a_colleague(cast: Cast) -> None:
    set_up(Visitor("anna"))
    number = Authenticator.objects.get(type="totp").pk
    assert Visitor("kofi").post(f"/account/factors/{number}", {"remove": "1"}).status_code == 404
    assert Authenticator.objects.filter(pk=number).exists()


@pytest.mark.parametrize("ended", ["disabled", "new password", "too long ago"])
def test_the_wait_for_the_second_factor_ends(cast: Cast, start: datetime, ended: str) -> None:
    with time_machine.travel(start, tick=False) as clock:
        secret, _ = set_up(Visitor("anna"))
        clock.move_to(start + timedelta(minutes=1))
        browser = Visitor()
        browser.post("/sign-on", ANNA)
        if ended == "disabled":
            User.objects.filter(name="anna").update(is_active=False)
        elif ended == "new password":
            User.objects.filter(name="anna").update(password="another")
        else:
            clock.move_to(start + timedelta(minutes=32))
        answer = browser.post("/sign-on/second", {"code": code(secret)})
        assert answer.headers["Location"] == "/sign-on"
        assert browser.get("/").headers["Location"].startswith("/sign-on")


@pytest.mark.parametrize(
    "answer", ["", "{}", "null", "[1]", '{"response": {}}', '{"response": 1}', "{" * 9000]
)
def test_nonsense_in_the_place_of_a_passkey_is_refused(cast: Cast, answer: str) -> None:
    browser = Visitor("anna")
    form = next(each for each in forms_on(browser.text("/account/factors")) if "passkey" in each.values)
    refused = browser.post("/account/factors", form.values | {"passkey": answer or "x"})
    assert refused.status_code == 422
    assert not Authenticator.objects.exists()


def test_where_the_secret_is_lost_no_code_opens_anything_and_the_page_still_comes(
    cast: Cast, start: datetime, settings: Any
) -> None:
    user = User.objects.get(name="anna")
    with time_machine.travel(start, tick=False) as clock:
        secret, codes = set_up(Visitor("anna"))
        clock.move_to(start + timedelta(minutes=1))
        settings.SECRET_KEY = "another-one-" * 5
        for each in (code(secret), codes[0], code("A" * 32), code("")):
            with pytest.raises(Invalid, match="wrong_code"):
                factors.check(user, code=each)
        assert [each.left for each in factors.of(user)] == [None, 0]
        browser = Visitor()
        assert browser.post("/sign-on", ANNA).status_code == 200
