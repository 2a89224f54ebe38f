"""The people in the tests: two operators on two shifts, a supervisor, an administrator, a customer, and their NOC."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from nocturne.core.permits import Actor
from nocturne.desk import accounts, setup
from nocturne.store.models import (
    Circuit,
    Contact,
    Installation,
    Machine,
    Network,
    Queue,
    Site,
    User,
    Vendor,
)

PASSWORD = "splice-crew-1040"


@dataclass(frozen=True)
class Cast:
    """Everyone who has a part: accounts as rows, and who they are to the permits."""

    anna: Actor
    kofi: Actor
    mei: Actor
    ada: Actor
    cleo: Actor
    cleo_contact: Contact


def people() -> Cast:
    """This will set up a small NOC with its people and inventory."""
    setup.furnish()
    Installation.objects.update_or_create(
        pk=1,
        defaults={
            "organisation": "Lakenet",
            "name": "lakenet",
            "base_url": "http://noc.lakenet.example",
            "correspond_address": "noc@lakenet.example",
            "comment_address": "noc-comment@lakenet.example",
            "set_up_at": timezone.now(),
        },
    )
    setup.forget_cached()
    Queue.objects.get_or_create(name="general", defaults={"correspond_address": "noc@lakenet.example"})
    backbone, _ = Network.objects.get_or_create(name="Backbone")
    norlink, _ = Vendor.objects.get_or_create(name="Norlink", defaults={"phone": "+1 555 0100"})
    site, _ = Site.objects.get_or_create(name="Ann Arbor", defaults={"network": backbone})
    for name in ("cr1.aa", "cr2.chi", "ar1.lan"):
        Machine.objects.get_or_create(name=name, defaults={"network": backbone, "site": site})
    Circuit.objects.get_or_create(name="NL-IC-3321", defaults={"network": backbone, "vendor": norlink})
    contact, _ = Contact.objects.get_or_create(
        email="cleo@college.example", defaults={"name": "Cleo Reyes", "organisation": "Lansing College"}
    )
    actors = {
        name: accounts.actor_of(account(name, group))
        for name, group in (
            ("anna", "operators"),
            ("kofi", "operators"),
            ("mei", "supervisors"),
            ("ada", "administrators"),
        )
    }
    cleo = Actor("contact", contact.pk, str(contact), contact=contact.pk, verified=False)
    return Cast(**actors, cleo=cleo, cleo_contact=contact)


def account(name: str, *groups: str, contact: Contact | None = None) -> User:
    """This will make an account whose password everybody in the tests knows."""
    user = accounts.add_user(
        name, groups=list(groups), password=PASSWORD, email=f"{name}@lakenet.example", full_name=name.title()
    )
    if contact is not None:
        User.objects.filter(pk=user.pk).update(contact=contact)
        user.refresh_from_db()
    return user
