"""Rows of the sets on a chart: machines, parties, relations, outages, who is hit, local fields. `append` adds them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nocturne.store.models.charts import Ticket
from nocturne.store.models.inventory import Machine


class TicketMachine(models.Model):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="machines")
    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, related_name="tickets")

    class Meta:
        db_table = "ticket_machine"
        constraints = (models.UniqueConstraint(fields=["ticket", "machine"], name="ticket_machine_once"),)
        indexes = (models.Index(fields=["machine", "-ticket"], name="ticket_machine_back"),)


class Element(models.Model):
    """A row of a set on a chart: the part of its column after the slash, and its value."""

    key = models.CharField(max_length=200)
    value = models.JSONField()

    class Meta:
        abstract = True


class Party(Element):
    """Somebody's part in a ticket; the key is `role:kind:who`, the value `{label, email}`."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="parties")

    class Meta:
        db_table = "ticket_party"
        constraints = (models.UniqueConstraint(fields=["ticket", "key"], name="ticket_party_once"),)
        indexes = (models.Index(fields=["key", "-ticket"], name="ticket_party_back"),)


class Relation(models.Model):
    """A pointer to another ticket: depends_on or refers_to (the parent is a column of the header)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=20)
    other = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="related_from")

    class Meta:
        db_table = "ticket_relation"
        constraints = (
            models.UniqueConstraint(fields=["ticket", "kind", "other"], name="ticket_relation_once"),
        )


class Outage(Element):
    """A span without service; the value is `{start, end, effect}`, instants in UTC."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="outages")

    class Meta:
        db_table = "ticket_outage"
        constraints = (models.UniqueConstraint(fields=["ticket", "key"], name="ticket_outage_once"),)


class Affected(Element):
    """Who is hit and how; the value is `{kind, name, effect, from, to}`."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="affected")

    class Meta:
        db_table = "ticket_affected"
        constraints = (models.UniqueConstraint(fields=["ticket", "key"], name="ticket_affected_once"),)


class FieldValue(Element):
    """A local field's value: JSON to show, and typed columns to search by.

    `name` is the field's, as it was called when the value was written; `key` has an address behind it where a field may
    have many values.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="values")
    name = models.CharField(max_length=60, default="")
    text = models.CharField(max_length=300, null=True)
    number = models.DecimalField(max_digits=30, decimal_places=9, null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ticket_field"
        constraints = (models.UniqueConstraint(fields=["ticket", "key"], name="ticket_field_once"),)
        indexes = (
            models.Index(
                fields=["name", "text", "ticket"],
                condition=Q(text__isnull=False),
                name="ticket_field_by_text",
            ),
            models.Index(
                fields=["name", "number", "ticket"],
                condition=Q(number__isnull=False),
                name="ticket_field_by_number",
            ),
            models.Index(
                fields=["name", "at", "ticket"], condition=Q(at__isnull=False), name="ticket_field_by_at"
            ),
        )
