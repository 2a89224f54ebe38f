"""What a reader has seen of a ticket, as a token that tells nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings

from nocturne.core import opaque, permits
from nocturne.core.configuration import current
from nocturne.core.configuration.grants import Numbers
from nocturne.core.entry import DataClass
from nocturne.core.permits import Actor
from nocturne.store import reach
from nocturne.store.models import Entry, Ticket

_RUNGS: Mapping[Numbers, str] = {
    frozenset(range(int(rung) + 1)): rung.word
    for rung in (DataClass.CUSTOMER, DataClass.STAFF, DataClass.RESTRICTED)
}
"""Sets of classes for which the ticket's row keeps the last entry: a rung of the ladder with all below it."""
MARKS = tuple(
    f"{name}_{word}{end}" for word in _RUNGS.values() for name, end in (("last_seq", ""), ("touched", "_at"))
)
"""The columns of a ticket's row that keep them."""


@lru_cache
def key(purpose: str) -> bytes:
    """Derive this installation's key for one purpose."""
    import hashlib
    import hmac

    return hmac.new(settings.SECRET_KEY.encode(), f"nocturne {purpose}".encode(), hashlib.sha256).digest()


def last_seen(number: int, row: Mapping[str, Any], seen: Numbers) -> tuple[int, datetime | None]:
    """Give the order number and the time of the last entry that readers of these classes may see.

    :param row: the ticket's, with :data:`MARKS`.
    """
    word = _RUNGS.get(seen)
    if word is not None:
        return int(row[f"last_seq_{word}"]), row[f"touched_{word}_at"]
    class_of = current().class_of
    entries = (
        Entry.objects.filter(ticket_id=number)
        .order_by("-seq")
        .values_list("seq", "recorded_at", "shown_class", "changes", "words__changes")
    )
    for seq, at, shown, changes, closed in entries.iterator(chunk_size=50):
        if shown in seen or any(class_of(name) in seen for name, *_ in [*changes, *(closed or [])]):
            return int(seq), at
    return 0, None


def reader(seen: Numbers) -> str:
    """Name the class of reader a token is for: two readers of one class may hand each other what they see."""
    return _RUNGS.get(seen) or "+".join(str(each) for each in sorted(seen)[:200])


def seen_by(actor: Actor, ticket: Ticket) -> Numbers:
    """Give the classes that an actor may read on a ticket whose row is at hand."""
    if permits.held(actor).is_simple:
        return permits.held(actor).sees
    return permits.classes(
        actor, reach.places([{name: getattr(ticket, name) for name in reach.PLACE}], actor)[0]
    )


def token(seen: Numbers, number: int, seq: int) -> str:
    """Seal how far a reader has read a ticket; only readers of the same classes can use it."""
    return opaque.seal(key("version"), reader(seen), number, seq)


def seq_of(seen: Numbers, number: int, given: str) -> int | None:
    """Open such a seal; nothing where it is none of ours, or of other readers."""
    return opaque.unseal(key("version"), reader(seen), number, given)


def changed_since(number: int, seq: int, *, by: Actor, seen: Numbers) -> dict[str, str]:
    """Map each header column that somebody else has changed after `seq` to who did it last, as far as `by` may see."""
    entries = (
        Entry.objects.filter(ticket_id=number, seq__gt=seq)
        .order_by("seq")
        .values_list("changes", "words__changes", "author_kind", "author_id", "author_label", "shown_class")
    )
    found: dict[str, str] = {}
    for open_changes, closed_changes, kind, who, label, shown in entries:
        if (kind, who) == (by.kind, by.id):
            continue
        for name, *_ in [*open_changes, *(closed_changes or [])]:
            found[name] = label if shown in seen else ""
    return found


def first_at(number: int) -> datetime:
    """Say when a ticket's first entry happened: no clock of it runs before."""
    return Entry.objects.filter(ticket_id=number, seq=1).values_list("at", flat=True).get()
