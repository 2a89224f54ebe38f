"""What belongs to signing on besides the account itself: forgotten passwords, and screens on a wall."""

from __future__ import annotations

from django.db import models

from nocturne.store.models.accounts import User


class PasswordReset(models.Model):
    """Somebody has asked for a new password. What the link holds is kept hashed, and only once the mail is written."""

    asked = models.CharField(max_length=254)
    """The name or mail address that was typed; whether there is such an account is looked up by the worker."""
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True, null=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="waiting")
    run_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "password_reset"
        indexes = (
            models.Index(
                fields=["run_at"], condition=models.Q(state="waiting"), name="password_reset_waiting"
            ),
        )


class DisplayToken(models.Model):
    """A screen on a wall: it shows some views and dashboards with the rights of whoever made it, and nothing else."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="displays")
    label = models.CharField(max_length=120)
    shows = models.JSONField(null=True)
    """`view:KEY` and `dashboard:KEY`, in turns; None is the board."""
    every = models.PositiveIntegerField(null=True)
    """Seconds for which each of several is shown."""
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "display_token"
