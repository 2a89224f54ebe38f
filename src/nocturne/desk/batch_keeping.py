"""What is kept of acts on many tickets, how many may wait, and how long those that are done can be looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Q

from nocturne.core.chart import REDACTED
from nocturne.core.permits import Actor
from nocturne.core.refusals import Refusal, TooMany
from nocturne.desk import clock
from nocturne.store.db import writing
from nocturne.store.models import Batch, BatchItem

MOST_WAITING = 5
"""So many large acts of one person wait for the worker; small ones are done at once and never wait."""
STAY = timedelta(days=90)
"""So long one that is done can be looked at and taken back; what it has written on the tickets stays."""
AT_ONCE = 20
_LATER = 60
"""Seconds after which asking again makes sense."""


def kept(why: Refusal) -> tuple[str, str, dict[str, Any]]:
    """Spell why nothing became of a ticket, as it is kept.

    Of what somebody else has changed meanwhile the values are left out: another data class may hide them later, and
    they are read on the ticket itself. A redaction empties all the rest (:func:`taken_away`).
    """
    field = (why.field or "")[:80]
    if why.code == "changed_meanwhile":
        return "changed_since_seen", field, {}
    return why.code, field, {name: _plain(value) for name, value in why.params.items()}


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | None) else str(value)


def refuse_too_many(by: Actor) -> None:
    """Refuse another large act to whoever has several that are not done yet.

    :raises TooMany: they have.
    """
    if Batch.objects.filter(user_id=by.id or 0, done_at=None).count() >= MOST_WAITING:
        raise TooMany("too_many_batches", limit=MOST_WAITING, seconds=_LATER)


def held(facts: Mapping[str, Any]) -> Batch | None:
    """Lock the act on many tickets that an entry was written by: before the ticket, as the act itself does it."""
    key = str(facts.get("batch") or "")
    return Batch.objects.select_for_update(of=("self",)).filter(key=key, undoes=None).first() if key else None


def taken_away(number: int, row: Batch | None) -> str:
    """Let what is kept of acts on many tickets say no more what was taken away from one of them.

    One that is not done yet ends here: it would write the same words on further tickets.

    :param row: the act that had written it, as it is held; nothing where it was written alone.
    :return: its key; empty where there was none.
    """
    BatchItem.objects.filter(number=number).exclude(facts={}).update(facts={})
    if row is None:
        return ""
    row.items.exclude(facts={}).update(facts={})
    row.items.filter(state="waiting").update(state="skipped", code="words_taken_away", field="", facts={})
    row.words, row.asked, row.done_at = [REDACTED], "", row.done_at or clock.now()
    row.save(update_fields=["words", "asked", "done_at"])
    return row.key


def forget_old() -> None:
    """Delete what was done so long ago that nobody takes it back any more; an undo goes with what it took back."""
    before = clock.now() - STAY
    old = Batch.objects.filter(done_at__lt=before, undoes=None).exclude(
        Q(undone_by__done_at=None, undone_by__isnull=False) | Q(undone_by__done_at__gte=before)
    )
    for number in list(old.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with writing():
            Batch.objects.filter(pk=number).delete()


__all__ = ["MOST_WAITING", "STAY", "forget_old", "held", "kept", "refuse_too_many", "taken_away"]
