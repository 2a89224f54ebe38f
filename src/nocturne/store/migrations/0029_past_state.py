"""How far the index of the past has been made: where it has been filled already, nothing is left to do."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


def begin(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    """Leave all tickets there are to the worker, unless an earlier edition has filled it.

    Every ticket has a clock from its opening on: where there are tickets and no clock, nothing has been filled.
    """
    newest = apps.get_model("store", "Ticket").objects.aggregate(found=models.Max("number"))["found"]
    is_filled = newest is None or apps.get_model("store", "ClockTotal").objects.exists()
    apps.get_model("store", "PastState").objects.create(id=1, below=0 if is_filled else newest + 1)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0028_file_slots")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="PastState",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("below", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "past_state"},
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
