"""What follows from entries, and what guards against doing it twice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nocturne.store.models.accounts import User
from nocturne.store.models.charts import Ticket
from nocturne.store.models.entries import Entry


class Follower(models.Model):
    """How far somebody has read the journal: everything below (xid, entry) has been followed up."""

    name = models.CharField(max_length=40, primary_key=True)
    xid = models.BigIntegerField(default=0)
    entry = models.BigIntegerField(default=0)

    class Meta:
        db_table = "follower"


class Job(models.Model):
    """A piece of follow-up work. A holder keeps it by a lease; when the holder dies, another takes it up."""

    lane = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    args = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=120, unique=True, null=True)
    state = models.CharField(max_length=10, default="ready")
    run_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=60, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "job"
        indexes = (
            models.Index(fields=["lane", "run_at"], condition=Q(state="ready"), name="job_ready"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_running"),
        )


class Notice(models.Model):
    """What is told to one recipient: every try bears the same Message-ID."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="notices", db_index=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="notices")
    purpose = models.CharField(max_length=20)
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=160, blank=True)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    contact = models.ForeignKey(
        "store.Contact", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, default="waiting")
    run_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    # What is held back for its reader's quiet hours, or for their one mail a day, is carried by the last of it.
    carried_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="carries", db_index=False
    )

    class Meta:
        db_table = "notice"
        constraints = (
            models.UniqueConstraint(fields=["entry", "purpose", "address"], name="notice_once_per_recipient"),
        )
        indexes = (
            models.Index(fields=["ticket", "entry"], name="notice_ticket"),
            models.Index(fields=["run_at"], condition=Q(state="waiting"), name="notice_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="notice_sending"),
            models.Index(fields=["run_at"], condition=Q(state="dead"), name="notice_dead"),
            models.Index(fields=["address", "purpose", "run_at"], name="notice_address"),
            models.Index(fields=["run_at"], condition=Q(state="held"), name="notice_held"),
            models.Index(fields=["carried_by"], condition=Q(carried_by__isnull=False), name="notice_carried"),
        )


class Receipt(models.Model):
    """The first answer to an act that carried a key, given again to every repeat of it."""

    key = models.CharField(max_length=200, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "receipt"


class MailIn(models.Model):
    """What became of a mail that was taken in."""

    sha256 = models.CharField(max_length=64)
    message_id = models.CharField(max_length=500, blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    queue = models.CharField(max_length=60)
    action = models.CharField(max_length=12)
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, default="spooled")
    reason = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "mail_in"
        constraints = (
            models.UniqueConstraint(fields=["sha256", "queue", "action"], name="mail_in_once"),
            models.UniqueConstraint(
                fields=["message_id", "body_hash"],
                condition=Q(state="filed"),
                name="mail_in_effect_once",
            ),
        )
        indexes = (
            models.Index(fields=["state", "received_at"], name="mail_in_state"),
            models.Index(fields=["message_id"], name="mail_in_message"),
        )


class Draft(models.Model):
    """What somebody has typed and not yet saved, kept while they pause."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    place = models.CharField(max_length=60)
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "draft"
        constraints = (models.UniqueConstraint(fields=["user", "place"], name="draft_once"),)


class Heartbeat(models.Model):
    """When a worker last said that it lives."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "heartbeat"
