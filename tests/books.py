"""What stands in the books of a ticket, for tests that look there."""

from __future__ import annotations

from nocturne.store.models import Entry, Ticket


def ticket(number: int) -> Ticket:
    """The header as it is now."""
    return Ticket.objects.get(pk=number)


def last(number: int) -> Entry:
    """The entry that was made last, with its words."""
    return Entry.objects.filter(ticket=number).select_related("words").order_by("-pk")[0]
