"""Every extension point, typed. Plugins fill these registries from the entry-point group `nocturne.plugins`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nocturne.core.entry import Kind
from nocturne.core.permits import Actor


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that is about to be written: an auditor may refuse it by raising a Refusal."""

    ticket: int
    kind: Kind
    by: Actor
    at: datetime
    header: Mapping[str, Any]
    after: Mapping[str, Any]
    text: str


Auditor = Callable[[Proposal], None]

auditors: list[Auditor] = []
"""Asked before every entry, inside its transaction, in the order of this list."""
