"""Acts on many tickets at once: what was asked, and what became of it on each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nocturne.store.models.accounts import User


class Batch(models.Model):
    """One act on many tickets, as somebody asked for it. `undoes` is the batch that this one takes back."""

    key = models.CharField(max_length=24, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="batches", db_index=False)
    words = models.JSONField(default=list)
    asked = models.TextField(blank=True)
    """The question by which the tickets were found; nothing where they were named one by one."""
    door = models.CharField(max_length=10)
    scopes = models.JSONField(default=list)
    only_queues = models.JSONField(null=True)
    """What the token might that it was asked with: it is done with no more."""
    undoes = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="undone_by")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "batch"
        indexes = (models.Index(fields=["user", "-id"], name="batch_of_user"),)


class BatchItem(models.Model):
    """A ticket of a batch. What became of it is written in the transaction that does it: it is done once."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items", db_index=False)
    number = models.BigIntegerField()
    place = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="waiting")
    """waiting, done, refused, or skipped (somebody has touched it meanwhile)."""
    seen = models.CharField(max_length=40, blank=True)
    """The version that its asker had looked at."""
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    """The versions, in its asker's sight, between which lies what was done."""
    entry = models.CharField(max_length=16, blank=True)
    code = models.CharField(max_length=60, blank=True)
    field = models.CharField(max_length=80, blank=True)
    facts = models.JSONField(default=dict)
    """Why it was not done."""

    class Meta:
        db_table = "batch_item"
        constraints = (models.UniqueConstraint(fields=["batch", "number"], name="batch_item_once"),)
        indexes = (
            models.Index(fields=["batch", "place"], name="batch_item_place"),
            models.Index(fields=["number"], name="batch_item_number"),
            models.Index(fields=["batch", "number"], condition=Q(state="waiting"), name="batch_item_waiting"),
        )
