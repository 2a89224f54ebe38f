"""People who sign on, their groups, and what proves who they are."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class Group(models.Model):
    """A group of accounts; what it may do stands in `core.permits`."""

    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "account_group"

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        """Find an account by its sign-on name, whatever the case of its letters."""
        return self.get(name__iexact=username or "")


class User(AbstractBaseUser):
    """An account: somebody of the staff, a representative, or a machine of ours."""

    name = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    zone = models.CharField(max_length=60, default="UTC")
    language = models.CharField(max_length=12, default="en")
    is_active = models.BooleanField(default=True)
    is_service = models.BooleanField(default=False)
    local_sign_on = models.BooleanField(default=False)
    """May sign on with a password kept here although a provider or a directory vouches for them: when that is away."""
    must_change_password = models.BooleanField(default=False)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    """Between these two, in the account's own zone, no notice is mailed: it comes when they are over."""
    contact = models.ForeignKey(
        "store.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    groups = models.ManyToManyField(Group, related_name="members", db_table="account_group_member")
    created_at = models.DateTimeField(auto_now_add=True)
    last_login = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        db_table = "account"
        constraints = (models.UniqueConstraint(Lower("name"), name="account_name_any_case"),)

    def __str__(self) -> str:
        return self.name


class Session(models.Model):
    """A signed-on browser. The key is stored hashed, so that a copy of the database signs nobody on."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    data = models.TextField()
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    agent = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)
    renew = models.BooleanField(default=False)
    """What its owner may do has changed: it gets a new key with the next page."""

    class Meta:
        db_table = "session"


class Token(models.Model):
    """A program's key; only its digest is kept. It may at most what its owner may."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=60, default="read write")
    # Which queues stands apart from that: when the last of them goes, the token reaches nothing, not everything.
    is_narrowed = models.BooleanField(default=False)
    queues = models.ManyToManyField("store.Queue", related_name="tokens", db_table="token_queue")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "token"


class DeviceCode(models.Model):
    """A sign-on that a command line asked for and a signed-on browser confirms."""

    digest = models.CharField(max_length=64, primary_key=True)
    shown = models.CharField(max_length=12, unique=True)
    label = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    redeemed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "device_code"


class Throttle(models.Model):
    """A count of attempts in one window of time; the counter lives in the database so that parallel tries share it."""

    what = models.CharField(max_length=160, primary_key=True)
    window_ends_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "throttle"
