"""Views that people keep: what is asked, how it is shown, in whose rail it stands, and what was last seen of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nocturne.store.models.accounts import Group, User

ONE_OWNER = (
    Q(owner_kind="person", owner__isnull=False, group=None)
    | Q(owner_kind="group", owner=None, group__isnull=False)
    | Q(owner_kind="site", owner=None, group=None)
)


class SavedView(models.Model):
    """A question that somebody has given a name, and how its answer is shown. `key` stands in its addresses."""

    key = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=80)
    description = models.CharField(max_length=400, blank=True)
    query = models.TextField(blank=True)
    """In the language of `core.query`, as it was written."""
    columns = models.JSONField(default=list)
    grouped = models.CharField(max_length=80, blank=True)
    order = models.CharField(max_length=120, blank=True)
    density = models.CharField(max_length=12, blank=True)
    owner_kind = models.CharField(max_length=8)
    owner = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="saved_views")
    group = models.ForeignKey(Group, null=True, on_delete=models.CASCADE, related_name="saved_views")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    is_pinned = models.BooleanField(default=False)
    """Stands in the rail of everybody whose it is, unless they take it out of theirs."""
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "saved_view"
        constraints = (models.CheckConstraint(condition=ONE_OWNER, name="saved_view_one_owner"),)
        indexes = (
            models.Index(fields=["owner_kind"], name="saved_view_of_site", condition=Q(owner_kind="site")),
        )

    def __str__(self) -> str:
        return self.key


class Pin(models.Model):
    """Where a view stands in one person's rail, or that it does not stand there although it does by itself."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="pins")
    view = models.CharField(max_length=24)
    """The key of a saved view, or the name of one that is built in."""
    place = models.PositiveSmallIntegerField(default=0)
    is_off = models.BooleanField(default=False)

    class Meta:
        db_table = "view_pin"
        constraints = (models.UniqueConstraint(fields=["user", "view"], name="view_pin_once"),)


class SeenView(models.Model):
    """What one person has of a view: what they saw when they last looked, per ticket a mark for each cell; and how they
    have it shown, whoever keeps it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    view = models.CharField(max_length=24)
    looked_at = models.DateTimeField(null=True)
    columns = models.JSONField(default=list)
    rows = models.JSONField(default=dict)
    choice = models.JSONField(null=True)

    class Meta:
        db_table = "view_seen"
        constraints = (models.UniqueConstraint(fields=["user", "view"], name="view_seen_once"),)
