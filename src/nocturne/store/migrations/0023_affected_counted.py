"""How many a ticket hits stands on it, and tickets that hit many go before their like."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

from nocturne.core.priority import affected_now, raised

STEP = 1_000


def _add(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """Add the columns where they are: Django would make SQLite's table of all tickets anew."""
    editor.execute("ALTER TABLE ticket ADD COLUMN affected_count integer NULL")
    editor.execute("ALTER TABLE ticket ADD COLUMN raised integer NOT NULL DEFAULT 0")


def _remove(apps: Any, editor: Any) -> None:  # noqa: ARG001
    editor.execute("ALTER TABLE ticket DROP COLUMN raised")
    editor.execute("ALTER TABLE ticket DROP COLUMN affected_count")


def _count(apps: Any, editor: Any) -> None:  # noqa: ARG001
    tickets, hits = apps.get_model("store", "Ticket"), apps.get_model("store", "Affected")
    after = 0
    while True:
        scope = hits.objects.filter(ticket_id__gt=after).order_by("ticket_id")
        numbers = list(scope.values_list("ticket_id", flat=True).distinct()[:STEP])
        if not numbers:
            return
        of: dict[int, list[Any]] = {}
        for number, value in hits.objects.filter(ticket_id__in=numbers).values_list("ticket_id", "value"):
            of.setdefault(number, []).append(value)
        by_count: dict[int, list[int]] = {}
        for number, values in of.items():
            by_count.setdefault(affected_now(values), []).append(number)
        for count, those in by_count.items():
            tickets.objects.filter(pk__in=those).update(affected_count=count or None, raised=raised(count))
        after = numbers[-1]


OPEN = models.Q(is_open=True)


def _index(name: str, *fields: str, condition: models.Q | None = None) -> migrations.AddIndex:
    return migrations.AddIndex("ticket", models.Index(fields=list(fields), name=name, condition=condition))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0022_shift_redactions")]

    operations: ClassVar = [
        migrations.RemoveIndex("ticket", "ticket_open_by_urgency"),
        migrations.RemoveIndex("ticket", "ticket_open_by_owner"),
        migrations.RemoveIndex("ticket", "ticket_open_by_queue"),
        migrations.RemoveIndex("ticket", "ticket_by_urgency"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(_add, _remove)],
            state_operations=[
                migrations.AddField("ticket", "affected_count", models.PositiveIntegerField(null=True)),
                migrations.AddField("ticket", "raised", models.IntegerField(default=0, db_default=0)),
            ],
        ),
        migrations.RunPython(_count, migrations.RunPython.noop),
        _index("ticket_open_by_urgency", "priority", "severity", "-raised", "number", condition=OPEN),
        _index("ticket_open_by_owner", "owner", "priority", "severity", "-raised", "number", condition=OPEN),
        _index("ticket_open_by_queue", "queue", "priority", "severity", "-raised", "number", condition=OPEN),
        _index("ticket_by_urgency", "priority", "severity", "-raised", "number"),
        _index(
            "ticket_affected_count", "affected_count", condition=models.Q(affected_count__isnull=False)
        ),
    ]
