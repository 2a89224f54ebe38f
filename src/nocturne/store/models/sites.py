"""The installation itself and its queues."""

from __future__ import annotations

from django.db import models

from nocturne.store.models.accounts import User


class Installation(models.Model):
    """One row: who runs this Nocturne and under which addresses."""

    organisation = models.CharField(max_length=160, default="")
    name = models.CharField(max_length=40, default="noc")
    zone = models.CharField(max_length=60, default="UTC")
    base_url = models.CharField(max_length=200, default="")
    correspond_address = models.CharField(max_length=254, default="")
    comment_address = models.CharField(max_length=254, default="")
    set_up_at = models.DateTimeField(null=True)
    setup_digest = models.CharField(max_length=64, blank=True)
    # Drawn anew whenever the configuration changes: whoever holds another one reads it again.
    edition = models.CharField(max_length=24, default="standard")

    class Meta:
        db_table = "installation"


class Queue(models.Model):
    """Where tickets of one class of problem wait."""

    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=300, blank=True)
    correspond_address = models.CharField(max_length=254, blank=True)
    comment_address = models.CharField(max_length=254, blank=True)
    default_type = models.CharField(max_length=30, default="trouble")
    silence_days = models.PositiveSmallIntegerField(default=5)
    members = models.ManyToManyField(User, related_name="queues", blank=True, db_table="queue_member")
    watchers = models.ManyToManyField(
        User, related_name="watched_queues", blank=True, db_table="queue_watcher"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "queue"

    def __str__(self) -> str:
        return self.name
