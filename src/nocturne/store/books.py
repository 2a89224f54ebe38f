"""Proves the books: that every header is what its entries add up to, and that no entry was touched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nocturne.core.chart import difference, fold
from nocturne.core.entry import Author, Change, DataClass, Door, Entry, Kind, chain_hash, text_hash
from nocturne.core.priority import affected_now, raised
from nocturne.store import models
from nocturne.store.chain import hashed_facts
from nocturne.store.headers import elements_of, header_of
from nocturne.store.models import Ticket


def entries(number: int) -> list[Entry]:
    """Read a ticket's own entries as the domain knows them, oldest first."""
    rows = models.Entry.objects.filter(ticket_id=number).select_related("words").order_by("seq")
    return [
        Entry(
            id=row.pk,
            ticket=row.ticket_id,
            seq=row.seq,
            kind=Kind(row.kind),
            at=row.at,
            recorded_at=row.recorded_at,
            author=Author(row.author_kind, row.author_id, row.author_label),
            door=Door(row.door),
            data_class=DataClass(row.shown_class),
            changes=tuple(Change(*each) for each in [*row.changes, *row.words.changes]),
            text=row.words.text,
            facts=row.facts,
            worked=row.worked,
            cause=row.cause_id,
            corrects=row.corrects_id,
            address=row.address,
            redacted=row.words.redaction_id is not None,
        )
        for row in rows
    ]


def header(number: int) -> dict[str, Any]:
    """Read a ticket's header with its sets, spelt as a fold spells them."""
    return header_of(Ticket.objects.get(pk=number)) | elements_of(number)


def first_difference(number: int) -> tuple[str, Any, Any] | None:
    """Name the first column in which a ticket's header is not what its entries add up to: header, fold; or None."""
    ticket = Ticket.objects.get(pk=number)
    stored = header_of(ticket) | elements_of(number) | _counted(ticket.affected_count or 0, ticket.raised)
    folded = fold(entries(number))
    hit = affected_now(value for name, value in folded.items() if name.startswith("affected/"))
    return difference(_unnamed(stored), _unnamed(folded | _counted(hit, raised(hit))))


def _counted(affected: int, up: int) -> dict[str, Any]:
    """Spell how many are hit as columns, so that what is counted beside the header is held to the books, too."""
    return {"affected_count": affected, "raised": up}


def _unnamed(columns: dict[str, Any]) -> dict[str, Any]:
    """Leave out how machines are called: an entry keeps the name of its time, and a renaming changes no old ticket."""
    return {name: True if name.startswith("machine/") else value for name, value in columns.items()}


def broken_link(number: int) -> str | None:
    """Walk a ticket's hash chain; say what is wrong with it, or None.

    Words that were redacted cannot be checked any more; that they were taken away rightly is proven by the entry
    that the tombstone points to.
    """
    prev = bytes(32)
    rows = (
        models.Entry.objects.filter(ticket_id=number)
        .select_related("words", "words__redaction")
        .order_by("seq")
    )
    for seq, row in enumerate(rows, start=1):
        if row.seq != seq:
            return f"entry {seq} is missing"
        if bytes(row.prev_hash) != prev or bytes(row.hash) != chain_hash(prev, hashed_facts(row)):
            return f"entry {seq} is not what was written"
        redaction = row.words.redaction
        if redaction is None:
            if bytes(row.text_hash) != text_hash(bytes(row.words.salt), row.words.text, row.words.changes):
                return f"the words of entry {seq} are not what was written"
        elif redaction.kind != Kind.REDACTED.value or redaction.corrects_id != row.pk:
            return f"the words of entry {seq} are gone without a redaction"
        prev = bytes(row.hash)
    last = Ticket.objects.values_list("last_hash", flat=True).get(pk=number)
    return None if bytes(last) == prev else "the last entries are missing"


def numbers(*, after: int = 0) -> Iterator[int]:
    """List all ticket numbers, in pieces, so that a large database is walked without holding it."""
    while True:
        piece = list(Ticket.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:1000])
        if not piece:
            return
        yield from piece
        after = piece[-1]
