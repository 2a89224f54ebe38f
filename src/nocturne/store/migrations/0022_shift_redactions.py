"""Words of a shift can be taken away for good, with a row that proves it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT, Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0021_far_walks")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ShiftRedaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "note",
                    models.OneToOneField(
                        null=True, on_delete=PROTECT, related_name="redaction", to="store.shiftnote"
                    ),
                ),
                (
                    "takeover",
                    models.OneToOneField(
                        null=True, on_delete=PROTECT, related_name="redaction", to="store.takeover"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("author", models.CharField(max_length=160)),
                ("reason", models.CharField(max_length=300)),
            ],
            options={
                "db_table": "shift_redaction",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("note", None), ("takeover__isnull", False))
                        | Q(("note__isnull", False), ("takeover", None)),
                        name="shift_redaction_of_one",
                    )
                ],
            },
        ),
    ]
