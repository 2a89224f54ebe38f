"""Whose working hours count: those of a ticket's queue."""

from __future__ import annotations

from functools import partial

from nocturne.core.configuration import current
from nocturne.core.configuration.calendars import Calendar
from nocturne.core.permits import Actor
from nocturne.core.when import Calendars
from nocturne.store.families import survivor_of
from nocturne.store.models import Ticket


def of_ticket(number: int | None, by: Actor) -> Calendar | None:
    """Find the calendar of a ticket's queue; nothing where it has none, or the ticket is not for this reader."""
    if number is None:
        return None
    scope = Ticket.objects.visible_to(by).filter(pk=survivor_of(number) or number)
    queue = current().queue_numbered(scope.values_list("queue_id", flat=True).first())
    return current().calendar(queue.calendar) if queue else None


def on(number: int | None, by: Actor) -> Calendars:
    """Give what finds a ticket's calendar, when somebody speaks of working hours: nobody else pays for it."""
    return partial(of_ticket, number, by)
