"""Who opened a ticket, what it is referred to and which component it is about are found by indexes of their own."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0029_past_state")]

    operations: ClassVar = [
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["key_component", "-number"],
                condition=models.Q(key_component__isnull=False),
                name="ticket_component",
            ),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                fields=["referred_to", "-number"],
                condition=models.Q(referred_to__isnull=False),
                name="ticket_referred",
            ),
        ),
        migrations.AddIndex(
            "ticket", models.Index(fields=["opened_by", "-number"], name="ticket_opener")
        ),
    ]
