"""What a reader has seen of a ticket, as a token that tells nothing else."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.conf import settings

from nocturne.core import opaque, permits
from nocturne.core.entry import DataClass
from nocturne.core.permits import Actor
from nocturne.store.models import Entry, Ticket

_LAST = {DataClass.RESTRICTED: "last_seq", DataClass.STAFF: "last_seq_staff"}
_TOUCHED = {DataClass.RESTRICTED: "touched_at", DataClass.STAFF: "touched_staff_at"}


@lru_cache
def key(purpose: str) -> bytes:
    """Derive this installation's key for one purpose."""
    import hashlib
    import hmac

    return hmac.new(settings.SECRET_KEY.encode(), f"nocturne {purpose}".encode(), hashlib.sha256).digest()


def last_column(actor: Actor) -> str:
    """Name the column that holds the last entry's order number that this class of reader may see."""
    return _LAST.get(permits.rung(actor), "last_seq_customer")


def touched_column(actor: Actor) -> str:
    return _TOUCHED.get(permits.rung(actor), "touched_customer_at")


def last_seq(actor: Actor, ticket: Ticket) -> int:
    return int(getattr(ticket, last_column(actor)))


def reader(actor: Actor) -> str:
    """Name the class of reader a token is for: two readers of one class may hand each other what they see."""
    return permits.rung(actor).word


def token(actor: Actor, number: int, seq: int) -> str:
    return opaque.seal(key("version"), reader(actor), number, seq)


def seq_of(actor: Actor, number: int, seen: str) -> int | None:
    return opaque.unseal(key("version"), reader(actor), number, seen)


def changed_since(number: int, seq: int, *, by: Actor) -> dict[str, str]:
    """Map each header column that somebody else has changed after `seq` to who did it last, as far as `by` may see."""
    entries = (
        Entry.objects.filter(ticket_id=number, seq__gt=seq)
        .order_by("seq")
        .values_list("changes", "words__changes", "author_kind", "author_id", "author_label", "shown_class")
    )
    found: dict[str, str] = {}
    top = permits.rung(by)
    for open_changes, closed_changes, kind, who, label, shown in entries:
        if (kind, who) == (by.kind, by.id):
            continue
        for name, *_ in [*open_changes, *(closed_changes or [])]:
            found[name] = label if shown <= top else ""
    return found


def first_at(number: int) -> datetime:
    """Say when a ticket's first entry happened: no clock of it runs before."""
    return Entry.objects.filter(ticket_id=number, seq=1).values_list("at", flat=True).get()
