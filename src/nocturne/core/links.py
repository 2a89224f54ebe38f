"""Addresses by which somebody outside reads one ticket without an account: sealed, signed, and good for a while.

A token holds the ticket, the contact and the instant of its end, hidden behind the code over all three (as in SIV,
RFC 5297): it tells its holder no number of ours. The code also covers the generation of the contact and the ticket,
which is kept in the books; raising it makes every token of before worthless.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

CODE = 21
"""Bytes of the code: 168 bits, which nobody guesses."""
_NUMBER, _INSTANT = 8, 5
_BODY = 2 * _NUMBER + _INSTANT
_SPELT = re.compile(r"[A-Za-z0-9_-]{56}")
_HIGHEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Link:
    """Which ticket a token opens to which contact, and until when (UTC)."""

    ticket: int
    contact: int
    ends_at: datetime


def sign(key: bytes, link: Link, *, generation: str) -> str:
    """Write a token of 56 letters; the same in gives the same out.

    :param key: 32 bytes of the installation, for this purpose alone.
    :raises ValueError: a number is negative or has more than 63 bits.
    """
    if not (0 <= link.ticket <= _HIGHEST and 0 <= link.contact <= _HIGHEST):
        raise ValueError("out of range")
    body = _spelt(link)
    code = _code(key, body, generation)
    return base64.urlsafe_b64encode(code + _hidden(key, code, body)).decode()


def opened(key: bytes, token: str, *, generation: Callable[[Link], str], now: datetime) -> Link | None:
    """Open a token; None for one that is forged, changed, past its end, or of an earlier generation.

    :param generation: says for what a token claims to be how often its like was made worthless.
    """
    if not _SPELT.fullmatch(token):
        return None
    raw = base64.urlsafe_b64decode(token)
    code, body = raw[:CODE], _hidden(key, raw[:CODE], raw[CODE:])
    link = _read(body)
    if link is None or not hmac.compare_digest(code, _code(key, body, generation(link))):
        return None
    return link if now < link.ends_at else None


def _spelt(link: Link) -> bytes:
    ends = int(link.ends_at.timestamp())
    return b"".join(
        (
            link.ticket.to_bytes(_NUMBER, "big"),
            link.contact.to_bytes(_NUMBER, "big"),
            ends.to_bytes(_INSTANT, "big"),
        )
    )


def _read(body: bytes) -> Link | None:
    """Read what a token claims; what no number of ours can be is nothing."""
    ticket = int.from_bytes(body[:_NUMBER], "big")
    contact = int.from_bytes(body[_NUMBER : 2 * _NUMBER], "big")
    ends = int.from_bytes(body[2 * _NUMBER :], "big")
    if ticket > _HIGHEST or contact > _HIGHEST or ends > 253_402_300_799:
        return None
    return Link(ticket, contact, datetime.fromtimestamp(ends, UTC))


def _hidden(key: bytes, code: bytes, body: bytes) -> bytes:
    """Hide a body behind its code, or bring it out again."""
    mask = hmac.digest(key, b"nocturne link mask" + code, hashlib.sha256)[:_BODY]
    return bytes(one ^ other for one, other in zip(body, mask, strict=True))


def _code(key: bytes, body: bytes, generation: str) -> bytes:
    return hmac.digest(key, b"nocturne link code" + body + generation.encode(), hashlib.sha256)[:CODE]
