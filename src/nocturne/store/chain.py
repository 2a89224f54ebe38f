"""What the hash of an entry covers."""

from __future__ import annotations

from typing import Any

from nocturne.core.entry import instant
from nocturne.store.models import Entry


def hashed_facts(entry: Entry) -> list[Any]:
    """List what an entry's hash covers: all that never changes."""
    return [
        entry.ticket_id,
        entry.seq,
        entry.kind,
        instant(entry.at),
        instant(entry.recorded_at),
        entry.author_kind,
        entry.author_id,
        entry.author_label,
        entry.door,
        entry.born_class,
        entry.changes,
        entry.facts,
        entry.worked,
        entry.cause_id,
        entry.corrects_id,
        entry.address,
        bytes(entry.text_hash).hex(),
    ]
