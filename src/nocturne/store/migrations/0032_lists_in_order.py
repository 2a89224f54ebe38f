"""Those to be signed off and those whose clock runs stand ready in the order of their urgency; a resolution is found by
an index of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0031_walls")]

    operations: ClassVar = [
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["priority", "severity", "-raised", "number"],
                condition=models.Q(meaning="resolved", checked_by=None, merged_into=None),
                name="ticket_to_sign_off",
            ),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["clock", "priority", "severity", "-raised", "number"],
                condition=~models.Q(clock="stopped"),
                name="ticket_clock_urgency",
            ),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["resolution", "-number"],
                condition=models.Q(resolution__isnull=False),
                name="ticket_resolution",
            ),
        ),
    ]
