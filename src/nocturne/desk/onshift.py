"""Who is there now: who has a desk's present shift, and who has a ticket before them. It is said, and kept nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from nocturne.core import permits
from nocturne.core.entry import DataClass
from nocturne.core.permits import Actor
from nocturne.desk import desks
from nocturne.desk.shifts import EARLY
from nocturne.store import reach
from nocturne.store.models import Presence, Takeover

LONGEST_SHIFT = timedelta(hours=24)
"""Where a desk's shifts have no times: so long after taking it over somebody is taken to be there still."""


def leads(now: datetime) -> dict[int, list[str]]:
    """Say who has which desks now, by the numbers of their accounts; a shift that is over is nobody's any more."""
    found: dict[int, list[str]] = {}
    by_name = {each.name: each for each in desks.every()}
    last = Takeover.objects.filter(desk__in=by_name, follower=None).order_by("desk")
    for name, user, at in last.values_list("desk", "user_id", "at"):
        due = desks.last_change(by_name[name], now)
        if at >= (now - LONGEST_SHIFT if due is None else due - EARLY):
            found.setdefault(user, []).append(desks.title(by_name[name]))
    return found


def here(reader: Actor, *, now: datetime) -> set[int]:
    """Say who has a ticket before them that the reader may read what is for the staff on: what they would be told on
    that ticket's own page, and nothing beyond it."""
    columns = {name: F(f"ticket__{name}") for name in reach.PLACE}
    rows: list[dict[str, Any]] = [
        dict(row) for row in Presence.objects.filter(until__gt=now).values("user_id", **columns)
    ]
    tickets = list({row["number"]: row for row in rows}.values())
    read = {
        row["number"]
        for row, place in zip(tickets, reach.places(tickets, reader), strict=True)
        if int(DataClass.STAFF) in permits.classes(reader, place)
    }
    return {row["user_id"] for row in rows if row["number"] in read}
