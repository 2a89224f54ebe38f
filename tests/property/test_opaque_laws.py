"""Laws of what leaves the house."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nocturne.core.opaque import seal, sign_mail, unseal, verify_mail

KEYS = st.binary(min_size=32, max_size=32)
TICKETS = st.integers(1, 10**15)
SEQS = st.integers(0, 2**64 - 1)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@settings(max_examples=30, deadline=None)
@given(key=KEYS, reader=st.text(max_size=8), ticket=TICKETS, seq=SEQS)
def test_every_version_comes_back_and_is_short(key: bytes, reader: str, ticket: int, seq: int) -> None:
    token = seal(key, reader, ticket, seq)
    assert len(token) <= 24
    assert unseal(key, reader, ticket, token) == seq
    assert unseal(key, reader + "x", ticket, token) is None
    assert unseal(key, reader, ticket + 1, token) is None


@settings(max_examples=30, deadline=None)
@given(key=KEYS, seq=st.integers(0, 1000), place=st.integers(0, 23), letter=st.sampled_from(LETTERS))
def test_one_other_letter_opens_nothing(key: bytes, seq: int, place: int, letter: str) -> None:
    token = seal(key, "staff", 4711, seq)
    changed = token[:place] + letter + token[place + 1 :]
    assert unseal(key, "staff", 4711, changed) == (seq if changed == token else None)


@settings(max_examples=40, deadline=None)
@given(key=KEYS, ticket=TICKETS, notice=TICKETS, other=st.text(max_size=40))
def test_mail_tokens_come_back_and_others_are_not_believed(
    key: bytes, ticket: int, notice: int, other: str
) -> None:
    found = verify_mail(key, sign_mail(key, ticket, notice))
    assert found is not None
    assert (found.ticket, found.notice) == (ticket, notice)
    assert verify_mail(key, other) is None
