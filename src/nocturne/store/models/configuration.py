"""The site's configuration as documents, and the record of every act of administration."""

from __future__ import annotations

from django.db import models


class ConfigurationDocument(models.Model):
    """One document as it is in force; what it was before stands in the audit."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    body = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "configuration"
        constraints = (models.UniqueConstraint(fields=["kind", "name"], name="configuration_once"),)


class FieldUse(models.Model):
    """How often a column, RFC 1297's or a local field's, was asked for in queries."""

    name = models.CharField(max_length=60, primary_key=True)
    asked = models.PositiveBigIntegerField(default=0)
    last_asked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "field_use"


class Audit(models.Model):
    """One act of administration, chained to the one before by its hash. Triggers refuse to change or delete it."""

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    door = models.CharField(max_length=10)
    act = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=160)
    batch = models.CharField(max_length=16, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    facts = models.JSONField(default=dict)
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit"
        indexes = (
            models.Index(fields=["subject_kind", "subject", "-id"], name="audit_subject"),
            models.Index(fields=["actor_label", "-id"], name="audit_actor"),
            models.Index(fields=["act", "-id"], name="audit_act"),
            models.Index(fields=["batch"], condition=~models.Q(batch=""), name="audit_batch"),
        )
