"""What readers are given: plain values, already reduced to what they may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nocturne.core import clocks
from nocturne.core.priority import affected_now, raised
from nocturne.desk.localfields import FieldView


@dataclass(frozen=True, slots=True)
class FileView:
    """An attachment as a reader sees it; `token` is its address."""

    name: str
    media_type: str
    size: int
    purpose: str
    token: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """How far one recipient's mail has come."""

    address: str
    name: str
    purpose: str
    state: str
    error: str
    sent_at: datetime | None


@dataclass(slots=True)
class EntryView:
    """One entry as a reader sees it. `changes` are (column, before, after) with rows as their labels."""

    address: str
    ticket: int
    kind: str
    at: datetime
    recorded_at: datetime
    author: str
    author_kind: str
    door: str
    data_class: str
    text: str | None
    changes: list[tuple[str, Any, Any]]
    facts: Mapping[str, Any]
    worked: int
    journal: int
    redacted: bool = False
    redaction: str = ""
    corrections: list[EntryView] = field(default_factory=list)
    corrects: str | None = None
    files: list[FileView] = field(default_factory=list)
    notices: list[NoticeView] = field(default_factory=list)
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A window of entries, oldest first; `earlier` is the address to page on from, or None at the beginning."""

    entries: list[EntryView]
    earlier: str | None


@dataclass(slots=True)
class Chart:
    """A ticket as a reader sees it: `header` has only columns they may read, rows as their names."""

    number: int
    asked: int
    header: dict[str, Any]
    version: str
    touched_at: datetime
    machines: list[str] = field(default_factory=list)
    outages: list[dict[str, Any]] = field(default_factory=list)
    affected: list[dict[str, Any]] = field(default_factory=list)
    watchers: list[dict[str, Any]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    fields: list[FieldView] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    absorbed: list[int] = field(default_factory=list)
    segments: list[clocks.Segment] = field(default_factory=list)
    seen: frozenset[int] = frozenset()
    """The data classes that the reader may read on it."""
    place: Mapping[str, Any] = field(default_factory=dict)
    """What the permits ask of a ticket (`permits.may(actor, right, chart.place)`); never shown."""
    is_merged: bool = False
    """Whether it was merged into another, of which its reader may not know; never shown."""
    family: Sequence[dict[str, Any]] = ()
    """The same of the ticket and all that were merged into it, where its facts were read; never shown."""

    @property
    def affected_count(self) -> int:
        """How many it hits now, of those whom its reader may read of."""
        return affected_now(self.affected)

    @property
    def raised(self) -> int:
        """How many it hits, where these are so many that it goes before others."""
        return raised(self.affected_count)
