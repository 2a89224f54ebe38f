"""How each person has a view shown, whoever keeps it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies: ClassVar = [("store", "0018_home_pages")]

    operations: ClassVar = [
        migrations.AddField(
            model_name='seenview',
            name='choice',
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name='seenview',
            name='looked_at',
            field=models.DateTimeField(null=True),
        ),
    ]
