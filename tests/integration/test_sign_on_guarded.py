"""Guessing names and passwords: every try costs the same, counts, and tells nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount

from nocturne.core.refusals import Invalid, TooMany
from nocturne.desk import accounts
from nocturne.store.models import Throttle, User
from tests.authenticator import set_up
from tests.cast import PASSWORD, Cast, account
from tests.visitor import Visitor

pytestmark = [pytest.mark.req("R16.5")]

STRANGER = "198.51.100.7"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that passwords were compared with."""
    compared: list[str] = []
    real = accounts.check_password

    def check(password: str, encoded: str, *more: Any) -> bool:
        compared.append(encoded)
        return real(password, encoded, *more)

    monkeypatch.setattr(accounts, "check_password", check)
    return compared


@pytest.mark.parametrize(
    "who", ["known", "unknown", "switched off", "without a password", "vouched for", "with a second factor"]
)
def test_every_wrong_try_costs_exactly_one_password_hash(cast: Cast, hashed: list[str], who: str) -> None:
    names = {
        "known": "anna",
        "unknown": "nobody-here",
        "switched off": "kofi",
        "without a password": "robot",
        "vouched for": "mei",
        "with a second factor": "ada",
    }
    User.objects.filter(name="kofi").update(is_active=False)
    SocialAccount.objects.create(user=User.objects.get(name="mei"), provider="campus", uid="u-1")
    set_up(Visitor("ada"))
    hashed.clear()
    accounts.add_user("robot", groups=["operators"])

    with pytest.raises(Invalid) as refused:
        accounts.sign_on(names[who], "not-this-one", address=STRANGER)

    assert len(hashed) == 1
    assert hashed[0].startswith("md5$"), "a real hash of the hasher in use"
    assert (refused.value.code, refused.value.params, refused.value.field) == (
        "sign_on_failed",
        {},
        "password",
    )


def test_the_right_password_of_somebody_vouched_for_is_answered_as_a_wrong_one(
    cast: Cast, hashed: list[str]
) -> None:
    SocialAccount.objects.create(user=User.objects.get(name="mei"), provider="campus", uid="u-1")
    with pytest.raises(Invalid, match="sign_on_failed"):
        accounts.sign_on("mei", PASSWORD, address=STRANGER)
    assert len(hashed) == 1


@pytest.mark.parametrize("name", ["anna", "nobody-here"])
def test_the_first_try_of_a_process_makes_no_more_hashes_for_one_name_than_for_another(
    cast: Cast, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = accounts.make_password

    def make(password: str | None) -> str:
        made.append(str(password))
        return real(password)

    monkeypatch.setattr(accounts, "make_password", make)
    accounts._nobodys_password.cache_clear()

    with pytest.raises(Invalid):
        accounts.sign_on(name, "not-this-one", address=STRANGER)

    assert len(made) == 1


def test_the_right_password_of_an_account_that_is_switched_off_is_wrong(cast: Cast) -> None:
    User.objects.filter(name="kofi").update(is_active=False)

    with pytest.raises(Invalid):
        accounts.sign_on("kofi", PASSWORD)


def test_a_stranger_who_tries_name_after_name_is_slowed_and_colleagues_are_not(cast: Cast) -> None:
    begin = datetime.now(UTC)
    with time_machine.travel(begin, tick=False) as clock:
        for number in range(accounts.TRIES_BY_ADDRESS):
            with pytest.raises(Invalid):
                accounts.sign_on(f"person{number}", "spring-2026", address=STRANGER)

        for name in ("anna", "nobody-here"):
            with pytest.raises(TooMany) as slowed:
                accounts.sign_on(name, PASSWORD, address=STRANGER)
            assert (slowed.value.code, slowed.value.params) == ("too_many_attempts", {"seconds": 300})

        assert not Throttle.objects.filter(what__startswith="sign-on:anna").exists()
        assert accounts.sign_on("anna", PASSWORD, address="192.0.2.9").name == "anna"
        clock.move_to(begin + timedelta(minutes=5, seconds=1))
        assert accounts.sign_on("anna", PASSWORD, address=STRANGER).name == "anna"


def test_being_locked_out_at_one_place_locks_nobody_out_at_another(cast: Cast) -> None:
    account("cleo", contact=cast.cleo_contact)
    for _ in range(accounts.TRIES):
        with pytest.raises(Invalid):
            accounts.sign_on("anna", "not-this-one", address=STRANGER)
    with pytest.raises(TooMany):
        accounts.sign_on("anna", PASSWORD, address=STRANGER)

    assert accounts.sign_on("anna", PASSWORD, address="192.0.2.9").name == "anna"
    assert accounts.sign_on("cleo", PASSWORD, address=STRANGER).name == "cleo"
