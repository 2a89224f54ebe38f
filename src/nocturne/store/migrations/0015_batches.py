"""Acts on many tickets at once, how somebody wants the console's keys, and the updates on which time was worked."""

from __future__ import annotations

from typing import ClassVar
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies: ClassVar = [
        ('store', '0014_past'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('words', models.JSONField(default=list)),
                ('asked', models.TextField(blank=True)),
                ('door', models.CharField(max_length=10)),
                ('scopes', models.JSONField(default=list)),
                ('only_queues', models.JSONField(null=True)),
                ('made_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'batch',
            },
        ),
        migrations.CreateModel(
            name='BatchItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
                ('place', models.PositiveIntegerField()),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('seen', models.CharField(blank=True, max_length=40)),
                ('before', models.CharField(blank=True, max_length=40)),
                ('after', models.CharField(blank=True, max_length=40)),
                ('entry', models.CharField(blank=True, max_length=16)),
                ('code', models.CharField(blank=True, max_length=60)),
                ('field', models.CharField(blank=True, max_length=80)),
                ('facts', models.JSONField(default=dict)),
            ],
            options={
                'db_table': 'batch_item',
            },
        ),
        migrations.CreateModel(
            name='KeyChoice',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='key_choice', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('how', models.CharField(max_length=8)),
            ],
            options={
                'db_table': 'key_choice',
            },
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('worked__gt', 0)), fields=['recorded_at'], name='entry_worked'),
        ),
        migrations.AddField(
            model_name='batch',
            name='undoes',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='undone_by', to='store.batch'),
        ),
        migrations.AddField(
            model_name='batch',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='batches', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='batchitem',
            name='batch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='store.batch'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['user', '-id'], name='batch_of_user'),
        ),
        migrations.AddIndex(
            model_name='batchitem',
            index=models.Index(fields=['batch', 'place'], name='batch_item_place'),
        ),
        migrations.AddIndex(
            model_name='batchitem',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['batch', 'number'], name='batch_item_waiting'),
        ),
        migrations.AddConstraint(
            model_name='batchitem',
            constraint=models.UniqueConstraint(fields=('batch', 'number'), name='batch_item_once'),
        ),
    ]
