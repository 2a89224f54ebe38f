"""Parts of lines, clocks that run, and what a column became, are found by indexes of their own."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0024_batch_item_number")]

    operations: ClassVar = [
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["cause", "-number"], condition=models.Q(cause__isnull=False), name="ticket_cause"
            ),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["vendor_reference", "-number"],
                condition=models.Q(vendor_reference__isnull=False),
                name="ticket_vendor_reference",
            ),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["-number"],
                condition=models.Q(next_action__isnull=False),
                name="ticket_next_action",
            ),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["clock", "-number"],
                condition=models.Q(("clock", "stopped"), _negated=True),
                name="ticket_clock_running",
            ),
        ),
        migrations.AddIndex(
            "turn",
            models.Index(
                fields=["column", "after", "-ticket"],
                condition=models.Q(after__isnull=False),
                name="ticket_turn_after",
            ),
        ),
    ]
