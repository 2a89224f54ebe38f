"""What goes out of the house by itself, or is put together to be looked at: feeds, dashboards, subscriptions."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies: ClassVar = [
        ('store', '0015_batches'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='Dashboard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('title', models.CharField(max_length=80)),
                ('description', models.CharField(blank=True, max_length=400)),
                ('tiles', models.JSONField(default=list)),
                ('owner_kind', models.CharField(max_length=8)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='dashboards', to='store.group')),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='dashboards', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'dashboard',
            },
        ),
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80)),
                ('view', models.CharField(blank=True, max_length=24)),
                ('query', models.TextField(blank=True)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('seen', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('last_used_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feeds', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'feed',
            },
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dashboard', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='store.dashboard')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='home_page', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'home_page',
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True)),
                ('title', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=10)),
                ('what', models.CharField(blank=True, max_length=24)),
                ('query', models.TextField(blank=True)),
                ('rhythm', models.JSONField(default=dict)),
                ('only', models.CharField(default='always', max_length=10)),
                ('next_at', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='store.group')),
                ('made_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'subscription',
            },
        ),
        migrations.CreateModel(
            name='SubscriptionMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slot', models.DateTimeField()),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('run_at', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('message_id', models.CharField(max_length=200, unique=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('sent_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='store.subscription')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'subscription_mail',
            },
        ),
        migrations.CreateModel(
            name='Unsubscribed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='left', to='store.subscription')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'unsubscribed',
            },
        ),
        migrations.AddConstraint(
            model_name='dashboard',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('group', None), ('owner__isnull', False), ('owner_kind', 'person')), models.Q(('group__isnull', False), ('owner', None), ('owner_kind', 'group')), models.Q(('group', None), ('owner', None), ('owner_kind', 'site')), _connector='OR'), name='dashboard_one_owner'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='subscription_next'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('group', None), ('user__isnull', False)), models.Q(('group__isnull', False), ('user', None)), _connector='OR'), name='subscription_is_for_one'),
        ),
        migrations.AddIndex(
            model_name='subscriptionmail',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['run_at'], name='subscription_mail_waiting'),
        ),
        migrations.AddConstraint(
            model_name='subscriptionmail',
            constraint=models.UniqueConstraint(fields=('subscription', 'user', 'slot'), name='subscription_mail_once_per_slot'),
        ),
        migrations.AddConstraint(
            model_name='unsubscribed',
            constraint=models.UniqueConstraint(fields=('subscription', 'user'), name='unsubscribed_once'),
        ),
    ]
