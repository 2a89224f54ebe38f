"""How often each field is asked for in queries."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0009_ways_known")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="FieldUse",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("asked", models.PositiveBigIntegerField(default=0)),
                ("last_asked_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "field_use"},
        ),
    ]
