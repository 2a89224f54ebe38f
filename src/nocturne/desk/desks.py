"""The desks of a house: each is some of its tickets, taken over by itself; one of all tickets is always there."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from nocturne.core import query
from nocturne.core.configuration import current
from nocturne.core.configuration.desks import Desk
from nocturne.core.permits import Actor
from nocturne.core.refusals import NotFound
from nocturne.store import search

WHOLE = ""
"""The name of the desk that all tickets belong to."""


def every() -> list[Desk]:
    """List the desks, that of all tickets first."""
    return [Desk(WHOLE), *sorted(current().desks.values(), key=lambda each: each.title or each.name)]


def find(name: str, *, even_gone: bool = False) -> Desk:
    """Find a desk.

    :param even_gone: one that is not there any more, too: its past is.
    :raises NotFound: there is none of this name.
    """
    if name == WHOLE:
        return Desk(WHOLE)
    found = current().desks.get(name)
    if found is None and not even_gone:
        raise NotFound("no_such_desk", given=name)
    return found or Desk(name)


def title(desk: Desk) -> str:
    """Say how a desk is called."""
    return desk.title or desk.name or _("All tickets")


def last_change(desk: Desk, now: datetime) -> datetime | None:
    """Say when a desk's shift should have begun by its times."""
    return desk.last_change(now, zone=current().site.zone)


def next_change(desk: Desk, now: datetime) -> datetime | None:
    """Say when a desk's shift should end by its times."""
    return desk.next_change(now, zone=current().site.zone)


def scope(desk: Desk, reader: Actor, *, now: datetime) -> Q | None:
    """Say which tickets a desk is about, as far as a reader may be told of that; None for all.

    :raises Invalid: its query is not understood.
    :raises Forbidden: it asks for what this reader may not read.
    """
    if not desk.query.strip():
        return None
    asked = query.parse(desk.query, now=now, zone=current().site.zone)
    return search.where(asked.tree, reader, now=now)
