"""What answers with entries look like, for the reference and for the test that holds them to it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from nocturne.doors.api.shapes import Shape


class FileShape(Shape):
    name: str
    media_type: str
    size: int
    purpose: str
    url: str


class ChangeShape(Shape):
    field: str
    before: Any
    after: Any


class CorrectionShape(Shape):
    address: str
    at: str
    author: str
    text: str | None


class NoticeShape(Shape):
    address: str
    name: str
    purpose: str
    state: str
    error: str
    sent_at: str | None


class EntryShape(Shape):
    """One fact on the chart."""

    address: str
    ticket: int
    kind: str
    says: str
    at: str
    recorded_at: str
    author: str
    author_kind: str
    door: str
    data_class: str
    text: str | None
    changes: list[ChangeShape]
    files: list[FileShape]
    corrections: list[CorrectionShape]
    facts: dict[str, Any] | None = None
    worked: int | None = None
    notices: list[NoticeShape] | None = None
    corrects: str | None = None
    redacted: bool | None = None
    redaction: str | None = None
    withdrawn: bool | None = None


class Entries(Shape):
    """A window of entries, oldest first."""

    entries: list[EntryShape]
    earlier: str | None = Field(
        description="Give it as `before` to get what stands before; null at the beginning."
    )
