"""What is derived from entries so that the past can be searched: changes of headers, and how long clocks have run.

`nocturne.store.pasts` keeps both in the transaction of their entry, and makes them anew from the entries.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nocturne.store.models.charts import Ticket


class Turn(models.Model):
    """One change of one header column that an entry made after the ticket was opened.

    `before` and `after` are short and never anybody's data: a state's name, a level, the number of a row; nothing where
    the column was empty, or its values are not for an index. `at` is in microseconds since 1970.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="turns", db_index=False)
    entry = models.BigIntegerField()
    column = models.CharField(max_length=70)
    before = models.CharField(max_length=40, null=True)
    after = models.CharField(max_length=40, null=True)
    at = models.BigIntegerField()
    author = models.CharField(max_length=60)
    shown_class = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "ticket_turn"
        indexes = (
            models.Index(fields=["ticket", "column"], name="ticket_turn_ticket"),
            models.Index(
                fields=["column", "before", "-ticket"],
                condition=Q(before__isnull=False),
                name="ticket_turn_before",
            ),
            models.Index(
                fields=["column", "after", "-ticket"],
                condition=Q(after__isnull=False),
                name="ticket_turn_after",
            ),
            models.Index(fields=["column", "at", "ticket"], name="ticket_turn_at"),
            models.Index(fields=["author", "at", "ticket"], name="ticket_turn_author"),
        )


class ClockTotal(models.Model):
    """How long one clock has run on one ticket.

    Of one that stands, `seconds` is the sum of its stretches. Of the one that runs, `since` is the beginning of a
    stretch as long as all of them together: what it has run by some instant is one subtraction.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clock_totals", db_index=False)
    clock = models.CharField(max_length=12)
    seconds = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(null=True)

    class Meta:
        db_table = "ticket_clock"
        constraints = (models.UniqueConstraint(fields=["ticket", "clock"], name="ticket_clock_once"),)
        indexes = (
            models.Index(
                fields=["clock", "seconds", "ticket"],
                condition=Q(since__isnull=True),
                name="ticket_clock_ended",
            ),
            models.Index(
                fields=["clock", "since", "ticket"],
                condition=Q(since__isnull=False),
                name="ticket_clock_runs",
            ),
        )


class PastState(models.Model):
    """How far the index of the past has been made: every ticket from `below` on is in it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    below = models.BigIntegerField(default=0)

    class Meta:
        db_table = "past_state"
