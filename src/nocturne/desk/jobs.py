"""Leaves follow-up work in the same transaction as its cause."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from nocturne.store.models import Job


def leave(
    lane: str,
    kind: str,
    jobs: Iterable[tuple[dict[str, Any], str | None]],
    *,
    now: datetime,
    run_at: datetime | None = None,
) -> None:
    """Leave jobs for the worker; one whose key is there already is not left twice.

    :param jobs: arguments and unique key (or None) of each.
    """
    Job.objects.bulk_create(
        [
            Job(lane=lane, kind=kind, args=args, unique_key=key, run_at=run_at or now, created_at=now)
            for args, key in jobs
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
