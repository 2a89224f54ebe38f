"""What goes out of the house by itself, or is put together to be looked at: feeds, dashboards, subscriptions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nocturne.store.models.accounts import Group, User
from nocturne.store.models.views import ONE_OWNER


class Feed(models.Model):
    """A list that a program reads again and again by an address of its own; only the digest of that is kept.

    `view` is the key of a view; without it, `query` says which tickets.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="feeds")
    title = models.CharField(max_length=80)
    view = models.CharField(max_length=24, blank=True)
    query = models.TextField(blank=True)
    digest = models.CharField(max_length=64, unique=True)
    seen = models.JSONField(default=dict)
    """By form: what it said last, as a digest, and since when it says that."""
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "feed"


class Dashboard(models.Model):
    """Tiles on one page: views, counts and graphs. Whose it is is said as of a view."""

    key = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=80)
    description = models.CharField(max_length=400, blank=True)
    tiles = models.JSONField(default=list)
    owner_kind = models.CharField(max_length=8)
    owner = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="dashboards")
    group = models.ForeignKey(Group, null=True, on_delete=models.CASCADE, related_name="dashboards")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "dashboard"
        constraints = (models.CheckConstraint(condition=ONE_OWNER, name="dashboard_one_owner"),)

    def __str__(self) -> str:
        return self.key


class HomePage(models.Model):
    """The dashboard that somebody begins with instead of the board."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="home_page")
    dashboard = models.ForeignKey(Dashboard, null=True, on_delete=models.CASCADE, related_name="+")
    is_night = models.BooleanField(default=False)
    """The one that comes with Nocturne, which has no row."""

    class Meta:
        db_table = "home_page"


class Subscription(models.Model):
    """A view, a dashboard or a question that is mailed to an account, or to everybody in a group, at a rhythm; or the
    handover of a desk, mailed at each takeover (`what` is the desk's name then, and there is no rhythm)."""

    key = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    what = models.CharField(max_length=60, blank=True)
    query = models.TextField(blank=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="subscriptions")
    group = models.ForeignKey(Group, null=True, on_delete=models.CASCADE, related_name="subscriptions")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    rhythm = models.JSONField(default=dict)
    """`{days: [mon …] or day: 1 to 31, at: [06:45 …], zone}`."""
    only = models.CharField(max_length=10, default="always")
    """Mailed always, only when there is something in it, or only when it has changed: always, filled, changed."""
    next_at = models.DateTimeField(null=True)
    """The next slot; None while it rests, and where takeovers set it."""
    form = models.CharField(max_length=10, default="both")
    """As a text and as a page, or as a text alone: both, text."""
    paused_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "subscription"
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False, group=None) | Q(user=None, group__isnull=False),
                name="subscription_is_for_one",
            ),
        )
        indexes = (
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="subscription_next"),
            models.Index(fields=["what"], condition=Q(kind="handover"), name="subscription_handover"),
        )


class SubscriptionMail(models.Model):
    """One mail of a subscription: one for each slot and recipient, whatever is killed on the way."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="mails")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    slot = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    run_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    message_id = models.CharField(max_length=200, unique=True)
    digest = models.CharField(max_length=64, blank=True)
    """Of what was told: the next is compared with it."""
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "subscription_mail"
        constraints = (
            models.UniqueConstraint(
                fields=["subscription", "user", "slot"], name="subscription_mail_once_per_slot"
            ),
        )
        indexes = (
            models.Index(fields=["run_at"], condition=Q(state="waiting"), name="subscription_mail_waiting"),
        )


class Unsubscribed(models.Model):
    """Somebody whom a group's subscription no longer reaches."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="left")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "unsubscribed"
        constraints = (models.UniqueConstraint(fields=["subscription", "user"], name="unsubscribed_once"),)


class FileSlot(models.Model):
    """A file that somebody is taking away just now. There is a row for each of the few that they may at once: that who
    and place are unique decides between two of theirs in the same moment, in whatever processes."""

    who = models.CharField(max_length=80)
    place = models.PositiveSmallIntegerField()
    token = models.CharField(max_length=24)
    kept_until = models.DateTimeField()
    """Put off while the file goes out; behind it the place is free, whatever was killed."""

    class Meta:
        db_table = "file_slot"
        constraints = (models.UniqueConstraint(fields=["who", "place"], name="file_slot_once"),)
