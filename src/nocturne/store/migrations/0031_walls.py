"""A screen on a wall shows what it was put up for; one from before shows the board."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0030_openers")]

    operations: ClassVar = [
        migrations.AddField("displaytoken", "shows", models.JSONField(null=True)),
        migrations.AddField("displaytoken", "every", models.PositiveIntegerField(null=True)),
    ]
