"""What is being sent is found by its lease, so that a notice whose sender died leaves all the same."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0002_journal_order")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                fields=["lease_until"],
                condition=models.Q(("state", "sending")),
                name="notice_sending",
            ),
        )
    ]
