"""What belongs to people besides their account: ways to reach them, what they are told, whom they speak for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nocturne.store.models.accounts import User
from nocturne.store.models.charts import Ticket
from nocturne.store.models.inventory import Contact, Machine, Network, Site


class ContactWay(models.Model):
    """One way to reach the owner of an account. `account.email` and `account.phone` follow the first of their kind."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="ways")
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=254)
    label = models.CharField(max_length=60, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    for_notices = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact_way"
        constraints = (models.UniqueConstraint(fields=["user", "kind", "value"], name="contact_way_once"),)


class NoticeChoice(models.Model):
    """When somebody wants to be told of one kind of news; who has chosen nothing is told at once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_choices")
    purpose = models.CharField(max_length=20)
    told = models.CharField(max_length=10)

    class Meta:
        db_table = "notice_choice"
        constraints = (models.UniqueConstraint(fields=["user", "purpose"], name="notice_choice_once"),)


class KeyChoice(models.Model):
    """How somebody wants the console's keys: bare letters unless they have chosen otherwise."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="key_choice")
    how = models.CharField(max_length=8)
    """bare, alt (only with Alt), or off."""

    class Meta:
        db_table = "key_choice"


_ONE_WHO = Q(user__isnull=False, contact=None) | Q(user=None, contact__isnull=False)
_ONE_WHAT = (
    Q(network__isnull=False, site=None, machine=None)
    | Q(network=None, site__isnull=False, machine=None)
    | Q(network=None, site=None, machine__isnull=False)
)


class Representative(models.Model):
    """Somebody outside, by account or contact, who speaks for one network, site or machine and sees its tickets."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="speaking_for")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="speaking_for")
    network = models.ForeignKey(Network, null=True, on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, null=True, on_delete=models.CASCADE, related_name="+")
    machine = models.ForeignKey(Machine, null=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        db_table = "representative"
        constraints = (
            models.CheckConstraint(condition=_ONE_WHO, name="representative_is_one"),
            models.CheckConstraint(condition=_ONE_WHAT, name="representative_of_one"),
            *(
                models.UniqueConstraint(fields=[who, what], name=f"representative_{who}_{what}")
                for who in ("user", "contact")
                for what in ("network", "site", "machine")
            ),
        )


class LinkRevocation(models.Model):
    """How often the links to tickets were made worthless, of one contact or of one ticket: each time, all of before."""

    contact = models.OneToOneField(Contact, null=True, on_delete=models.CASCADE, related_name="+")
    ticket = models.OneToOneField(Ticket, null=True, on_delete=models.CASCADE, related_name="+")
    generation = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "link_revocation"
