"""Passwords that are refused although they are long enough."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from nocturne.core.refusals import Invalid
from nocturne.desk import accounts
from nocturne.desk.passwords import is_listed
from tests.cast import Cast

STOLEN = ["correct-horse-battery", "qwertz-nach-acht", "rolling-thunder-99"]


@pytest.fixture
def stolen(tmp_path: Path) -> Path:
    """A list of stolen passwords as such lists are published: SHA-1, how often, in the order of the hashes."""
    many = [f"password number {number}" for number in range(5000)] + STOLEN
    hashes = sorted(hashlib.sha1(each.encode()).hexdigest().upper() for each in many)
    file = tmp_path / "stolen.txt"
    file.write_bytes(b"".join(f"{each}:{len(each) * 7}\r\n".encode() for each in hashes))
    return file


@pytest.mark.req("R16.5")
@pytest.mark.parametrize(
    "password",
    ["password2026!", "P@ssw0rd2026!", "1qwertyuiop1", "iloveyou!!!!", "Lakenet2026!!", "9nocturne99"],
)
def test_a_common_word_in_a_disguise_is_still_a_common_word(cast: Cast, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.new_password(None, password)
    assert (refused.value.code, refused.value.field) == ("weak_password", "password")


@pytest.mark.parametrize("password", ["splice-crew-1040", "ein Faden Licht", "carrier-pigeon-7"])
def test_an_uncommon_one_is_taken(cast: Cast, password: str) -> None:
    assert accounts.new_password(None, password)


def test_every_password_of_a_list_is_found_in_it_and_no_other(stolen: Path) -> None:
    assert all(is_listed(f"password number {number}", stolen) for number in range(0, 5000, 7))
    assert all(is_listed(each, stolen) for each in STOLEN)
    assert not any(is_listed(f"another one {number}", stolen) for number in range(700))


@pytest.mark.parametrize("content", [b"", b"\n", b"no hashes at all"])
def test_a_list_without_hashes_holds_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "empty"
    file.write_bytes(content)
    assert not is_listed("anything-at-all", file)


def test_a_stolen_password_is_refused_by_a_house_that_has_the_list(
    cast: Cast, stolen: Path, settings: Any
) -> None:
    accounts.new_password(None, STOLEN[1])
    settings.NOCTURNE = replace(django_settings.NOCTURNE, breached_passwords=str(stolen))
    with pytest.raises(Invalid) as refused:
        accounts.new_password(None, STOLEN[1])
    assert "stolen" in str(refused.value.params["reasons"])
