"""Signed addresses of one ticket: what opens them, and that nothing else does."""

from __future__ import annotations

import base64
import string
from datetime import UTC, datetime, timedelta

import pytest

from nocturne.core import links
from nocturne.core.links import Link

KEY = b"k" * 32
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
CLEOS = Link(ticket=4711, contact=12, ends_at=NOW + timedelta(days=30))


def opened(token: str, *, key: bytes = KEY, generation: str = "0.0", now: datetime = NOW) -> Link | None:
    return links.opened(key, token, generation=lambda _link: generation, now=now)


def test_a_link_opens_the_one_ticket_to_the_one_contact() -> None:
    assert opened(links.sign(KEY, CLEOS, generation="0.0")) == CLEOS


def test_a_link_is_worth_nothing_from_the_second_it_ends() -> None:
    token = links.sign(KEY, CLEOS, generation="0.0")
    assert opened(token, now=CLEOS.ends_at - timedelta(seconds=1)) == CLEOS
    assert opened(token, now=CLEOS.ends_at) is None


def test_a_link_with_any_bit_changed_opens_nothing() -> None:
    raw = base64.urlsafe_b64decode(links.sign(KEY, CLEOS, generation="0.0"))
    for place in range(len(raw) * 8):
        forged = bytearray(raw)
        forged[place // 8] ^= 1 << place % 8
        assert opened(base64.urlsafe_b64encode(bytes(forged)).decode()) is None, place


def test_every_letter_of_a_link_counts_and_it_is_spelt_in_one_way() -> None:
    token = links.sign(KEY, CLEOS, generation="0.0")
    for place, letter in enumerate(token):
        for other in string.ascii_letters + string.digits + "-_":
            if other != letter:
                assert opened(token[:place] + other + token[place + 1 :]) is None, (place, other)


@pytest.mark.parametrize("length", [0, 1, 20, 28, 55, 57, 112])
def test_a_link_of_any_other_length_opens_nothing(length: int) -> None:
    token = links.sign(KEY, CLEOS, generation="0.0")
    assert opened((token * 2)[:length]) is None
    assert opened(token + "=") is None
    assert opened(f"{token}\n") is None


def test_a_link_made_worthless_or_signed_elsewhere_opens_nothing() -> None:
    token = links.sign(KEY, CLEOS, generation="0.0")
    assert opened(token, generation="1.0") is None
    assert opened(token, key=b"x" * 32) is None


def test_a_link_tells_no_number_of_ours() -> None:
    here = base64.urlsafe_b64decode(links.sign(KEY, CLEOS, generation="0.0"))
    next_door = base64.urlsafe_b64decode(links.sign(KEY, Link(4712, 12, CLEOS.ends_at), generation="0.0"))
    assert (4711).to_bytes(8, "big") not in here
    same = sum(one == other for one, other in zip(here, next_door, strict=True))
    assert same < 12, "two tickets of one contact look like two strangers"


@pytest.mark.parametrize("number", [-1, 2**63])
def test_no_number_that_is_none_is_signed(number: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        links.sign(KEY, Link(number, 1, NOW), generation="")
