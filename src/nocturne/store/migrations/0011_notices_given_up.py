"""What could not be sent is found without reading every notice there ever was."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0010_field_use")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                fields=["run_at"], condition=models.Q(("state", "dead")), name="notice_dead"
            ),
        )
    ]
