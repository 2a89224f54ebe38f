"""What leaves the house tells nothing, and cannot be forged."""

from __future__ import annotations

import pytest

from nocturne.core.opaque import (
    ADDRESS_LENGTH,
    MailToken,
    check_letters,
    check_letters_fit,
    new_address,
    seal,
    sign_mail,
    unseal,
    verify_mail,
)

KEY = b"k" * 32
OTHER_KEY = b"o" * 32


def test_a_version_comes_back_for_its_own_reader_and_ticket() -> None:
    assert unseal(KEY, "staff", 4711, seal(KEY, "staff", 4711, 12)) == 12


def test_a_version_shown_to_staff_opens_for_nobody_else() -> None:
    token = seal(KEY, "staff", 4711, 12)
    assert unseal(KEY, "customer", 4711, token) is None
    assert unseal(KEY, "staff", 4712, token) is None
    assert unseal(OTHER_KEY, "staff", 4711, token) is None


def test_readers_and_tickets_cannot_be_shifted_into_each_other() -> None:
    assert unseal(KEY, "staff1", 1, seal(KEY, "staff", 11, 3)) is None


@pytest.mark.parametrize(
    "token", ["", "12", "x" * 23, "x" * 25, "é" * 24, "=" * 24, "A" * 24, "A" * 23 + "\n"]
)
def test_nonsense_in_place_of_a_version_opens_nothing(token: str) -> None:
    assert unseal(KEY, "staff", 4711, token) is None


def test_neighbouring_versions_do_not_look_alike() -> None:
    tokens = [seal(KEY, "staff", 4711, seq) for seq in range(50)]
    assert len({token[:4] for token in tokens}) > 45
    assert len({token[-4:] for token in tokens}) > 45


@pytest.mark.parametrize(("ticket", "seq"), [(-1, 0), (1, -1), (1, 1 << 64)])
def test_numbers_out_of_range_are_not_sealed(ticket: int, seq: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        seal(KEY, "staff", ticket, seq)


def test_a_mail_token_names_its_ticket_and_notice_even_after_a_relay_has_changed_its_case() -> None:
    token = sign_mail(KEY, 4711, 9001)
    assert token.startswith("nt.4711.9001.")
    assert token == token.lower()
    assert verify_mail(KEY, token.upper()) == MailToken(4711, 9001)


def test_a_mail_token_for_another_ticket_or_of_another_installation_is_not_believed() -> None:
    token = sign_mail(KEY, 4711, 9001)
    assert verify_mail(KEY, token.replace("4711", "4712")) is None
    assert verify_mail(KEY, token.replace("9001", "9002")) is None
    assert verify_mail(OTHER_KEY, token) is None
    assert verify_mail(KEY, token + "a") is None
    assert verify_mail(KEY, "nt.4711.9001.") is None


def test_the_letters_behind_a_number_depend_on_the_installation() -> None:
    letters = [check_letters(KEY, ticket) for ticket in range(1, 200)]
    assert all(len(each) == 2 for each in letters)
    assert sum(check_letters_fit(OTHER_KEY, ticket, each) for ticket, each in enumerate(letters, 1)) < 10
    assert check_letters_fit(KEY, 1, letters[0].upper())
    assert not check_letters_fit(KEY, 1, "")
    assert not check_letters_fit(KEY, 1, "é7")


def test_addresses_are_short_plain_and_never_the_same() -> None:
    addresses = {new_address() for _ in range(500)}
    assert len(addresses) == 500
    assert all(len(each) == ADDRESS_LENGTH and each.isascii() and each.isalnum() for each in addresses)
