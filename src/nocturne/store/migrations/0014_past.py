"""Gives the past its indexes: what turned on tickets, and how long their clocks ran."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

STEP = 2_000
"""Tickets whose entries are read at once."""


def fill(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    """Work both out from the entries there are."""
    from nocturne.store.pasts import Tables, rebuild

    tables = Tables(*(apps.get_model("store", name) for name in ("Entry", "Turn", "ClockTotal")))
    tickets, after = apps.get_model("store", "Ticket").objects, 0
    while numbers := list(tickets.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:STEP]):
        rebuild(numbers, tables)
        after = numbers[-1]


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0013_saved_views'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClockTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clock', models.CharField(max_length=12)),
                ('seconds', models.PositiveIntegerField(default=0)),
                ('since', models.DateTimeField(null=True)),
                ('ticket', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='clock_totals', to='store.ticket')),
            ],
            options={
                'db_table': 'ticket_clock',
                'indexes': [models.Index(condition=models.Q(('since__isnull', True)), fields=['clock', 'seconds', 'ticket'], name='ticket_clock_ended'), models.Index(condition=models.Q(('since__isnull', False)), fields=['clock', 'since', 'ticket'], name='ticket_clock_runs')],
                'constraints': [models.UniqueConstraint(fields=('ticket', 'clock'), name='ticket_clock_once')],
            },
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.BigIntegerField()),
                ('column', models.CharField(max_length=70)),
                ('before', models.CharField(max_length=40, null=True)),
                ('after', models.CharField(max_length=40, null=True)),
                ('at', models.BigIntegerField()),
                ('author', models.CharField(max_length=60)),
                ('shown_class', models.PositiveSmallIntegerField()),
                ('ticket', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='turns', to='store.ticket')),
            ],
            options={
                'db_table': 'ticket_turn',
                'indexes': [models.Index(fields=['ticket', 'column'], name='ticket_turn_ticket'), models.Index(condition=models.Q(('before__isnull', False)), fields=['column', 'before', '-ticket'], name='ticket_turn_before'), models.Index(fields=['column', 'at', 'ticket'], name='ticket_turn_at'), models.Index(fields=['author', 'at', 'ticket'], name='ticket_turn_author')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
