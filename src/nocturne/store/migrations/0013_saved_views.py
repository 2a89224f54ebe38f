"""Views that people keep, where they stand in their rails, and what was last seen of them."""

from __future__ import annotations

from typing import ClassVar
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies: ClassVar = [
        ('store', '0012_shifts'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='Pin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('view', models.CharField(max_length=24)),
                ('place', models.PositiveSmallIntegerField(default=0)),
                ('is_off', models.BooleanField(default=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pins', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'view_pin',
                'constraints': [models.UniqueConstraint(fields=('user', 'view'), name='view_pin_once')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('title', models.CharField(max_length=80)),
                ('description', models.CharField(blank=True, max_length=400)),
                ('query', models.TextField(blank=True)),
                ('columns', models.JSONField(default=list)),
                ('grouped', models.CharField(blank=True, max_length=80)),
                ('order', models.CharField(blank=True, max_length=120)),
                ('density', models.CharField(blank=True, max_length=12)),
                ('owner_kind', models.CharField(max_length=8)),
                ('is_pinned', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to='store.group')),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'saved_view',
                'indexes': [models.Index(condition=models.Q(('owner_kind', 'site')), fields=['owner_kind'], name='saved_view_of_site')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('group', None), ('owner__isnull', False), ('owner_kind', 'person')), models.Q(('group__isnull', False), ('owner', None), ('owner_kind', 'group')), models.Q(('group', None), ('owner', None), ('owner_kind', 'site')), _connector='OR'), name='saved_view_one_owner')],
            },
        ),
        migrations.CreateModel(
            name='SeenView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('view', models.CharField(max_length=24)),
                ('looked_at', models.DateTimeField()),
                ('columns', models.JSONField(default=list)),
                ('rows', models.JSONField(default=dict)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'view_seen',
                'constraints': [models.UniqueConstraint(fields=('user', 'view'), name='view_seen_once')],
            },
        ),
    ]
