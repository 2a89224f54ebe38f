"""The full-text index. What stands in the books already is put into it by the worker, the newest first."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models


def create(apps: Any, schema_editor: Any) -> None:
    from nocturne.store.fulltext import on_postgresql, on_sqlite

    engine = on_sqlite if schema_editor.connection.vendor == "sqlite" else on_postgresql
    for each in engine.CREATE:
        schema_editor.execute(each)
    newest = apps.get_model("store", "Ticket").objects.aggregate(found=models.Max("number"))["found"] or 0
    from nocturne.core.tokens import EDITION

    apps.get_model("store", "TextIndex").objects.create(
        id=1, edition=EDITION, below=newest + 1 if newest else 0, classes={}
    )


def drop(_apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("DROP TABLE IF EXISTS fulltext")
    schema_editor.execute("DROP TABLE IF EXISTS fulltext_list")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0016_outgoing")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="TextIndex",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("edition", models.PositiveIntegerField()),
                ("below", models.BigIntegerField()),
                ("classes", models.JSONField(default=dict)),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("untidy_at", models.DateTimeField(null=True)),
                ("tickets", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "fulltext_state"},
        ),
        migrations.CreateModel(
            name="FileText",
            fields=[
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="said",
                        serialize=False,
                        to="store.attachment",
                    ),
                ),
                ("text", models.TextField(default="")),
            ],
            options={"db_table": "fulltext_file"},
        ),
        migrations.RunPython(create, drop),
    ]
