"""The workload: who has how many tickets, how long they have worked, and what waits for nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nocturne.core import permits
from nocturne.core.permits import Actor
from nocturne.core.refusals import Forbidden, Invalid
from nocturne.core.zones import zone_named
from nocturne.desk import onshift
from nocturne.store import lists
from nocturne.store import workload as figures
from nocturne.store.models import User

MOST_PEOPLE = 300
MOST_TICKETS = 100


@dataclass(frozen=True, slots=True)
class Load:
    """What one person, queue or network has. `untouched_since` is the longest that one of their tickets has waited.

    :param today, week: seconds worked, of a person.
    :param leads: the desks whose present shift a person has.
    :param is_here: whether they have a ticket before them just now that the reader may read.
    """

    name: str
    title: str = ""
    open: int = 0
    waiting: int = 0
    ringing: int = 0
    urgent: int = 0
    untimed: int = 0
    untouched_since: datetime | None = None
    next_at: datetime | None = None
    today: int = 0
    week: int = 0
    leads: Sequence[str] = ()
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Workload:
    """The whole of it: people with the busiest first, and what nobody has under no name at their end."""

    people: Sequence[Load]
    queues: Sequence[Load]
    networks: Sequence[Load]
    nobodys: Load


def of(actor: Actor, *, now: datetime) -> Workload:
    """Say who has what, as far as a reader may know of it.

    :raises Forbidden: they may not read whose tickets are.
    """
    demand(actor)
    local = now.astimezone(zone_named(actor.zone))
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    worked = figures.worked(actor, day=day, week=day - timedelta(days=day.weekday()))
    owned = {row["name"]: row for row in figures.by(actor, "owner")}
    leads, here = onshift.leads(now), onshift.here(actor, now=now)
    people = [
        Load(
            **({"name": name, "title": title} | owned.pop(name, {}) | worked.get(key, {})),
            leads=leads.get(key, ()),
            is_here=key in here,
        )
        for key, name, title in _people(actor)
    ]
    nobodys = Load(**owned.pop("", {"name": ""}))
    people += [Load(**row) for row in owned.values()]
    return Workload(
        sorted(people, key=lambda each: (-each.ringing, -each.urgent, -each.open, each.name)),
        _sorted(figures.by(actor, "queue")),
        _sorted(figures.by(actor, "network")),
        nobodys,
    )


def demand(actor: Actor) -> None:
    """Refuse whoever is not of the staff, or may not read whose a ticket is.

    :raises Forbidden: they may not.
    """
    if not actor.is_staff or not permits.sees_column(actor, "owner"):
        raise Forbidden("not_permitted")


def _people(actor: Actor) -> list[tuple[int, str, str]]:
    """List the people of the NOC, for whoever may read the list of them: somebody with nothing is who can be given."""
    if not permits.may(actor, "all-people"):
        return []
    people = User.objects.filter(is_active=True, is_service=False, contact=None, groups__isnull=False)
    return list(people.distinct().order_by("name").values_list("pk", "name", "full_name")[:MOST_PEOPLE])


def _sorted(rows: list[dict[str, Any]]) -> list[Load]:
    return sorted((Load(**row) for row in rows), key=lambda each: (not each.name, -each.open, each.name))


def tickets(actor: Actor, by: str, name: str) -> list[dict[str, Any]]:
    """Read the open tickets that somebody, a queue or a network has, the most urgent first.

    :raises Invalid: there is no such way of looking at it.
    :raises Forbidden: they may not read whose tickets are.
    """
    demand(actor)
    if by not in figures.BY:
        raise Invalid("unknown_load", field="by", given=by, known=list(figures.BY))
    return lists.rows(actor, figures.tickets_of(actor, by, name), order="priority", limit=MOST_TICKETS).rows
