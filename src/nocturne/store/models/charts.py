"""Tickets: the header of each chart, and the indexes that lists and questions walk. `append` alone writes them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.expressions import F, Func

from nocturne.core import permits
from nocturne.core.lifecycle import OPEN_MEANINGS
from nocturne.store import reach
from nocturne.store.models.accounts import User
from nocturne.store.models.inventory import Circuit, Contact, Network, Site, Vendor
from nocturne.store.models.sites import Queue

OPEN = sorted(meaning.value for meaning in OPEN_MEANINGS)
_IS_OPEN = Q(is_open=True)
IS_RESOLVED = Func(
    F("meaning"), template="(%(expressions)s = 'resolved')", output_field=models.BooleanField()
)
"""Said without a value, so that SQLite finds the index of resolved tickets by it."""
IS_WAITING = Func(F("meaning"), template="(%(expressions)s = 'waiting')", output_field=models.BooleanField())
"""Likewise, for the index of those that wait without a timer."""
CLOCK_RUNS = Func(
    F("clock"), template="NOT (%(expressions)s = 'stopped')", output_field=models.BooleanField()
)
"""Likewise, for the index of those on whose clock time runs."""


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, actor: permits.Actor, *, aside: bool = False) -> TicketQuerySet:
        """Keep what this actor may know of: the SQL twin of `permits.in_scope`.

        :param aside: whether what else is asked narrows more than the actor's queues do.
        """
        condition = reach.visible(actor, aside=aside)
        return self if condition is None else self.filter(condition)

    def open(self) -> TicketQuerySet:
        return self.filter(_IS_OPEN)

    def most_urgent_first(self) -> TicketQuerySet:
        return self.order_by("priority", "severity", "-raised", "number")


class Ticket(models.Model):
    """A ticket's header as its entries add up to it, and the marks that let readers see what is new."""

    number = models.BigAutoField(primary_key=True)
    type = models.CharField(max_length=30)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    subject = models.CharField(max_length=300)
    state = models.CharField(max_length=40)
    meaning = models.CharField(max_length=12)
    clock = models.CharField(max_length=12)
    severity = models.PositiveSmallIntegerField(default=3)
    priority = models.PositiveSmallIntegerField(default=3)
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="owned", db_index=False)
    opened_by = models.CharField(max_length=160)
    reporter = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="reported", db_index=False
    )
    dispatched_to = models.CharField(max_length=160, null=True)
    referred_to = models.CharField(max_length=160, null=True)
    escalated_to = models.CharField(max_length=160, null=True)
    network = models.ForeignKey(Network, null=True, on_delete=models.PROTECT, related_name="tickets")
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="tickets")
    circuit = models.ForeignKey(Circuit, null=True, on_delete=models.PROTECT, related_name="tickets")
    vendor = models.ForeignKey(Vendor, null=True, on_delete=models.PROTECT, related_name="tickets")
    vendor_reference = models.CharField(max_length=120, null=True)
    user_address = models.CharField(max_length=200, null=True)
    destination_address = models.CharField(max_length=200, null=True)
    next_action = models.CharField(max_length=300, null=True)
    alarm_at = models.DateTimeField(null=True)
    alarm_text = models.CharField(max_length=200, null=True)
    ringing_since = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    detected_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    restored_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    planned_start = models.DateTimeField(null=True)
    planned_end = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=300, null=True)
    key_component = models.CharField(max_length=160, null=True)
    cause = models.CharField(max_length=160, null=True)
    checked_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    checked_at = models.DateTimeField(null=True)
    self_checked = models.BooleanField(null=True)
    check_marks = models.CharField(max_length=200, null=True)
    objected = models.BooleanField(null=True)
    worked = models.PositiveIntegerField(null=True)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="children", db_index=False
    )
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="absorbed", db_index=False
    )

    # What follows is bookkeeping beside the header: the last entry, and the last one each class of reader may see.
    last_seq = models.PositiveIntegerField(default=0)
    last_seq_customer = models.PositiveIntegerField(default=0)
    last_seq_staff = models.PositiveIntegerField(default=0)
    last_seq_restricted = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField()
    touched_customer_at = models.DateTimeField(null=True)
    touched_staff_at = models.DateTimeField(null=True)
    touched_restricted_at = models.DateTimeField(null=True)
    last_hash = models.BinaryField(max_length=32, default=bytes(32))
    clock_since = models.DateTimeField()
    # How many are hit (nothing where nobody is), and how far that raises the ticket among its like (core/priority.py).
    affected_count = models.PositiveIntegerField(null=True)
    raised = models.IntegerField(default=0, db_default=0)
    # Computed by the database: a condition without values, so that partial indexes are found by it.
    is_open = models.GeneratedField(
        expression=models.ExpressionWrapper(
            Q(meaning__in=OPEN, merged_into__isnull=True), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        db_table = "ticket"
        indexes = (
            models.Index(
                fields=["priority", "severity", "-raised", "number"],
                condition=_IS_OPEN,
                name="ticket_open_by_urgency",
            ),
            models.Index(
                fields=["owner", "priority", "severity", "-raised", "number"],
                condition=_IS_OPEN,
                name="ticket_open_by_owner",
            ),
            models.Index(
                fields=["queue", "priority", "severity", "-raised", "number"],
                condition=_IS_OPEN,
                name="ticket_open_by_queue",
            ),
            models.Index(
                fields=["number"],
                condition=Q(meaning="waiting", alarm_at=None, ringing_since=None),
                name="ticket_waits_without_timer",
            ),
            # The orders of lists that go through all tickets (nocturne.store.farwalks).
            models.Index(fields=["priority", "severity", "-raised", "number"], name="ticket_by_urgency"),
            models.Index(fields=["-touched_staff_at", "-number"], name="ticket_by_touch"),
            models.Index(fields=["queue", "-number"], name="ticket_queue"),
            models.Index(fields=["owner", "-number"], condition=Q(owner__isnull=False), name="ticket_owner"),
            models.Index(fields=["-number"], condition=Q(owner=None), name="ticket_nobodys"),
            models.Index(
                fields=["reporter", "-number"], condition=Q(reporter__isnull=False), name="ticket_reporter"
            ),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="ticket_parent"),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="ticket_merged"
            ),
            models.Index(fields=["alarm_at"], condition=Q(alarm_at__isnull=False), name="ticket_alarm"),
            models.Index(
                fields=["ringing_since"], condition=Q(ringing_since__isnull=False), name="ticket_ringing"
            ),
            models.Index(fields=["resolved_at"], condition=Q(meaning="resolved"), name="ticket_resolved"),
            models.Index(
                fields=["priority", "severity", "-raised", "number"],
                condition=Q(meaning="resolved", checked_by=None, merged_into=None),
                name="ticket_to_sign_off",
            ),
            models.Index(
                fields=["affected_count"],
                condition=Q(affected_count__isnull=False),
                name="ticket_affected_count",
            ),
            # Lines of text of which a part is asked for (nocturne.store.searchlines).
            models.Index(fields=["cause", "-number"], condition=Q(cause__isnull=False), name="ticket_cause"),
            models.Index(
                fields=["key_component", "-number"],
                condition=Q(key_component__isnull=False),
                name="ticket_component",
            ),
            models.Index(
                fields=["referred_to", "-number"],
                condition=Q(referred_to__isnull=False),
                name="ticket_referred",
            ),
            models.Index(fields=["opened_by", "-number"], name="ticket_opener"),
            models.Index(
                fields=["resolution", "-number"],
                condition=Q(resolution__isnull=False),
                name="ticket_resolution",
            ),
            models.Index(
                fields=["vendor_reference", "-number"],
                condition=Q(vendor_reference__isnull=False),
                name="ticket_vendor_reference",
            ),
            models.Index(
                fields=["-number"], condition=Q(next_action__isnull=False), name="ticket_next_action"
            ),
            models.Index(
                fields=["clock", "-number"], condition=~Q(clock="stopped"), name="ticket_clock_running"
            ),
            models.Index(
                fields=["clock", "priority", "severity", "-raised", "number"],
                condition=~Q(clock="stopped"),
                name="ticket_clock_urgency",
            ),
            # What graphs count by the day, and questions ask with a date.
            models.Index(fields=["opened_at"], name="ticket_opened_at"),
            models.Index(
                fields=["resolved_at"], condition=Q(resolved_at__isnull=False), name="ticket_resolved_at"
            ),
            models.Index(
                fields=["planned_start"],
                condition=Q(is_open=True, planned_start__isnull=False),
                name="ticket_planned",
            ),
        )
