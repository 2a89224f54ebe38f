"""What answers about the configuration look like."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from nocturne.doors.api.shapes import Shape


class Document(Shape):
    """One document: what it says, and the version that names that."""

    kind: str
    name: str
    body: dict[str, Any]
    version: str = Field(description="Give it back as If-Match, or as `version` of a change.")


class Configuration(Shape):
    """All documents in force; `edition` changes whenever one of them does."""

    edition: str
    documents: list[Document]


class KeyChanged(Shape):
    """One key that is another now."""

    path: str
    how: str = Field(description="added, gone or changed.")
    before: Any = None
    after: Any = None


class DocumentChanged(Shape):
    """One document that is another now; the version of one that is gone is `none`."""

    kind: str
    name: str
    how: str = Field(description="added, gone or changed.")
    version: str
    keys: list[KeyChanged]


class Changed(Shape):
    """What has changed, or with `dry_run` would."""

    changed: list[DocumentChanged]
    dry_run: bool


class Past(Shape):
    """One change as it is kept."""

    row: int
    at: str
    who: str
    door: str
    reason: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


class History(Shape):
    """The changes of one document, the newest first."""

    changes: list[Past]
