"""The record of administration: who changed what outside the tickets, chained so that nothing can vanish from it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from nocturne.core.entry import Door, chain_hash, instant
from nocturne.core.permits import Actor
from nocturne.desk import clock
from nocturne.store.db import writing
from nocturne.store.models import Audit, Installation


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row at which the chain does not hold."""

    row: int
    reason: str


def note(
    act: str,
    *,
    by: Actor,
    door: Door,
    subject: tuple[str, str],
    before: Any = None,
    after: Any = None,
    facts: Mapping[str, Any] | None = None,
    batch: str = "",
) -> Audit:
    """Write down one act of administration, in the transaction of the act itself.

    :param act: what was done, as a code (`configuration_changed`, `account_disabled`).
    :param subject: kind and name of what it was done to.
    :param before, after: plain values; never a password, a token or any other secret.
    :param batch: what several acts have in common that were done as one.
    """
    with writing():
        _one_at_a_time()
        last = Audit.objects.order_by("-pk").values_list("hash", flat=True).first()
        row = Audit(
            at=clock.now(),
            actor_kind=by.kind,
            actor_id=by.id,
            actor_label=by.label[:200],
            door=door.value,
            act=act,
            subject_kind=subject[0],
            subject=subject[1][:160],
            batch=batch,
            before=before,
            after=after,
            facts=dict(facts or {}),
            prev_hash=bytes(last or bytes(32)),
        )
        row.hash = chain_hash(bytes(row.prev_hash), _hashed(row))
        row.save(force_insert=True)
        return row


def new_batch() -> str:
    """Draw a name for acts that belong together."""
    return secrets.token_hex(8)


def verify() -> Broken | None:
    """Walk the whole chain; None where it holds."""
    return next((each for each in walk() if isinstance(each, Broken)), None)


def walk(*, after: int = 0) -> Iterator[Audit | Broken]:
    """Walk the chain from the row behind this number on; a place at which it does not hold ends the walk."""
    before = bytes(32)
    if after:
        known = Audit.objects.filter(pk=after).values_list("hash", flat=True).first()
        if known is None:
            yield Broken(after, "gap")
            return
        before = bytes(known)
    for row in Audit.objects.filter(pk__gt=after).order_by("pk").iterator(chunk_size=500):
        if bytes(row.prev_hash) != before:
            yield Broken(row.pk, "gap")
            return
        if chain_hash(before, _hashed(row)) != bytes(row.hash):
            yield Broken(row.pk, "changed")
            return
        before = bytes(row.hash)
        yield row


def found(
    *,
    act: str = "",
    actor: str = "",
    subject_kind: str = "",
    subject: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Audit]:
    """Find rows, the newest first; empty conditions do not count."""
    rows = Audit.objects.order_by("-pk")
    if act:
        rows = rows.filter(act=act)
    if actor:
        rows = rows.filter(actor_label__iexact=actor)
    if subject_kind:
        rows = rows.filter(subject_kind=subject_kind)
    if subject:
        rows = rows.filter(subject=subject)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    return rows


def differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """List what differs between two plain values, by the path of the key."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys(), key=str):
            yield from differences(before.get(key), after.get(key), f"{path}.{key}" if path else str(key))
    elif before != after:
        yield path, before, after


def _one_at_a_time() -> None:
    """Let one transaction at a time add to the chain: each needs the hash of the row before."""
    Installation.objects.get_or_create(pk=1)
    Installation.objects.select_for_update().filter(pk=1).values_list("pk").first()


def _hashed(row: Audit) -> list[Any]:
    return [
        instant(row.at), row.actor_kind, row.actor_id, row.actor_label, row.door, row.act, row.subject_kind,
        row.subject, row.batch, row.before, row.after, row.facts,
    ]  # fmt: skip
