"""Gives the past its indexes: what turned on tickets, and how long their clocks ran.

They are filled by the worker, a step at a time (0029): inside the upgrade a million tickets took seven minutes.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

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
    ]
