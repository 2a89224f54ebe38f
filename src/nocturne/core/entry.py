"""One fact on a chart, and the words it is made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any

FIRST_LOCAL_CLASS, LAST_LOCAL_CLASS = 10, 32_000
Value = str | int | bool | float | None | dict[str, Any] | list[Any]


class Door(StrEnum):
    """Where something came in."""

    WEB = "web"
    API = "api"
    CLI = "cli"
    MAIL = "mail"
    ALERT = "alert"
    RULE = "rule"
    ALARM = "alarm"
    IMPORT = "import"


class DataClass(IntEnum):
    """What kind of reader a fact is for: a ladder, each rung sees those below; local classes stand beside it.

    A local class is a number above the ladder, so that a comparison with a rung never lets one through.
    """

    PUBLIC = 0
    CUSTOMER = 1
    STAFF = 2
    RESTRICTED = 3

    @classmethod
    def _missing_(cls, value: object) -> DataClass | None:
        if not isinstance(value, int) or not FIRST_LOCAL_CLASS <= value <= LAST_LOCAL_CLASS:
            return None
        made = int.__new__(cls, value)
        made._name_, made._value_ = f"LOCAL_{value}", value
        found: DataClass = cls._value2member_map_.setdefault(value, made)  # type: ignore[assignment]
        return found

    @property
    def is_local(self) -> bool:
        return self > DataClass.RESTRICTED

    @property
    def word(self) -> str:
        """The class's name: the rung's, or what the site calls a local class now."""
        if not self.is_local:
            return self.name.lower()
        from nocturne.core.configuration.inforce import current

        return current().class_words.get(int(self), f"class-{int(self)}")

    @classmethod
    def named(cls, word: str) -> DataClass:
        """Take a class's word, or one that a local class has had.

        :raises KeyError: there is no such class.
        """
        if word.upper() in cls.__members__:
            return cls[word.upper()]
        from nocturne.core.configuration.inforce import current

        return cls(current().class_numbers[word])


class Kind(StrEnum):
    """What an entry says has been done."""

    OPENED = "opened"
    NOTE = "note"
    REPLY = "reply"
    RECEIVED = "received"
    TAKEN = "taken"
    GIVEN = "given"
    REFERRED = "referred"
    DISPATCHED = "dispatched"
    ESCALATED = "escalated"
    CHANGED = "changed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    RESTORED = "restored"
    RESOLVED = "resolved"
    CHECKED = "checked"
    CLOSED = "closed"
    REOPENED = "reopened"
    REJECTED = "rejected"
    RELATED = "related"
    UNRELATED = "unrelated"
    MERGED = "merged"
    ABSORBED = "absorbed"
    UNMERGED = "unmerged"
    SPLIT = "split"
    CORRECTED = "corrected"
    REDACTED = "redacted"
    RECLASSIFIED = "reclassified"
    RANG = "rang"
    ACKNOWLEDGED = "acknowledged"
    TOLD = "told"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    OUTAGE = "outage"
    AFFECTED = "affected"
    MOVED = "moved"


SPOKEN = frozenset({Kind.OPENED, Kind.NOTE, Kind.REPLY, Kind.RECEIVED})
"""Kinds in which a person speaks; the others are acts."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote an entry: an account, a contact, a machine, or a name as an import found it."""

    kind: str
    id: int | None
    label: str


@dataclass(frozen=True, slots=True)
class Change:
    """One header column before and after. Values are JSON: instants as ISO text, rows as `{"id", "label"}`."""

    column: str
    before: Any
    after: Any

    def stored(self) -> list[Any]:
        return [self.column, self.before, self.after]


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact as it is read back. Times are UTC; `worked` is in seconds; `seq` orders the entries of one ticket."""

    id: int
    ticket: int
    seq: int
    kind: Kind
    at: datetime
    recorded_at: datetime
    author: Author
    door: Door
    data_class: DataClass
    changes: tuple[Change, ...] = ()
    text: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    worked: int = 0
    cause: int | None = None
    corrects: int | None = None
    address: str = ""
    redacted: bool = False


def instant(at: datetime) -> str:
    """Spell an instant for the books: UTC, microseconds, always of one length, so that text order is time order."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def from_instant(text: str) -> datetime:
    """Read an instant as :func:`instant` spelt it; what reads any pattern takes fifty times as long.

    :raises ValueError: it is spelt otherwise.
    """
    if len(text) != _SPELT_IN or not text.endswith("Z"):
        raise ValueError(f"{text!r} is no instant of the books")
    return datetime.fromisoformat(text)


_SPELT_IN = len("2026-11-22T03:00:00.000000Z")


def canonical(value: Any) -> bytes:
    """Spell a JSON value in the one way that is hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def text_hash(salt: bytes, text: str | None, sensitive: list[list[Any]]) -> bytes:
    """Hash what a redaction may take away; the salt goes with it, so that a guess cannot be tried afterwards."""
    return hashlib.sha256(salt + canonical([text, sensitive])).digest()


def chain_hash(prev: bytes, facts: list[Any]) -> bytes:
    """Hash one entry onto the one before it on the same ticket."""
    return hashlib.sha256(prev + canonical(facts)).digest()
