"""What leaves the house says nothing about what stays inside: sealed versions, signed mail tokens, addresses.

Keys come from the caller, 32 bytes each. Every use derives its own key, so that no two uses can be played
against each other.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass

_TAG, _BODY = 10, 8
_SEALED = re.compile(r"[A-Za-z0-9_-]{24}")
_MAIL = re.compile(r"nt\.([1-9][0-9]{0,17})\.([1-9][0-9]{0,17})\.([a-z2-7]{16})")
_CHECK = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters that nobody mistakes for others when a subject is read out on the phone."""
_ADDRESS = string.ascii_letters + string.digits
ADDRESS_LENGTH = 12


@dataclass(frozen=True, slots=True)
class MailToken:
    """Which notice on which ticket a Message-ID of ours stood on."""

    ticket: int
    notice: int


def seal(key: bytes, reader: str, ticket: int, seq: int) -> str:
    """Hide how far a class of readers has seen a ticket in 24 letters; the same in gives the same out.

    The code over the content is also what the content is hidden with (as in SIV, RFC 5297), so nothing random
    is needed and equal versions have equal tokens.

    :raises ValueError: a number is negative or has more than 64 bits.
    """
    if not 0 <= seq < 1 << 64 or ticket < 0:
        raise ValueError("out of range")
    tag = _code(key, "version", reader, ticket, seq)[:_TAG]
    body = seq ^ _mask(key, reader, ticket, tag)
    return base64.urlsafe_b64encode(tag + body.to_bytes(_BODY, "big")).decode()


def unseal(key: bytes, reader: str, ticket: int, token: str) -> int | None:
    """Open a sealed version; nothing for a token of another reader or ticket, or a forged one."""
    if not _SEALED.fullmatch(token):
        return None
    raw = base64.urlsafe_b64decode(token)
    tag = raw[:_TAG]
    seq = int.from_bytes(raw[_TAG:], "big") ^ _mask(key, reader, ticket, tag)
    return seq if hmac.compare_digest(tag, _code(key, "version", reader, ticket, seq)[:_TAG]) else None


def sign_mail(key: bytes, ticket: int, notice: int) -> str:
    """Write the token that stands left of the @ in a notice's Message-ID: `nt.4711.9001.k3…`.

    Lower-case letters and digits only, as some relays change the case.
    """
    return f"nt.{ticket}.{notice}.{_mail_code(key, ticket, notice)}"


def verify_mail(key: bytes, token: str) -> MailToken | None:
    """Read a mail token; nothing where the signature is not ours."""
    match = _MAIL.fullmatch(token.lower())
    if match is None:
        return None
    ticket, notice = int(match[1]), int(match[2])
    genuine = hmac.compare_digest(match[3], _mail_code(key, ticket, notice))
    return MailToken(ticket, notice) if genuine else None


def check_letters(key: bytes, ticket: int) -> str:
    """Give the two letters behind a ticket's number in a subject; a foreign `#4711` hardly has the same."""
    first, second = _code(key, "subject", ticket)[:2]
    return _CHECK[first % len(_CHECK)] + _CHECK[second % len(_CHECK)]


def check_letters_fit(key: bytes, ticket: int, letters: str) -> bool:
    """Tell whether these are the ticket's two letters."""
    return hmac.compare_digest(letters.lower().encode(), check_letters(key, ticket).encode())


def new_address() -> str:
    """Choose a random address: letters and digits only, so that a double click takes all of it."""
    return "".join(secrets.choice(_ADDRESS) for _ in range(ADDRESS_LENGTH))


def _mail_code(key: bytes, ticket: int, notice: int) -> str:
    return base64.b32encode(_code(key, "mail", ticket, notice)[:10]).decode().lower()


def _mask(key: bytes, reader: str, ticket: int, tag: bytes) -> int:
    return int.from_bytes(_code(key, "mask", reader, ticket, tag.hex())[:_BODY], "big")


def _code(key: bytes, purpose: str, *parts: str | int) -> bytes:
    """Sign a list of parts, each with its length, so that no two lists spell the same."""
    own = hmac.digest(key, b"nocturne " + purpose.encode(), hashlib.sha256)
    spelt = b"".join(len(part).to_bytes(4, "big") + part for part in (str(each).encode() for each in parts))
    return hmac.digest(own, spelt, hashlib.sha256)
