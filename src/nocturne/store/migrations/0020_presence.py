"""Who has a ticket before them just now."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies: ClassVar = [
        ('store', '0019_seen_views'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('writes_until', models.DateTimeField(null=True)),
                ('writes_in', models.PositiveSmallIntegerField(null=True)),
                ('ticket', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='store.ticket')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'presence',
                'constraints': [models.UniqueConstraint(fields=('ticket', 'user'), name='presence_once')],
            },
        ),
    ]
