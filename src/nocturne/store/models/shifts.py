"""What one shift passes on to the next: takeovers, notes of a shift, what must be known, what a colleague is asked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nocturne.store.models.accounts import Group, User
from nocturne.store.models.charts import Ticket
from nocturne.store.models.entries import Entry


class ShiftNote(models.Model):
    """Words of a shift. They are only ever added; one that corrects another says which. Triggers keep them."""

    address = models.CharField(max_length=16, unique=True)
    desk = models.CharField(max_length=60, default="")
    at = models.DateTimeField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    author = models.CharField(max_length=160)
    text = models.TextField()
    parting = models.BooleanField(default=False)
    """Whether these are the words with which somebody hands over."""
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        db_table = "shift_note"
        indexes = (models.Index(fields=["desk", "-at"], name="shift_note_desk"),)


class Takeover(models.Model):
    """Somebody has taken a desk over. A shift is the span between two of these. Triggers keep them.

    `before` is the takeover that it follows: nobody follows the same one as somebody else, so that of two leads who
    take over in the same moment one does. `outstanding` is what stood open then: numbers of tickets, and of each what
    no redaction has to reach.
    """

    address = models.CharField(max_length=16, unique=True)
    desk = models.CharField(max_length=60, default="")
    at = models.DateTimeField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    lead = models.CharField(max_length=160)
    before = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="follower")
    words = models.TextField(blank=True)
    parting = models.ForeignKey(
        ShiftNote, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    outstanding = models.JSONField(default=dict)

    class Meta:
        db_table = "takeover"
        constraints = (
            models.UniqueConstraint(fields=["desk"], condition=Q(before=None), name="takeover_first_of_desk"),
        )
        indexes = (models.Index(fields=["desk", "-at"], name="takeover_desk"),)


class ShiftRedaction(models.Model):
    """Words of a shift were taken away for good: of a note, or of whoever took over. What stands in their place is
    here; without such a row the triggers let nobody take them. Triggers keep it as well."""

    note = models.OneToOneField(ShiftNote, null=True, on_delete=models.PROTECT, related_name="redaction")
    takeover = models.OneToOneField(Takeover, null=True, on_delete=models.PROTECT, related_name="redaction")
    at = models.DateTimeField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    author = models.CharField(max_length=160)
    reason = models.CharField(max_length=300)

    class Meta:
        db_table = "shift_redaction"
        constraints = (
            models.CheckConstraint(
                condition=Q(note=None, takeover__isnull=False) | Q(note__isnull=False, takeover=None),
                name="shift_redaction_of_one",
            ),
        )


class HandoverPin(models.Model):
    """A ticket that the next shift must know of: what its entries add up to, the words stand on the entry."""

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="pin")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    author = models.CharField(max_length=200)

    class Meta:
        db_table = "handover_pin"


class Question(models.Model):
    """A colleague, or a group, is asked on a ticket: what its entries add up to. `key` stands in the entry's facts."""

    key = models.CharField(max_length=16, unique=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="questions")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="questions")
    at = models.DateTimeField()
    author_id = models.BigIntegerField(null=True)
    author = models.CharField(max_length=200)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    group = models.ForeignKey(Group, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    asked = models.CharField(max_length=160)
    state = models.CharField(max_length=10, default="open")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "question"
        indexes = (
            models.Index(fields=["user", "at"], condition=Q(state="open"), name="question_of_account"),
            models.Index(fields=["group", "at"], condition=Q(state="open"), name="question_of_group"),
            models.Index(fields=["at"], condition=Q(state="open"), name="question_open"),
            models.Index(fields=["ticket"], condition=Q(state="open"), name="question_on_ticket"),
        )
