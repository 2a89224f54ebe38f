"""Lets tickets be found by the new name of what stands on them, when a machine, site, circuit, … is renamed.

In the commit of the renaming it is left to the worker to make the tickets concerned anew in the index, the newest first
and some at a time. What is asked by its key (`machine:cr9.aa`) goes by the row, and finds them at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from nocturne.store.families import survivor_of
from nocturne.store.fulltext.writing import made_anew
from nocturne.store.models import (
    Circuit,
    Contact,
    Job,
    Machine,
    Network,
    Site,
    Ticket,
    TicketMachine,
    Vendor,
)

JOB, LANE = "fulltext_renamed", "desk"
STEP = 100
"""Tickets that are made anew in one transaction: other writers wait no longer than that."""
WORDS: dict[type[Model], tuple[str, tuple[str, ...]]] = {
    Machine: ("machine", ("name",)),
    Site: ("site", ("name",)),
    Circuit: ("circuit", ("name",)),
    Vendor: ("vendor", ("name",)),
    Network: ("network", ("name",)),
    Contact: ("reporter", ("name", "organisation", "phone", "email")),
}
"""What of a row is said on the tickets that point to it, and by which column they do."""


def notice(sender: Any, instance: Model, raw: bool = False, **_: Any) -> None:
    """See before a row is saved whether its tickets are found by other words from then on."""
    if instance.pk is None or raw:
        return
    column, words = WORDS[sender]
    was = sender.objects.filter(pk=instance.pk).values_list(*words).first()
    if was is not None and was != tuple(getattr(instance, name) for name in words):
        leave(column, int(instance.pk), now=timezone.now())


def leave(column: str, row: int, *, now: datetime, below: int | None = None) -> None:
    """Leave it to the worker to make the tickets that point to a row anew in the index.

    :param below: only those below this ticket, where the newer ones are done.
    """
    if not _tickets(column, row, below)[:1]:
        return
    args = {"column": column, "row": row, "below": below}
    Job.objects.create(lane=LANE, kind=JOB, args=args, run_at=now, created_at=now)


def follow(column: str, row: int, below: int | None = None) -> None:
    """Make the next of the tickets that point to a row anew, with those that they were merged into."""
    numbers = list(_tickets(column, row, below)[:STEP])
    if not numbers:
        return
    concerned = sorted({*numbers, *_survivors(numbers)})
    list(Ticket.objects.select_for_update(no_key=True).filter(pk__in=concerned).order_by("pk").values("pk"))
    made_anew(concerned)
    if len(numbers) == STEP:
        leave(column, row, now=timezone.now(), below=numbers[-1])


def _survivors(numbers: Sequence[int]) -> set[int]:
    merged = Ticket.objects.filter(pk__in=numbers, merged_into__isnull=False).values_list("pk", flat=True)
    return {survivor for each in merged if (survivor := survivor_of(each)) is not None}


def _tickets(column: str, row: int, below: int | None) -> Any:
    """Give the numbers of the tickets that point to a row, the newest first."""
    if column == "machine":
        rows = TicketMachine.objects.filter(machine_id=row).order_by("-ticket_id")
        found = rows if below is None else rows.filter(ticket_id__lt=below)
        return found.values_list("ticket_id", flat=True)
    tickets = Ticket.objects.filter(**{f"{column}_id": row}).order_by("-pk")
    return (tickets if below is None else tickets.filter(pk__lt=below)).values_list("pk", flat=True)
