"""What a caller hands to a verb, and what it gets back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nocturne.core.entry import DataClass
from nocturne.core.oneline import CLEAR, Clear
from nocturne.core.refusals import Invalid
from nocturne.core.when import Alarm
from nocturne.store.blobs import File


@dataclass(frozen=True, slots=True)
class Extra:
    """What may come along with any act.

    :param text: words, kept verbatim.
    :param data_class: who may read them (a note is for staff, a reply for customers).
    :param at: when it happened, if not now.
    :param worked: time worked, in seconds.
    :param next_action: what has to happen next; an empty text takes it away, None leaves it.
    :param alarm: sets the timer, or clears it.
    :param fields: other header columns to change, by name; local fields as `field/name`.
    :param files: attachments whose bytes are stored already.
    :param seen: the version the writer has looked at; then a field that somebody else has changed since is refused.
    :param cause: the entry that made this happen.
    :param state: the state the act shall lead to, where its life cycle has several ways.
    """

    text: str = ""
    data_class: DataClass | None = None
    at: datetime | None = None
    worked: int = 0
    next_action: str | None = None
    alarm: Alarm | Clear | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    files: Sequence[File] = ()
    seen: str | None = None
    cause: int | None = None
    state: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


NOTHING = Extra()


@dataclass(frozen=True, slots=True)
class Written:
    """What has been written: the ticket, the entry (inside: its journal number; outside: its address).

    `warnings` say what is not quite right with a value that was taken all the same.
    """

    number: int
    entry: int
    address: str
    at: datetime
    kind: str
    warnings: Sequence[Invalid] = ()


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported a problem, as they gave themselves."""

    name: str = ""
    organisation: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Outage:
    """A span in which service was down, degraded or without redundancy (RFC 1297: apart from the ticket's life)."""

    start: datetime
    end: datetime | None = None
    effect: str = "down"


@dataclass(frozen=True, slots=True)
class Affected:
    """Who is hit: a customer, site or service, and how."""

    kind: str
    name: str
    effect: str = "down"
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A new ticket as its opener describes it. Instants are UTC; `fields` are local ones, as `field/name`."""

    subject: str
    queue: str = ""
    type: str = ""
    text: str = ""
    severity: int | None = None
    priority: int | None = None
    owner: str = ""
    reporter: Reporter | None = None
    reporter_id: int | None = None
    network: str = ""
    site: str = ""
    circuit: str = ""
    vendor: str = ""
    machines: Sequence[str] = ()
    user_address: str = ""
    destination_address: str = ""
    started_at: datetime | None = None
    detected_at: datetime | None = None
    reported_at: datetime | None = None
    planned_start: datetime | None = None
    planned_end: datetime | None = None
    outages: Sequence[Outage] = ()
    affected: Sequence[Affected] = ()
    cc: Sequence[str] = ()
    parent: int | None = None
    number: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


__all__ = [
    "CLEAR",
    "NOTHING",
    "Affected",
    "Alarm",
    "Clear",
    "Extra",
    "Opening",
    "Outage",
    "Reporter",
    "Written",
]
