"""What answers about rights, audit, health and displays look like, for the reference and its test."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from nocturne.doors.api.shapes import Shape


class ClearanceSays(Shape):
    clearance: str
    gives: bool
    says: str


class Explanation(Shape):
    """Whether an account may see or do something, and what each clearance says to that."""

    allowed: bool
    answer: str
    clearances: list[ClearanceSays]


class ClearanceHolders(Shape):
    clearance: str
    who: str
    accounts: list[str]


class Readers(Shape):
    clearances: list[ClearanceHolders]


class AuditRow(Shape):
    """One act of administration."""

    number: int
    at: str
    who: str
    who_kind: str
    door: str
    act: str
    says: str
    subject_kind: str
    subject: str
    batch: str = Field(description="The same for all that was done in one.")
    before: Any = None
    after: Any = None
    facts: dict[str, Any]


class AuditRows(Shape):
    rows: list[AuditRow]
    after: str | None


class AuditBreak(Shape):
    row: int
    reason: str = Field(description="gap: a row before it is missing or changed. changed: this row was.")


class AuditChain(Shape):
    """How far the chain of the audit was walked."""

    rows: int
    last: int
    is_whole: bool
    hash: str
    broken: AuditBreak | None = None


class HealthPart(Shape):
    """One part of the house."""

    name: str
    title: str
    state: str = Field(description="good, warn or bad.")
    says: str
    remedy: str


class HealthShape(Shape):
    """How the house is: as the worst of its parts; and what waits for somebody."""

    state: str
    parts: list[HealthPart]
    versions: dict[str, str]
    mails: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    jobs: list[dict[str, Any]]


class Display(Shape):
    """One wall display."""

    number: int
    owner: str
    label: str
    since: str
    last_used_at: str | None = None
    shows: list[str] = Field(
        description="The views and dashboards that it takes in turns: view:KEY, dashboard:KEY."
    )


class Displays(Shape):
    displays: list[Display]
