"""A forgotten password: a link by mail, good once and for an hour, and nothing told to whoever asks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as django_settings

from nocturne.core.refusals import NotFound
from nocturne.desk import accounts, reset
from nocturne.store.models import PasswordReset, Session, User
from nocturne.watch import account_mail
from tests.cast import PASSWORD, Cast
from tests.visitor import Visitor, said

LINK = re.compile(r"http://noc\.lakenet\.example/sign-on/new-password/([A-Za-z0-9_-]{43})")


@pytest.fixture
def outbox() -> Path:
    folder: Path = django_settings.NOCTURNE.home / "outbox"
    for file in folder.glob("*.eml") if folder.exists() else ():
        file.unlink()
    return folder


def letters(outbox: Path) -> list[str]:
    """This will let the worker do its turns, and read what it has sent."""
    while account_mail.turn() == 0.0:
        pass
    return [file.read_text() for file in outbox.glob("*.eml")] if outbox.exists() else []


def secret(outbox: Path) -> str:
    [letter] = letters(outbox)
    found = LINK.search(letter.replace("=\n", ""))
    assert found, letter
    return found[1]


@pytest.mark.req("R16.5")
def test_anna_gets_a_link_chooses_a_new_password_and_her_browsers_are_signed_off(
    cast: Cast, outbox: Path
) -> None:
    here = Visitor("anna")
    assert "link is on its way" in Visitor().send("/sign-on/forgotten", asked="Anna").content.decode()
    token = secret(outbox)
    browser = Visitor()
    page = f"/sign-on/new-password/{token}"
    assert browser.get(page).headers["Referrer-Policy"] == "strict-origin"
    unlike = browser.post(page, {"new": "carrier-pigeon-7", "again": "carrier-pigeon-8"})
    assert (unlike.status_code, said(unlike)) == (422, "The two passwords are not the same.")
    weak = browser.post(page, {"new": "password", "again": "password"})
    assert "too easy to guess" in said(weak)
    done = browser.post(page, {"new": "carrier-pigeon-7", "again": "carrier-pigeon-7"})
    assert "is changed" in done.content.decode()
    assert browser.get("/").status_code == 302, "the link signs nobody on"
    assert here.get("/").status_code == 302
    assert Visitor("anna", password="carrier-pigeon-7").get("/").status_code == 200
    again = browser.post(page, {"new": "carrier-pigeon-8", "again": "carrier-pigeon-8"})
    assert again.status_code == 404
    assert "has been used" in said(again)


@pytest.mark.req("R16.5")
@pytest.mark.parametrize(
    "asked", ["anna", "nobody-here", "kofi", "robot", "anna@lakenet.example", "x" * 300, "mei"]
)
def test_the_answer_tells_nobody_who_has_an_account(cast: Cast, outbox: Path, asked: str) -> None:
    User.objects.filter(name="kofi").update(is_active=False)
    User.objects.filter(name="mei").update(email="")
    accounts.add_user("robot", groups=["operators"], email="robot@lakenet.example")
    answer = Visitor().post("/sign-on/forgotten", {"asked": asked})
    assert answer.status_code == 200
    assert "link is on its way" in answer.content.decode()
    assert PasswordReset.objects.count() == 1, "the same is written down for everybody"
    assert len(letters(outbox)) == (1 if asked.startswith("anna") else 0)


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "X-Forwarded-Server", "Forwarded", "Origin"])
def test_a_forged_host_stands_in_no_link(cast: Cast, outbox: Path, header: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # the worst that could be configured
    Visitor().post("/sign-on/forgotten", {"asked": "anna"}, **{header: "evil.example"})
    [letter] = letters(outbox)
    assert "evil.example" not in letter
    assert LINK.search(letter.replace("=\n", ""))


def test_a_link_is_worthless_after_an_hour(cast: Cast, outbox: Path) -> None:
    start = datetime.now(UTC)
    with time_machine.travel(start, tick=False) as clock:
        reset.ask("anna", address="192.0.2.1")
        token = secret(outbox)
        clock.move_to(start + timedelta(minutes=59))
        assert reset.fits(token).name == "anna"
        clock.move_to(start + timedelta(minutes=61))
        with pytest.raises(NotFound):
            reset.change(token, "carrier-pigeon-7")


@pytest.mark.parametrize("token", ["", "None", "e3b0c44298fc1c14", "0" * 64])
def test_an_empty_or_guessed_secret_fits_nothing(cast: Cast, token: str) -> None:
    PasswordReset.objects.create(asked="anna", asked_at=datetime.now(UTC), run_at=datetime.now(UTC))
    with pytest.raises(NotFound):
        reset.fits(token)


def test_the_secret_is_kept_hashed_and_the_newest_link_alone_is_good(cast: Cast, outbox: Path) -> None:
    reset.ask("anna", address="192.0.2.1")
    first = secret(outbox)
    row = PasswordReset.objects.get()
    assert row.digest == accounts.digest(first)
    assert first not in str(PasswordReset.objects.values())
    reset.ask("anna", address="192.0.2.1")
    letters(outbox)
    reset.change(first, "carrier-pigeon-7")
    assert not PasswordReset.objects.filter(used_at=None).exists(), "the other link went with it"


def test_with_the_account_its_link_ends(cast: Cast, outbox: Path) -> None:
    reset.ask("anna", address="192.0.2.1")
    token = secret(outbox)
    User.objects.filter(name="anna").update(is_active=False)
    with pytest.raises(NotFound):
        reset.fits(token)


def test_whoever_a_provider_vouches_for_gets_no_password_by_mail(cast: Cast, outbox: Path) -> None:
    SocialAccount.objects.create(user=User.objects.get(name="anna"), provider="campus", uid="4711")
    reset.ask("anna", address="192.0.2.1")
    assert letters(outbox) == []


def test_nobodys_letter_box_is_filled_from_here(cast: Cast, outbox: Path) -> None:
    answers = [Visitor().post("/sign-on/forgotten", {"asked": "anna"}) for _ in range(reset.BY_NAME + 3)]
    assert {answer.status_code for answer in answers} == {200}, "and the asker is not told"
    assert len(letters(outbox)) == reset.BY_NAME
    more = [
        Visitor().post("/sign-on/forgotten", {"asked": f"a{n}"}).status_code for n in range(reset.BY_ADDRESS)
    ]
    assert more[-1] == 429


def test_anna_can_still_sign_on_while_somebody_asks_for_her_password(cast: Cast, outbox: Path) -> None:
    reset.ask("anna", address="192.0.2.1")
    letters(outbox)
    assert Visitor("anna", password=PASSWORD).get("/").status_code == 200
    assert Session.objects.filter(user__name="anna").count() == 1
