"""Local fields' values are found by the field's name, by text, number or instant, each in an index that holds the
ticket's number too. Texts are compared in one case and by their characters, whatever the database's language."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import Q

from nocturne.core.fieldvalues import searchable


def name_and_place(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    """Put the field's name, and the place by which it is found, to the values that are there already."""
    values = apps.get_model("store", "FieldValue").objects
    for row in values.order_by("pk").iterator(chunk_size=1_000):
        place = searchable(row.value)
        values.filter(pk=row.pk).update(
            name=row.key.partition(":")[0], text=place.text, number=place.number, at=place.at
        )


def compare_by_characters(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE ticket_field ALTER COLUMN text TYPE varchar(300) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0006_signing_on")]

    operations: ClassVar = [
        migrations.AddField("fieldvalue", "name", models.CharField(max_length=60, default="")),
        migrations.RemoveIndex("fieldvalue", "ticket_field_text"),
        migrations.RemoveIndex("fieldvalue", "ticket_field_number"),
        migrations.RemoveIndex("fieldvalue", "ticket_field_at"),
        migrations.RunPython(name_and_place, migrations.RunPython.noop),
        migrations.RunPython(compare_by_characters, migrations.RunPython.noop),
        migrations.AddIndex(
            "fieldvalue",
            models.Index(
                fields=["name", "text", "ticket"],
                condition=Q(text__isnull=False),
                name="ticket_field_by_text",
            ),
        ),
        migrations.AddIndex(
            "fieldvalue",
            models.Index(
                fields=["name", "number", "ticket"],
                condition=Q(number__isnull=False),
                name="ticket_field_by_number",
            ),
        ),
        migrations.AddIndex(
            "fieldvalue",
            models.Index(
                fields=["name", "at", "ticket"], condition=Q(at__isnull=False), name="ticket_field_by_at"
            ),
        ),
    ]
