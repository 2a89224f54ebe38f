"""What a mail says, as plain values: what the child that reads it hands to the worker that files it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Piece:
    """A part that is kept as a file; `place` names the file in the folder that the child wrote into."""

    name: str
    media_type: str
    place: str
    size: int
    purpose: str = "file"


@dataclass(slots=True)
class Report:
    """What a delivery report says (RFC 3464): which mail of ours it is about, and what became of it.

    `kind` is delivery-status or disposition-notification.
    """

    kind: str
    message_id: str = ""
    action: str = ""
    status: str = ""
    address: str = ""
    reason: str = ""


@dataclass(slots=True)
class Letter:
    """A mail that has been read. People are [name, address]; Message-IDs stand without their brackets.

    :param tail: where in the text the quoted tail begins; None where there is none.
    :param claimed_at: the Date field as it stood; nobody trusts it.
    """

    message_id: str = ""
    in_reply_to: str = ""
    references: str = ""
    senders: list[list[str]] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    cc: list[list[str]] = field(default_factory=list)
    subject: str = ""
    claimed_at: str = ""
    text: str = ""
    tail: int | None = None
    headers: list[list[str]] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    report: Report | None = None
    body_hash: str = ""
    flags: list[str] = field(default_factory=list)

    @property
    def sender(self) -> tuple[str, str]:
        """The one who wrote it, as they say; nobody where no one, or more than one, is named."""
        return (self.senders[0][0], self.senders[0][1]) if len(self.senders) == 1 else ("", "")

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_stored(cls, given: dict[str, Any]) -> Letter:
        report = given.pop("report")
        pieces = [Piece(**each) for each in given.pop("pieces")]
        return cls(**given, pieces=pieces, report=Report(**report) if report else None)
