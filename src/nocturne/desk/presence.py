"""Who has a ticket before them: two who are about to do the same thing see each other. Only the staff is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from nocturne.core import permits
from nocturne.core.configuration.grants import Numbers
from nocturne.core.entry import DataClass
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.desk import clock
from nocturne.store import reach
from nocturne.store.db import passing
from nocturne.store.models import Presence, Ticket

READS, WRITES = "reads", "writes"
LASTS = timedelta(seconds=75)
"""For how long somebody is taken to be there who says nothing more, and listens no more."""
WRITING_LASTS = timedelta(seconds=30)
LONGEST = timedelta(minutes=10)
"""For how long somebody is taken to be there because their browser listens, though the page says nothing."""
STALE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody before a ticket; `until` and `writes_until` are instants."""

    user: int
    name: str
    until: datetime
    writes_until: datetime | None
    writes_in: int | None

    def seen_by(self, seen: Numbers, now: datetime) -> str:
        """Say what they do, to somebody who reads these classes: that a note is written which they may not read is
        not theirs to know."""
        writes = self.writes_until is not None and self.writes_until > now and self.writes_in in seen
        return WRITES if writes else READS


def note(number: int, *, by: Actor, writes_in: DataClass | None = None) -> None:
    """Say that somebody has a ticket before them, or is writing on it.

    :raises NotFound: there is no such ticket for them, or they are not of the staff.
    """
    seen = _seen(number, by)
    now = clock.now()
    told = None if writes_in is None else int(writes_in if int(writes_in) in seen else DataClass.STAFF)
    me = by.id or 0
    mine = Presence.objects.filter(ticket_id=number, user_id=me)
    before = mine.values_list("writes_in", "until").first()
    if told is None and before is not None and before[0] is None and before[1] > now + LASTS / 2:
        return  # it is known, and will be for a while
    values = {
        "said_at": now,
        "until": now + LASTS,
        "writes_until": None if told is None else now + WRITING_LASTS,
        "writes_in": told,
    }
    with passing():
        if not mine.update(**values):
            Presence.objects.bulk_create(
                [Presence(ticket_id=number, user_id=me, **values)], ignore_conflicts=True
            )


def leave(number: int, *, by: Actor) -> None:
    """Say that somebody has gone from a ticket."""
    mine = Presence.objects.filter(ticket_id=number, user_id=by.id or 0)
    if mine.exists():
        with passing():
            mine.delete()


def of(number: int, *, reader: Actor) -> list[tuple[str, str]]:
    """List who else is there, with what they do.

    :raises NotFound: there is no such ticket for this reader, or they are not of the staff.
    """
    seen, now = _seen(number, reader), clock.now()
    found = everywhere(now, number).get(number, [])
    return [(each.name, each.seen_by(seen, now)) for each in found if not reader.is_account(each.user)]


def everywhere(now: datetime, number: int | None = None) -> dict[int, list[Sitting]]:
    """List who is before which ticket, by their names."""
    rows = Presence.objects.filter(until__gt=now)
    if number is not None:
        rows = rows.filter(ticket_id=number)
    found: dict[int, list[Sitting]] = {}
    columns = ("ticket_id", "user_id", "user__name", "until", "writes_until", "writes_in")
    for ticket, *about in rows.order_by("user__name").values_list(*columns):
        found.setdefault(ticket, []).append(Sitting(*about))
    return found


def keep(users: Iterable[int]) -> None:
    """Let those be there still whose browsers listen: one write for all of them. What is stale goes."""
    now = clock.now()
    asked = sorted(users)
    with passing():
        there = Presence.objects.filter(user_id__in=asked, until__gt=now, said_at__gt=now - LONGEST)
        there.update(until=now + LASTS)
        Presence.objects.filter(until__lt=now - STALE).delete()


def _seen(number: int, by: Actor) -> Numbers:
    rows = list(Ticket.objects.filter(pk=number).values(*reach.PLACE))
    seen = permits.classes(by, reach.places(rows, by)[0]) if rows else permits.NONE
    if int(DataClass.STAFF) not in seen or not by.is_staff or by.id is None:
        raise NotFound("no_such_ticket", number=number)
    return seen
