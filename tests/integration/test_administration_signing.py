"""Ada says in the browser, and programs say over the API, who vouches for whom and who has lost their factors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings

from nocturne.core.vouching import Provider
from nocturne.desk import vouchers
from nocturne.store.models import Audit, User
from tests.authenticator import set_up
from tests.caller import caller
from tests.cast import Cast
from tests.visitor import Visitor

PAGE = "/administration/person/anna"


@pytest.fixture
def campus(cast: Cast, settings: Any) -> None:
    one = Provider("campus", "Campus login", "https://idp.campus.example", "nocturne")
    settings.NOCTURNE = replace(django_settings.NOCTURNE, oidc=(one,))


def user(name: str) -> User:
    return User.objects.get(name=name)


@pytest.mark.req("R16.5")
def test_ada_links_anna_names_her_for_local_sign_on_and_takes_both_back(cast: Cast, campus: None) -> None:
    ada = Visitor("ada")
    done = ada.send(PAGE, f"{PAGE}/vouching", provider="campus", subject="u-4711")
    assert "did=linked" in done.headers["Location"]
    assert "u-4711" in ada.text(PAGE)
    refused = ada.send(PAGE, f"{PAGE}/vouching", provider="elsewhere", subject="u-1")
    assert refused.status_code == 422
    assert "u-1" in refused.content.decode(), "what was typed is still there"
    ada.post(f"{PAGE}/local", {"allowed": "1"})
    assert user("anna").local_sign_on
    ada.post(f"{PAGE}/local", {"allowed": "0"})
    ada.send(PAGE, f"{PAGE}/vouching-end", provider="campus")
    assert vouchers.of(user("anna")) == []
    rows = Audit.objects.filter(subject="anna").order_by("pk").values_list("act", "actor_label")
    assert list(rows) == [
        ("linked", "ada"),
        ("local_sign_on_allowed", "ada"),
        ("local_sign_on_ended", "ada"),
        ("unlinked", "ada"),
    ]


def test_ada_helps_anna_who_has_lost_telephone_and_codes(cast: Cast) -> None:
    anna = Visitor("anna")
    set_up(anna)
    ada = Visitor("ada")
    assert "did=factors_gone" in ada.send(PAGE, f"{PAGE}/factor-removal").headers["Location"]
    assert not Authenticator.objects.exists()
    assert anna.get("/").status_code == 302


@pytest.mark.parametrize("noun", ["vouching", "vouching-end", "local", "factor-removal"])
def test_an_operator_does_none_of_it(cast: Cast, campus: None, noun: str) -> None:
    set_up(Visitor("ada"))
    kofi = Visitor("kofi")
    sent = {"provider": "campus", "subject": "u-1", "allowed": "1"}
    assert kofi.post(f"/administration/person/ada/{noun}", sent).status_code in (403, 404)
    assert Authenticator.objects.filter(user__name="ada").exists()
    assert vouchers.of(user("ada")) == []
    assert not user("ada").local_sign_on


def test_programs_do_the_same_over_the_api(cast: Cast, campus: None) -> None:
    ada = caller(cast.ada, scopes="read write admin")
    ada.call("PUT", "/accounts/anna/vouchers/campus", {"subject": "u-4711"})
    assert ada.status == 204
    ada.call("PUT", "/accounts/kofi/vouchers/campus", {"subject": "u-4711"})
    assert ada.status == 422
    ada.call("PUT", "/accounts/anna/local-sign-on")
    [row] = [each for each in ada.get("/signing")["accounts"] if each["name"] == "anna"]
    assert (row["provider"], row["subject"], row["may_locally"]) == ("campus", "u-4711", True)
    ada.call("DELETE", "/accounts/anna/local-sign-on")
    ada.call("DELETE", "/accounts/anna/vouchers/campus")
    ada.call("DELETE", "/accounts/anna/vouchers/campus")
    assert ada.status == 404
    ada.call("DELETE", "/accounts/anna/factors")
    assert ada.status == 204
    kofi = caller(cast.kofi)
    for method, path in (("GET", "/signing"), ("DELETE", "/accounts/ada/factors")):
        kofi.call(method, path)
        assert kofi.status == 403
