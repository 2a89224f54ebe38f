"""Subscriptions rest, come as a text alone, and follow the takeovers of a desk."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0026_calling")]

    operations: ClassVar = [
        migrations.AlterField("subscription", "what", models.CharField(blank=True, max_length=60)),
        migrations.AddField("subscription", "form", models.CharField(default="both", max_length=10)),
        migrations.AddField("subscription", "paused_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "subscription",
            models.Index(fields=["what"], condition=Q(kind="handover"), name="subscription_handover"),
        ),
    ]
