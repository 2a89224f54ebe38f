"""How far a batch is, and what has become of each of its tickets: for whoever has asked for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound, Refusal
from nocturne.desk import finding
from nocturne.desk.views import EntryView
from nocturne.store.models import Batch, BatchItem

MERGED = "into:"
"""Stands in place of the version after it on a ticket that was merged into another: it has none of its own any more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one ticket: `entries` are what would be written or was, `refusal` why nothing is.

    :param state: waiting, done, refused or skipped; of a trial, done says that it would be.
    :param stays: of a trial, why it could not be taken back afterwards; nothing where it could.
    """

    number: int
    state: str
    subject: str = ""
    entries: Sequence[EntryView] = ()
    refusal: Refusal | None = None
    version: str = ""
    entry: str = ""
    stays: Refusal | None = None

    @property
    def merged_into(self) -> str:
        """Give the number of the ticket that it was merged into, or would be; empty for any other act."""
        after = self.version.partition(" ")[2]
        return after.removeprefix(MERGED) if after.startswith(MERGED) else ""


@dataclass(frozen=True, slots=True)
class Report:
    """How far a batch is."""

    key: str
    words: Sequence[str]
    asked: str
    made_at: datetime
    done_at: datetime | None
    counts: Mapping[str, int] = field(default_factory=dict)
    undoes: str = ""
    undone_by: str = ""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def can_be_undone(self) -> bool:
        return self.is_done and not self.undoes and not self.undone_by and bool(self.counts.get("done"))


def report(key: str, by: Actor) -> Report:
    """Say how far a batch of one's own is.

    :raises NotFound: there is none of this key.
    """
    return of(named(key, by))


def own(by: Actor, *, most: int = 30) -> list[Report]:
    """List the batches that somebody has asked for, the latest first."""
    rows = Batch.objects.filter(user_id=by.id or 0).select_related("undoes", "undone_by").order_by("-pk")
    return [of(each) for each in rows[:most] if _is_within(each, by)]


def outcomes(
    key: str, by: Actor, *, after: int = -1, limit: int = 100, state: str = ""
) -> list[tuple[int, Outcome]]:
    """Read what became of a batch's tickets, in their order, each with its place; of what its reader may not know of
    any more, only the number that they gave.

    :param after: the place of the last one of the page before.
    """
    items = named(key, by).items.filter(place__gt=after)
    rows = list((items.filter(state=state) if state else items).order_by("place")[:limit])
    subjects = finding.subjects(by, [each.number for each in rows])
    return [
        (
            each.place,
            Outcome(
                each.number,
                each.state,
                subjects.get(each.number, ""),
                refusal=_why(each, each.number in subjects),
                version=f"{each.before} {each.after}".strip() if each.number in subjects else "",
                entry=each.entry if each.number in subjects else "",
            ),
        )
        for each in rows
    ]


def _why(item: BatchItem, is_known: bool) -> Refusal | None:
    """Say why nothing became of a ticket; of one that its reader may not know of any more, that there is none."""
    if not item.code:
        return None
    if not is_known:
        return NotFound("no_such_ticket", number=item.number)
    return Refusal(item.code, field=item.field or None, **item.facts)


def named(key: str, by: Actor) -> Batch:
    """Find a batch of somebody's own by its key.

    :raises NotFound: there is none, or a token that is narrowed to queues does not reach all of it.
    """
    found = (
        Batch.objects.filter(key=key, user_id=by.id or 0).select_related("undoes", "undone_by").first()
        if by.kind == "account"
        else None
    )
    if found is None or not _is_within(found, by):
        raise NotFound("no_such_batch")
    return found


def _is_within(batch: Batch, by: Actor) -> bool:
    """Tell whether a batch went no further than a narrowed token reaches: another one names other tickets."""
    if by.only_queues is None:
        return True
    return batch.only_queues is not None and by.only_queues.issuperset(batch.only_queues)


def of(batch: Batch) -> Report:
    """Report on a batch: how far it is, and what became of each ticket."""
    counts = dict(batch.items.order_by().values_list("state").annotate(Count("pk")))
    back = Batch.objects.filter(undoes=batch).values_list("key", flat=True).first()
    return Report(
        batch.key,
        batch.words,
        batch.asked,
        batch.made_at,
        batch.done_at,
        counts,
        batch.undoes.key if batch.undoes is not None else "",
        back or "",
    )
