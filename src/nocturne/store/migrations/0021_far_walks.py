"""Lists that go through all tickets follow an index of their order."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0020_presence")]

    operations: ClassVar = [
        migrations.AddIndex(
            "ticket",
            models.Index(fields=["priority", "severity", "number"], name="ticket_by_urgency"),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(fields=["-touched_staff_at", "-number"], name="ticket_by_touch"),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(fields=["-number"], condition=models.Q(owner=None), name="ticket_nobodys"),
        ),
    ]
