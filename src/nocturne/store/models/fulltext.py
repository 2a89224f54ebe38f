"""What stands beside the full-text index: how far it has been built, and what files say."""

from __future__ import annotations

from django.db import models

from nocturne.store.models.entries import Attachment


class TextIndex(models.Model):
    """How far the index has been built: downwards from the newest ticket, everything from `below` on is in it.

    `classes` is the data class that each column's words bear in it; since `untidy_at` it may hold, where nothing finds
    it, what has been taken away.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    edition = models.PositiveIntegerField()
    below = models.BigIntegerField()
    classes = models.JSONField(default=dict)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    untidy_at = models.DateTimeField(null=True)
    tickets = models.BigIntegerField(default=0)

    class Meta:
        db_table = "fulltext_state"


class FileText(models.Model):
    """What a file says, as far as it could be read; empty where it could not."""

    attachment = models.OneToOneField(
        Attachment, primary_key=True, on_delete=models.CASCADE, related_name="said"
    )
    text = models.TextField(default="")

    class Meta:
        db_table = "fulltext_file"
