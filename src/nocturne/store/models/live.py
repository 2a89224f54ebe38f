"""What is so just now, and forgotten afterwards."""

from __future__ import annotations

from django.db import models

from nocturne.store.models.accounts import User
from nocturne.store.models.charts import Ticket


class Presence(models.Model):
    """Somebody of the staff who has a ticket before them. It is no history: nothing of it is kept once they have left.

    `writes_in` is the class of what they are writing, up to `writes_until`.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()
    until = models.DateTimeField()
    writes_until = models.DateTimeField(null=True)
    writes_in = models.PositiveSmallIntegerField(null=True)

    class Meta:
        db_table = "presence"
        constraints = (models.UniqueConstraint(fields=["ticket", "user"], name="presence_once"),)
