"""How many files somebody takes away at once is counted over all processes."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0027_subscriptions_changed")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="FileSlot",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("who", models.CharField(max_length=80)),
                ("place", models.PositiveSmallIntegerField()),
                ("token", models.CharField(max_length=24)),
                ("kept_until", models.DateTimeField()),
            ],
            options={
                "db_table": "file_slot",
                "constraints": [
                    models.UniqueConstraint(fields=["who", "place"], name="file_slot_once"),
                ],
            },
        ),
    ]
