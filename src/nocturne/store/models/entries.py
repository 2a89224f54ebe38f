"""Entries: facts on charts, their words, and the files they brought. `append` alone adds them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.expressions import Func

from nocturne.store.models.charts import Ticket


class CurrentTransaction(Func):
    """The running transaction's number on PostgreSQL; nought on SQLite, where commits come in order."""

    template = "0"
    output_field = models.BigIntegerField()
    arity = 0

    def as_postgresql(self, *_: Any, **__: Any) -> tuple[str, list[Any]]:
        return "(pg_current_xact_id()::text::bigint)", []


class Entry(models.Model):
    """One fact on one chart. Triggers refuse to change or delete it."""

    xid = models.BigIntegerField(db_default=CurrentTransaction())
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="entries", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    author_kind = models.CharField(max_length=10)
    author_id = models.BigIntegerField(null=True)
    author_label = models.CharField(max_length=200)
    door = models.CharField(max_length=10)
    born_class = models.PositiveSmallIntegerField()
    shown_class = models.PositiveSmallIntegerField()
    changes = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    worked = models.PositiveIntegerField(default=0)
    cause = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    address = models.CharField(max_length=16)
    text_hash = models.BinaryField(max_length=32)
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "entry"
        constraints = (models.UniqueConstraint(fields=["ticket", "seq"], name="entry_in_order"),)
        indexes = (
            models.Index(fields=["corrects"], condition=Q(corrects__isnull=False), name="entry_corrects"),
            models.Index(fields=["recorded_at"], condition=Q(worked__gt=0), name="entry_worked"),
            models.Index(fields=["recorded_at", "id"], name="entry_recorded"),
        )


class EntryText(models.Model):
    """What a redaction may take away: the words, and the header values that could hold somebody's data."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT, related_name="words")
    salt = models.BinaryField(max_length=16)
    text = models.TextField(null=True)
    changes = models.JSONField(default=list)
    redaction = models.ForeignKey(
        Entry, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        db_table = "entry_text"


class ArchiveManifest(models.Model):
    """Proof that a ticket lies in an archive; only then may its entries be deleted here."""

    ticket = models.BigIntegerField(unique=True)
    sha256 = models.CharField(max_length=64)
    written_at = models.DateTimeField()

    class Meta:
        db_table = "archive_manifest"


class Attachment(models.Model):
    """A file on an entry; the bytes lie outside the database under their hash."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="attachments")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    purpose = models.CharField(max_length=12, default="file")
    token = models.CharField(max_length=24, unique=True)
    redacted = models.BooleanField(default=False)

    class Meta:
        db_table = "attachment"
        indexes = (models.Index(fields=["ticket", "entry"], name="attachment_ticket"),)
