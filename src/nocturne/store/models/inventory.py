"""The NOC's inventory: names, where things belong, and whether they are retired."""

from __future__ import annotations

from django.db import models


class Thing(models.Model):
    """What every row of the inventory has."""

    name = models.CharField(max_length=120, unique=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """Somebody outside: never an account. Mail is authored by a contact's address, unverified."""

    name = models.CharField(max_length=160, blank=True)
    organisation = models.CharField(max_length=160, blank=True)
    email = models.CharField(max_length=254, unique=True, null=True, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    home_phone = models.CharField(max_length=40, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "contact"

    def __str__(self) -> str:
        return self.name or self.email or f"contact {self.pk}"


class Network(Thing):
    class Meta:
        db_table = "network"


class Vendor(Thing):
    phone = models.CharField(max_length=40, blank=True)
    email = models.CharField(max_length=254, blank=True)

    class Meta:
        db_table = "vendor"


class Site(Thing):
    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.PROTECT, related_name="sites"
    )
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="sites"
    )
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "site"


class Machine(Thing):
    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.PROTECT, related_name="machines"
    )
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="machines")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="machines"
    )

    class Meta:
        db_table = "machine"


class Circuit(Thing):
    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.PROTECT, related_name="circuits"
    )
    vendor = models.ForeignKey(
        Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="circuits"
    )
    from_site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    to_site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "circuit"
